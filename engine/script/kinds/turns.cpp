// The turns of a conversation: say, ask, verify, lookup, text, await, transfer, close.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "script/step_kind.h"

namespace relance {
namespace {

constexpr std::array<Field, 1> kSay = {{
    {"text", Shape::text, true, "a text of the script's template"},
}};
constexpr std::array<Field, 4> kAsk = {{
    {"text", Shape::text, true, "a text of the script's template"},
    {"hears", Shape::texts, true, "the words an answer may mean"},
    {"answer", Shape::text, false, "the field of the script's answers that the word fills"},
    {"tries", Shape::integer, false, "how often it is asked (1)"},
}};
constexpr std::array<Field, 3> kVerify = {{
    {"by", Shape::text, true, "the customer's field that is asked for"},
    {"text", Shape::text, true, "a text of the script's template"},
    {"tries", Shape::integer, false, "how often it is asked (1)"},
}};
constexpr std::array<Field, 3> kLookup = {{
    {"from", Shape::text, true, "a connector of the bundle, or \"crm\""},
    {"what", Shape::text, true, "what is read: \"order\""},
    {"within", Shape::duration, false, "then it ends late, and the conversation goes on"},
}};
constexpr std::array<Field, 2> kText = {{
    {"via", Shape::text, true, "a channel of the bundle"},
    {"template", Shape::text, true, "templates/NAME.CHANNEL.LANGUAGE.mustache"},
}};
constexpr std::array<Field, 2> kAwait = {{
    {"1", Shape::events, true, "an event of the run"},
    {"within", Shape::duration, true, "how long the call is kept up for it"},
}};
constexpr std::array<Field, 2> kTransfer = {{
    {"queue", Shape::text, true, "a queue of the bundle"},
    {"text", Shape::text, false, "what is said before"},
}};
constexpr std::array<Field, 2> kClose = {{
    {"outcome", Shape::text, true, "the word the send ends in"},
    {"text", Shape::text, false, "what is said last"},
}};

void say(TurnDraft& draft) { draft.turn.text = draft.fields.text("text"); }

const std::vector<std::string>* answers_of(const TalkScript& script, const std::string& field) {
  for (const auto& [name, words] : script.answers) {
    if (name == field) return &words;
  }
  return nullptr;
}

void check_answer(const TurnDraft& draft) {
  const Turn& turn = draft.turn;
  if (turn.answer.empty()) return;
  std::vector<std::string> names;
  for (const auto& [name, words] : draft.script.answers) names.push_back(name);
  if (!draft.fields.known("answer", turn.answer, names, Code::unknown_field,
                          "answer of the script"))
    return;
  for (const std::string& word : *answers_of(draft.script, turn.answer)) {
    if (std::find(turn.hears.begin(), turn.hears.end(), word) != turn.hears.end()) return;
  }
  draft.fields.error(
      "answer", Code::bad_value,
      fmt::format("{} hears no word of the answer '{}'", draft.fields.what(), turn.answer));
}

void ask(TurnDraft& draft) {
  Turn& turn = draft.turn;
  turn.text = draft.fields.text("text");
  turn.hears = draft.fields.texts("hears");
  draft.compilation.check_words(draft.fields, "hears", turn.hears);
  turn.answer = draft.fields.text("answer");
  turn.tries = draft.fields.whole("tries", 1, 1, 5);
  turn.outcomes.insert(turn.outcomes.begin(), turn.hears.begin(), turn.hears.end());
  check_answer(draft);
}

void verify(TurnDraft& draft) {
  draft.turn.by = draft.fields.text("by");
  draft.turn.text = draft.fields.text("text");
  draft.turn.tries = draft.fields.whole("tries", 1, 1, 5);
}

void lookup(TurnDraft& draft) {
  draft.turn.from = draft.compilation.connector(draft.fields, "from");
  draft.turn.what = draft.fields.text("what");
  draft.turn.within = draft.fields.duration("within");
}

void text(TurnDraft& draft) {
  draft.turn.via = draft.compilation.channel(draft.fields, "via");
  const auto channel = draft.compilation.context.channels.find(draft.turn.via);
  if (channel != draft.compilation.context.channels.end()) {
    draft.turn.template_name =
        draft.compilation.template_of(draft.fields, "template", channel->second);
  }
}

void await(TurnDraft& draft) {
  draft.turn.events = draft.compilation.events(draft.fields, "1");
  draft.turn.within = draft.fields.duration("within");
}

void transfer(TurnDraft& draft) {
  draft.turn.queue = draft.compilation.queue(draft.fields, "queue");
  draft.turn.text = draft.fields.text("text");
}

void close(TurnDraft& draft) {
  draft.turn.outcome = draft.fields.text("outcome");
  if (draft.fields.has("outcome")) {
    draft.compilation.check_words(draft.fields, "outcome", {draft.turn.outcome});
  }
  draft.turn.text = draft.fields.text("text");
}

// In the order of TurnKind.
const std::array<TurnKindEntry, 8> kTurns = {{
    {TurnKind::say, "says a text", "done", kSay, say},
    {TurnKind::ask, "asks, and listens for words", "its words, unclear, silent", kAsk, ask},
    {TurnKind::verify, "makes sure who is there", "yes, no", kVerify, verify},
    {TurnKind::lookup, "reads from a connector, with a time budget", "found, missing, late",
     kLookup, lookup},
    {TurnKind::text, "sends a message during the conversation, through the gate",
     "sent, denied, failed", kText, text},
    {TurnKind::await, "waits for an event of the run", "arrived, expired", kAwait, await},
    {TurnKind::transfer, "hands over to a person; the packet arrives before the leg",
     "accepted, declined", kTransfer, transfer},
    {TurnKind::close, "ends the conversation; its word is an outcome of the send", "-", kClose,
     close},
}};

}  // namespace

const TurnKindEntry& turn_kind_entry(TurnKind kind) { return kTurns[static_cast<size_t>(kind)]; }

}  // namespace relance
