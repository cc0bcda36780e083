#include "node/pauses.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/log.h"
#include "base/text.h"
#include "core/state/opened.h"
#include "node/under_way.h"

namespace relance {
namespace {

constexpr size_t kBatch = 500;

Doc number(uint64_t n) { return Doc::integer(static_cast<int64_t>(n)); }

Doc or_null(Instant at) { return at.is_never() ? Doc{} : Doc::instant(at); }

std::vector<Pause> pauses_of(const NodeCore& node) {
  const auto all = node.pauses();
  return all ? all->all() : std::vector<Pause>{};
}

Error not_kept() {
  return {Code::store_failed, "it is not kept: the engine takes nothing at this moment", {}, ""};
}

// What became of one command to the pauses' actor. Blocks until that is
// durable.
Accepted order(NodeCore& node, CommandInput command) {
  UnderWay under_way;
  node.command(node.pauses_actor_key(), std::move(command), under_way.one());
  const UnderWay::Answers answers = under_way.wait();
  return answers.refused > 0 ? Accepted::refused
         : answers.kept > 0  ? Accepted::kept
                             : Accepted::duplicate;
}

CommandInput of_number(std::string_view command, const Pause& pause) {
  CommandInput input;
  input.command = command;
  input.author = pause.ended_by;
  input.data = Doc::record({{"number", number(pause.number)}});
  return input;
}

Result<std::vector<Key>> customers_held(NodeCore& node, const Pause& pause) {
  std::vector<Key> customers;
  auto looked = each_in_flight(node, [&](const Customer& customer) {
    if (may_hold(customer, pause)) customers.push_back(customer.id);
  });
  if (!looked) return looked.error();
  return customers;
}

Result<uint64_t> release(NodeCore& node, const Pause& pause) {
  const auto customers = customers_held(node, pause);
  if (!customers) return customers.error();
  uint64_t released = 0;
  for (size_t begin = 0; begin < customers->size(); begin += kBatch) {
    UnderWay batch;
    for (size_t i = begin; i < std::min(customers->size(), begin + kBatch); ++i)
      node.command((*customers)[i], of_number("release", pause), batch.one());
    const auto answers = batch.wait();
    if (answers.refused > 0) return not_kept();
    released += answers.kept;
  }
  if (order(node, of_number("resumed", pause)) == Accepted::refused) return not_kept();
  return released;
}

// Of a node that is not driven yet: the last answer sees to it that the pause
// is forgotten.
Status begin_release(NodeCore& node, const Pause& pause) {
  const auto customers = customers_held(node, pause);
  if (!customers) return customers.error();
  struct Left {
    std::atomic<size_t> customers;
    std::atomic<bool> refused = false;
  };
  const auto left = std::make_shared<Left>();
  left->customers = customers->size() + 1;
  const auto one_less = [&node, left, pause](Accepted how) {
    if (how == Accepted::refused) left->refused = true;
    if (--left->customers == 0 && !left->refused)
      node.command(node.pauses_actor_key(), of_number("resumed", pause));
  };
  for (const Key& customer : *customers)
    node.command(customer, of_number("release", pause), one_less);
  one_less(Accepted::kept);
  return {};
}

std::string words_of(const PauseName& name) {
  if (name.number != 0) return std::to_string(name.number);
  Pause like;
  like.flow = name.flow;
  like.channel = name.channel;
  like.segment = name.segment;
  return "of " + scope_words(like);
}

Error unknown(std::string_view what, const std::string& name, std::vector<std::string> known) {
  std::sort(known.begin(), known.end());
  known.erase(std::unique(known.begin(), known.end()), known.end());
  return {Code::pause_scope_unknown,
          fmt::format("there is no {} '{}'", what, name),
          {},
          fmt::format("there are {}", fmt::join(known, ", "))};
}

Doc to_doc(const HeldExample& one) {
  return Doc::record({{"run", Doc::text(one.touch.run.text())},
                      {"customer", Doc::text(one.subject)},
                      {"flow", Doc::text(one.touch.flow)},
                      {"step", Doc::text(one.touch.step)},
                      {"channel", Doc::text(one.touch.channel)},
                      {"held_since", Doc::instant(one.touch.since)},
                      {"until", or_null(one.touch.until)}});
}

}  // namespace

Status check_scope(ActiveGeneration& live, const Pause& wanted) {
  std::vector<std::string> flows, channels;
  for (const Flow* flow : live.rules().active()) flows.push_back(flow->name);
  for (const PluginEntry& entry : live.bundle().channels) {
    channels.push_back(entry.name);
    if (const Channel* channel = live.rules().channel(entry.name))
      channels.push_back(channel->kind);
  }
  const auto has = [](const std::vector<std::string>& names, const std::string& name) {
    return name.empty() || std::ranges::find(names, name) != names.end();
  };
  if (!has(flows, wanted.flow)) return unknown("flow", wanted.flow, flows);
  if (!has(channels, wanted.channel)) return unknown("channel", wanted.channel, channels);
  if (wanted.off && (wanted.channel.empty() || !wanted.segment.empty()))
    return Error{Code::pause_scope_unknown,
                 "only a channel can be switched off, for all flows or for one",
                 {},
                 "without --off touches are held, and nothing is lost"};
  return {};
}

CommandInput pause_command(const Pause& wanted) {
  CommandInput input;
  input.command = "pause";
  input.author = wanted.author;
  input.data = Doc::record({{"flow", Doc::text(wanted.flow)},
                            {"channel", Doc::text(wanted.channel)},
                            {"segment", Doc::text(wanted.segment)},
                            {"off", Doc::boolean(wanted.off)},
                            {"reason", Doc::text(wanted.reason)}});
  return input;
}

CommandInput resume_command(const ResumeOrder& order) {
  CommandInput input;
  input.command = "resume";
  input.author = order.author;
  input.data = Doc::record({{"number", number(order.number)},
                            {"release", Doc::text(release_name(order.release))},
                            {"reason", Doc::text(order.reason)}});
  return input;
}

Result<Pause> pause(NodeCore& node, const Pause& wanted) {
  const Accepted how = order(node, pause_command(wanted));
  if (how == Accepted::refused) return not_kept();
  const PauseName name{0, wanted.flow, wanted.channel, wanted.segment, wanted.off};
  const auto found = find_pause(pauses_of(node), name);
  if (!found) return found.error();
  if (how == Accepted::kept) return *found;
  return Error{Code::pause_stands,
               fmt::format("{} is paused already: pause {}, by {}", scope_words(*found),
                           found->number, found->author),
               {},
               "see `relance status`"};
}

Result<Pause> find_pause(const std::vector<Pause>& pauses, const PauseName& name) {
  for (const Pause& one : pauses) {
    const bool same = name.number != 0 ? one.number == name.number
                                       : one.flow == name.flow && one.channel == name.channel &&
                                             one.segment == name.segment && one.off == name.off;
    if (same && one.stands()) return one;
  }
  return Error{Code::pause_unknown,
               "no pause " + words_of(name) + " stands",
               {},
               "see `relance status`; it is resumed by its number, or by just "
               "what it names"};
}

void ResumePreview::add(const Customer& customer, std::vector<HeldTouch> held) {
  for (const PastRun& run : customer.past)
    expired += run.end == RunEnd::expired && run.ended_at >= pause.since &&
               (pause.flow.empty() || run.flow == pause.flow);
  if (held.empty()) return;
  ++customers;
  touches += held.size();
  for (HeldTouch& one : held) {
    seconds += one.second;
    HeldGroup& group = groups[{one.fate, one.reason}];
    ++group.count;
    if (group.examples.size() == kHeldExamples) continue;
    const Doc subject = opened(customer.id, customer.subject);
    group.examples.push_back(
        {std::move(one), std::string(subject.view().find("subject").text().value_or(""))});
  }
}

Result<ResumePreview> preview_resume(NodeCore& node, const Rules& rules, const Pause& pause) {
  ResumePreview preview;
  preview.pause = pause;
  auto looked = each_customer(node, [&](const Customer& customer) {
    const bool held = may_hold(customer, pause);
    preview.add(customer,
                held ? node.held_touches(customer, pause, rules) : std::vector<HeldTouch>{});
  });
  if (!looked) return looked.error();
  return preview;
}

Result<uint64_t> resume(NodeCore& node, const ResumeOrder& order) {
  const Accepted how = relance::order(node, resume_command(order));
  if (how == Accepted::refused) return not_kept();
  for (const Pause& one : pauses_of(node))
    if (one.number == order.number && !one.stands()) return release(node, one);
  return Error{Code::pause_unknown,
               fmt::format("no pause {} stands", order.number),
               {},
               "see `relance status`"};
}

Status finish_releases(NodeCore& node) {
  for (const Pause& one : pauses_of(node)) {
    if (one.stands()) continue;
    if (auto begun = begin_release(node, one); !begun) return begun;
    log::warn("node", "pause {} ({}) has ended: what it held goes on", one.number,
              scope_words(one));
  }
  return {};
}

Doc to_doc(const ResumePreview& preview) {
  std::vector<Doc> groups;
  for (const auto& [what, group] : preview.groups) {
    std::vector<Doc> examples;
    for (const HeldExample& one : group.examples) examples.push_back(to_doc(one));
    const bool why = what.second != Reason::none;
    groups.push_back(Doc::record({{"fate", Doc::text(fate_name(what.first))},
                                  {"reason", Doc::text(why ? reason_name(what.second) : "")},
                                  {"because", Doc::text(why ? reason_sentence(what.second) : "")},
                                  {"count", number(group.count)},
                                  {"examples", Doc::list(examples)}}));
  }
  return Doc::record({{"pause", to_doc(preview.pause)},
                      {"touches", number(preview.touches)},
                      {"customers", number(preview.customers)},
                      {"seconds", number(preview.seconds)},
                      {"expired_runs", number(preview.expired)},
                      {"held", Doc::list(groups)}});
}

}  // namespace relance
