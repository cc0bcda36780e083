// One webhook inside a plugin: the request as the plugin sees it, the answer it gave, and the
// events that must be durable before that answer goes out. Internal to this room. Threads: any.
#pragma once

#include <relance/inbound.h>

#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "plugins/plugin_host.h"

namespace relance {

class InboundCall {
 public:
  InboundCall(InboundRequest request, std::function<void(InboundAnswer)> answer);
  InboundCall(const InboundCall&) = delete;

  const rl_request* c() const { return &c_; }

  // An event was emitted for it; event_over() follows once for each.
  void event_begun();
  void event_over(EventFate fate);
  // What the plugin answers; the first holds.
  void say(const rl_answer& answer);
  // The plugin says nothing any more.
  void ended();

 private:
  // What goes out, once nothing is waited for; nullopt before that, and the second time.
  std::optional<InboundAnswer> ready();

  InboundRequest request_;
  std::vector<rl_header> headers_;
  rl_request c_{};
  std::function<void(InboundAnswer)> answer_;

  std::mutex mutex_;  // of what follows
  size_t events_under_way_ = 0;
  EventFate worst_ = EventFate::kept;
  std::optional<InboundAnswer> said_;
  bool over_ = false, answered_ = false;
};

}  // namespace relance
