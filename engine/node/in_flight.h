// Customers with something under way, looked at while the node works: those in memory as they are
// between two decisions, the others as the store has them.
//
// Threads: one, none of the drive's. Blocks: reads the disk; decisions go on meanwhile, a shard
// stands still for as long as its own customers are copied. Memory: those in memory once more.
// Fails: as the store's reader does, or with store_failed where nothing is worked any more.
#pragma once

#include <map>
#include <set>
#include <string>

#include "node/node_core.h"

namespace relance {

// Each with a live run or an open touch, once.
Status each_in_flight(NodeCore& node, const std::function<void(const Customer&)>& visit);

// The same for everybody the store knows, which is long where it knows many.
Status each_customer(NodeCore& node, const std::function<void(const Customer&)>& visit);

// The same of a store that no node drives, `horizon` being its own: everybody, or those who have
// something due. Memory: the entries since the horizon.
enum class AtRest : uint8_t { due, all };
Status each_at_rest(StoreReader& reader, Position horizon, AtRest which,
                    const std::function<void(Customer&)>& visit);

// What of earlier generations they still need.
struct InFlight {
  struct Runs {
    std::string flow;
    uint64_t count = 0;
    std::vector<std::string> examples;  // run of customer
  };
  std::map<Key, Runs> versions;                  // of live runs and of open touches
  std::set<std::string, std::less<>> templates;  // hashes, that open touches are frozen with
};
Result<InFlight> find_in_flight(NodeCore& node);
// The same of a store that no node drives; runs that are held already are left out.
Result<InFlight> find_in_flight(StoreReader& reader, Position horizon);

// These runs would lose their flow version, and why.
Error strands_runs(const Key& version, const InFlight::Runs& runs, const Error& why);

}  // namespace relance
