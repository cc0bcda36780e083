// Requests that outlive their operation, their instance or the net.
#include <future>

#include "net/raw_server.h"
#include "support/plugin_stage.h"

using namespace relance;

namespace {

// Keeps nothing: nobody is there any more.
class NoInbox final : public Inbox {
 public:
  void deliver(const Key&, Input) override {}
  void deliver_event(PluginEvent, std::function<void(EventFate)>) override {}
  void pace(std::string_view, Instant) override {}
};

struct Place {
  SystemClock clock;
  StageProcess process;
  NoInbox inbox;
  StageAlarms alarms{clock};
  std::unique_ptr<PluginLibrary> library =
      open_plugin_library({RELANCE_BUILD_DIR "/lib/relance/plugins"});

  std::unique_ptr<PluginHost> host(Net& net, const std::string& url) {
    process.variables = {{"MAIL", "token"}};
    InstanceSpec spec;
    spec.name = "it";
    spec.plugin = "relance.email.http";
    spec.config = from_json(R"({"url":")" + url +
                            R"(","secret":{"secret":"MAIL"},"from":"hello@shop.example"})")
                      .value();
    const HostPorts ports{clock, alarms, inbox, net, process};
    std::vector<Error> errors;
    auto made = PluginHost::make(*library, {spec}, ports, errors);
    REQUIRE(made);
    return std::move(*made);
  }
};

TouchOrder letter() {
  return PluginStage::order("ann", "ann@example.com", {{"subject", "Hi"}, {"text", "Hello"}});
}

}  // namespace

TEST_CASE("a reply that comes when its instance is gone goes nowhere") {
  std::promise<void> heard, go_on;
  const std::shared_future<void> gone = go_on.get_future().share();
  RawServer server([&](RawPeer& peer) {
    peer.hear("\r\n\r\n");
    heard.set_value();
    gone.wait();
    peer.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
    peer.hang();
  });
  Place place;
  const auto net = make_curl_net();
  auto host = place.host(*net, server.url("http"));
  host->send(letter());
  heard.get_future().wait();
  host.reset();
  go_on.set_value();
  // A second request over the same net: its reply comes behind the one that goes nowhere.
  RawServer other([](RawPeer& peer) {
    peer.hear("\r\n\r\n");
    peer.say("HTTP/1.1 204 No\r\n\r\n");
    peer.hang();
  });
  std::promise<int> status;
  HttpRequest request;
  request.method = "GET";
  request.url = other.url("http");
  net->http(std::move(request), [&](const HttpReply& reply) { status.set_value(reply.status); });
  CHECK(status.get_future().get() == 204);
}

TEST_CASE("the net may end before the instances whose requests are under way") {
  std::promise<void> heard;
  RawServer server([&](RawPeer& peer) {
    peer.hear("\r\n\r\n");
    heard.set_value();
    peer.hang();
  });
  Place place;
  auto net = make_curl_net();
  auto host = place.host(*net, server.url("http"));
  host->send(letter());
  heard.get_future().wait();
  net.reset();
  CHECK(host->open_operations() == 1);  // settled by its time limit, or by the next start
  host.reset();
}
