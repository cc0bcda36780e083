#include "cli/talk_call.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "core/customer/decide.h"
#include "node/start.h"
#include "sim/flow_test_customer.h"

namespace relance::cli {
namespace {

constexpr const char* kSubject = "the-customer";
constexpr Duration kLongestWait = days(1);

OperationResult done(std::string word, Doc data = {}) {
  OperationResult result;
  result.status = OperationStatus::done;
  result.wire = Wire::answered;
  result.word = std::move(word);
  result.data = std::move(data);
  return result;
}

bool all_digits(const std::string& line) {
  return line.find_first_not_of("0123456789#*") == std::string::npos;
}

std::string trimmed(std::string line) {
  line.erase(0, line.find_first_not_of(" \t\r"));
  line.erase(line.find_last_not_of(" \t\r") + 1);
  return line;
}

}  // namespace

TalkCall::TalkCall(Setting setting, Terminal& terminal)
    : setting_(std::move(setting)),
      terminal_(terminal),
      clock_(setting_.start),
      drive_(clock_, 1),
      customer_(customer_key(setting_.stage.bundle->tenant, kSubject)) {}

Result<std::unique_ptr<TalkCall>> TalkCall::make(Setting setting, PluginLibrary& library,
                                                 Terminal& terminal, std::vector<Error>& errors) {
  std::unique_ptr<TalkCall> made(new TalkCall(std::move(setting), terminal));
  if (auto opened = made->open(library, errors); !opened) {
    if (errors.empty()) errors.push_back(opened.error());
    return opened.error();
  }
  return made;
}

Status TalkCall::open(PluginLibrary& library, std::vector<Error>& errors) {
  NodeOptions options;
  options.shards = 1;
  auto node = NodeCore::make(
      {clock_, process_, store_factory("memory:", 1, true), drive_, [](const Error&) {}, false},
      options);
  if (!node) return node.error();
  node_ = std::move(*node);
  Inbox& overheard = *this;
  auto generation = ActiveGeneration::make(setting_.stage.bundle, library,
                                           {clock_, drive_, overheard, *net_, process_},
                                           {true, "", 1}, 1, errors);
  if (!generation) return generation.error();
  generation_ = std::move(*generation);
  const EventCatalogue& events = setting_.stage.bundle->events;
  Performer& performer = *this;
  node_->activate(std::shared_ptr<const Rules>(&generation_->rules(), [](const Rules*) {}),
                  performer, [&events](std::string_view type, DocView data, Instant at) {
                    return type_event_data(type, data, events, at);
                  });
  drive_.attach(*node_);
  reader_ = node_->store().reader();
  history_ = std::make_unique<FlowTestHistory>(generation_->rules());
  return node_->recover();
}

// --- the run

Result<EventInput> TalkCall::event_of(const std::string& type, DocView given, const Key& touch) {
  auto data = made_up_event(*setting_.stage.bundle, type, given, clock_.now());
  if (!data) return data.error();
  EventInput event;
  event.id = std::to_string(++events_);
  event.source = "talk";
  event.type = type;
  event.subject = kSubject;
  event.time = clock_.now();
  event.data = std::move(*data);
  if (generation_->rules().about(type) == "touch") event.touch = touch;
  return event;
}

// A customer who allows everything, and the event that begins the run.
Status TalkCall::begin() {
  const Customer customer = customer_with_consents(customer_, {}, clock_.now());
  Batch batch;
  batch.epoch = node_->store().opened().epoch;
  batch.at = clock_.now();
  batch.snapshots = {{customer_, 0, Instant::never(), encode_snapshot(customer)}};
  if (node_->store().commit(batch) != CommitOutcome::ok)
    return Error{Code::store_failed, node_->store().trouble(), {}, ""};
  auto event = event_of(setting_.stage.flow->start[0].type, setting_.event, {});
  if (!event) return event.error();
  began_with_ = event->data;
  node_->accept(std::move(*event), {});
  return {};
}

Result<TalkCall::Ending> TalkCall::play() {
  if (auto begun = begin(); !begun) return begun.error();
  while (true) {
    if (auto worked = drive_.run(clock_.now()); !worked) return worked.error();
    if (auto seen = refresh(); !seen) return seen.error();
    const Touch* touch = call();
    const StepState* step = story() ? story()->run.find(setting_.stage.call) : nullptr;
    if ((touch && touch->state == TouchState::done) || (step && step->phase == Phase::ended))
      return ending();
    const Turn* turn = history_->turn_of(customer_, touch_);
    const auto state = talk();
    const bool waits = turn && turn->kind == TurnKind::await && state && waited_ != state->turn;
    auto went_on = waits ? let_event_come(*turn) : let_time_pass();
    if (!went_on) return went_on.error();
  }
}

Status TalkCall::refresh() {
  if (auto read = history_->read(*reader_); !read) return read;
  if (!run_ && !history_->runs().empty()) run_ = history_->runs().front();
  return {};
}

const RunStory* TalkCall::story() const { return history_->find(run_); }

const Touch* TalkCall::call() const {
  if (!story()) return nullptr;
  for (const TouchStory& told : story()->touches)
    if (told.verdict.empty() && told.touch.key == touch_) return &told.touch;
  return nullptr;
}

std::optional<TalkState> TalkCall::talk() const {
  const StepState* step = story() ? story()->run.find(setting_.stage.call) : nullptr;
  if (!step || step->talk.empty()) return std::nullopt;
  return TalkState::from_doc(opened(customer_, step->talk), setting_.stage.script->turns.size());
}

Status TalkCall::let_time_pass() {
  const Instant next = drive_.next_instant();
  if (!touch_ && next > setting_.start + kLongestWait) {
    std::string why = "nothing leads to it";
    if (story() && !story()->touches.empty()) why = story()->touches.back().touch.reason;
    return Error{Code::usage, "nobody is called: " + why, {}, "see contact.lua"};
  }
  clock_.set(next);
  return {};
}

// An event of the run's own keys, where the person at the terminal lets it come.
Status TalkCall::let_event_come(const Turn& turn) {
  show_progress();
  waited_ = talk()->turn;
  std::vector<std::string> types;
  for (const EventPattern& pattern : turn.events) types.push_back(pattern.type);
  terminal_.remark(
      fmt::format("{} waits for {}: its name lets it come, an empty line lets the "
                  "time pass",
                  turn.name, join(types, " or ")));
  const auto line = terminal_.ask();
  if (!line) {
    hang_up("hung_up");
    return {};
  }
  const std::string type = trimmed(*line);
  if (std::find(types.begin(), types.end(), type) == types.end()) return {};
  std::vector<std::pair<std::string, Doc>> keys;
  for (const std::string& field : setting_.stage.flow->key)
    if (const DocView value = began_with_.view().find(field); !value.is_null())
      keys.emplace_back(field, Doc(value));
  auto event = event_of(type, Doc::record(keys), touch_);
  if (!event) return event.error();
  node_->accept(std::move(*event), {});
  return {};
}

TalkCall::Ending TalkCall::ending() const {
  Ending ending;
  const RunStory& told = *story();
  const Flow& flow = *setting_.stage.flow;
  const StepState* step = told.run.find(setting_.stage.call);
  const bool cancelled = told.cancelled.contains(setting_.stage.call);
  if (const Touch* touch = call()) ending.outcome = touch->outcome;
  if (step && step->phase == Phase::ended && !cancelled) ending.outcome = step->word;
  if (step) ending.data = opened(customer_, step->data);
  if (const auto reason = told.reasons.find(setting_.stage.call); reason != told.reasons.end())
    ending.reason = reason->second;
  if (told.end != RunEnd::none) ending.run = run_end_name(told.end);
  for (const StepState& state : told.run.steps)
    if (state.step != setting_.stage.call && !told.cancelled.contains(state.step))
      ending.next.push_back(flow.steps[state.step].name);
  return ending;
}

// --- the line

// Turns that have ended since, in the order in which they did.
void TalkCall::show_progress() {
  if (!refresh()) return;
  const auto state = talk();
  if (!state) return;
  const auto& turns = setting_.stage.script->turns;
  std::vector<std::string> ended;
  for (size_t i = 0; i < turns.size(); ++i)
    if (!state->outcomes[i].empty()) ended.push_back(turns[i].name + ": " + state->outcomes[i]);
  if (ended.size() > shown_) {
    const std::string next = state->turn != kNoStep    ? turns[state->turn].name
                             : !state->closing.empty() ? "the end, " + state->closing
                                                       : "the end";
    terminal_.remark(ended.back() + " -> " + next);
  }
  shown_ = ended.size();
}

void TalkCall::send(TouchOrder order) {
  const Key key = order.touch.key;
  if (!order.script.empty() && !touch_) {
    touch_ = key;
    HeardInput somebody;
    somebody.touch = key;
    return hear(std::move(somebody));
  }
  if (over_) return;  // what follows the call is not played
  show_progress();
  std::string text = fmt::format("({} to {})", order.touch.channel, order.to);
  for (const Part& part : order.parts)
    if (part.role == "subject" || part.role == "text") text += "\n" + part.text;
  terminal_.tell(text);
  node_->deliver(customer_, ResultInput{key, done("delivered")});
}

void TalkCall::read(Read read) {
  if (read.connector == "crm" && read.what.empty()) {
    const Doc profile = crm_record(setting_.customer, kSubject, {}, *setting_.stage.bundle);
    return node_->deliver(customer_, ReadInput{read.operation, done("found", profile)});
  }
  show_progress();
  terminal_.remark(
      fmt::format("looks up {} at {}: found, missing or late, and what was found as "
                  "JSON",
                  read.what, read.connector));
  const std::string line = trimmed(terminal_.ask().value_or("missing"));
  if (line.starts_with("late")) return;  // the turn's own patience ends it
  const size_t brace = line.find('{');
  auto data = from_json(brace == std::string::npos ? "{}" : std::string_view(line).substr(brace));
  if (!data) terminal_.remark(data.error().text());
  OperationResult result = done("found", data ? std::move(*data) : Doc::empty_record());
  if (line.starts_with("missing")) result.status = OperationStatus::absent;
  node_->deliver(customer_, ReadInput{read.operation, std::move(result)});
}

void TalkCall::hear(HeardInput heard) { node_->deliver(customer_, std::move(heard)); }

void TalkCall::hang_up(std::string_view word) {
  over_ = true;
  node_->deliver(customer_, ResultInput{touch_, done(std::string(word))});
}

void TalkCall::perform(Perform turn) {
  if (over_) return;
  show_progress();
  if (turn.action == "end") return hang_up("delivered");
  HeardInput heard;
  heard.touch = turn.touch;
  heard.turn = turn.turn;
  if (turn.action == "transfer") {
    terminal_.remark("a person in '" + turn.text + "' is asked to take over: accepted or declined");
  } else {
    terminal_.tell(turn.text);
  }
  if (turn.action == "say" || turn.action == "play") return hear(std::move(heard));
  if (turn.action == "ask") terminal_.remark("hears " + join(turn.expects, ", "));
  const auto line = terminal_.ask();
  if (!line) return hang_up("hung_up");
  const std::string said = trimmed(*line);
  if (turn.action == "transfer")
    heard.word = said;
  else if (said.empty())
    heard.silent = true;
  else
    (all_digits(said) ? heard.keys : heard.text) = said;
  hear(std::move(heard));
}

void TalkCall::understand(Understand question) {
  generation_->host().understand(std::move(question));
}

void TalkCall::deliver(const Key& customer, Input input) {
  if (const auto* meant = std::get_if<UnderstoodInput>(&input)) {
    const bool more = meant->answers.view().size() > 0;
    terminal_.remark((meant->word.empty() ? "not understood" : "understood: " + meant->word) +
                     (more ? " " + to_json(meant->answers) : ""));
  }
  node_->deliver(customer, std::move(input));
}

}  // namespace relance::cli
