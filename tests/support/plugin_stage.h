// One instance of a shipped plugin in the engine's own plugin host, on a real clock and over real
// connections: what a channel or a source meets in production, without a node behind it. The inbox
// is a list. Waiting is polling with a deadline.
#pragma once

#include <catch2/catch.hpp>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "base/doc.h"
#include "base/id.h"
#include "plugins/plugin_host.h"

namespace relance {

// The environment of a test: secrets by name.
class StageProcess final : public Process {
 public:
  std::map<std::string, std::string, std::less<>> variables;
  std::optional<std::string> environment(std::string_view name) const override {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  }
};

// Rings on a thread of its own.
class StageAlarms final : public Alarms {
 public:
  explicit StageAlarms(const Clock& clock) : clock_(clock), thread_([this] { ring(); }) {}
  ~StageAlarms() override {
    {
      const std::lock_guard lock(mutex_);
      over_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }
  void call_at(Instant at, std::function<void()> work, bool) override {
    {
      const std::lock_guard lock(mutex_);
      alarms_.emplace(at, std::move(work));
    }
    changed_.notify_all();
  }

 private:
  void ring() {
    std::unique_lock lock(mutex_);
    while (!over_) {
      if (alarms_.empty()) {
        changed_.wait(lock);
        continue;
      }
      const Duration early = alarms_.begin()->first - clock_.now();
      if (early > Duration{}) {
        changed_.wait_for(lock, std::chrono::milliseconds(early.ms));
        continue;
      }
      const std::function<void()> work = std::move(alarms_.begin()->second);
      alarms_.erase(alarms_.begin());
      lock.unlock();
      work();
      lock.lock();
    }
  }

  const Clock& clock_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::multimap<Instant, std::function<void()>> alarms_;
  bool over_ = false;
  std::thread thread_;
};

class PluginStage : public Inbox {
 public:
  using Role = InstanceSpec::Role;
  std::chrono::seconds patience{20};

  // `config`: JSON. Fails the test where the instance cannot be made.
  PluginStage(const std::string& plugin, const std::string& config,
              std::map<std::string, std::string, std::less<>> secrets = {},
              Role role = Role::channel, const CallbackUrls* callbacks = nullptr,
              const NetOptions& net = {}, bool isolated = false)
      : library_(open_plugin_library(
            {RELANCE_BUILD_DIR "/lib/relance/plugins", RELANCE_BUILD_DIR "/tests/isolation"})),
        net_(make_curl_net(net)),
        alarms_(clock_) {
    process_.variables = std::move(secrets);
    InstanceSpec spec;
    spec.role = role;
    spec.name = "it";
    spec.plugin = plugin;
    spec.isolated = isolated;
    spec.config = from_json(config).value();
    HostPorts ports{clock_, alarms_, *this, *net_, process_};
    ports.callbacks = callbacks;
    std::vector<Error> errors;
    auto host = PluginHost::make(*library_, {spec}, ports, errors);
    for (const Error& error : errors) UNSCOPED_INFO(error.text());
    REQUIRE(host);
    host_ = std::move(*host);
  }
  ~PluginStage() override {
    net_.reset();  // no reply comes any more
    host_.reset();
  }

  PluginHost& host() { return *host_; }

  // A touch for `send`, with a key drawn from `name`; parts as {role, bytes}.
  static TouchOrder order(const std::string& name, const std::string& to,
                          std::vector<std::pair<std::string, std::string>> parts = {},
                          const std::string& data = "{}") {
    TouchOrder made;
    made.customer = derive_key({"customer", name});
    made.subject = "customer-" + name;
    made.touch.key = derive_key({"touch", name});
    made.touch.try_no = 1;
    made.touch.channel = Word("it");
    made.touch.held.change();
    made.to = to;
    made.locale = "en";
    for (auto& [role, bytes] : parts)
      made.parts.push_back({role, role == "html" ? "text/html" : "text/plain", bytes});
    made.data = from_json(data).value();
    return made;
  }

