#include "customers.h"

#include "kit/json.h"
#include "kit/text.h"

namespace sandbox {
namespace {

constexpr int64_t kToldAgainMs = 10 * 60 * 1000;  // longer than an event can be on its way
constexpr int64_t kBusyMs = 1000;

std::string to_hex(const rl_key& key) {
  constexpr char digits[] = "0123456789abcdef";
  std::string hex;
  for (const uint8_t byte : key.bytes) {
    hex += digits[byte >> 4];
    hex += digits[byte & 15];
  }
  return hex;
}

rl_key from_hex(std::string_view hex) {
  rl_key key{};
  const auto digit = [](char c) { return static_cast<uint8_t>(c <= '9' ? c - '0' : c - 'a' + 10); };
  for (size_t i = 0; i < sizeof key.bytes && 2 * i + 1 < hex.size(); ++i) {
    key.bytes[i] = static_cast<uint8_t>(digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]));
  }
  return key;
}

}  // namespace

struct Customers::Waiting {
  Reaction reaction;
  std::string id, customer, address, bill_id;
  rl_key key{};
};

void Customers::load() {
  world_ = World::of(behaviour_.world + '/' + behaviour_.effects + '/' +
                     std::to_string(behaviour_.seed));
  if (behaviour_.effects.empty()) return;
  const std::string path = behaviour_.effects + ".reactions";
  if (const auto text = kit::read_file(path)) {
    kit::each_line(*text, [this](std::string_view line) {
      const kit::Json json(line);
      const kit::Value* root = json.root();
      if (kit::text(root, "channel") != behaviour_.channel) return;
      auto waiting = std::make_shared<Waiting>();
      waiting->reaction.at = kit::integer(root, "at_ms");
      waiting->reaction.move = static_cast<Move>(kit::integer(root, "move"));
      waiting->reaction.type = kit::text(root, "type");
      waiting->reaction.data = kit::text(root, "data");
      waiting->id = kit::text(root, "id");
      waiting->customer = kit::text(root, "customer");
      waiting->address = kit::text(root, "address");
      waiting->bill_id = kit::text(root, "bill");
      waiting->key = from_hex(kit::text(root, "key"));
      if (waiting->reaction.at >= host_->now(host_) - kToldAgainMs) return wait_for(waiting);
      if (waiting->reaction.move == Move::pay) world_->pay(waiting->bill_id);
      if (waiting->reaction.move == Move::new_method) world_->gave_new_method(waiting->customer);
    });
  }
  file_ = kit::LineFile(path);
}

void Customers::expect(const Facts& facts, const std::vector<Reaction>& plan) {
  for (const Reaction& reaction : plan) {
    auto waiting = std::make_shared<Waiting>();
    waiting->reaction = reaction;
    waiting->id = facts.key + ':' + reaction.type;
    waiting->customer = facts.customer;
    waiting->address = facts.address;
    waiting->bill_id = facts.bill_id;
    waiting->key = facts.raw_key;
    if (file_.open()) {
      file_.append(kit::Object()
                       .text("channel", behaviour_.channel)
                       .integer("at_ms", reaction.at)
                       .integer("move", static_cast<int>(reaction.move))
                       .text("type", reaction.type)
                       .text("data", reaction.data)
                       .text("id", waiting->id)
                       .text("customer", facts.customer)
                       .text("address", facts.address)
                       .text("bill", facts.bill_id)
                       .text("key", to_hex(facts.raw_key))
                       .close());
    }
    wait_for(waiting);
  }
}

void Customers::wait_for(std::shared_ptr<const Waiting> waiting) {
  const int64_t at = waiting->reaction.at;
  timers_.at(at, [this, waiting = std::move(waiting)] {
    const Reaction& reaction = waiting->reaction;
    if (reaction.move == Move::pay && !world_->pay(waiting->bill_id)) return;
    if (reaction.move == Move::new_method) world_->gave_new_method(waiting->customer);
    play(waiting);
  });
}

void Customers::play(const std::shared_ptr<const Waiting>& waiting) {
  rl_event event{};
  event.struct_size = sizeof event;
  event.kind = RL_EVENT_ACTION;
  event.id = kit::str(waiting->id);
  event.at = waiting->reaction.at;
  event.key = waiting->key;
  event.address = kit::str(waiting->address);
  event.subject = kit::str(waiting->customer);
  event.type = kit::str(waiting->reaction.type);
  event.data = kit::str(waiting->reaction.data);
  if (host_->emit(host_, 0, &event) == RL_BUSY) {
    timers_.after(kBusyMs, [this, waiting] { play(waiting); });
  }
}

}  // namespace sandbox
