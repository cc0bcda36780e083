// A channel in which nothing is wrong: keyed, one request, one answer, signed receipts. Each broken
// plugin beside it differs from it in one place, which its file tells, so that the kit must name
// that one rule and no other.
#pragma once

#include <relance/channel.h>
#include <relance/inbound.h>

#include <cstring>
#include <set>
#include <string>

#include "kit/complete.h"
#include "kit/text.h"

namespace broken {

class Channel {
 public:
  explicit Channel(const rl_host* host) : host_(host) {}
  virtual ~Channel() = default;

  virtual void send(rl_op op, const rl_touch& touch) {
    rl_header key{kit::str("idempotency-key"), touch.key_text};
    request(op, touch, &key, 1);
  }
  virtual void on_io(rl_op op, const rl_reply& reply) {
    if (reply.wire != RL_ANSWERED) {
      kit::complete(host_, op, {.status = RL_UNKNOWN, .reason = "no_answer"});
    } else if (reply.status == 429 || reply.status >= 500) {
      const int64_t again_at = host_->now(host_) + 1000;
      kit::complete(host_, op, {.status = RL_NOT_NOW, .reason = "later", .again_at = again_at});
    } else if (reply.status >= 400) {
      kit::complete(host_, op, {.status = RL_REFUSED, .word = "failed"});
    } else {
      kit::complete(host_, op, {.status = RL_DONE, .word = "delivered", .ref = "kit_1"});
    }
  }
  virtual void lookup(rl_op op, const rl_touch& touch) {
    if (!sent_.contains(std::string(kit::view(touch.key_text))))
      return kit::complete(host_, op, {.status = RL_ABSENT});
    kit::complete(host_, op, {.status = RL_DONE, .word = "delivered", .ref = "kit_1"});
  }
  virtual void on_request(rl_op op, const rl_request& request) {
    answer(op, fits(request) ? 200 : 401);
  }

 protected:
  void request(rl_op op, const rl_touch& touch, const rl_header* headers, size_t count) {
    sent_.emplace(kit::view(touch.key_text));
    rl_http http{};
    http.struct_size = sizeof http;
    http.flags = RL_EFFECT;
    http.method = kit::str("POST");
    http.url = kit::str("https://provider.example/v1/messages");
    http.headers = headers;
    http.headers_count = count;
    http.body = kit::str(R"({"text":"hello"})");
    if (host_->http(host_, op, 0, &http) != RL_OK)
      kit::complete(host_, op, {.status = RL_NOT_NOW, .reason = "busy"});
  }
  void answer(rl_op op, int32_t status) const {
    rl_answer made{};
    made.struct_size = sizeof made;
    made.status = status;
    host_->answer(host_, op, &made);
  }
  static std::string header(const rl_request& request, std::string_view name) {
    for (size_t i = 0; i < request.headers_count; ++i)
      if (kit::view(request.headers[i].name) == name)
        return std::string(kit::view(request.headers[i].value));
    return "";
  }
  // x-signature: HMAC-SHA-256 of the body, in hex.
  bool fits(const rl_request& request) const {
    uint8_t code[64];
    const size_t length = host_->hmac(host_, RL_SHA256, kit::str("KIT"), 0, request.body, code);
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string hex;
    for (size_t i = 0; i < length; ++i) {
      hex += kDigits[code[i] >> 4];
      hex += kDigits[code[i] & 15];
    }
    return !hex.empty() && header(request, "x-signature") == hex;
  }

  const rl_host* host_;
  std::set<std::string> sent_;
};

inline constexpr rl_word kDelivered = {sizeof(rl_word), 0, "delivered", "delivered"};
inline constexpr rl_word kFailed = {sizeof(rl_word), 0, "failed", "failed"};
inline constexpr const rl_word* kWords[] = {&kDelivered, &kFailed};

inline constexpr rl_channel_caps caps() {
  rl_channel_caps made{};
  made.struct_size = sizeof made;
  made.flags = RL_CONTACT | RL_CAN_LOOKUP;
  made.kind = "sms";
  made.delivery = RL_KEYED;
  made.key_window_ms = 24 * 3600 * 1000;
  made.words = kWords;
  made.words_count = 2;
  return made;
}

// The tables of a plugin whose instances are of class T.
template <class T>
struct Tables {
  static Channel& self_of(void* self) { return *static_cast<Channel*>(self); }
  static inline const rl_channel_caps channel_caps = caps();
  static inline const rl_channel channel = {
      .struct_size = sizeof(rl_channel),
      .reserved = 0,
      .caps = &channel_caps,
      .caps_for = nullptr,
      .estimate = nullptr,
      .send = [](void* self, rl_op op, const rl_touch* touch) { self_of(self).send(op, *touch); },
      .cancel = nullptr,
      .lookup = [](void* self, rl_op op, const rl_touch* touch, const rl_str*,
                   size_t) { self_of(self).lookup(op, *touch); },
      .recall = nullptr};
  static inline const rl_inbound inbound = {
      .struct_size = sizeof(rl_inbound),
      .reserved = 0,
      .on_request = [](void* self, rl_op op, const rl_request* request) {
        self_of(self).on_request(op, *request);
      }};

  static rl_plugin plugin(const char* id) {
    rl_plugin made{};
    made.struct_size = sizeof made;
    made.abi = RL_ABI;
    made.id = id;
    made.version = "1.0.0";
    made.title = "Broken in one place";
    made.config_schema = R"({"type":"object","additionalProperties":false})";
    made.create = [](const rl_host* host, rl_str, const rl_out*) -> void* {
      return static_cast<Channel*>(new T(host));
    };
    made.destroy = [](void* self) { delete &self_of(self); };
    made.on_io = [](void* self, rl_op op, uint64_t, const rl_reply* reply) {
      self_of(self).on_io(op, *reply);
    };
    made.get_interface = [](const char* wanted) -> const void* {
      if (std::strcmp(wanted, RL_CHANNEL) == 0) return &channel;
      if (std::strcmp(wanted, RL_INBOUND) == 0) return &inbound;
      return nullptr;
    };
    return made;
  }
};

}  // namespace broken

// The entry of a plugin whose instances are of this class.
#define BROKEN_PLUGIN(Type, id)                                       \
  const rl_plugin* rl_plugin_entry(uint32_t host_abi) {               \
    static const rl_plugin plugin = broken::Tables<Type>::plugin(id); \
    return host_abi >> 16 == RL_ABI_MAJOR ? &plugin : nullptr;        \
  }
