// The C++ layer: an operation ends exactly once, and no exception crosses the line.
#include <relance/plugin.hpp>
#include <stdexcept>

#include "abi/fake_host.h"

namespace {

// What it is told to do stands in the touch's purpose.
class Odd {
 public:
  Odd(rl::Host host, std::string_view config) : host_(host) {
    if (rl::text(config, "refuse") == "yes") throw std::invalid_argument("it is told to refuse");
  }
  void send(rl::Operation op, const rl_touch& touch) {
    const std::string_view what = rl::view(touch.purpose);
    if (what == "throw") throw std::runtime_error("thrown in send");
    if (what == "throw a number") throw 7;
    if (what == "drop") return;
    if (what == "request") return op.request(3, {.url = "http://127.0.0.1/"});
    if (what == "keep") {
      kept_ = op.release();
      host_.timer(1, host_.now());
      return;
    }
    op.complete({.word = "delivered", .refs = {"a", "b"}, .again_at = 0});
    op.complete({.status = RL_FAILED});
  }
  void on_timer(uint64_t) { rl::Operation(host_, kept_).complete({.reason = "later"}); }
  std::string decide(const rl_policy_in&) const { throw std::runtime_error("no \"answer\""); }
  static const void* table(std::string_view) { return nullptr; }

 private:
  rl::Host host_;
  rl_op kept_ = 0;
};

constexpr rl_channel_caps kCaps{};
constexpr rl_channel kChannel = rl::channel<Odd>(kCaps);
constexpr rl_policy kPolicy = rl::policy<Odd>(RL_AT, nullptr, 0);
constexpr rl_plugin kPlugin =
    rl::descriptor<Odd>({.id = "test.odd", .version = "1.0.0", .title = "", .config_schema = "{}"});

class OddStage {
 public:
  OddStage() : self_(kPlugin.create(host.table(), rl::str("{}"), nullptr)) {}
  ~OddStage() { kPlugin.destroy(self_); }
  OddStage(const OddStage&) = delete;
  OddStage& operator=(const OddStage&) = delete;

  void send(rl_op op, const char* what) {
    rl_touch touch{};
    touch.struct_size = sizeof touch;
    touch.purpose = rl::str(what);
    kChannel.send(self_, op, &touch);
  }
  void* self() const { return self_; }

  abi::FakeHost host;

 private:
  void* self_;
};

}  // namespace

TEST_CASE("an operation ends exactly once, with the first result") {
  OddStage stage;  // its host fails the test on a second completion
  stage.send(1, "complete");
  CHECK(stage.host.result(1).status == RL_DONE);
  CHECK(stage.host.result(1).refs == std::vector<std::string>{"a", "b"});
}

TEST_CASE("an operation that is dropped or thrown away ends unknown, and the log says why") {
  OddStage stage;
  stage.send(1, "drop");
  CHECK(stage.host.result(1).status == RL_UNKNOWN);
  stage.send(2, "throw");
  CHECK(stage.host.result(2).status == RL_UNKNOWN);
  stage.send(3, "throw a number");
  CHECK(stage.host.result(3).status == RL_UNKNOWN);
  REQUIRE(stage.host.log.size() == 2);
  CHECK(stage.host.log[0] == "thrown in send");
}

TEST_CASE("a request that the host cannot take ends its operation") {
  OddStage stage;  // its host says RL_WRONG to every request
  stage.send(1, "request");
  CHECK(stage.host.result(1).status == RL_FAILED);
}

TEST_CASE("an operation that is kept stays open until it is completed by its number") {
  OddStage stage;
  stage.send(1, "keep");
  CHECK_FALSE(stage.host.ended(1));
  kPlugin.on_timer(stage.self(), 1);
  CHECK(stage.host.result(1).reason == "later");
}

TEST_CASE("what a constructor or a decision throws becomes a refusal or a problem") {
  abi::FakeHost host;
  std::string said;
  const rl_out out{&said, abi::Instance::append};
  CHECK(kPlugin.create(host.table(), rl::str(R"({"refuse":"yes"})"), &out) == nullptr);
  CHECK(said == "it is told to refuse");
  OddStage stage;
  said.clear();
  const rl_policy_in in{};
  kPolicy.decide(stage.self(), &in, &out);
  CHECK(rl::text(said, "problem") == "no \"answer\"");
}

TEST_CASE("functions that a class does not have are not offered") {
  CHECK(kChannel.send != nullptr);
  CHECK(kChannel.lookup == nullptr);
  CHECK(kChannel.estimate == nullptr);
  CHECK(kPlugin.on_timer != nullptr);
  CHECK(kPlugin.on_io == nullptr);
}
