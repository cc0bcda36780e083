// One HubSpot account: what flows read, page through and write.
//
// Reads by id that come while others are under way go together as one batch. A write finds its
// contact, makes sure once that the key's property is there and unique, and creates; what HubSpot
// does not take is asked for by its key, so that a repeat ends as the first did. Requests keep
// HubSpot's limits; what would have to wait for long is NOT_NOW. Threads: one call at a time.
// Lifetime: the settings outlive it.
#pragma once

#include <relance/connector.h>
#include <relance/host.h>

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "kit/pace.h"
#include "kit/requests.h"
#include "kit/timers.h"
#include "notes.h"
#include "settings.h"

namespace hubspot {

class Account {
 public:
  Account(const rl_host* host, const Settings& settings);

  void fields(rl_op op);
  void read(rl_op op, const rl_read& read);
  void page(rl_op op, const rl_read& read);
  void write(rl_op op, const rl_write& write);
  void lookup(rl_op op, const rl_write& write);
  void on_io(uint64_t tag, const rl_reply& reply) { requests_.on_io(tag, reply); }
  void on_timer(uint64_t tag) { timers_.fire(tag); }

 private:
  using Then = std::function<void(const kit::Answer&)>;
  using Fail = std::function<void(const kit::Outcome&)>;
  struct Ask {
    std::string method, path, body = {};
    bool acts = false, search = false;
  };
  // A read by id, in text of its own.
  struct Wanted {
    rl_op op;
    const ObjectType* type;
    std::string id_property, value;
    std::vector<std::string> need;
  };
  using Job = std::shared_ptr<const Written>;

  // Sends it when the limits allow. `then` gets HubSpot's answer, good or not; whatever else comes
  // ends in `fail`.
  void ask(rl_op op, const Ask& asked, Then then, Fail fail);
  void ask(rl_op op, const Ask& asked, Then then);  // whose failure ends the operation
  void leave(rl_op op, const Ask& asked, const Then& then, const Fail& fail);
  kit::Outcome trouble(const kit::Answer& answer, kit::Outcome outcome, bool search);

  void read_next();
  void read_one(const Wanted& wanted);
  void read_batch(std::vector<Wanted> wanted);
  void search_one(const Wanted& wanted, const std::string& property);
  void end_read(const Wanted& wanted, const kit::Value* object);
  void end_page(rl_op op, const Wanted& wanted, const kit::Value* root, bool by_search);

  void find_contact(rl_op op, const Job& job, std::function<void(const std::string& id)> then);
  void check_key(rl_op op, const std::string& type, std::function<void()> then);
  void create(rl_op op, const Job& job, const std::string& contact);
  void update(rl_op op, const Job& job);
  // Asks HubSpot for what has the key; without it the operation ends in `otherwise`.
  void find_by_key(rl_op op, const Job& job, const kit::Outcome& otherwise);
  void compare(rl_op op, const Job& job);
  Job job_of(rl_op op, const rl_write& write);

  std::string contact_path(const std::string& customer) const;
  void end(rl_op op, const kit::Outcome& outcome) { kit::finish(host_, op, outcome); }
  int64_t now() const { return host_->now(host_); }

  const rl_host* host_;
  const Settings& settings_;
  kit::Requests requests_{host_};
  kit::Timers timers_{host_};
  kit::Pace all_, searches_;
  std::vector<Wanted> wanted_;  // reads that wait for those under way
  bool reading_ = false;
  std::set<std::string> keyed_;  // types whose key property was seen to be unique
};

}  // namespace hubspot
