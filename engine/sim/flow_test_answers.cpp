#include "sim/flow_test_answers.h"

#include <algorithm>
#include <set>

#include "base/text.h"

namespace relance {
namespace {

using Words = std::set<std::string, std::less<>>;

Error slip(std::string message, std::string_view word = {}, const Words& known = {}) {
  return {Code::bad_value,
          std::move(message),
          {},
          did_you_mean(word, std::vector<std::string>(known.begin(), known.end()))};
}

// What the engine or the customer says, and no provider.
bool said_by_provider(std::string_view outcome) {
  constexpr std::string_view kOthers[] = {"skipped", "responded", "ignored", "denied", "late"};
  return std::find(std::begin(kOthers), std::end(kOthers), outcome) == std::end(kOthers);
}

bool goes_over(const SendStep& send, std::string_view channel) {
  const std::vector<SendChannel> over = send.over();
  return std::any_of(over.begin(), over.end(),
                     [&](const SendChannel& one) { return one.via == channel; });
}

// The words this flow can get from a channel. Empty: it does not use it.
Words words_of_channel(const CompiledFlow& flow, std::string_view name) {
  Words words;
  for (const Step& step : flow.flow.steps) {
    const auto* send = std::get_if<SendStep>(&step.body);
    const auto* charge = std::get_if<ChargeStep>(&step.body);
    if ((!send || !goes_over(*send, name)) && (!charge || charge->via != name)) continue;
    if (send) words.insert("delivered");
    for (const std::string& outcome : step.outcomes)
      if (said_by_provider(outcome)) words.insert(outcome);
  }
  for (const TalkScript& script : flow.scripts)
    for (const Turn& turn : script.turns)
      if (turn.kind == TurnKind::text && turn.via == name)
        words.merge(Words{"delivered", "failed"});
  if (!words.empty()) words.merge(Words{"unknown", "not_now", "absent"});
  return words;
}

const Words kReadWords = {"found", "missing", "failed", "late", "unknown", "not_now"};
const Words kWriteWords = {"done", "refused", "failed", "unknown", "not_now"};

using Operations = std::map<std::string, const Words*, std::less<>>;

// The operations this flow asks of a connector, each with the words it can be answered in.
Operations operations_of(const CompiledFlow& flow, std::string_view name) {
  Operations operations;
  const auto reads = [&](const std::string& from, const std::string& what) {
    if (from == name) operations[what.empty() ? "read" : what] = &kReadWords;
  };
  const auto writes = [&](const std::string& on, const std::string& op) {
    if (on == name) operations[op] = &kWriteWords;
  };
  reads("crm", "");  // the gate reads who is to be reached
  if (flow.flow.recheck) reads(flow.flow.recheck->from, flow.flow.recheck->what);
  for (const Step& step : flow.flow.steps) {
    if (const auto* fetch = std::get_if<FetchStep>(&step.body)) reads(fetch->from, fetch->what);
    if (const auto* act = std::get_if<ActStep>(&step.body)) writes(act->on, act->op);
    if (const auto* record = std::get_if<RecordStep>(&step.body)) writes("crm", record->what);
    if (const auto* hold = std::get_if<HoldStep>(&step.body)) {
      writes(hold->on, hold->op);
      writes(hold->on, hold->undo);
    }
  }
  for (const TalkScript& script : flow.scripts)
    for (const Turn& turn : script.turns)
      if (turn.kind == TurnKind::lookup) reads(turn.from, turn.what);
  return operations;
}

// The words with which a caller can answer each turn of the scripts spoken over this channel.
std::map<std::string, Words, std::less<>> turns_of(const CompiledFlow& flow,
                                                   std::string_view name) {
  std::map<std::string, Words, std::less<>> turns;
  for (const Step& step : flow.flow.steps) {
    const auto* send = std::get_if<SendStep>(&step.body);
    if (!send || !goes_over(*send, name) || send->script.empty()) continue;
    for (const TalkScript& script : flow.scripts) {
      if (script.name != send->script) continue;
      for (const Turn& turn : script.turns) {
        if (turn.kind != TurnKind::ask && turn.kind != TurnKind::verify &&
            turn.kind != TurnKind::transfer)
          continue;
        Words& words = turns[turn.name];
        words.insert(turn.outcomes.begin(), turn.outcomes.end());
        if (turn.kind == TurnKind::transfer) continue;
        words.insert(script.always.begin(), script.always.end());
        words.merge(Words{"unclear", "silent"});
      }
    }
  }
  return turns;
}

bool speaks_over(const CompiledFlow& flow, std::string_view channel) {
  return std::any_of(flow.flow.steps.begin(), flow.flow.steps.end(), [&](const Step& step) {
    const auto* send = std::get_if<SendStep>(&step.body);
    return send && goes_over(*send, channel) && !send->script.empty();
  });
}

Words names_of(const auto& table) {
  Words names;
  for (const auto& [name, rest] : table) names.insert(name);
  return names;
}

Result<ScriptedAnswer> read_talk(const CompiledFlow& flow, std::string_view channel,
                                 DocView answer) {
  ScriptedAnswer caller;
  caller.talks = true;
  const auto turns = turns_of(flow, channel);
  if (!speaks_over(flow, channel))
    return slip("no script of flow '" + flow.flow.name + "' is spoken over '" +
                std::string(channel) + "'");
  for (const auto& [turn, said] : answer.find("talk").items()) {
    const auto known = turns.find(turn);
    if (known == turns.end())
      return slip("the script asks nothing named '" + std::string(turn) + "'", turn,
                  names_of(turns));
    const std::string word(said.find("word").text().value_or(""));
    if (!known->second.contains(word))
      return slip("'" + std::string(turn) + "' is never answered by '" + word + "'", word,
                  known->second);
    caller.turns[std::string(turn)] = {word, Doc(said.find("data"))};
  }
  if (const auto ms = answer.find("lasts_ms").integer()) caller.lasts = milliseconds(*ms);
  return caller;
}

Result<Words> words_for(const CompiledFlow& flow, ScriptedSide side, std::string_view name,
                        std::string_view op) {
  const std::string in_flow = "flow '" + flow.flow.name + "' ";
  if (side == ScriptedSide::channel) {
    Words words = words_of_channel(flow, name);
    if (words.empty()) return slip(in_flow + "sends nothing over '" + std::string(name) + "'");
    return words;
  }
  const Operations operations = operations_of(flow, name);
  if (operations.empty()) return slip(in_flow + "asks nothing of '" + std::string(name) + "'");
  const auto known = operations.find(op);
  if (known != operations.end()) return *known->second;
  return slip(in_flow + "asks no '" + std::string(op) + "' of '" + std::string(name) + "'", op,
              names_of(operations));
}

}  // namespace

Result<std::vector<ScriptedAnswer>> read_answers(const CompiledFlow& flow, ScriptedSide side,
                                                 std::string_view name, std::string_view op,
                                                 DocView answers) {
  auto words = words_for(flow, side, name, op);
  if (!words) return words.error();
  std::vector<ScriptedAnswer> read;
  for (const auto& [key, answer] : answers.items()) {
    if (!answer.find("talk").is_null()) {
      auto caller = read_talk(flow, name, answer);
      if (!caller) return caller.error();
      read.push_back(std::move(*caller));
      continue;
    }
    ScriptedAnswer said;
    said.word = answer.find("word").text().value_or("");
    said.data = Doc(answer.find("data"));
    if (!words->contains(said.word))
      return slip("'" + std::string(name) + "' never answers '" + said.word + "'", said.word,
                  *words);
    read.push_back(std::move(said));
  }
  if (read.empty()) return slip("will(...) wants an answer");
  return read;
}

}  // namespace relance
