// A shop behind its API: objects are read, operations are done, each as the configuration says.
//
// A conditional operation holds at the shop itself. With an ETag: the state is read, the condition
// is looked at, and the request leaves with If-Match; where the shop says that the state changed in
// between, once more. Else the request carries the condition. What the shop refuses was perhaps
// done by an attempt before: `done_when` tells. Threads: one call at a time. Lifetime: the settings
// outlive it.
#pragma once

#include <relance/connector.h>
#include <relance/host.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "kit/pace.h"
#include "kit/requests.h"
#include "kit/timers.h"
#include "settings.h"

namespace commerce {

class Shop {
 public:
  Shop(const rl_host* host, const Settings& settings);

  void read(rl_op op, const rl_read& read);
  void write(rl_op op, const rl_write& write);
  void lookup(rl_op op, const rl_write& write);
  void on_io(uint64_t tag, const rl_reply& reply) { requests_.on_io(tag, reply); }
  void on_timer(uint64_t tag) { timers_.fire(tag); }

 private:
  using Then = std::function<void(const kit::Answer&)>;

  // A write, in text of its own: what its phrases and expressions are read over.
  struct Job {
    rl_op op = 0;
    const Operation* operation = nullptr;
    std::string key;
    rapidjson::Document scope;  // {"data", "only_if", "customer", "key"}
    bool conditional = false;
    int attempts = 0;  // with If-Match
  };
  using JobPtr = std::shared_ptr<Job>;

  // Sends it when the pace allows, and ends the operation where the limit would hold it for long.
  void ask(rl_op op, const kit::Request& request, Then then);
  std::optional<kit::Request> request_of(const Job& job, std::string& missing) const;
  kit::Request plain(std::string method, std::string path) const;

  void read_state(const JobPtr& job, std::function<void(const kit::Answer&, bool there)> then);
  void begin_matching(const JobPtr& job);
  void act(const JobPtr& job, std::string_view etag);
  void acted(const JobPtr& job, const kit::Answer& answer);
  void refused(const JobPtr& job, const kit::Answer& answer);
  JobPtr job_of(rl_op op, const rl_write& write);

  // The fields of an object, as JSON; empty: there is none in the answer.
  static std::string record_of(const Object& object, const kit::Value* root);
  static std::string fields_json(const kit::Value* fields, const kit::Value* payload);
  // The first field of `wanted` that the record does not have so; empty: it has all.
  static std::string difference(const kit::Value* wanted, const std::string& record,
                                const kit::Value& scope);
  bool is(const std::vector<int>& statuses, int status) const;
  void end(rl_op op, const kit::Outcome& outcome) { kit::finish(host_, op, outcome); }
  int64_t now() const { return host_->now(host_); }

  const rl_host* host_;
  const Settings& settings_;
  kit::Requests requests_{host_};
  kit::Timers timers_{host_};
  kit::Pace pace_;
};

}  // namespace commerce
