// A shop's API with conditional writes: ETags and If-Match, a condition in the body, and
// idempotency keys that are kept with their answer. Orders can be dispatched at any moment, also
// between the request for their state and what is done by it.
//
// The ledger has one effect for everything that was done: by the key, what = "cancel", "hold",
// "release", "address", "book", "rebook", to = the order or return. Threads: any.
#pragma once

#include <map>
#include <mutex>

#include "base/doc.h"
#include "providers/fake_provider.h"

namespace relance {

class FakeShop : public FakeProvider {
 public:
  static constexpr const char* kToken = "key-of-the-fake-shop";

  struct Order {
    std::string status = "pending";  // pending, held, cancelled, dispatched
    std::string email = "ann@example.com", address = "1 High Street";
    bool paid = false;
    int version = 1;
    std::string last_key = {};  // of what was done last
    std::vector<std::string> methods = {"card", "paypal", "cod"};
  };
  struct Return {
    std::string order, pickup_slot;
    std::string last_key;
    int pickups = 0;
  };

  FakeShop();
  ~FakeShop() override { close(); }

  void add_order(const std::string& id, Order order);
  void add_order(const std::string& id) { add_order(id, Order()); }
  void add_return(const std::string& id, const std::string& order);
  Order order(const std::string& id) const;
  Return returned(const std::string& id) const;
  // The parcel leaves; false: it cannot (the order is cancelled or held).
  bool dispatch(const std::string& id);
  void pay(const std::string& id);
  // Once, just before the next write is looked at: what happens in between.
  void before_next_write(std::function<void()> work);

 private:
  struct Kept {
    std::string asked;  // method, path and body
    ServerAnswer answer;
  };

  ServerAnswer guarded(const FakeRequest& request, const Route& work);
  ServerAnswer keyed(const FakeRequest& request, const Route& work);
  ServerAnswer read_order(const FakeRequest& request);
  ServerAnswer find_orders(const FakeRequest& request);
  ServerAnswer change(const FakeRequest& request, const std::string& what);
  ServerAnswer change_address(const FakeRequest& request);
  ServerAnswer pick_up(const FakeRequest& request, bool again);

  mutable std::mutex mutex_;
  std::map<std::string, Order> orders_;
  std::map<std::string, Return> returns_;
  std::map<std::string, Kept> kept_;
  std::function<void()> before_write_;
};

}  // namespace relance
