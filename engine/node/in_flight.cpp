#include "node/in_flight.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/state/apply.h"
#include "core/state/opened.h"
#include "node/stored_customer.h"

namespace relance {
namespace {

constexpr size_t kExamples = 3;

bool in_flight(const Customer& customer) {
  if (!customer.runs.empty()) return true;
  return std::any_of(customer.touches.begin(), customer.touches.end(),
                     [](const Touch& touch) { return touch.state != TouchState::done; });
}

StoredCustomer stored(const Snapshot& one) {
  return {one.body, one.last, one.holds.value_or(0), one.next_due};
}

// In one pass by key: whose instant moves meanwhile is not missed.
Status each_stored(NodeCore& node, const std::set<Key>& seen, bool all,
                   const std::function<void(const Customer&)>& visit) {
  auto reading = node.read_store();
  if (!reading) return reading.error();
  StoreReader& reader = *reading->reader;
  Status failed;
  auto read = reader.customers([&](const Snapshot& one) {
    if ((!all && one.next_due.is_never()) || seen.contains(one.customer)) return true;
    const auto known = complete(reader, one.customer, stored(one));
    if (!known)
      failed = known.error();
    else if (all || in_flight(known->customer))
      visit(known->customer);
    return failed.ok();
  });
  return failed ? read : failed;
}

using Tail = std::map<Key, std::vector<std::pair<Position, std::string>>>;  // entries

// What came after what is known of him; it leaves the tail.
Status apply_later(LoadedCustomer& known, Tail& tail) {
  const auto entries = tail.extract(known.customer.id);
  if (entries.empty()) return {};
  for (const auto& [position, body] : entries.mapped()) {
    if (position <= known.last) continue;
    const auto entry = decode_entry(body);
    if (!entry) return entry.error();
    apply_entry(known.customer, *entry, body);
  }
  return {};
}

void note(const Customer& customer, InFlight& found) {
  for (const Run& run : customer.runs) {
    InFlight::Runs& runs = found.versions[run.version];
    runs.flow = run.flow;
    ++runs.count;
    if (runs.examples.size() == kExamples) continue;
    const Doc subject = opened(customer.id, customer.subject);
    runs.examples.push_back(run.id.text().substr(0, 6) + " of " +
                            std::string(subject.view().find("subject").text().value_or("?")));
  }
  for (const Touch& touch : customer.touches) {
    if (touch.state == TouchState::done) continue;
    if (touch.held->version) found.versions[touch.held->version].flow = touch.flow.str();
    const Doc frozen = opened(customer.id, touch.held->frozen);
    const auto hash = frozen.view().find("inputs").find("template").text();
    if (hash) found.templates.insert(std::string(*hash));
  }
}

Status each(NodeCore& node, bool all, const std::function<void(const Customer&)>& visit) {
  std::vector<Customer> hot;
  std::set<Key> seen;
  const bool worked = node.each_hot([&](const Customer& customer) {
    seen.insert(customer.id);
    if (all || in_flight(customer)) hot.push_back(customer);
  });
  if (!worked) return Error{Code::store_failed, "the engine does not work any more", {}, ""};
  for (const Customer& customer : hot) visit(customer);
  hot = {};
  return each_stored(node, seen, all, visit);
}

}  // namespace

Status each_in_flight(NodeCore& node, const std::function<void(const Customer&)>& visit) {
  return each(node, false, visit);
}

Status each_customer(NodeCore& node, const std::function<void(const Customer&)>& visit) {
  return each(node, true, visit);
}

Result<InFlight> find_in_flight(NodeCore& node) {
  InFlight found;
  auto looked = each_in_flight(node, [&](const Customer& customer) { note(customer, found); });
  if (!looked) return looked.error();
  return found;
}

Status each_at_rest(StoreReader& reader, Position horizon, AtRest which,
                    const std::function<void(Customer&)>& visit) {
  Tail tail;
  auto read = reader.entries(horizon, UINT64_MAX, [&](const StoredEntry& one) {
    tail[one.customer].emplace_back(one.position, one.body);
    return true;
  });
  if (!read) return read;
  Status failed;
  const auto look = [&](Result<LoadedCustomer> known) {
    failed = known ? apply_later(*known, tail) : Status(known.error());
    if (failed) visit(known->customer);
    return failed.ok();
  };
  read = reader.customers([&](const Snapshot& one) {
    const bool quiet = one.next_due.is_never() && !tail.contains(one.customer);
    if (quiet && which == AtRest::due) return true;
    return look(complete(reader, one.customer, stored(one)));
  });
  while (failed && !tail.empty())
    if (!look(complete(reader, tail.begin()->first, {}))) break;
  return failed ? read : failed;
}

Result<InFlight> find_in_flight(StoreReader& reader, Position horizon) {
  InFlight found;
  auto looked = each_at_rest(reader, horizon, AtRest::due, [&](Customer& customer) {
    std::erase_if(customer.runs, [](const Run& run) { return run.held; });
    note(customer, found);
  });
  if (!looked) return looked.error();
  return found;
}

Error strands_runs(const Key& version, const InFlight::Runs& runs, const Error& why) {
  return {Code::reload_strands_runs,
          fmt::format("{} runs of flow '{}', version {} ({}), would stand still: {}", runs.count,
                      runs.flow, version.text().substr(0, 6), fmt::join(runs.examples, ", "),
                      why.message),
          why.where,
          "keep what they need until they have ended, or move them with `relance migrate`"};
}

}  // namespace relance
