#include "core/run/content.h"

#include "core/run/dispatch.h"
#include "core/run/freeze.h"

namespace relance {
namespace {

constexpr std::string_view kContent = "content";  // of a step that waits for its writer

std::string_view text_of(DocView record, std::string_view field) {
  return record.find(field).text().value_or("");
}

// As a writer is given it: an e-mail's subject is its first line.
std::string whole_text(const std::vector<Part>& parts) {
  std::string text;
  for (const Part& part : parts)
    if (part.role == "subject") text = "Subject: " + part.text + "\n";
  for (const Part& part : parts)
    if (part.role == "text") text += part.text;
  return text;
}

// What is wrong with an answer; empty: its parts can be sent.
std::string_view problem_of(const OperationResult& result) {
  if (result.status != OperationStatus::done)
    return result.reason.empty() ? std::string_view("no answer") : std::string_view(result.reason);
  const DocView data = result.data;
  if (const std::string_view why = text_of(data, "fallback"); !why.empty()) return why;
  bool says_something = false;
  for (const auto& [key, part] : data.find("parts").items()) {
    const std::string_view role = text_of(part, "role");
    if (role != "subject" && role != "text" && role != "html") return "a part of no known role";
    says_something |= role == "text" && !text_of(part, "text").empty();
  }
  return says_something ? std::string_view() : std::string_view("no text");
}

void keep(const StepCase& c, std::string_view problem, DocView parts) {
  const std::string& by = std::get<SendStep>(c.step().body).content;
  FrozenFields made{{"by", Doc::text(by)}};
  if (problem.empty())
    made.emplace_back("parts", Doc(parts));
  else
    made.emplace_back("fallback", Doc::text(problem));
  c.worker.explain(c.run_id, c.index, kContent, problem.empty() ? "written" : "template",
                   Doc::record({{"by", Doc::text(by)}, {"reason", Doc::text(problem)}}));
  StepState next = c.copy();
  next.content = c.worker.seal(Doc::record(made));
  next.wake_at = Instant::never();
  next.word = {};
  c.move(std::move(next));
  seek_slot(c);
}

}  // namespace

bool wants_content(const StepCase& c) {
  const auto* send = std::get_if<SendStep>(&c.step().body);
  if (!send || send->content.empty()) return false;
  const StepState* state = c.state();
  return !state || state->content.empty();
}

bool awaits_content(const StepState& state) {
  return state.phase == Phase::reading && state.word == kContent;
}

void ask_content(const StepCase& c, const Channel& channel) {
  const SendStep& send = std::get<SendStep>(c.step().body);
  const Rules& rules = c.worker.rules();
  auto data = data_of(c, send.data);
  if (!data) return c.fail(data.error());
  const std::string locale = locale_of(c);
  const auto inputs = rules.inputs({send.template_name, channel.kind, locale}, c.view(), *data);
  if (!inputs) return c.fail(inputs.error());
  const auto parts = rules.render(*inputs, *data);
  if (!parts) return c.fail(parts.error());
  StepState next = c.copy();
  Compose question;
  question.customer = c.worker.customer().id;
  question.operation = derive_key_of(
      question.customer, {c.worker.context().installation, c.run_id.view(), c.step().name, kContent,
                          std::to_string(next.try_no), std::to_string(next.callbacks)});
  question.writer = send.content;
  question.channel_kind = channel.kind;
  question.locale = locale;
  question.text = whole_text(*parts);
  question.facts = Doc::merged(Doc(inputs->view().find("values")), *data);
  question.within = send.content_within;
  next.phase = Phase::reading;
  next.word = kContent;
  next.touch = question.operation;
  next.wake_at = c.worker.now() + send.content_within;
  c.move(std::move(next));
  c.worker.ask(std::move(question));
}

void take_content(const StepCase& c, const OperationResult& result) {
  keep(c, problem_of(result), result.data.view().find("parts"));
}

void give_up_content(const StepCase& c, std::string_view why) { keep(c, why, {}); }

void add_content(const StepCase& c, FrozenFields& fields) {
  const StepState* state = c.state();
  if (!state || state->content.empty()) return;
  const DocView made = c.worker.open(state->content);
  FrozenFields told{{"by", Doc(made.find("by"))}};
  if (const DocView why = made.find("fallback"); !why.is_null())
    told.emplace_back("fallback", Doc(why));
  fields.emplace_back("content", Doc::record(told));
  if (const DocView parts = made.find("parts"); !parts.is_null())
    fields.emplace_back("parts", Doc(parts));
}

}  // namespace relance
