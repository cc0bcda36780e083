#include "providers/fake_shop.h"

namespace relance {
namespace {

ServerAnswer problem(int status, const std::string& code) {
  return json_answer(status,
                     to_json(Doc::record({{"error", Doc::record({{"code", Doc::text(code)}})}})));
}

std::string etag(const FakeShop::Order& order) {
  return "\"v" + std::to_string(order.version) + "\"";
}

Doc shown(const std::string& id, const FakeShop::Order& order) {
  return Doc::record(
      {{"id", Doc::text(id)},
       {"status", Doc::text(order.status)},
       {"email", Doc::text(order.email)},
       {"paid", Doc::boolean(order.paid)},
       {"total_price", Doc::text("49.00")},
       {"currency", Doc::text("EUR")},
       {"shipping_address", Doc::text(order.address)},
       {"last_key", Doc::text(order.last_key)},
       {"lines",
        Doc::list({Doc::record({{"sku", Doc::text("boots-42")}, {"qty", Doc::integer(1)}})})}});
}

Doc methods_of(const FakeShop::Order& order) {
  std::vector<Doc> methods;
  for (const std::string& name : order.methods)
    methods.push_back(Doc::record({{"id", Doc::text(name)}, {"label", Doc::text("By " + name)}}));
  return Doc::record({{"payment_methods", Doc::list(methods)}});
}

}  // namespace

FakeShop::FakeShop() {
  const auto on = [this](const char* method, const char* path, Route work) {
    route(method, path,
          [this, work](const FakeRequest& request) { return guarded(request, work); });
  };
  const auto writes = [this, on](const char* method, const char* path, const Route& work) {
    on(method, path, [this, work](const FakeRequest& r) { return keyed(r, work); });
  };
  on("GET", "/orders/*", [this](const FakeRequest& r) { return read_order(r); });
  on("GET", "/orders", [this](const FakeRequest& r) { return find_orders(r); });
  on("GET", "/orders/*/payment_methods", [this](const FakeRequest& r) {
    const auto found = orders_.find(r.parts[0]);
    return found == orders_.end() ? problem(404, "no_order")
                                  : json_answer(200, to_json(methods_of(found->second)));
  });
  on("GET", "/returns/*", [this](const FakeRequest& r) {
    const auto found = returns_.find(r.parts[0]);
    if (found == returns_.end()) return problem(404, "no_return");
    return json_answer(200, to_json(Doc::record({{"id", Doc::text(r.parts[0])},
                                                 {"order", Doc::text(found->second.order)},
                                                 {"slot", Doc::text(found->second.pickup_slot)}})));
  });
  on("GET", "/orders/*/slots", [](const FakeRequest&) {
    return json_answer(200, R"({"slots": [{"id": "s1", "from": "2026-01-06T08:00:00Z"},
                                          {"id": "s2", "from": "2026-01-06T14:00:00Z"}]})");
  });
  for (const char* what : {"cancel", "hold", "release"})
    writes("POST", (std::string("/orders/*/") + what).c_str(),
           [this, what](const FakeRequest& r) { return change(r, what); });
  writes("PUT", "/orders/*/address", [this](const FakeRequest& r) { return change_address(r); });
  writes("POST", "/returns/*/pickup", [this](const FakeRequest& r) { return pick_up(r, false); });
  writes("PUT", "/returns/*/pickup", [this](const FakeRequest& r) { return pick_up(r, true); });
}

void FakeShop::add_order(const std::string& id, Order order) {
  const std::lock_guard lock(mutex_);
  orders_[id] = std::move(order);
}

void FakeShop::add_return(const std::string& id, const std::string& order) {
  const std::lock_guard lock(mutex_);
  returns_[id].order = order;
}

FakeShop::Order FakeShop::order(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  return orders_.at(id);
}

FakeShop::Return FakeShop::returned(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  return returns_.at(id);
}

bool FakeShop::dispatch(const std::string& id) {
  const std::lock_guard lock(mutex_);
  Order& order = orders_.at(id);
  if (order.status != "pending") return false;
  order.status = "dispatched";
  ++order.version;
  return true;
}

void FakeShop::pay(const std::string& id) {
  const std::lock_guard lock(mutex_);
  orders_.at(id).paid = true;
  ++orders_.at(id).version;
}

