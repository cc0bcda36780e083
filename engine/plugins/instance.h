// One instance of a plugin, with the host services it sees. Internal to this room.
//
// Calls into it are serial unless the plugin says RL_CONCURRENT; host services may be called from
// any thread, also from within such a call. Lifetime: the host's; its operations hold no pointer
// after they completed.
#pragma once

#include <relance/host.h>

#include <atomic>
#include <map>
#include <memory>
#include <mutex>

#include "plugins/inbound_call.h"
#include "plugins/instance_health.h"
#include "plugins/instance_io.h"
#include "plugins/loaded_plugin.h"
#include "plugins/operations.h"

namespace relance {

class Instance {
 public:
  // `watch` is told of the limit, since boot, of every operation that did not complete at once, so
  // that it is kept.
  Instance(const LoadedPlugin& plugin, const InstanceSpec& spec, const HostPorts& ports,
           Operations& operations, std::function<void(Duration)> watch);
  ~Instance();
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  // Before anything else: what caps and the instance are made from.
  void configure(std::string config) { config_ = std::move(config); }
  // Makes it; nothing has begun yet. Fails with plugin_refused and the plugin's own reason.
  Status create();
  // Makes it and has it begin. Fails as create().
  Status start();
  // Has one that was made begin.
  void begin();
  // Why it has not begun well, once it has answered; ok where it has not answered within this time
  // of the machine's clock, too: its time limit will tell. Blocks: as long.
  Status begun_within(Duration patience) const;

  const LoadedPlugin& plugin() const { return plugin_; }
  const InstanceSpec& spec() const { return spec_; }
  const std::string& config() const { return config_; }
  void* self() const { return self_; }
  const CallbackUrls* callbacks() const { return ports_.callbacks; }
  // Where a provider reports on this touch; empty where it cannot.
  std::string callback_url(const Key& touch) const {
    return plugin_.inbound && ports_.callbacks ? ports_.callbacks->url(spec_.name, touch) : "";
  }

  // Calls into the plugin, one at a time. An exception ends here: what it leaves open is settled by
  // its time limit.
  template <class Call>
  void call(Call work) {
    if (plugin_.descriptor->flags & RL_CONCURRENT) return guarded(work);
    const std::lock_guard lock(mutex_);
    guarded(work);
  }

  // Begins an operation and calls the plugin with its number.
  template <class Call>
  void run(Operation operation, Duration limit, Call work) {
    operation.instance = this;
    operation.began = ports_.clock.since_boot();
    operation.limit = operation.began + limit;
    const Duration at = operation.limit;
    const uint64_t id = operations_.begin(std::move(operation));
    call([&] { work(id); });
    if (operations_.about(id)) watch_(at);
  }

  // Hands a request to the plugin; `answer` as PluginHost::request. The plugin has the interface.
  void request(InboundRequest request, std::function<void(InboundAnswer)> answer);

  // Ends an operation with what the plugin, or the host in its place, says.
  void complete(uint64_t operation, OperationResult result, bool channel_scope);
  // The same in the plugin's place: it said nothing in time.
  void give_up(uint64_t operation);
  OperationResult result_of(const rl_result& result) const;
  const InstanceCounts& counts() const { return counts_; }

 private:
  template <class Call>
  void guarded(Call& work) {
    try {
      work();
    } catch (...) {
      threw();
    }
  }
  void threw() const;
  const rl_word* word(std::string_view word) const;
  std::string standard_word(std::string_view word, bool conversation) const;
  PluginEvent event_of(const rl_event& event) const;
  int32_t emit(uint64_t operation, const rl_event& event);
  std::shared_ptr<InboundCall> inbound_call(uint64_t operation) const;
  void take_heard(const rl_heard& heard);
  size_t sign(uint32_t algorithm, std::string_view secret, uint32_t version, std::string_view data,
              uint8_t* out) const;
  static const Instance& of(const rl_host* host) {
    return *static_cast<const Instance*>(host->context);
  }
  static Instance& mine(const rl_host* host) { return *static_cast<Instance*>(host->context); }
  void fill_services();
  int32_t begin_http(uint64_t operation, uint64_t tag, const rl_http& request);
  int32_t begin_mail(uint64_t operation, uint64_t tag, const rl_mail& mail);
  template <class Leave>
  int32_t begin_request(uint64_t operation, uint64_t tag, bool acts, Leave leave);
  void hand_reply(uint64_t operation, uint64_t tag, const HttpReply& reply);
  void abort_io(uint64_t operation);
  int32_t wrong_request(std::string_view why) const;

  const LoadedPlugin& plugin_;
  InstanceSpec spec_;
  const HostPorts& ports_;
  Operations& operations_;
  std::function<void(Duration)> watch_;
  std::string config_;
  rl_host host_{};
  OpenRequests requests_;
  mutable InstanceCounts counts_;
  const std::shared_ptr<Door> door_ = std::make_shared<Door>(this);
  std::mutex mutex_;
  void* self_ = nullptr;
  struct Begun;
  const std::shared_ptr<Begun> begun_;
  mutable std::mutex inbound_mutex_;
  std::map<uint64_t, std::shared_ptr<InboundCall>> inbound_;  // requests under way
};

}  // namespace relance
