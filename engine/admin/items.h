// What lies in the human queues of a store, as rows for people and programs, made from the records
// alone.
//
// Threads: one. Memory: a row an item that stands, and a packet each.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "admin/archive.h"

namespace relance {

struct ItemRow {
  Key item, customer;
  std::string subject;
  Lease lease;  // queue, who has it, until when
  Doc packet;   // core/run/packet.h
  std::string flow() const { return text("flow"); }
  std::string step() const { return text("step"); }
  std::string why() const { return text("why"); }
  std::vector<std::string> outcomes() const;  // the words it may be ended with
  std::string text(std::string_view field) const;
};

// Every item that stands, the oldest first.
Result<std::vector<ItemRow>> items_in(Archive& archive);

// One object: {item, queue, customer, flow, step, why, opened_at, by, until, follow_up}; `whole`:
// its packet too.
std::string item_json(const ItemRow& row, bool whole);

}  // namespace relance
