// A provider for tests of the node: acts a little after it was asked, answers a little after that,
// and remembers what it did, also when the engine forgets. What it answers is a hash of the touch.
//
// Threads: any; answers come on the thread of the alarms.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <set>

#include "base/random.h"
#include "plugins/performer.h"

namespace relance::test {

// What happened outside. It outlives every crash of the engine.
struct World {
  std::map<Key, OperationResult> done;  // by key: what was answered to the first one
  size_t doubled = 0;                   // acted again on a key that had been acted on
  std::map<std::string, int> under_way, most_under_way;  // by channel
  std::vector<std::pair<Instant, std::string>> sent;     // when, over which channel
};

class Provider final : public Performer {
 public:
  Provider(const Clock& clock, Alarms& alarms, Inbox& inbox, World& world)
      : clock_(clock), alarms_(alarms), inbox_(inbox), world_(world) {}

  // How long it takes to act and to answer; called with the touch's key.
  std::function<Duration(const Key&)> acts_after = [](const Key& key) {
    return some_ms(key, 3000);
  };
  std::function<Duration(const Key&)> answers_after = [](const Key&) { return seconds(1); };
  // Told of each act, before its answer leaves.
  std::function<void(const TouchOrder&)> acted = [](const TouchOrder&) {};
  // The answer to a touch that is acted on.
  std::function<OperationResult(const TouchOrder&)> answer = usual_answer;

  void send(TouchOrder order) override {
    const std::string channel = order.touch.channel;
    {
      const std::lock_guard lock(mutex_);
      ++open_;
      int& count = world_.under_way[channel];
      world_.most_under_way[channel] = std::max(world_.most_under_way[channel], ++count);
      world_.sent.emplace_back(clock_.now(), channel);
    }
    const Key key = order.touch.key;
    alarms_.call_at(clock_.now() + acts_after(key),
                    [this, order = std::move(order)] { act(order); });
  }

  void look_up(TouchOrder order, std::vector<std::string>) override {
    OperationResult found;
    {
      const std::lock_guard lock(mutex_);
      const auto known = world_.done.find(order.touch.key);
      found.status = OperationStatus::absent;
      if (known != world_.done.end()) found = known->second;
    }
    inbox_.deliver(order.customer, LookUpInput{order.touch.key, std::move(found)});
  }

  void read(Read read) override {
    OperationResult found;
    found.status = OperationStatus::done;
    found.data = Doc::record({{"email", Doc::text(read.subject + "@example.com")},
                              {"phone", Doc::text("+33639980001")},
                              {"timezone", Doc::text("UTC")}});
    inbox_.deliver(read.customer, ReadInput{read.operation, std::move(found)});
  }

  // Pages of customers, as a test has laid them out; null: the CRM is down. None: nobody is found.
  void page(Page page) override {
    ++pages_asked;
    OperationResult found;
    found.status = OperationStatus::done;
    found.data = pages ? pages(page) : Doc::empty_record();
    if (found.data.is_null()) found.status = OperationStatus::failed, found.reason = "down";
    inbox_.deliver(page.customer, PageInput{page.operation, std::move(found)});
  }
  std::function<Doc(const Page&)> pages;
  size_t pages_asked = 0;

  void cancel(const Key&) override {}
  void recall(TouchOrder, std::vector<std::string>) override {}
  void compose(Compose question) override {
    OperationResult nobody;
    nobody.status = OperationStatus::failed;
    inbox_.deliver(question.customer, ReadInput{question.operation, std::move(nobody)});
  }
  void perform(Perform) override {}
  void understand(Understand) override {}
  size_t open_operations() const override {
    const std::lock_guard lock(mutex_);
    return open_;
  }

  static Duration some_ms(const Key& key, int64_t most) {
    return milliseconds(static_cast<int64_t>(unit_hash({key.view()}) * static_cast<double>(most)));
  }
  static OperationResult usual_answer(const TouchOrder& order) {
    OperationResult result;
    const bool charge = order.touch.what == TouchWhat::charge;
    const bool declined = charge && unit_hash({order.touch.key.view(), "declined"}) < 0.5;
    result.status = declined ? OperationStatus::refused : OperationStatus::done;
    result.word = declined ? "declined" : charge ? "" : "delivered";
    result.refs = {order.touch.key.text()};
    return result;
  }

 private:
  void act(const TouchOrder& order) {
    OperationResult result = answer(order);
    {
      const std::lock_guard lock(mutex_);
      const auto [first, fresh] = world_.done.emplace(order.touch.key, result);
      if (!fresh && order.touch.delivery == DeliveryClass::keyed)
        result = first->second;
      else if (!fresh)
        ++world_.doubled;
    }
    acted(order);
    alarms_.call_at(clock_.now() + answers_after(order.touch.key),
                    [this, customer = order.customer, touch = order.touch.key,
                     channel = order.touch.channel, result = std::move(result)]() mutable {
                      result.acted_at = clock_.now();
                      inbox_.deliver(customer, ResultInput{touch, std::move(result)});
                      const std::lock_guard lock(mutex_);
                      --open_;
                      --world_.under_way[channel];
                    });
  }

  const Clock& clock_;
  Alarms& alarms_;
  Inbox& inbox_;
  World& world_;
  mutable std::mutex mutex_;
  size_t open_ = 0;
};

}  // namespace relance::test
