#include "sim/scripted_performer.h"

#include <algorithm>

namespace relance {
namespace {

constexpr Duration kTurnTakes = seconds(5);

OperationStatus status_of(std::string_view word) {
  if (word == "unknown") return OperationStatus::unknown;
  if (word == "not_now") return OperationStatus::not_now;
  if (word == "missing" || word == "absent") return OperationStatus::absent;
  if (word == "failed") return OperationStatus::failed;
  const bool refused = word == "declined" || word == "refused" || word == "needs_customer";
  return refused ? OperationStatus::refused : OperationStatus::done;
}

OperationResult result_of(std::string_view word, const Doc& data, Instant at) {
  OperationResult result;
  result.status = status_of(word);
  result.wire = Wire::answered;
  const bool settles =
      result.status != OperationStatus::unknown && result.status != OperationStatus::not_now;
  if (settles) result.word = word;
  result.reason = data.view().find("reason").text().value_or("");
  result.data = data;
  result.acted_at = at;
  return result;
}

std::string_view untold(const TouchOrder& order) {
  if (order.touch.what == TouchWhat::operation) return "done";
  if (order.touch.what == TouchWhat::charge) return "declined";
  return order.touch.channel_kind == "voice" ? "no_answer" : "delivered";
}

}  // namespace

OperationResult ScriptedPerformer::answer_to(const TouchOrder& order) {
  const bool operation = order.touch.what == TouchWhat::operation;
  const auto told =
      playbook_.answer(order.touch.run, operation ? ScriptedSide::connector : ScriptedSide::channel,
                       order.touch.channel, operation ? order.op : "");
  if (told) return result_of(told->word, told->data, clock_.now());
  return result_of(untold(order), {}, clock_.now());
}

void ScriptedPerformer::send(TouchOrder order) {
  if (order.touch.what == TouchWhat::message) note_parts(order);
  if (!order.script.empty()) {
    auto told = playbook_.answer(order.touch.run, ScriptedSide::channel, order.touch.channel, "");
    if (told && told->talks) return begin_call(order, std::move(*told));
    const auto word = told ? std::string_view(told->word) : untold(order);
    return inbox_.deliver(
        order.customer,
        ResultInput{order.touch.key, result_of(word, told ? told->data : Doc{}, clock_.now())});
  }
  OperationResult result = answer_to(order);
  if (order.touch.what == TouchWhat::operation) note_operation(order, result);
  inbox_.deliver(order.customer, ResultInput{order.touch.key, std::move(result)});
}

void ScriptedPerformer::look_up(TouchOrder order, std::vector<std::string>) {
  inbox_.deliver(order.customer, LookUpInput{order.touch.key, answer_to(order)});
}

void ScriptedPerformer::read(Read read) {
  const Key run = playbook_.run_of(read.customer, read.operation);
  const auto told = playbook_.answer(run, ScriptedSide::connector, read.connector,
                                     read.what.empty() ? "read" : std::string_view(read.what));
  const std::string word = told ? told->word : "found";
  if (word == "late") return;  // the step's own patience ends it
  Doc data = told ? told->data : Doc{};
  if (word == "found") {
    const Doc found = playbook_.found(read);
    data = data.is_null() ? found : Doc::merged(found, data);
  }
  inbox_.deliver(read.customer, ReadInput{read.operation, result_of(word, data, clock_.now())});
}

// Whom a search would find, a test says by itself: sim.start.
void ScriptedPerformer::page(Page page) {
  inbox_.deliver(page.customer, PageInput{page.operation, result_of("found", {}, clock_.now())});
}

// A flow's tests are about its templates.
void ScriptedPerformer::compose(Compose question) {
  OperationResult nobody;
  nobody.status = OperationStatus::failed;
  nobody.reason = "no writer in a test";
  inbox_.deliver(question.customer, ReadInput{question.operation, std::move(nobody)});
}

// --- conversations

void ScriptedPerformer::begin_call(const TouchOrder& order, ScriptedAnswer caller) {
  const Key touch = order.touch.key;
  if (caller.lasts)
    alarms_.call_at(clock_.now() + *caller.lasts, [this, touch] { end_call(touch, "hung_up"); });
  calls_[touch] = {order.customer, std::move(caller), clock_.now(), false};
  HeardInput somebody;
  somebody.touch = touch;
  inbox_.deliver(order.customer, std::move(somebody));
}

// Where the script closed the call, the engine lays its word over this one.
void ScriptedPerformer::end_call(const Key& touch, std::string_view word) {
  Call& call = calls_[touch];
  if (call.over) return;
  call.over = true;
  inbox_.deliver(call.customer, ResultInput{touch, result_of(word, {}, clock_.now())});
}

void ScriptedPerformer::perform(Perform turn) {
  const auto found = calls_.find(turn.touch);
  if (found == calls_.end() || found->second.over) return;
  Call& call = found->second;
  const Key touch = turn.touch;
  call.free_at = std::max(call.free_at, clock_.now());
  if (turn.action == "end")
    return alarms_.call_at(call.free_at, [this, touch] { end_call(touch, "delivered"); });
  call.free_at = call.free_at + kTurnTakes;
  if (turn.action == "say" || turn.action == "ask") {
    std::string& spoken = rendered_[touch].second;
    spoken += spoken.empty() ? turn.text : "\n" + turn.text;
  }
  alarms_.call_at(call.free_at, [this, touch, heard = reply(call, turn)] {
    const Call& now = calls_[touch];
    if (!now.over) inbox_.deliver(now.customer, heard);
  });
}

HeardInput ScriptedPerformer::reply(const Call& call, const Perform& turn) const {
  HeardInput heard;
  heard.touch = turn.touch;
  heard.turn = turn.turn;
  if (turn.action == "say") return heard;
  const Turn* at = playbook_.turn_of(call.customer, turn.touch);
  const auto told = at ? call.caller.turns.find(at->name) : call.caller.turns.end();
  if (told != call.caller.turns.end()) {
    heard.silent = told->second.word == "silent";
    if (!heard.silent && told->second.word != "unclear") heard.word = told->second.word;
    heard.answers = told->second.data;
  } else if (turn.action == "transfer") {
    heard.word = "accepted";
  } else if (at && at->kind == TurnKind::verify) {
    heard.word = "yes";
  } else {
    heard.silent = true;
  }
  return heard;
}

// What was heard without a word is not understood.
void ScriptedPerformer::understand(Understand question) {
  inbox_.deliver(question.customer,
                 UnderstoodInput{question.touch, question.turn, "", Doc::empty_record()});
}

// --- what a test may look at

void ScriptedPerformer::note_parts(const TouchOrder& order) {
  auto& [subject, text] = rendered_[order.touch.key];
  for (const Part& part : order.parts) {
    if (part.role == "subject") subject = part.text;
    if (part.role == "text") text = part.text;
  }
}

Doc ScriptedPerformer::rendered(const Key& touch) const {
  const auto found = rendered_.find(touch);
  if (found == rendered_.end()) return {};
  const auto& [subject, text] = found->second;
  std::vector<std::pair<std::string, Doc>> parts{{"text", Doc::text(text)}};
  if (!subject.empty()) parts.emplace_back("subject", Doc::text(subject));
  return Doc::record(parts);
}

void ScriptedPerformer::note_operation(const TouchOrder& order, const OperationResult& result) {
  if (result.status != OperationStatus::done || !performed_.insert(order.touch.key).second) return;
  operations_.push_back(
      {order.touch.run, order.touch.step, order.touch.channel, order.op, order.data});
}

}  // namespace relance
