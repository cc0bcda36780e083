// A relance.generate/1 plugin in the engine's own host services, asked one question at a time: what
// the engine's bridges ask, with everything that comes back in sight. Waiting is polling with a
// deadline.
#pragma once

#include <relance/generate.h>

#include "plugins/c_text.h"
#include "plugins/instance.h"
#include "plugins/operations.h"
#include "plugins/plugin_config.h"
#include "support/plugin_stage.h"

namespace relance {

struct Question {
  uint32_t kind = RL_UNDERSTAND;
  std::string text, language = "en";
  std::vector<std::string> expect;
  std::string input = R"({"heard":"words"})";
  uint32_t answer_ms = 0;
};

class AskedModel : public Inbox {
 public:
  AskedModel(const std::string& plugin, const std::string& config,
             std::map<std::string, std::string, std::less<>> secrets = {})
      : net_(make_curl_net()), alarms_(clock_), ports_{clock_, alarms_, *this, *net_, process_} {
    process_.variables = std::move(secrets);
    spec_.role = InstanceSpec::Role::understanding;
    spec_.name = "model";
    spec_.plugin = plugin;
    spec_.config = from_json(config).value();
    auto loaded =
        load_plugin(std::string(RELANCE_BUILD_DIR "/lib/relance/plugins/") + plugin + ".so");
    REQUIRE(loaded);
    auto ready = prepare_config(**loaded, spec_, &process_);
    if (!ready) UNSCOPED_INFO(ready.error().text());
    REQUIRE(ready);
    instance_ = std::make_unique<Instance>(**loaded, spec_, ports_, operations_, [](Duration) {});
    instance_->configure(std::move(*ready));
    REQUIRE(instance_->start());
  }
  ~AskedModel() override {
    net_.reset();  // no reply comes any more
    instance_.reset();
  }

  OperationResult ask(const Question& question) {
    const std::vector<rl_str> expect = c_list(question.expect);
    rl_question c{};
    c.struct_size = sizeof c;
    c.kind = question.kind;
    c.text = c_str(question.text);
    c.language = c_str(question.language);
    c.expect = expect.data();
    c.expect_count = expect.size();
    c.expect_own = static_cast<uint32_t>(expect.size());
    c.answer_ms = question.answer_ms;
    c.input = c_str(question.input);
    std::optional<OperationResult> answer;
    Operation operation;
    operation.done = [&](OperationResult result) {
      const std::lock_guard lock(mutex_);
      answer = std::move(result);
      changed_.notify_all();
    };
    instance_->run(std::move(operation), minutes(1), [&](uint64_t id) {
      instance_->plugin().generate->produce(instance_->self(), id, &c);
    });
    std::unique_lock lock(mutex_);
    REQUIRE(changed_.wait_for(lock, std::chrono::seconds(20), [&] { return answer.has_value(); }));
    return *answer;
  }

  void deliver(const Key&, Input) override {}
  void deliver_event(PluginEvent, std::function<void(EventFate)>) override {}
  void pace(std::string_view, Instant) override {}

 private:
  SystemClock clock_;
  StageProcess process_;
  std::unique_ptr<Net> net_;
  StageAlarms alarms_;
  InstanceSpec spec_;
  HostPorts ports_;
  Operations operations_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::unique_ptr<Instance> instance_;
};

}  // namespace relance
