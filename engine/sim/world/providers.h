// The providers and connectors of a world, in the place of the plugin host: slow, silent, out of
// order, busy, forgetful, each as its plan says. They know nothing of the engine's crashes: what
// was on the wire still happens, only nobody hears the answer.
//
// Threads: one. Lifetime: outlives every process; attach() and detach() around each.
#pragma once

#include <functional>
#include <memory>

#include "sim/world/agenda.h"
#include "sim/world/callers.h"
#include "sim/world/ledger.h"
#include "sim/world/mortality.h"
#include "sim/world/plan.h"
#include "sim/world/world_clock.h"

namespace relance {

// Who looks at what leaves the engine, and at what it does outside.
class Watch {
 public:
  virtual ~Watch() = default;
  // The engine orders this touch; `before`: as the deed was, this order counted already.
  virtual void sending(const TouchOrder& order, const Deed& before) = 0;
  virtual void acted(const Deed& deed) = 0;
};

class Providers final : public Performer {
 public:
  struct Ports {
    const Plan& plan;
    const WorldClock& clock;
    Agenda& agenda;
    Story& story;
    Ledger& ledger;
    Mortality& mortality;
  };
  explicit Providers(Ports ports);

  void watch(Watch& watch) { watch_ = &watch; }
  // Something reached this customer over this channel: he, or the shop, may react.
  std::function<void(const Deed& deed)> reached;

  void attach(Inbox& inbox);
  void detach();
  bool is_up() const { return inbox_ != nullptr; }
  Inbox* inbox() { return inbox_; }
  int life() const { return life_; }

  void send(TouchOrder order) override;
  void look_up(TouchOrder order, std::vector<std::string> refs) override;
  void cancel(const Key& touch) override;
  void recall(TouchOrder, std::vector<std::string>) override {}  // no provider here can
  void read(Read read) override;
  void page(Page page) override;
  void compose(Compose question) override;
  void perform(Perform turn) override;
  void understand(Understand question) override;
  size_t open_operations() const override { return under_way_.size(); }
  bool is_under_way(const Key& operation) const { return under_way_.contains(operation); }

 private:
  // One order on its way, and the process that waits for its answer.
  struct Order {
    TouchOrder touch;
    const ProviderPlan* plan = nullptr;
    int life = 0;
    uint64_t number = 0;
  };
  using Ordered = std::shared_ptr<const Order>;

  const ProviderPlan& plan_of(const Touch& touch) const;
  uint64_t begin(const Key& operation);
  // True, once: somebody still waits for this answer.
  bool end(const Key& operation, int life, uint64_t number);
  void carry_out(const Ordered& order, bool silent);
  void act(const Order& order);
  void call(const Ordered& order);
  void answer_after(Duration after, const Ordered& order, std::function<OperationResult()> result);
  void turn_down(const Ordered& order);
  OperationResult first_answer(const Order& order);
  OperationResult looked_up(const Order& order);
  OperationResult found(const Read& read);
  OperationResult some_of_us(const Page& page);
  std::optional<OperationResult> in_trouble();
  void answer_read(const Key& customer, const Key& operation, OperationResult result,
                   std::function<Input(OperationResult)> as_input);
  bool is_mute(const ProviderPlan& plan) const;
  bool honours(const Deed& deed, const ProviderPlan& plan) const;

  Ports ports_;
  Chance chance_;
  Watch* watch_ = nullptr;
  Inbox* inbox_ = nullptr;
  int life_ = 0;
  uint64_t orders_ = 0;
  std::map<Key, uint64_t> under_way_;  // operation -> order
  Callers callers_;
};

// Who lives in a world: "c-0", "c-1" ...
std::string subject_of(int number);

// What the shop knows of a customer; made from his id. His segment changes with the days, and once
// the world has become quiet nobody is in any.
Doc crm_record_of(const std::string& subject, const Plan& plan, Instant at);

}  // namespace relance
