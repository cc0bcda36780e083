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
#include "sdk/operation.hpp"
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

// An instance as the host holds it.
template <class T>
class Held {
 public:
  Held(const rl_host* host, rl_str config) : host_(host, waiting_), plugin_(host_, view(config)) {}

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
  // True: the reply was waited for.
  static bool waited(void* self, rl_op op) { return static_cast<Held*>(self)->waiting_.take(op); }
  // The same for work(T&, Operation).
  template <class Work>
  static void run(void* self, rl_op op, Work work) noexcept {
    Operation operation(static_cast<Held*>(self)->host_, op);
    call(self, [&](T& plugin) { work(plugin, std::move(operation)); });
  }

 private:
  Waiting waiting_;
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
      if (!Held<T>::waited(self, op)) return;
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

#endif
