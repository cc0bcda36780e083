// How an operation ends, and what it asks of the provider: a part of plugin.hpp.
#ifndef RELANCE_SDK_OPERATION_HPP
#define RELANCE_SDK_OPERATION_HPP

#include <mutex>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "../host.h"
#include "help.h"
#include "text.hpp"

namespace rl {

struct Result {
  uint32_t status = RL_DONE;
  std::string word = {}, reason = {}, data = {};
  std::vector<std::string> refs = {};  // the provider's ids
  rl_cost cost = {};
  int64_t again_at = 0;
  uint32_t again_scope = RL_SCOPE_TOUCH;
};

struct Request {
  std::string method = "GET", url = {}, body = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string secret = {};  // its name; empty: none
  uint32_t auth = RL_AUTH_BEARER;
  std::string auth_name = {};
  bool effect = false;  // it acts: charges, sends, changes
  uint32_t timeout_ms = 0;
};

// The operations of an instance that wait for a reply, so that one that comes again, or too late,
// ends nothing twice. Threads: any.
class Waiting {
 public:
  void add(rl_op op) {
    const std::lock_guard lock(mutex_);
    ops_.insert(op);
  }
  // True: it waited, and does so no longer.
  bool take(rl_op op) {
    const std::lock_guard lock(mutex_);
    return ops_.erase(op) > 0;
  }

 private:
  std::mutex mutex_;
  std::unordered_set<rl_op> ops_;
};

class Host {
 public:
  Host(const rl_host* host, Waiting& waiting) : host_(host), waiting_(&waiting) {}
  const rl_host* c() const { return host_; }
  Waiting& waiting() const { return *waiting_; }
  int64_t now() const { return host_->now(host_); }
  void log(uint32_t level, std::string_view line) const { host_->log(host_, level, str(line)); }
  // When a provider that is too busy may be asked again; 0: it does not say.
  int64_t again_at(const rl_reply& reply) const { return rl_again_at(host_, &reply); }
  bool timer(uint64_t tag, int64_t at) const { return host_->timer(host_, tag, at) == RL_OK; }

 private:
  const rl_host* host_;
  Waiting* waiting_;
};

class Operation {
 public:
  Operation(Host host, rl_op number) : host_(host), number_(number) {}
  Operation(Operation&& other) noexcept
      : host_(other.host_), number_(std::exchange(other.number_, 0)) {}
  Operation& operator=(Operation&&) = delete;
  ~Operation() {
    if (number_ != 0) end(RL_UNKNOWN, "left_open");
  }

  rl_op number() const { return number_; }

  // Ends it; a second call does nothing.
  void complete(const Result& result) {
    if (number_ == 0) return;
    std::vector<rl_str> refs;
    for (const std::string& ref : result.refs) refs.push_back(str(ref));
    rl_result c{};
    c.status = result.status;
    c.word = str(result.word);
    c.data = str(result.data);
    c.refs = refs.data();
    c.refs_count = refs.size();
    c.cost = result.cost;
    c.again_at = result.again_at;
    c.again_scope = result.again_at == 0 ? 0 : result.again_scope;
    end(c, result.reason);
  }

  // Hands it to a request, whose reply comes with `tag`. Where the host cannot take it, nothing was
  // begun: the operation ends NOT_NOW (too much at once) or FAILED (a slip of ours).
  void request(uint64_t tag, const Request& request) {
    if (number_ == 0) return;
    std::vector<rl_header> headers;
    for (const auto& [name, value] : request.headers) headers.push_back({str(name), str(value)});
    rl_http c{};
    c.struct_size = sizeof c;
    c.flags = request.effect ? RL_EFFECT : 0;
    c.method = str(request.method);
    c.url = str(request.url);
    c.headers = headers.data();
    c.headers_count = headers.size();
    c.body = str(request.body);
    c.secret = str(request.secret);
    c.auth_name = str(request.auth_name);
    c.auth = request.secret.empty() ? 0 : request.auth;
    c.timeout_ms = request.timeout_ms;
    host_.waiting().add(number_);
    const int32_t begun = host_.c()->http(host_.c(), number_, tag, &c);
    if (begun != RL_OK) host_.waiting().take(number_);
    if (begun == RL_WRONG) return end(RL_FAILED, "bad_request");
    if (begun == RL_BUSY) return end(RL_NOT_NOW, "busy");
    release();
  }

  // Leaves it open: something else ends it later, by its number.
  rl_op release() { return std::exchange(number_, 0); }

 private:
  void end(uint32_t status, std::string_view reason) noexcept {
    rl_result c{};
    c.status = status;
    end(c, reason);
  }
  void end(rl_result& c, std::string_view reason) noexcept {
    c.struct_size = sizeof c;
    c.reason = str(reason);
    host_.c()->complete(host_.c(), release(), &c);
  }

  Host host_;
  rl_op number_;
};

}  // namespace rl

#endif
