// The tables of the contract for an instance that is a C++ class: a plugin writes down only what is
// its own.
//
//   class Sms { public: Sms(const rl_host*, std::string_view configuration); void send(...); ... };
//
//   constexpr rl_channel kChannel = kit::channel<Sms>(&kCaps);
//   constexpr kit::Interface kInterfaces[] = {{RL_CHANNEL, &kChannel}};
//   constexpr rl_plugin kPlugin = kit::plugin<Sms>(
//       {.id = "...", .title = "...", .config_schema = kSchema, .find = kit::find<kInterfaces>});
//   RL_PLUGIN(kPlugin)
//
// A table offers the public functions that the class has, by the names of the contract; structs
// come as references, and what a function does not want (a tag, the ids of a look-up) it leaves
// out. The constructor may throw a std::exception, whose text becomes the reason of the refusal;
// nothing else may throw. Threads and lifetimes: those of the C headers.
#pragma once

#include <relance/channel.h>
#include <relance/connector.h>
#include <relance/conversation.h>
#include <relance/generate.h>
#include <relance/inbound.h>
#include <relance/policy.h>

#include <array>
#include <cstring>
#include <exception>
#include <iterator>
#include <span>
#include <string_view>

#include "kit/text.h"

namespace kit {

inline constexpr char kVersion[] = "0.1.0";  // of all shipped plugins

// An instance as the host holds it.
template <class T>
T& self_of(void* self) {
  return *static_cast<T*>(self);
}

// --- what a channel can do

// An outcome; `as`: the engine's word for it where that is another.
constexpr rl_word word(const char* word, const char* as = nullptr) {
  return {sizeof(rl_word), 0, word, as == nullptr ? word : as};
}

// The contract wants pointers to the rows of a static list.
template <const auto& list>
inline constexpr auto kPointers = [] {
  std::array<decltype(std::data(list)), std::size(list)> pointers{};
  for (size_t i = 0; i < pointers.size(); ++i) pointers[i] = &list[i];
  return pointers;
}();

// The fields of rl_channel_caps with their usual values.
struct Caps {
  const char* kind = nullptr;
  uint32_t flags = 0;
  uint32_t delivery = 0;
  uint32_t max_in_flight = 0;
  int64_t key_window_ms = 0;
  int64_t index_lag_ms = 0;
  int64_t receipt_within_ms = 0;
  std::span<const rl_word* const> words = {};
  std::span<const char* const> content_types = {};
  std::span<const char* const> languages = {};
};

constexpr rl_channel_caps caps(const Caps& caps) {
  return {sizeof(rl_channel_caps),
          caps.flags,
          caps.kind,
          caps.delivery,
          caps.max_in_flight,
          caps.key_window_ms,
          caps.index_lag_ms,
          caps.receipt_within_ms,
          caps.words.data(),
          caps.words.size(),
          caps.content_types.data(),
          caps.content_types.size(),
          caps.languages.data(),
          caps.languages.size()};
}

// --- tables

template <class T>
constexpr rl_channel channel(const rl_channel_caps* caps,
                             const rl_channel_caps* (*caps_for)(rl_str) = nullptr) {
  rl_channel table{};
  table.struct_size = sizeof table;
  table.caps = caps;
  table.caps_for = caps_for;
  table.send = [](void* self, rl_op op, const rl_touch* touch) {
    self_of<T>(self).send(op, *touch);
  };
  if constexpr (requires(T& it, const rl_touch& touch, rl_cost& cost) { it.estimate(touch, cost); })
    table.estimate = [](void* self, const rl_touch* touch, rl_cost* cost) {
      self_of<T>(self).estimate(*touch, *cost);
    };
  if constexpr (requires(T& it, rl_op op) { it.cancel(op); })
    table.cancel = [](void* self, rl_op op) { self_of<T>(self).cancel(op); };
  if constexpr (requires(T& it, rl_op op, const rl_touch& touch, const rl_str* refs) {
                  it.lookup(op, touch, refs, size_t{});
                })
    table.lookup = [](void* self, rl_op op, const rl_touch* touch, const rl_str* refs,
                      size_t count) { self_of<T>(self).lookup(op, *touch, refs, count); };
  else if constexpr (requires(T& it, rl_op op, const rl_touch& touch) { it.lookup(op, touch); })
    table.lookup = [](void* self, rl_op op, const rl_touch* touch, const rl_str*, size_t) {
      self_of<T>(self).lookup(op, *touch);
    };
  if constexpr (requires(T& it, rl_op op, const rl_touch& touch, const rl_str* refs) {
                  it.recall(op, touch, refs, size_t{});
                })
    table.recall = [](void* self, rl_op op, const rl_touch* touch, const rl_str* refs,
                      size_t count) { self_of<T>(self).recall(op, *touch, refs, count); };
  return table;
}

// For a channel whose abilities depend on the configuration: `caps_of` has a static table for each;
// that of "{}" is the usual one.
template <class T, const rl_channel_caps* (*caps_of)(std::string_view)>
const rl_channel* channel_by_config() {
  static const rl_channel table =
      channel<T>(caps_of("{}"), [](rl_str config) { return caps_of(view(config)); });
  return &table;
}

template <class T>
constexpr rl_connector connector(const rl_connector_caps* caps,
                                 const rl_connector_caps* (*caps_for)(rl_str) = nullptr) {
  rl_connector table{};
  table.struct_size = sizeof table;
  table.caps = caps;
  table.caps_for = caps_for;
  table.read = [](void* self, rl_op op, const rl_read* read) { self_of<T>(self).read(op, *read); };
  table.write = [](void* self, rl_op op, const rl_write* write) {
    self_of<T>(self).write(op, *write);
  };
  if constexpr (requires(T& it, rl_op op) { it.fields(op); })
    table.fields = [](void* self, rl_op op) { self_of<T>(self).fields(op); };
  if constexpr (requires(const rl_out* problems) { T::check_query(rl_str{}, problems); })
    table.check_query = T::check_query;
  if constexpr (requires(T& it, rl_op op, const rl_read& read) { it.page(op, read); })
    table.page = [](void* self, rl_op op, const rl_read* read) {
      self_of<T>(self).page(op, *read);
    };
  if constexpr (requires(T& it, rl_op op, const rl_write& write) { it.lookup(op, write); })
    table.lookup = [](void* self, rl_op op, const rl_write* write) {
      self_of<T>(self).lookup(op, *write);
    };
  return table;
}

// As channel_by_config, for a connector.
template <class T, const rl_connector_caps* (*caps_of)(std::string_view)>
const rl_connector* connector_by_config() {
  static const rl_connector table =
      connector<T>(caps_of("{}"), [](rl_str config) { return caps_of(view(config)); });
  return &table;
}

template <class T>
constexpr rl_inbound inbound() {
  return {sizeof(rl_inbound), 0, [](void* self, rl_op op, const rl_request* request) {
            self_of<T>(self).on_request(op, *request);
          }};
}

template <class T>
constexpr rl_conversation conversation(uint32_t flags) {
  return {sizeof(rl_conversation), flags,
          [](void* self, rl_op op, const rl_do* what) { self_of<T>(self).perform(op, *what); }};
}

template <class T>
constexpr rl_generate generate(uint32_t kinds, std::span<const char* const> languages = {}) {
  return {sizeof(rl_generate), kinds, languages.data(), languages.size(),
          [](void* self, rl_op op, const rl_question* question) {
            self_of<T>(self).produce(op, *question);
          }};
}

template <class T>
constexpr rl_policy policy(uint32_t kinds, std::span<const char* const> reasons) {
  return {sizeof(rl_policy), kinds, reasons.data(), reasons.size(),
          [](void* self, const rl_policy_in* question, const rl_out* answer) {
            self_of<T>(self).decide(*question, answer);
          }};
}

// --- the descriptor

struct Interface {
  const char* id;
  const void* table;
};

template <const auto& interfaces>
const void* find(const char* id) {
  for (const Interface& it : interfaces)
    if (std::strcmp(it.id, id) == 0) return it.table;
  return nullptr;
}

// check_config by a function that returns a line for each problem.
template <auto problems_of>
void check(rl_str config, const rl_out* problems) {
  put(problems, problems_of(view(config)));
}

struct About {
  const char* id = nullptr;
  const char* title = nullptr;
  const char* config_schema = nullptr;
  void (*check_config)(rl_str config, const rl_out* problems) = nullptr;
  uint32_t flags = 0;  // RL_CONCURRENT
  const void* (*find)(const char* id) = nullptr;
};

template <class T>
constexpr rl_plugin plugin(const About& about) {
  rl_plugin plugin{};
  plugin.struct_size = sizeof plugin;
  plugin.abi = RL_ABI;
  plugin.flags = about.flags;
  plugin.id = about.id;
  plugin.version = kVersion;
  plugin.title = about.title;
  plugin.config_schema = about.config_schema;
  plugin.check_config = about.check_config;
  plugin.create = [](const rl_host* host, rl_str config, const rl_out* problem) -> void* {
    try {
      return new T(host, view(config));
    } catch (const std::exception& error) {
      put(problem, error.what());
      return nullptr;
    }
  };
  plugin.destroy = [](void* self) { delete static_cast<T*>(self); };
  if constexpr (requires(T& it, rl_op op) { it.start(op); })
    plugin.start = [](void* self, rl_op op) { self_of<T>(self).start(op); };
  if constexpr (requires(T& it, rl_op op, const rl_reply& reply) { it.on_io(op, 0u, reply); })
    plugin.on_io = [](void* self, rl_op op, uint64_t tag, const rl_reply* reply) {
      self_of<T>(self).on_io(op, tag, *reply);
    };
  else if constexpr (requires(T& it, rl_op op, const rl_reply& reply) { it.on_io(op, reply); })
    plugin.on_io = [](void* self, rl_op op, uint64_t, const rl_reply* reply) {
      self_of<T>(self).on_io(op, *reply);
    };
  if constexpr (requires(T& it) { it.on_timer(uint64_t{}); })
    plugin.on_timer = [](void* self, uint64_t tag) { self_of<T>(self).on_timer(tag); };
  plugin.get_interface = about.find;
  return plugin;
}

}  // namespace kit
