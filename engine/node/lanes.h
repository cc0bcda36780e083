// Lanes: one a channel. The only thing that sees many customers' touches: how many are under way,
// how fast they leave, who is next. A slot is the permission to send one touch now.
//
// Threads: any. On a virtual clock no slot is taken inside a decision (`immediate` off): wants
// queue and are granted at quiescence, in (priority, deadline, due, customer, step) order, so that
// the order never depends on threads. A want of a flow that paces itself waits for its flow's pace
// first and holds up nobody meanwhile; then it takes its place in the lane.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "core/run/context.h"
#include "node/node.h"

namespace relance {

// Why no touch may begin at the moment, in any lane.
enum class Halt : uint8_t { stopping = 1, space = 2, clock = 4, lost = 8 };

struct LaneFigures {
  std::string channel;
  size_t waiting = 0;  // touches that want to leave
  int in_flight = 0, most_in_flight = 0;
  Instant again_at;  // the provider asked the channel to wait until then
};

class Lanes final : public Slots {
 public:
  explicit Lanes(bool immediate) : immediate_(immediate) {}

  // While anything halts them, no slot is given; wants queue. Whoever ends the last one calls
  // grant().
  void halt(Halt why) { halted_ |= static_cast<uint8_t>(why); }
  void go_on(Halt why) { halted_ &= static_cast<uint8_t>(~static_cast<uint8_t>(why)); }
  bool halted() const { return halted_ != 0; }

  void limit(const std::string& channel, LaneLimits limits);
  void pace(std::string_view channel,
            Instant again_at);  // the provider asks the whole channel to wait

  bool take(const Want& want) override;   // as of `want.due`, the instant of the decision
  void occupy(std::string_view channel);  // a touch is on its way that never asked: a repeat
  void queue(Want want);                  // what take() refused, once durable
  void give_back(std::string_view channel);

  // Wants that get a slot at this instant, in order.
  std::vector<Want> grant(Instant now);
  // When to ask again: never() when nothing waits, all is halted, or only for slots to be given
  // back.
  Instant next_chance() const;
  // Of each channel, and what waits for the pace of its flow, by name.
  std::vector<LaneFigures> figures() const;
  std::vector<std::pair<std::string, size_t>> paced() const;
  bool halted(Halt why) const { return (halted_ & static_cast<uint8_t>(why)) != 0; }
  bool anyone_waits() const { return waiting_.load(std::memory_order_acquire) > 0; }

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

  // How fast the touches of one flow leave, over all channels.
  struct Pace {
    double ready_at_ms = 0;
    std::set<Want, Before> waiting;
  };

  Lane& lane(std::string_view channel);
  static bool in_time(double& ready_at_ms, double gap_ms, Instant now);
  void let_paced_ones_go(Instant now);
  static bool admit(Lane& lane, Instant now);

  const bool immediate_;
  std::atomic<uint8_t> halted_ = 0;
  std::atomic<size_t> waiting_ = 0;  // wants, over all lanes
  mutable std::mutex mutex_;
  std::map<std::string, Lane, std::less<>> lanes_;
  std::map<std::string, Pace, std::less<>> paces_;  // of flows with wants, by name
};

}  // namespace relance