  OperationResult send(TouchOrder touch) {
    const Key key = touch.touch.key;
    forget(answers_, key);
    host_->send(std::move(touch));
    return wait_for(answers_, key);
  }
  OperationResult look_up(TouchOrder touch, std::vector<std::string> refs = {}) {
    const Key key = touch.touch.key;
    forget(found_, key);
    host_->look_up(std::move(touch), std::move(refs));
    return wait_for(found_, key);
  }
  // Of a connector; `by`: the value to find it by.
  OperationResult read(const std::string& what, const std::string& by) {
    Read read;
    read.operation = derive_key({"read", what, by});
    read.connector = "it";
    read.what = what;
    read.by = by;
    const Key key = read.operation;
    forget(answers_, key);
    host_->read(std::move(read));
    return wait_for(answers_, key);
  }
  InboundAnswer request(InboundRequest request) {
    std::optional<InboundAnswer> answer;
    host_->request("it", std::move(request), [&](InboundAnswer given) {
      const std::lock_guard lock(mutex_);
      answer = std::move(given);
      changed_.notify_all();
    });
    std::unique_lock lock(mutex_);
    REQUIRE(changed_.wait_for(lock, patience, [&] { return answer.has_value(); }));
    return *answer;
  }
  // Waits until so many have come.
  std::vector<PluginEvent> events(size_t count) {
    std::unique_lock lock(mutex_);
    INFO("events: " << events_.size());
    REQUIRE(changed_.wait_for(lock, patience, [&] { return events_.size() >= count; }));
    return events_;
  }
  std::vector<HeardInput> heard(size_t count) {
    std::unique_lock lock(mutex_);
    REQUIRE(changed_.wait_for(lock, patience, [&] { return heard_.size() >= count; }));
    return heard_;
  }
  // The answer of a send that was begun with host().send().
  OperationResult answer_of(const Key& touch) { return wait_for(answers_, touch); }
  bool answered(const Key& touch) {
    const std::lock_guard lock(mutex_);
    return answers_.contains(touch);
  }
  Instant paced_until() {
    const std::lock_guard lock(mutex_);
    return paced_until_;
  }
  std::atomic<EventFate> fate = EventFate::kept;  // of every event

  // --- Inbox
  void deliver(const Key&, Input input) override {
    const std::lock_guard lock(mutex_);
    if (auto* result = std::get_if<ResultInput>(&input)) answers_[result->touch] = result->result;
    if (auto* found = std::get_if<LookUpInput>(&input)) found_[found->touch] = found->result;
    if (auto* read = std::get_if<ReadInput>(&input)) answers_[read->operation] = read->result;
    if (auto* heard = std::get_if<HeardInput>(&input)) heard_.push_back(*heard);
    changed_.notify_all();
  }
  void deliver_event(PluginEvent event, std::function<void(EventFate)> done) override {
    {
      const std::lock_guard lock(mutex_);
      if (fate == EventFate::kept) events_.push_back(std::move(event));
      changed_.notify_all();
    }
    if (done) done(fate);
  }
  void pace(std::string_view, Instant again_at) override {
    const std::lock_guard lock(mutex_);
    paced_until_ = again_at;
  }

 private:
  using Answers = std::map<Key, OperationResult>;

  // The answer to a repeat is another one.
  void forget(Answers& answers, const Key& key) {
    const std::lock_guard lock(mutex_);
    answers.erase(key);
  }

  OperationResult wait_for(const Answers& answers, const Key& key) {
    std::unique_lock lock(mutex_);
    REQUIRE(changed_.wait_for(lock, patience, [&] { return answers.contains(key); }));
    return answers.at(key);
  }

  SystemClock clock_;
  StageProcess process_;
  std::unique_ptr<PluginLibrary> library_;
  std::unique_ptr<Net> net_;
  StageAlarms alarms_;
  std::mutex mutex_;
  std::condition_variable changed_;
  Answers answers_, found_;
  std::vector<PluginEvent> events_;
  std::vector<HeardInput> heard_;
  Instant paced_until_;
  std::unique_ptr<PluginHost> host_;
};

}  // namespace relance
