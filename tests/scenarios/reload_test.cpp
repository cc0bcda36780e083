// The real program reloads: by command, by signal, and when it is killed in the middle.
#include <poll.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>

#include "base/crash_point.h"
#include "net/local_client.h"
#include "node/derived.h"
#include "scenarios/child_process.h"
#include "scenarios/shop.h"
#include "store/store.h"

namespace fs = std::filesystem;
using namespace relance;
using namespace relance::test;

namespace {

const std::string kProgram = RELANCE_BUILD_DIR "/bin/relance";
constexpr int kWithinMs = 30'000;

class Server {
 public:
  explicit Server(const std::string& name) : shop_(name, "keyed") {}

  void start(const std::vector<std::string>& environment = {},
             const std::vector<std::string>& arguments = {}) {
    ChildProcess::Options options{shop_.path("log"), environment};
    std::vector<std::string> command{
        kProgram,      "serve",    shop_.path("bundle"),         "--store",
        shop_.store(), "--listen", "unix:" + shop_.path("http"), "--sandbox"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    child_ = std::make_unique<ChildProcess>(command, options);
    INFO(shop_.log());
    REQUIRE(until([&] { return fs::exists(shop_.path("http")) && answers(); }));
  }
  // What the program answers to a command about this store.
  int told(const std::vector<std::string>& arguments) {
    std::vector<std::string> command{kProgram};
    command.insert(command.end(), arguments.begin(), arguments.end());
    command.insert(command.end(), {"--store", shop_.store()});
    ChildProcess::Options options{shop_.path("told"), {}};
    ChildProcess child(command, options);
    REQUIRE(child.ends_within(kWithinMs));
    return child.exit();
  }
  bool answers() const {
    return ask_locally(shop_.store() + "-admin", "GET", "/v1/admin/generation", "", seconds(5))
        .ok();
  }

  template <class Holds>
  bool until(Holds holds) {
    for (int i = 0; i < 300; ++i) {
      if (holds()) return true;
      if (child_->ends_within(100)) return false;
    }
    return false;
  }
  void change(const std::string& words) {
    std::ofstream(shop_.path("bundle/templates/hello.email.en.mustache"))
        << "Subject: Hello\n" + words + "\n";
  }
  std::vector<Generation> kept() {
    StoreOptions how;
    how.read_only = true;
    how.derive = entry_deriver();
    auto store = open_store(shop_.store(), std::move(how));
    REQUIRE(store);
    return (*store)->reader()->generations().value();
  }
  ChildProcess& child() { return *child_; }
  const Shop& shop() const { return shop_; }

 private:
  Shop shop_;
  std::unique_ptr<ChildProcess> child_;
};

}  // namespace

TEST_CASE("a reload that is killed in the middle leaves the old generation or the new one") {
  const std::vector<std::pair<CrashPoint, size_t>> points = {
      {CrashPoint::reload_checked, 1},
      {CrashPoint::generation_kept, 2},
      {CrashPoint::generation_active, 2},
  };
  for (const auto& [point, generations] : points) {
    const std::string name(crash_point_name(point));
    CAPTURE(name);
    Server server("reload-" + name);
    const int visit = point == CrashPoint::reload_checked ? 1 : 2;  // a start comes there, too
    server.start({"RELANCE_CRASH_AT=" + name + ":" + std::to_string(visit)});
    server.change("Another morning");
    CHECK(server.told({"reload", "--author", "lea"}) == 3);
    REQUIRE(server.child().ends_within(kWithinMs));
    CHECK(server.child().exit() == -SIGKILL);
    CHECK(server.kept().size() == generations);
    server.start();
    CHECK(server.kept().size() == 2);  // the files of now, once
    server.child().signal(SIGTERM);
    REQUIRE(server.child().ends_within(kWithinMs));
    CHECK(server.child().exit() == 0);
  }
}

TEST_CASE("SIGHUP reloads, a broken file leaves what was, and rollback needs no files") {
  Server server("reload-signal");
  server.start();
  server.change("Another morning");
  server.child().signal(SIGHUP);
  REQUIRE(server.until([&] { return server.kept().size() == 2; }));
  CHECK(server.kept().front().author == "SIGHUP");

  std::ofstream(server.shop().path("bundle/crash.lua")) << "local f = \n";
  CHECK(server.told({"reload"}) == 1);
  CHECK(read_text(server.shop().path("told")).find("crash.lua:") != std::string::npos);
  CHECK(server.kept().size() == 2);
  CHECK(server.told({"rollback", "--author", "lea", "--reason", "the mail was wrong"}) == 0);
  REQUIRE(server.kept().size() == 3);
  CHECK(server.kept().front().author == "lea");
  CHECK(server.kept().front().reason == "the mail was wrong");
  CHECK(server.told({"generations", "--diff", "3"}) == 0);
  server.child().signal(SIGTERM);
  REQUIRE(server.child().ends_within(kWithinMs));
  CHECK(server.told({"reload"}) == 3);  // nobody listens
  server.start();                       // with files that are still broken
  CHECK(server.kept().size() == 3);
  server.child().signal(SIGTERM);
  REQUIRE(server.child().ends_within(kWithinMs));
  CHECK(server.told({"rollback", "--to", "2", "--sandbox"}) == 0);  // where nobody listens
  CHECK(server.kept().size() == 4);
}

TEST_CASE("--watch takes what changes, passes over what is broken and takes it once it is mended") {
  Server server("reload-watch");
  server.start({}, {"--watch"});
  const std::string flow = read_text(server.shop().path("bundle/crash.lua"));
  server.change("Another morning");
  REQUIRE(server.until([&] { return server.kept().size() == 2; }));
  CHECK(server.kept().front().author == "watch");

  std::ofstream(server.shop().path("bundle/crash.lua")) << "local f = \n";
  REQUIRE(server.until([&] { return server.shop().says("crash.lua"); }));
  CHECK(server.kept().size() == 2);
  CHECK(server.answers());
  std::ofstream(server.shop().path("bundle/crash.lua")) << flow << "-- mended\n";
  REQUIRE(server.until([&] { return server.kept().size() == 3; }));
  server.child().signal(SIGTERM);
  REQUIRE(server.child().ends_within(kWithinMs));
  CHECK(server.child().exit() == 0);
}
