// Lanes: one a channel. The only thing that sees many customers' touches: how many are under way, how fast they leave, who
// is next. A slot is the permission to send one touch now.
//
// Threads: any. On a virtual clock no slot is taken inside a decision (`immediate` off): wants queue and are granted at
// quiescence, in (priority, deadline, due, customer, step) order, so that the order never depends on threads.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "core/run/context.h"
#include "node/node.h"

namespace relance {

class Lanes final : public Slots {
 public:
  explicit Lanes(bool immediate) : immediate_(immediate) {}

  void limit(const std::string& channel, LaneLimits limits);
  void pace(std::string_view channel, Instant again_at);  // the provider asks the whole channel to wait

  bool take(const Want& want) override;   // as of `want.due`, the instant of the decision
  void queue(Want want);                  // what take() refused, once durable
  void give_back(std::string_view channel);

  // Wants that get a slot at this instant, in order; and when to ask again if some must wait for their pace.
  std::vector<Want> grant(Instant now);
  Instant next_chance() const;
  size_t waiting() const;

 private:
  struct Before {
    bool operator()(const Want& a, const Want& b) const;
  };
  struct Lane {
    LaneLimits limits;
    int in_flight = 0;
    double ready_at_ms = 0;  // GCRA: the earliest instant at which the pace lets the next one go
    Instant again_at = Instant::beginning();
    std::set<Want, Before> waiting;
  };

  Lane& lane(std::string_view channel);
  static bool admit(Lane& lane, Instant now);

  const bool immediate_;
  mutable std::mutex mutex_;
  std::map<std::string, Lane, std::less<>> lanes_;
};

}  // namespace relance
