#include "sim/flow_test_world.h"

#include <algorithm>

#include "base/text.h"
#include "core/customer/decide.h"
#include "core/run/segment.h"
#include "sim/flow_test_answers.h"
#include "sim/flow_test_customer.h"
#include "sim/flow_test_view.h"

namespace relance {
namespace {

constexpr const char* kSource = "flow-test";

bool starts_with(const Flow& flow, std::string_view type) {
  return std::any_of(flow.start.begin(), flow.start.end(),
                     [&](const EventPattern& start) { return start.type == type; });
}

std::string told_under(ScriptedSide side, std::string_view name, std::string_view op) {
  return (side == ScriptedSide::channel ? "channel " : "connector ") + std::string(name) + " " +
         std::string(op);
}

// A key field that an event about a run lacks is the run's own. "a.b" brings the whole of `a`.
Doc with_keys(DocView data, const Flow& flow, DocView of_run) {
  std::vector<std::pair<std::string, Doc>> missing;
  for (const std::string& field : flow.key) {
    const std::string top = field.substr(0, field.find('.'));
    if (data.find_path(field).is_null() && !of_run.find(top).is_null())
      missing.emplace_back(top, Doc(of_run.find(top)));
  }
  return Doc::merged(data, Doc::record(missing));
}

}  // namespace

FlowTestWorld::FlowTestWorld(FlowTestSetting setting)
    : setting_(std::move(setting)),
      clock_(setting_.start),
      drive_(clock_, 1),
      history_(*setting_.rules) {}

Result<std::unique_ptr<FlowTestWorld>> FlowTestWorld::make(FlowTestSetting setting) {
  std::unique_ptr<FlowTestWorld> made(new FlowTestWorld(std::move(setting)));
  if (auto opened = made->open(); !opened) return opened.error();
  return made;
}

Status FlowTestWorld::open() {
  NodeCore::Ports ports{clock_,
                        process_,
                        [seed = setting_.seed] {
                          StoreOptions options;
                          options.installation_seed = std::to_string(seed);
                          options.derive = entry_deriver();
                          return open_store("memory:", std::move(options));
                        },
                        drive_,
                        [](const Error&) {},
                        false};
  NodeOptions options;
  options.shards = 1;
  auto node = NodeCore::make(std::move(ports), options);
  if (!node) return node.error();
  node_ = std::move(*node);
  Playbook& playbook = *this;
  performer_ = std::make_unique<ScriptedPerformer>(clock_, drive_, *node_, playbook);
  const EventCatalogue& events = setting_.bundle->events;
  node_->activate(setting_.rules, *performer_,
                  [&events](std::string_view type, DocView data, Instant at) {
                    return type_event_data(type, data, events, at);
                  });
  drive_.attach(*node_);
  reader_ = node_->store().reader();
  return node_->recover();
}

void FlowTestWorld::refresh() {
  const Status read = history_.read(*reader_);
  RELANCE_ASSERT(read.ok());  // entries of this very process
  for (Handle& handle : handles_) {
    if (handle.run) continue;
    for (const FlowEventFate& fate : history_.fates(handle.event))
      if (fate.flow == handle.flow && fate.run) handle.run = fate.run;
  }
}

const CompiledFlow* FlowTestWorld::flow_of(std::string_view name) const {
  for (const CompiledFlow& flow : setting_.bundle->flows)
    if (flow.flow.name == name) return &flow;
  return nullptr;
}

Result<FlowTestWorld::Handle*> FlowTestWorld::known(int handle) {
  if (handle >= 1 && static_cast<size_t>(handle) <= handles_.size()) return &handles_[handle - 1];
  return Error{Code::run_not_found, "no run is known by this handle", {}, ""};
}

Result<const Flow*> FlowTestWorld::flow_of_run(int handle) {
  auto run = known(handle);
  if (!run) return run.error();
  return &flow_of((*run)->flow)->flow;
}

// --- what happens

Status FlowTestWorld::know(DocView record) {
  const std::string subject(record.find("id").text().value_or(""));
  if (subject.empty()) return Error{Code::missing_field, "a customer wants an id", {}, ""};
  crm_[subject] = Doc(record);
  refresh();
  const Key customer = customer_key(setting_.bundle->tenant, subject);
  if (!history_.customer(customer)) {
    const Customer first = customer_with_consents(customer, record.find("consents"), now());
    Batch batch;
    batch.epoch = node_->store().opened().epoch;
    batch.at = now();
    batch.snapshots = {{customer, 0, Instant::never(), encode_snapshot(first)}};
    if (node_->store().commit(batch) == CommitOutcome::ok) return {};
    return Error{Code::store_failed, node_->store().trouble(), {}, ""};
  }
  for (const auto& [key, consent] : record.find("consents").items()) {
    const bool given = consent.find("given").boolean().value_or(true);
    auto said = event_of(given ? "consent.given" : "consent.withdrawn", consent, subject);
    if (!said) return said.error();
    queue(std::move(*said));
  }
  return {};
}

Result<EventInput> FlowTestWorld::event_of(std::string_view type, DocView data,
                                           const std::string& subject) {
  auto typed = type_event_data(type, data, setting_.bundle->events, now());
  if (!typed) return typed.error();
  EventInput event;
  event.id = std::to_string(++events_);
  event.source = kSource;
  event.type = type;
  event.subject = subject;
  event.time = now();
  event.data = std::move(*typed);
  event.hash = event_hash(setting_.bundle->tenant, subject, event.source, event.id);
  return event;
}

void FlowTestWorld::queue(EventInput event) {
  queued_ = true;
  node_->accept(std::move(event), {});
}

Result<int> FlowTestWorld::start(std::string_view flow, DocView data, std::string_view type,
                                 const std::string& subject) {
  const CompiledFlow* compiled = flow_of(flow);
  if (!compiled) {
    std::vector<std::string> names;
    for (const CompiledFlow& one : setting_.bundle->flows) names.push_back(one.flow.name);
    return Error{Code::unknown_flow,
                 "there is no flow '" + std::string(flow) + "'",
                 {},
                 did_you_mean(flow, names)};
  }
  if (compiled->flow.absence || compiled->flow.segment) return find(*compiled, data, subject);
  const std::vector<EventPattern>& starts = compiled->flow.start;
  if (type.empty() && starts.size() != 1)
    return Error{Code::missing_field,
                 "flow '" + std::string(flow) + "' starts with several events",
                 {},
                 "name one: sim.start(flow, data, type)"};
  if (type.empty()) type = starts.front().type;
  if (!starts_with(compiled->flow, type))
    return Error{Code::unknown_event,
                 "flow '" + std::string(flow) + "' does not start with '" + std::string(type) + "'",
                 {},
                 ""};
  auto event = event_of(type, data, subject);
  if (!event) return event.error();
  handles_.push_back({subject, compiled->flow.name, event->data, event->hash, {}, {}});
  queue(std::move(*event));
  return static_cast<int>(handles_.size());
}

// Of what the segment asks for, the CRM has from now on what the test did not say.
Doc FlowTestWorld::record_in_segment(const Segment& segment, const std::string& subject) {
  std::vector<std::pair<std::string, Doc>> fitting;
  for (size_t i = 0; i < segment.columns.size(); ++i)
    if (!segment.columns[i].starts_with(kFactsPrefix))
      fitting.emplace_back(segment.columns[i], example_of(segment.cells[i], now()));
  crm_[subject] = Doc::merged(Doc::record(fitting), crm_[subject]);
  return crm_record(crm_[subject], subject, {}, *setting_.bundle);
}

// The run begins as if the flow had just found the customer by itself.
Result<int> FlowTestWorld::find(const CompiledFlow& compiled, DocView data,
                                const std::string& subject) {
  const Flow& flow = compiled.flow;
  FoundInput found;
  found.flow = flow.name;
  found.subject = subject;
  found.hash = event_hash(setting_.bundle->tenant, subject, kSource, std::to_string(++events_));
  if (flow.absence) {
    auto typed = type_event_data(flow.absence->type, data, setting_.bundle->events, now());
    if (!typed) return typed.error();
    const Doc since = Doc::record({{kSinceField, Doc::instant(now() - flow.absence->after)}});
    found.data = Doc::merged(since, *typed);
  } else {
    found.data = Doc::merged(Doc::record({{kRoundField, Doc::integer(1)}}), data);
    found.record = record_in_segment(*flow.segment, subject);
  }
  handles_.push_back({subject, flow.name, found.data, found.hash, {}, {}});
  queued_ = true;
  node_->deliver(customer_key(setting_.bundle->tenant, subject), std::move(found));
  return static_cast<int>(handles_.size());
}

Status FlowTestWorld::event(std::string_view type, DocView data, const std::string& subject,
                            int handle) {
  if (handle == 0) {
    auto event = event_of(type, data, subject);
    if (!event) return event.error();
    queue(std::move(*event));
    return {};
  }
  auto about = known(handle);
  if (!about) return about.error();
  refresh();
  const Handle& run = **about;
  const CompiledFlow* flow = flow_of(run.flow);
  auto event = event_of(type, with_keys(data, flow->flow, run.data), run.subject);
  if (!event) return event.error();
  if (auto addressed = address(*event, run); !addressed) return addressed;
  queue(std::move(*event));
  return {};
}

// An event about a touch means the run's latest.
Status FlowTestWorld::address(EventInput& event, const Handle& about) {
  if (setting_.rules->about(event.type) != "touch") return {};
  const RunStory* story = history_.find(about.run);
  if (story) {
    for (auto told = story->touches.rbegin(); told != story->touches.rend(); ++told) {
      if (!told->verdict.empty() || !told->touch.is_contact()) continue;
      event.touch = told->touch.key;
      return {};
    }
  }
  return Error{Code::run_not_found,
               "'" + event.type + "' is about a touch, and this run has not touched anybody yet",
               {},
               "say run:after(\"step\", span):event(...)"};
}

Status FlowTestWorld::script(int handle, ScriptedSide side, std::string_view name,
                             std::string_view op, DocView answers) {
  auto run = known(handle);
  if (!run) return run.error();
  auto read = read_answers(*flow_of((*run)->flow), side, name, op, answers);
  if (!read) return read.error();
  (*run)->told[told_under(side, name, op)] = {std::move(*read), 0};
  return {};
}

Result<Instant> FlowTestWorld::step(Instant limit) {
  if (!queued_) {
    clock_.set(std::max(now(), std::min(drive_.next_instant(), limit)));
  }
  queued_ = false;
  if (auto done = drive_.run(now()); !done) return done.error();
  refresh();
  return now();
}

Status FlowTestWorld::resolve(int handle, std::string_view step, std::string_view word,
                              DocView data) {
  auto run = known(handle);
  if (!run) return run.error();
  refresh();
  const RunStory* story = history_.find((*run)->run);
  const Flow& flow = flow_of((*run)->flow)->flow;
  const Step* at = flow.find(step);
  const auto index = static_cast<StepIndex>(at ? at - flow.steps.data() : kNoStep);
  const StepState* state = story ? story->run.find(index) : nullptr;
  if (!state || state->phase != Phase::human)
    return Error{Code::run_not_found,
                 "no person has the item of step '" + std::string(step) + "'",
                 {},
                 "advance until the hand-off is due"};
  if (!at->has_outcome(word))
    return Error{Code::unknown_outcome,
                 "step '" + at->name + "' has no outcome '" + std::string(word) + "'",
                 {},
                 did_you_mean(word, at->outcomes)};
  CommandInput command;
  command.command = word == "returned" ? "return" : "resolve";
  command.author = kSource;
  command.run = story->run.id;
  command.step = step;
  command.word = word;
  command.data = Doc(data);
  queued_ = true;
  node_->command(story->customer, std::move(command));
  return {};
}

// --- what is seen

Result<std::vector<int>> FlowTestWorld::runs(std::string_view flow) {
  if (!flow.empty() && !flow_of(flow))
    return Error{Code::unknown_flow, "there is no flow '" + std::string(flow) + "'", {}, ""};
  refresh();
  std::vector<int> found;
  for (const Key& run : history_.runs()) {
    const RunStory& story = *history_.find(run);
    if (!flow.empty() && story.run.flow != flow) continue;
    const auto same = [&](const Handle& handle) { return handle.run == run; };
    auto handle = std::find_if(handles_.begin(), handles_.end(), same);
    if (handle == handles_.end()) {
      const Doc data = opened(story.customer, story.run.event);
      handles_.push_back({subject_of(story.customer), story.run.flow, data, 0, run, {}});
      handle = handles_.end() - 1;
    }
    found.push_back(static_cast<int>(handle - handles_.begin()) + 1);
  }
  return found;
}

std::string FlowTestWorld::subject_of(const Key& customer) const {
  const Customer* known = history_.customer(customer);
  const Doc subject = known ? opened(customer, known->subject) : Doc{};
  return std::string(subject.view().find("subject").text().value_or(""));
}

Result<Doc> FlowTestWorld::view(int handle) {
  auto run = known(handle);
  if (!run) return run.error();
  refresh();
  const Handle& of = **run;
  const Flow& flow = flow_of(of.flow)->flow;
  if (const RunStory* story = history_.find(of.run))
    return view_of({*story, flow, of.subject, *performer_, *setting_.rules});
  for (const FlowEventFate& fate : history_.fates(of.event))
    if (fate.flow == of.flow) return view_of_none(fate, flow, of.subject);
  return Doc{};
}

// --- what channels, connectors and callers are told

std::optional<ScriptedAnswer> FlowTestWorld::answer(const Key& run, ScriptedSide side,
                                                    std::string_view name, std::string_view op) {
  refresh();
  const std::string under = told_under(side, name, op);
  for (auto handle = handles_.rbegin(); handle != handles_.rend(); ++handle) {
    if (handle->run != run) continue;
    const auto told = handle->told.find(under);
    if (told == handle->told.end()) continue;
    const size_t last = told->second.answers.size() - 1;
    return told->second.answers[std::min(told->second.given++, last)];
  }
  return std::nullopt;
}

Key FlowTestWorld::run_of(const Key& customer, const Key& read) {
  refresh();
  const RunStory* story = history_.reader_of(customer, read);
  return story ? story->run.id : Key{};
}

Doc FlowTestWorld::found(const Read& read) {
  if (read.connector != "crm" || !read.what.empty()) return Doc::empty_record();
  refresh();
  const RunStory* story = history_.reader_of(read.customer, read.operation);
  const Flow* flow = story ? setting_.rules->flow(story->run.version) : nullptr;
  std::vector<std::string> needed;
  for (const StepState& state : story ? story->run.steps : std::vector<StepState>{}) {
    const auto* fetch = std::get_if<FetchStep>(&flow->steps[state.step].body);
    if (fetch && state.touch == read.operation) needed = fetch->need;
  }
  return crm_record(crm_[read.subject], read.subject, needed, *setting_.bundle);
}

const Turn* FlowTestWorld::turn_of(const Key& customer, const Key& touch) {
  refresh();
  return history_.turn_of(customer, touch);
}

}  // namespace relance
