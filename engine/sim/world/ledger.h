// What was really done outside, by key: the truth that every oracle compares with. It survives
// every crash of the engine.
//
// Threads: one.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "plugins/performer.h"

namespace relance {

// Everything the world knows of one touch.
struct Deed {
  Key key, customer;
  Touch touch;          // as it was first ordered
  std::string content;  // what would have been said or charged, hashed
  int orders = 0;       // how often the engine sent it
  int on_the_wire = 0;  // orders of which bytes left
  int acts = 0;         // how often the customer felt it
  Instant first_order, first_act = Instant::never();
  OperationResult answer;  // of the first act
  bool cancelled = false;  // before it happened: it never will
  bool forgiven = false;   // a person took it upon him after the store had lost commits
};

class Ledger {
 public:
  Deed& ordered(const TouchOrder& order, Instant now);
  Deed* find(const Key& key);
  const std::map<Key, Deed>& deeds() const { return deeds_; }
  const std::vector<const Deed*>& of(const Key& customer) { return by_customer_[customer]; }
  void forgive_all();

 private:
  std::map<Key, Deed> deeds_;
  std::map<Key, std::vector<const Deed*>> by_customer_;
};

// The same touch must give the same bytes, whenever it is ordered.
std::string content_of(const TouchOrder& order);

}  // namespace relance