void FakeShop::before_next_write(std::function<void()> work) {
  const std::lock_guard lock(mutex_);
  before_write_ = std::move(work);
}

ServerAnswer FakeShop::guarded(const FakeRequest& request, const Route& work) {
  if (request.header("x-api-key") != kToken) return problem(401, "who_are_you");
  std::function<void()> before;
  if (request.method != "GET") {
    const std::lock_guard lock(mutex_);
    before = std::exchange(before_write_, nullptr);
  }
  if (before) before();
  const std::lock_guard lock(mutex_);
  return work(request);
}

// The same key brings the same answer; with other bytes it is refused. A condition that failed is
// nothing to keep.
ServerAnswer FakeShop::keyed(const FakeRequest& request, const Route& work) {
  const std::string key(request.header("idempotency-key"));
  if (key.empty()) return problem(400, "key_missing");
  const std::string asked = request.method + request.target + request.body;
  const auto kept = kept_.find(key);
  if (kept != kept_.end())
    return kept->second.asked == asked ? kept->second.answer : problem(422, "key_reused");
  ServerAnswer answer = work(request);
  if (answer.status < 400) kept_[key] = {asked, answer};
  return answer;
}

ServerAnswer FakeShop::read_order(const FakeRequest& request) {
  const auto found = orders_.find(request.parts[0]);
  if (found == orders_.end()) return problem(404, "no_order");
  ServerAnswer answer =
      json_answer(200, to_json(Doc::record({{"order", shown(found->first, found->second)}})));
  answer.headers.emplace_back("ETag", etag(found->second));
  return answer;
}

ServerAnswer FakeShop::find_orders(const FakeRequest& request) {
  const std::string email = field(parse_form(request.query()), "email");
  std::vector<Doc> found;
  for (const auto& [id, order] : orders_)
    if (order.email == email) found.push_back(shown(id, order));
  return json_answer(200, to_json(Doc::record({{"orders", Doc::list(found)}})));
}

ServerAnswer FakeShop::change(const FakeRequest& request, const std::string& what) {
  const auto found = orders_.find(request.parts[0]);
  if (found == orders_.end()) return problem(404, "no_order");
  Order& order = found->second;
  const std::string_view match = request.header("if-match");
  if (!match.empty() && match != etag(order)) return problem(412, "changed");
  if (order.status == "dispatched") return problem(409, "already_dispatched");
  order.status = what == "cancel" ? "cancelled" : what == "hold" ? "held" : "pending";
  order.last_key = request.header("idempotency-key");
  ++order.version;
  ledger().add(order.last_key, what, found->first);
  return json_answer(200, to_json(Doc::record({{"order", shown(found->first, order)}})));
}

ServerAnswer FakeShop::change_address(const FakeRequest& request) {
  const auto found = orders_.find(request.parts[0]);
  const auto body = from_json(request.body);
  if (found == orders_.end() || !body) return problem(404, "no_order");
  Order& order = found->second;
  const auto only = body->view().find("only_while").text();
  if (only && *only != order.status) return problem(409, "status_is_" + order.status);
  order.address = std::string(body->view().find("address").text().value_or(""));
  order.last_key = request.header("idempotency-key");
  ++order.version;
  ledger().add(order.last_key, "address", found->first, order.address);
  ServerAnswer none;
  none.status = 204;
  return none;
}

ServerAnswer FakeShop::pick_up(const FakeRequest& request, bool again) {
  const auto found = returns_.find(request.parts[0]);
  const auto body = from_json(request.body);
  if (found == returns_.end() || !body) return problem(404, "no_return");
  const std::string slot(body->view().find("slot").text().value_or(""));
  if (slot == "full") return problem(422, "slot_taken");
  found->second.pickup_slot = slot;
  found->second.last_key = request.header("idempotency-key");
  ++found->second.pickups;
  ledger().add(found->second.last_key, again ? "rebook" : "book", found->first, slot);
  const Doc pickup = Doc::record({{"id", Doc::text("pu_" + std::to_string(found->second.pickups))},
                                  {"slot", Doc::text(slot)}});
  return json_answer(201, to_json(Doc::record({{"pickup", pickup}})));
}

}  // namespace relance
