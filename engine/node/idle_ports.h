// The ports of a plugin host that is only asked what its plugins are: no alarm rings, nothing
// arrives or leaves, and every secret is there.
//
// Lifetime: outlives the host. Threads: as the ports.
#pragma once

#include "plugins/plugin_host.h"

namespace relance {

// No instance that could use a secret begins to work.
class AnySecret final : public Process {
 public:
  std::optional<std::string> environment(std::string_view) const override { return "unread"; }
  void crash_point(std::string_view) override {}
};

class NoAlarms final : public Alarms {
 public:
  void call_at(Instant, std::function<void()>, bool) override {}
};

class NoInbox final : public Inbox {
 public:
  void deliver(const Key&, Input) override {}
  void deliver_event(PluginEvent, std::function<void(EventFate)> done) override {
    if (done) done(EventFate::refused);
  }
  void pace(std::string_view, Instant) override {}
};

struct IdlePorts {
  SystemClock clock;
  NoAlarms alarms;
  NoInbox inbox;
  std::unique_ptr<Net> net = make_no_net();
  AnySecret process;

  HostPorts ports() { return {clock, alarms, inbox, *net, process, true}; }
};

}  // namespace relance
