// A host that takes anything in: it counts what a plugin answers and emits, and asserts that what
// is emitted is UTF-8 and bounded. Every HMAC is 32 bytes of zero.
#pragma once

#include <relance/inbound.h>

#include <cstring>

#include "base/result.h"
#include "kit/text.h"
#include "kit/utf8.h"

// Units: bytes.
struct MostOf {
  size_t id, ref, address, data;
};

struct FakeInbound {
  explicit FakeInbound(const MostOf& most_of) : most(most_of) {
    host.struct_size = sizeof host;
    host.context = this;
    host.now = [](const rl_host*) { return int64_t{1767600000000}; };
    host.hmac = [](const rl_host*, uint32_t, rl_str, uint32_t, rl_str, uint8_t* out) {
      std::memset(out, 0, 32);
      return size_t{32};
    };
    host.emit = [](const rl_host* h, rl_op, const rl_event* event) {
      FakeInbound& it = *static_cast<FakeInbound*>(h->context);
      ++it.events;
      check(event->id, it.most.id);
      check(event->ref, it.most.ref);
      check(event->address, it.most.address);
      check(event->word, 20);
      check(event->data, it.most.data);
      return int32_t{RL_OK};
    };
    host.answer = [](const rl_host* h, rl_op, const rl_answer* answer) {
      FakeInbound& it = *static_cast<FakeInbound*>(h->context);
      ++it.answers;
      it.status = answer->status;
    };
  }
  static void check(rl_str text, size_t bytes) {
    const std::string_view view = kit::view(text);
    RELANCE_ASSERT(view.size() <= bytes && kit::as_utf8(view) == view);
  }

  rl_host host{};
  MostOf most;
  int answers = 0, events = 0, status = 0;
};
