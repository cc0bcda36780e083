#include "core/graph/build.h"

#include <algorithm>

#include "base/text.h"

namespace relance::testing {
namespace {

std::vector<std::string> outcomes_of(const StepBody& body) {
  const auto kind = static_cast<StepKind>(body.index());
  auto words = kind_outcomes(kind);
  if (const auto* send = std::get_if<SendStep>(&body)) words = send_outcomes(!send->expect.empty());
  std::vector<std::string> out(words.begin(), words.end());
  const auto append = [&](const auto& more) { out.insert(out.end(), more.begin(), more.end()); };
  if (const auto* send = std::get_if<SendStep>(&body))
    for (const SendChannel& one : send->over()) append(channel_words(one.kind));
  if (const auto* decide = std::get_if<DecideStep>(&body)) append(decide->words);
  if (const auto* handoff = std::get_if<HandoffStep>(&body)) append(handoff->words);
  return out;
}

bool contains(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

Start on(std::string edge) { return {After::Kind::edge, std::move(edge), {}, {}}; }
Start any(std::vector<Start> of) { return {After::Kind::any, "", std::move(of), {}}; }
Start all(std::vector<Start> of) { return {After::Kind::all, "", std::move(of), {}}; }
Start ended(std::vector<RunEnd> ends) { return {After::Kind::ended, "", {}, std::move(ends)}; }

SendStep send(std::string via, std::string channel_kind) {
  SendStep out;
  out.via = std::move(via);
  out.channel_kind = std::move(channel_kind);
  out.template_name = "text";
  return out;
}

DecideStep decide(std::vector<std::string> words) {
  DecideStep out;
  out.kind = DecideStep::Kind::function;
  out.function = {0};
  out.words = std::move(words);
  return out;
}

AwaitStep await(std::string event) {
  AwaitStep out;
  out.events = {{std::move(event), {}}};
  return out;
}

FlowBuilder::FlowBuilder(std::string name) {
  flow_.name = std::move(name);
  flow_.file = "flows/" + flow_.name + ".lua";
  flow_.version = derive_key({"test", flow_.name});
}

FlowBuilder& FlowBuilder::add(std::string name, StepBody body, const Start& start) {
  Step step;
  step.name = std::move(name);
  step.line = static_cast<int>(flow_.steps.size()) + 1;
  step.outcomes = outcomes_of(body);
  step.body = std::move(body);
  step.after = resolve(start);
  flow_.steps.push_back(std::move(step));
  return *this;
}

FlowBuilder& FlowBuilder::skippable() {
  last().when = {0};
  last().outcomes.push_back("skipped");
  return *this;
}

FlowBuilder& FlowBuilder::closes(std::vector<std::string> words) {
  last().outcomes.insert(last().outcomes.end(), words.begin(), words.end());
  last().close_words = std::move(words);
  std::get<SendStep>(last().body).script = "talk";
  return *this;
}

FlowBuilder& FlowBuilder::ignore(const std::string& text) {
  flow_.ignored.push_back(edge(text));
  return *this;
}

StepIndex FlowBuilder::index(std::string_view name) const {
  const Step* step = flow_.find(name);
  RELANCE_ASSERT(step != nullptr);
  return static_cast<StepIndex>(step - flow_.steps.data());
}

After FlowBuilder::resolve(const Start& start) const {
  After out;
  out.kind = start.kind;
  out.ends = start.ends;
  if (start.kind == After::Kind::edge) out.edge = edge(start.edge);
  for (const Start& part : start.of) out.of.push_back(resolve(part));
  return out;
}

Edge FlowBuilder::edge(std::string_view text) const {
  const auto parts = split(text, '.');
  Edge out;
  out.step = index(parts[0]);
  out.bare = parts.size() == 1;
  if (out.bare) return out;
  out.otherwise = parts[1] == "otherwise";
  if (out.otherwise) return out;
  for (std::string_view word : split(parts[1], '|')) {
    RELANCE_ASSERT(flow_.steps[out.step].has_outcome(word));
    out.outcomes.emplace_back(word);
  }
  return out;
}

void FlowBuilder::fill_otherwise(After& after) const {
  for (After& part : after.of) fill_otherwise(part);
  if (after.kind != After::Kind::edge || !after.edge.otherwise) return;
  std::vector<std::string> named;
  const auto gather = [&](const Edge& other, bool) {
    if (other.step != after.edge.step || other.otherwise) return;
    named.insert(named.end(), other.outcomes.begin(), other.outcomes.end());
  };
  for (const Step& step : flow_.steps) each_edge(step.after, gather);
  const Step& source = flow_.steps[after.edge.step];
  after.edge.outcomes.clear();
  for (const std::string& word : source.outcomes) {
    const bool apart = is_apart_from_otherwise(word) || contains(source.close_words, word);
    if (!apart && !contains(named, word)) after.edge.outcomes.push_back(word);
  }
}

Flow FlowBuilder::build() {
  for (Step& step : flow_.steps) fill_otherwise(step.after);
  return flow_;
}

Flow payment_recovery() {
  FlowBuilder b("payment_recovery");
  b.flow().start = {{"payment.failed", {0}}};
  b.flow().key = {"invoice_id"};
  b.flow().goal = {{"payment.succeeded", {}}};
  b.flow().purpose = Purpose::recovery;
  b.flow().expire = days(28);

  FetchStep profile;
  profile.from = "crm";
  profile.need = {"email", "phone"};
  ChargeStep retry, collect;
  retry.via = collect.via = "retry";
  retry.tries = 4;
  retry.at.policy = "smart_retry";
  AwaitStep updated = await("payment_method.updated");
  updated.within = days(28);
  SendStep email = send("email", "email"), call = send("voice", "voice");
  email.tries = 2;
  email.gap = hours(48);
  email.expect = {{"link.clicked", {}}};
  call.tries = 3;
  call.at.policy = "another_band";
  WaitStep grace;
  grace.duration = hours(24);
  HandoffStep human;
  human.queue = "billing";
  human.words = {"resolved"};

  b.add("profile", profile);
  b.add("move", decide({"retry", "ask", "review"}), on("profile"));
  b.add("retry", retry, on("move.retry"));
  b.add("updated", updated);
  b.add("collect", collect, on("updated.arrived"));
  b.add("email", email, any({on("move.ask"), on("retry.declined|refused|needs_customer|failed")}));
  b.add("grace", grace, on("email.responded"));
  b.add("call", call, any({on("email.otherwise"), on("grace.done")})).skippable();
  b.closes({"promised", "refused"});
  b.add("follow_up", send("email", "email"), on("call.voicemail"));
  b.add("last", send("sms", "sms"), any({on("call.skipped"), on("call.otherwise")}));
  b.add("note", RecordStep{"contact_result", {}},
        any({on("email.opted_out"), on("call.promised|refused|opted_out|wrong_person")}));
  b.add("human", human, any({on("call.wants_human|dissatisfied"), on("move.review")}));
  return b.build();
}

}  // namespace relance::testing
