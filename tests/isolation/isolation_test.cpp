// A plugin in a process of its own: what goes wrong there harms nobody here, and every operation
// still ends, once, as what had begun allows.
#include <poll.h>
#include <signal.h>

#include "net/http_server.h"
#include "plugins/isolation/frames.h"
#include "support/plugin_stage.h"

using namespace relance;

namespace {

class Rough : public PluginStage {
 public:
  explicit Rough(Role role = Role::channel)
      : PluginStage("test.rough", "{}", {}, role, nullptr, {}, true) {}

  OperationResult send_to(const std::string& address) {
    return send(order("touch-" + std::to_string(++touches_), address));
  }
  // Its process is there again: what it is asked to do, it does.
  OperationResult again() {
    for (int i = 0; i < 400; ++i) {
      const OperationResult result = send_to("pid");
      if (result.status == OperationStatus::done) return result;
      CHECK(result.status == OperationStatus::not_now);
      poll(nullptr, 0, 25);
    }
    FAIL("it was not started again");
    return {};
  }
  int pid() { return std::stoi(again().reason); }

 private:
  int touches_ = 0;
};

// Answers each request as it is told.
std::unique_ptr<HttpServer> provider(const std::string& answer) {
  ServerOptions options;
  options.listen = "127.0.0.1:0";
  auto server = start_http_server(options, [answer](ServerRequest, auto respond) {
    ServerAnswer said;
    said.body = answer;
    respond(said);
  });
  REQUIRE(server);
  return std::move(*server);
}

}  // namespace

TEST_CASE("an isolated plugin works as it does in the engine's own process", "[S2-02]") {
  Rough rough;
  CHECK(rough.pid() != getpid());
  CHECK(rough.send_to("later").reason == "timer");
  CHECK(rough.send_to("environment").reason == "none");
  const Channel* channel = rough.host().channel("it");
  REQUIRE(channel);
  CHECK(channel->kind == "sms");
  CHECK(channel->cost_micro == 75000);
  const auto server = provider(R"({"do": "nothing"})");
  const OperationResult posted = rough.send_to("http://" + server->address() + "/");
  CHECK(posted.status == OperationStatus::done);
  CHECK(posted.reason == "nothing");
  CHECK(posted.refs == std::vector<std::string>{"nothing"});
  const std::string large(3u << 20, 'x');
  const OperationResult echoed =
      rough.send(PluginStage::order("large", "text", {{"text", R"({"a": ")" + large + "\"}"}}));
  CHECK(echoed.data.view().find("a").text() == large);
}

TEST_CASE("an isolated policy answers, and its crash is a decision that failed") {
  Rough rough(InstanceSpec::Role::policy);
  auto answer = rough.host().policy("it", "at", "{}");
  REQUIRE(answer);
  CHECK(answer->view().find("reason").text() == "rough");
  CHECK_FALSE(rough.host().policy("it", "choose", "{}"));
  for (int i = 0; i < 400 && !rough.host().policy("it", "at", "{}"); ++i) poll(nullptr, 0, 25);
  CHECK(rough.host().policy("it", "at", "{}"));
}

TEST_CASE("a crash before any effect is `not now`, and the plugin is started again") {
  Rough rough;
  for (const char* how : {"crash", "exit", "junk"}) {
    const int before = rough.pid();
    INFO(how);
    const OperationResult result = rough.send_to(how);
    CHECK(result.status == OperationStatus::not_now);
    CHECK_FALSE(result.again_at.is_never());
    CHECK(rough.pid() != before);
  }
}

TEST_CASE("a crash after an effect had begun is unknown, also where the provider had answered") {
  Rough rough;
  CHECK(rough.send_to("effect").status == OperationStatus::unknown);
  rough.again();
  const auto server = provider(R"({"do": "crash"})");
  CHECK(rough.send_to("http://" + server->address() + "/").status == OperationStatus::unknown);
  rough.again();
}

TEST_CASE("a process that is stopped is seen by the pings it misses") {
  Rough rough;
  const int before = rough.pid();
  CHECK(rough.send_to("stop").status == OperationStatus::not_now);
  CHECK(rough.pid() != before);
}

TEST_CASE("two gigabytes and ten thousand files are refused to it, and it works on") {
  Rough rough;
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // no limit there
  CHECK(rough.send_to("allocate").reason == "no_memory");
#endif
  CHECK(rough.send_to("files").reason == "no_files");
  CHECK(rough.send_to("pid").status == OperationStatus::done);
}

TEST_CASE("five ends within a minute pause the channel") {
  Rough rough;
  for (int i = 0; i < 5; ++i) {
    rough.again();
    CHECK(rough.paced_until() == Instant{});
    CHECK(rough.send_to("crash").status == OperationStatus::not_now);
  }
  CHECK(rough.paced_until() > Instant{});
  CHECK(rough.send_to("pid").status == OperationStatus::not_now);  // and it is not asked
}

TEST_CASE("its process ends with the instance, and one that is stopped too") {
  for (const char* how : {"pid", "stop"}) {
    int pid = 0;
    {
      Rough rough;
      pid = rough.pid();
      rough.host().send(PluginStage::order("last", how));
    }
    INFO(how);
    CHECK(kill(pid, 0) != 0);
  }
}

TEST_CASE("a plugin that makes no instance, or crashes over it, is refused by name") {
  const SystemClock clock;
  for (const auto& [config, reason] :
       {std::pair{R"({"refuse": true})", "it refuses"}, {R"({"crash": true})", "signal 11"}}) {
    auto library = open_plugin_library({RELANCE_BUILD_DIR "/tests/isolation"});
    StageAlarms alarms(clock);
    const StageProcess process;
    Rough inbox;  // somebody who takes what comes
    const auto net = make_no_net();
    InstanceSpec spec;
    spec.name = "it";
    spec.plugin = "test.rough";
    spec.config = from_json(config).value();
    spec.isolated = true;
    std::vector<Error> errors;
    CHECK_FALSE(PluginHost::make(*library, {spec}, {clock, alarms, inbox, *net, process}, errors));
    REQUIRE(errors.size() == 1);
    CHECK(errors[0].code == Code::plugin_refused);
    CHECK(errors[0].message.find(reason) != std::string::npos);
  }
}

TEST_CASE("frames come out as they went in, in whatever pieces, and junk is seen") {
  using namespace relance::isolation;
  const std::string bytes = frame_bytes(3, 7, "body") + frame_bytes(4, 8, "");
  FrameReader whole;
  Frame frame;
  for (const char byte : bytes.substr(0, bytes.size() - 1)) whole.add(&byte, 1);
  REQUIRE(whole.next(frame));
  CHECK(frame.kind == 3);
  CHECK(frame.number == 7);
  CHECK(frame.body == "body");
  CHECK_FALSE(whole.next(frame));
  whole.add(&bytes.back(), 1);
  CHECK(whole.next(frame));
  FrameReader junk;
  junk.add("\xff\xff\xff\xff 123456789012", 17);
  CHECK_FALSE(junk.next(frame));
  CHECK(junk.junk());
}
