// Plays a made-up life through the engine's own decisions, on virtual time: lanes that are full,
// slow answers, providers in trouble, reads that come late, people who take a case and give it
// back. Every entry is measured by the audit as it is written.
//
// What comes at one instant comes in any order, as the life's seed says.
// Threads: one. Lifetime: bundle and rules outlive it.
#pragma once

#include <map>
#include <queue>

#include "core/customer/audit.h"
#include "core/run/context.h"
#include "core/run/input.h"
#include "sim/life.h"

namespace relance {

struct Played {
  std::vector<Breach> breaches;  // the first ends the life
  uint64_t events = 0, contacts = 0, charges = 0, put_off = 0, refused = 0;
  std::vector<std::string> story;  // a line a thing that happened, where it was asked for
};

class LifePlayer final : private Slots, private Suppression {
 public:
  LifePlayer(const Bundle& bundle, const Rules& rules, const Life& life, bool tell);
  Played play();

 private:
  struct Item {
    Instant at;
    uint64_t order = 0;  // of what comes at one instant
    Input input;
    bool about_touch = false;
    bool operator>(const Item& other) const {
      return at != other.at ? at > other.at : order > other.order;
    }
  };

  bool take(const Want& want) override;
  std::string reason(uint64_t address) const override;

  Dice dice(uint64_t about, uint64_t what) const { return Dice(life_.seed, about, what); }
  void later(Duration after, uint64_t about, Input input);  // `about`: what it answers
  void queue_events();
  void feed(const Input& input);
  void follow(const Effect& effect);
  void answer(const Touch& touch, bool looked_up);
  OperationResult result_of(const Touch& touch, Dice& dice) const;
  std::string word_of(const Touch& touch, Dice& dice) const;
  void read(const Read& read);
  void resolve_later(const LeaseChanged& lease);
  void note();
  void tell(const std::string& line);

  const Bundle& bundle_;
  const Rules& rules_;
  const Life& life_;
  const bool telling_;
  const std::string installation_ = "made-up";
  Instant now_;
  Customer customer_;
  Decision decision_;
  std::priority_queue<Item, std::vector<Item>, std::greater<>> items_;
  std::map<uint64_t, std::string> suppressed_;
  SuppressedSince suppressed_since_;
  Audit audit_{suppressed_since_};
  Played played_;
};

}  // namespace relance
