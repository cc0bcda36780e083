#include "node/migration.h"

#include <algorithm>

#include "core/state/opened.h"
#include "node/under_way.h"

namespace relance {
namespace {

constexpr size_t kBatch = 500;

// The active version of a run's flow; nullptr: there is none.
const Flow* active_flow(const Rules& rules, std::string_view name) {
  for (const Flow* flow : rules.active())
    if (flow->name == name) return flow;
  return nullptr;
}

NextAction next_of(const Customer& customer, const Key& id, const Rules& rules) {
  NextAction next;
  const Run* run = customer.find_run(id);
  const Flow* flow = run ? rules.flow(run->version) : nullptr;
  if (!flow) return next;
  for (const StepState& state : run->steps) {
    if (state.phase == Phase::ended || state.step >= flow->steps.size()) continue;
    const bool at_once = state.phase == Phase::wanting || state.phase == Phase::reading;
    const Instant at = at_once ? customer.last_at : state.wake_at;
    if (!next.step.empty() && at >= next.at) continue;
    next = {flow->steps[state.step].name, at};
  }
  return next;
}

const Flow* target_of(const Run& run, const Rules& rules, bool back) {
  if (!back) return active_flow(rules, run.flow);
  return run.moved.there() ? rules.flow(run.moved->version) : nullptr;
}

CommandInput command_of(const Run& run, const Flow& to, const MoveOrder& order) {
  CommandInput command;
  command.command = order.back ? "unmigrate" : "migrate";
  command.author = order.author;
  command.run = run.id;
  command.word = to.version.text();
  std::vector<Doc> also;
  for (const std::string& name : order.also) also.push_back(Doc::text(name));
  command.data = Doc::record({{"also", Doc::list(also)}});
  return command;
}

MovePlan plan_of(const Customer& customer, const Run& run, const Flow& to, const Rules& rules,
                 bool back) {
  const Flow* from = rules.flow(run.version);
  if (!from) return {MoveClass::busy, "its flow version cannot be loaded", {}, {}};
  return back ? plan_return(customer, run, *from, to) : plan_move(customer, run, *from, to);
}

MoveExample example_of(NodeCore& node, const Customer& customer, const Run& run, const Flow& to,
                       const MovePlan& plan, const Rules& rules) {
  MoveExample example;
  example.run = run.id;
  example.customer = customer.id;
  const Doc subject = opened(customer.id, customer.subject);
  example.subject = subject.view().find("subject").text().value_or("");
  example.why = plan.why;
  example.before = example.after = next_of(customer, run.id, rules);
  if (plan.what > MoveClass::would_lose) return example;
  const MoveOrder order{run.flow, "preview", false, {"would_skip", "would_lose"}};
  const Customer after = node.rehearsed(customer, command_of(run, to, order), rules);
  example.after = next_of(after, run.id, rules);
  return example;
}

struct Move {
  Key customer;
  CommandInput command;
};

Result<std::vector<Move>> find_moves(NodeCore& node, const Rules& rules, const MoveOrder& order) {
  std::vector<Move> moves;
  auto looked = each_in_flight(node, [&](const Customer& customer) {
    for (const Run& run : customer.runs) {
      const Flow* to = run.flow == order.flow ? target_of(run, rules, order.back) : nullptr;
      if (!to || to->version == run.version) continue;
      moves.push_back({customer.id, command_of(run, *to, order)});
    }
  });
  if (!looked) return looked.error();
  return moves;
}

Doc to_doc(const NextAction& next) {
  return Doc::record(
      {{"step", Doc::text(next.step)}, {"at", next.at.is_never() ? Doc{} : Doc::instant(next.at)}});
}

}  // namespace

uint64_t MovePreview::pinned() const {
  uint64_t all = 0;
  for (const auto& [what, group] : groups) all += group.count;
  return all;
}

Result<std::vector<MovePreview>> preview_moves(NodeCore& node, const Rules& rules,
                                               const MoveQuestion& question) {
  std::map<std::string, MovePreview> flows;
  auto looked = each_in_flight(node, [&](const Customer& customer) {
    for (const Run& run : customer.runs) {
      if (!question.flow.empty() && run.flow != question.flow) continue;
      const Flow* to = target_of(run, rules, question.back);
      if (!to) continue;
      MovePreview& preview = flows[run.flow];
      preview.flow = run.flow;
      preview.to = to->version;
      if (to->version == run.version) {
        ++preview.current;
        continue;
      }
      const MovePlan plan = plan_of(customer, run, *to, rules, question.back);
      MoveGroup& group = preview.groups[plan.what];
      ++group.count;
      if (group.examples.size() < question.most_examples)
        group.examples.push_back(example_of(node, customer, run, *to, plan, rules));
    }
  });
  if (!looked) return looked.error();
  std::vector<MovePreview> all;
  for (auto& [name, preview] : flows) all.push_back(std::move(preview));
  return all;
}

Result<uint64_t> move_runs(NodeCore& node, const Rules& rules, const MoveOrder& order) {
  auto moves = find_moves(node, rules, order);
  if (!moves) return moves.error();
  uint64_t moved = 0;
  for (size_t begin = 0; begin < moves->size(); begin += kBatch) {
    UnderWay batch;
    for (size_t i = begin; i < std::min(moves->size(), begin + kBatch); ++i)
      node.command((*moves)[i].customer, (*moves)[i].command, batch.one());
    if (node.at_work()) moved += batch.wait().kept;
  }
  return node.at_work() ? moved : moves->size();
}

Doc to_doc(const MovePreview& preview) {
  std::vector<std::pair<std::string, Doc>> classes;
  for (const auto& [what, group] : preview.groups) {
    std::vector<Doc> examples;
    for (const MoveExample& one : group.examples)
      examples.push_back(Doc::record({{"run", Doc::text(one.run.text())},
                                      {"customer", Doc::text(one.subject)},
                                      {"why", Doc::text(one.why)},
                                      {"before", to_doc(one.before)},
                                      {"after", to_doc(one.after)}}));
    classes.emplace_back(std::string(move_class_name(what)),
                         Doc::record({{"count", Doc::integer(static_cast<int64_t>(group.count))},
                                      {"examples", Doc::list(examples)}}));
  }
  return Doc::record({{"flow", Doc::text(preview.flow)},
                      {"to", Doc::text(preview.to.text())},
                      {"current", Doc::integer(static_cast<int64_t>(preview.current))},
                      {"pinned", Doc::integer(static_cast<int64_t>(preview.pinned()))},
                      {"classes", Doc::record(classes)}});
}

}  // namespace relance
