// A thin C++20 layer over the contract. Optional, header only, and no part of the ABI: it compiles
// into the plugin, which still exports one C symbol.
//
//   Operation   ends exactly once: complete it, or hand it to a request; one that is dropped ends
//               as RL_UNKNOWN, which the engine settles by the delivery class
//   Result      what it ends with; Request, what it asks of the provider; Object writes JSON
//   channel<T>, connector<T>, policy<T>, descriptor<T>
//               the C tables of a class T(Host, std::string_view config); the functions that T has
//               are offered
//
// An exception of T ends at the line: it is logged, and the operation it was about ends as above.
// Threads and lifetimes are those of the C headers.
#ifndef RELANCE_PLUGIN_HPP
#define RELANCE_PLUGIN_HPP

#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "channel.h"
#include "connector.h"
#include "host.h"
#include "policy.h"
#include "sdk/help.h"
#include "sdk/text.hpp"

namespace rl {

// The bytes of the part with that role ("subject", "text", "html"); empty where there is none.
inline std::string_view part(const rl_touch& touch, const char* role) {
  return view(rl_part_of(&touch, role));
}

// The first header of that name (in lower case); empty where there is none.
inline std::string_view header(const rl_reply& reply, const char* name) {
  return view(rl_header_of(&reply, name));
}

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

class Host {
 public:
  explicit Host(const rl_host* host) : host_(host) {}
  const rl_host* c() const { return host_; }
  int64_t now() const { return host_->now(host_); }
  void log(uint32_t level, std::string_view line) const { host_->log(host_, level, str(line)); }
  // When a provider that is too busy may be asked again; 0: it does not say.
  int64_t again_at(const rl_reply& reply) const { return rl_again_at(host_, &reply); }
  bool timer(uint64_t tag, int64_t at) const { return host_->timer(host_, tag, at) == RL_OK; }

 private:
  const rl_host* host_;
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
    const int32_t begun = host_.c()->http(host_.c(), number_, tag, &c);
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

// An instance as the host holds it.
template <class T>
class Held {
 public:
  Held(const rl_host* host, rl_str config) : host_(host), plugin_(host_, view(config)) {}

  // Calls work(T&); what it throws ends here, as a line of the log.
  template <class Work>
  static void call(void* self, Work work) noexcept {
    auto* held = static_cast<Held*>(self);
    try {
      work(held->plugin_);
    } catch (const std::exception& error) {
      held->host_.log(RL_LOG_ERROR, error.what());
    } catch (...) {
      held->host_.log(RL_LOG_ERROR, "an exception of an unknown kind");
    }
  }
  // The same for work(T&, Operation).
  template <class Work>
  static void run(void* self, rl_op op, Work work) noexcept {
    Operation operation(static_cast<Held*>(self)->host_, op);
    call(self, [&](T& plugin) { work(plugin, std::move(operation)); });
  }

 private:
  Host host_;
  T plugin_;
};

template <class T>
constexpr rl_channel channel(const rl_channel_caps& caps) {
  rl_channel table{};
  table.struct_size = sizeof table;
  table.caps = &caps;
  table.send = [](void* self, rl_op op, const rl_touch* touch) {
    Held<T>::run(self, op, [&](T& it, Operation open) { it.send(std::move(open), *touch); });
  };
  if constexpr (requires { &T::estimate; })
    table.estimate = [](void* self, const rl_touch* touch, rl_cost* cost) {
      Held<T>::call(self, [&](T& it) { *cost = it.estimate(*touch); });
    };
  if constexpr (requires { &T::cancel; })
    table.cancel = [](void* self, rl_op op) { Held<T>::call(self, [&](T& it) { it.cancel(op); }); };
  if constexpr (requires { &T::lookup; })
    table.lookup = [](void* self, rl_op op, const rl_touch* touch, const rl_str* refs,
                      size_t count) {
      Held<T>::run(self, op, [&](T& it, Operation open) {
        std::vector<std::string_view> known;
        for (size_t i = 0; i < count; ++i) known.push_back(view(refs[i]));
        it.lookup(std::move(open), *touch, known);
      });
    };
  return table;
}

template <class T>
constexpr rl_connector connector(const rl_connector_caps& caps) {
  rl_connector table{};
  table.struct_size = sizeof table;
  table.caps = &caps;
  table.read = [](void* self, rl_op op, const rl_read* read) {
    Held<T>::run(self, op, [&](T& it, Operation open) { it.read(std::move(open), *read); });
  };
  if constexpr (requires { &T::write; })
    table.write = [](void* self, rl_op op, const rl_write* write) {
      Held<T>::run(self, op, [&](T& it, Operation open) { it.write(std::move(open), *write); });
    };
  if constexpr (requires { &T::lookup; })
    table.lookup = [](void* self, rl_op op, const rl_write* write) {
      Held<T>::run(self, op, [&](T& it, Operation open) { it.lookup(std::move(open), *write); });
    };
  return table;
}

// T::decide returns the answer's JSON; its exception is the answer's `problem`.
template <class T>
constexpr rl_policy policy(uint32_t kinds, const char* const* reasons, size_t reasons_count) {
  rl_policy table{};
  table.struct_size = sizeof table;
  table.kinds = kinds;
  table.reasons = reasons;
  table.reasons_count = reasons_count;
  table.decide = [](void* self, const rl_policy_in* question, const rl_out* answer) {
    Held<T>::call(self, [&](const T& it) {
      std::string said;
      try {
        said = it.decide(*question);
      } catch (const std::exception& error) {
        said = Object().text("problem", error.what()).json();
      }
      put(answer, said);
    });
  };
  return table;
}

struct About {
  const char *id, *version, *title, *config_schema;
  uint32_t flags = 0;  // RL_CONCURRENT
};

// T::table(id) gives the static table of that interface, or nullptr.
template <class T>
constexpr rl_plugin descriptor(const About& about) {
  rl_plugin plugin{};
  plugin.struct_size = sizeof plugin;
  plugin.abi = RL_ABI;
  plugin.flags = about.flags;
  plugin.id = about.id;
  plugin.version = about.version;
  plugin.title = about.title;
  plugin.config_schema = about.config_schema;
  plugin.create = [](const rl_host* host, rl_str config, const rl_out* problem) noexcept -> void* {
    try {
      return new Held<T>(host, config);
    } catch (const std::exception& error) {
      put(problem, error.what());
    } catch (...) {
      put(problem, "an exception of an unknown kind");
    }
    return nullptr;
  };
  plugin.destroy = [](void* self) { delete static_cast<Held<T>*>(self); };
  if constexpr (requires { &T::on_io; })
    plugin.on_io = [](void* self, rl_op op, uint64_t tag, const rl_reply* reply) {
      Held<T>::run(self, op,
                   [&](T& it, Operation open) { it.on_io(std::move(open), tag, *reply); });
    };
  if constexpr (requires { &T::on_timer; })
    plugin.on_timer = [](void* self, uint64_t tag) {
      Held<T>::call(self, [&](T& it) { it.on_timer(tag); });
    };
  plugin.get_interface = [](const char* id) -> const void* { return T::table(id); };
  return plugin;
}

}  // namespace rl

// The one exported symbol.
#define RL_PLUGIN(descriptor)                                        \
  const rl_plugin* rl_plugin_entry(uint32_t host_abi) {              \
    return host_abi >> 16 == RL_ABI_MAJOR ? &(descriptor) : nullptr; \
  }

#endif
