// A shop that serves while its rules change: over its socket, under load.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <thread>

#include "net/local_client.h"
#include "serve/serving.h"
#include "support/replay.h"
#include "support/web.h"

namespace fs = std::filesystem;
using namespace relance;
using namespace relance::test;

namespace {

class Shop {
 public:
  explicit Shop(const std::string& name)
      : folder(fs::path(RELANCE_BUILD_DIR) / "tests/serve" / name) {
    fs::remove_all(folder);
    fs::create_directories(folder / "shop/templates");
    configure("5");
    file("contact.lua", "return contact {}\n");
    file("note.lua", flow("1"));
    text("Good morning");
    library_ = open_plugin_library({RELANCE_BUILD_DIR "/lib/relance/plugins"});
    start();
  }

  static std::string flow(const std::string& least) {
    return "local f = flow 'note' { start = event 'payment.failed', key = 'invoice_id', "
           "purpose = 'recovery', expire = minutes(5) }\n"
           "f.first = send { via = 'email', template = 'hello',\n"
           "  when = function(run) return run.event.amount >= eur '" +
           least +
           "' end }\n"
           "f.second = send { after = f.first.otherwise, via = 'email', template = 'hello' }\n"
           "ignore { f.first.opted_out, f.first.skipped, f.second }\n"
           "return f\n";
  }
  void configure(const std::string& answers_after_ms) const {
    file("bundle.lua",
         "return bundle { name = 'shop', currency = 'EUR', zone = 'Europe/Paris', locale = 'en', "
         "controller = 'Shop',\n"
         "  channels = { email = plugin 'relance.sandbox' { as = 'email', class = 'keyed',\n"
         "    delay_ms = 2, answer_after_ms = " +
             answers_after_ms +
             ", react = { open = 0, stop = 0 } } },\n"
             "  crm = plugin 'relance.sandbox' { as = 'crm', class = 'keyed' } }\n");
  }
  void file(const std::string& path, const std::string& text) const {
    std::ofstream(folder / "shop" / path) << text;
  }
  void text(const std::string& words) const {
    file("templates/hello.email.en.mustache", "Subject: Hello\n" + words + "\n");
  }

  void start() {
    auto sources = read_bundle((folder / "shop").string());
    REQUIRE(sources);
    const auto bundle =
        load_bundle(*sources, (folder / "shop").string(), load_options(*library_, true)).bundle;
    REQUIRE(bundle);
    ServeOptions options;
    options.http.listen = "127.0.0.1:0";
    options.installation.store = (folder / "shop.db").string();
    options.installation.sandbox = {true, (folder / "effects.jsonl").string(), 1};
    std::vector<Error> errors;
    auto made = Serving::make(bundle, *library_, std::move(options), errors);
    for (const Error& error : errors) UNSCOPED_INFO(error.text());
    REQUIRE(made);
    serving = std::move(*made);
  }

  HttpReply ask(const std::string& path, const std::string& body) const {
    auto reply = ask_locally(admin_socket((folder / "shop.db").string()),
                             body.empty() ? "GET" : "POST", "/v1/admin/" + path, body, minutes(1));
    REQUIRE(reply);
    return std::move(*reply);
  }
  uint64_t live() const { return serving->installation().generations().live()->number(); }

  int send(Web& web, const std::string& id) const {
    const std::string event = R"({"specversion":"1.0","id":")" + id +
                              R"(","source":"/shop","type":"payment.failed","time":")" +
                              format_instant(SystemClock().now()) + R"(","subject":"c-)" + id +
                              R"(","data":{"invoice_id":"i-)" + id +
                              R"(","amount":{"minor":4900,"currency":"EUR"}}})";
    return web
        .ask("POST", "http://" + serving->address() + "/v1/events", event,
             {{"Content-Type", "application/cloudevents+json"}})
        .status;
  }
  // Everything is done, and the store is closed; then what it tells.
  History finish() {
    REQUIRE(
        serving->installation().run_until_idle(serving->installation().clock().now() + minutes(2)));
    REQUIRE(serving->stop(seconds(10)));
    return replay(serving->installation().node().store());
  }

  const fs::path folder;
  std::unique_ptr<Serving> serving;

 private:
  std::unique_ptr<PluginLibrary> library_;
};

constexpr int kSenders = 2, kEach = 120, kReloads = 12;

}  // namespace

TEST_CASE("reloads under load lose nothing and send nothing twice") {
  Shop shop("reload_load");
  std::atomic<int> kept = 0;
  std::vector<std::thread> senders;
  for (int sender = 0; sender < kSenders; ++sender)
    senders.emplace_back([&, sender] {
      Web web;
      for (int i = 0; i < kEach; ++i)
        kept += shop.send(web, std::to_string(sender) + "-" + std::to_string(i)) == 202;
    });
  for (int i = 0; i < kReloads; ++i) {
    shop.file("note.lua", Shop::flow(std::to_string(i % 3 + 1)));
    shop.file("contact.lua", "return contact { caps = { { channel = any_channel, at_most = " +
                                 std::to_string(50 + i) + ", per = days(1) } } }\n");
    shop.text("Number " + std::to_string(i));
    shop.configure(std::to_string(5 + i / 3));
    const HttpReply reply = shop.ask("reload", R"({"author":"lea","reason":"again"})");
    INFO(reply.body);
    CHECK(reply.status == 200);
  }
  for (std::thread& sender : senders) sender.join();
  CHECK(kept == kSenders * kEach);
  CHECK(shop.live() == 1 + kReloads);

  const History history = shop.finish();
  CHECK(history.live_runs() == 0);
  const auto started = history.records<RunStarted>();
  CHECK(started.size() == kSenders * kEach);
  CHECK(history.records<RunEnded>().size() == started.size());
  CHECK(history.records<RunMoved>().empty());
  std::map<Key, int> mails;
  for (const Touch& touch : history.touches()) {
    if (!touch.is_contact()) continue;
    CHECK(touch.state == TouchState::done);
    CHECK(touch.outcome.str() != "failed");  // some bounce
    ++mails[touch.run];
  }
  CHECK(mails.size() == started.size());
  for (const auto& [run, count] : mails) CHECK(count == 2);
  std::ifstream effects(shop.folder / "effects.jsonl");
  std::map<std::string, int> done;
  for (std::string line; std::getline(effects, line);)
    ++done[std::string(from_json(line)->view().find("key").text().value_or(""))];
  for (const auto& [key, count] : done) CHECK(count == 1);
  CHECK(done.size() >= 2 * started.size());
}

TEST_CASE("a refused reload says where, and the bundle before goes on") {
  Shop shop("reload_refused");
  shop.file("note.lua",
            "local f = flow 'note' { start = event 'payment.failed' }\nf.x = sendd {}\n");
  const HttpReply refused = shop.ask("reload", R"({"author":"lea"})");
  CHECK(refused.status == 409);
  INFO(refused.body);
  const Doc problem = *from_json(refused.body);
  bool placed = false;
  for (const auto& [key, error] : problem.view().find("errors").items())
    placed = placed || (error.find("file").text().value_or("").ends_with("shop/note.lua") &&
                        error.find("line").integer() == 2);
  CHECK(placed);
  CHECK(shop.live() == 1);
  Web web;
  CHECK(shop.send(web, "1") == 202);
  CHECK(shop.ask("no_such", "{}").status == 404);
  CHECK(shop.ask("reload", "{").status == 400);
  CHECK(shop.ask("migrate", R"({"flow":"nobody"})").body.find("E0635") != std::string::npos);
  CHECK(shop.ask("migrate", R"({"flow":"note","undo":true})").body.find("E0636") !=
        std::string::npos);
  const History history = shop.finish();
  CHECK(history.records<RunEnded>().size() == 1);
}

TEST_CASE("a dry run compares and changes nothing; a rollback comes from the store") {
  Shop shop("reload_back");
  shop.text("Good evening");
  const HttpReply dry = shop.ask("reload", R"({"author":"lea","dry_run":true})");
  CHECK(dry.body.find(R"("how":"changed","kind":"file","name":"templates/hello)") !=
        std::string::npos);
  CHECK(shop.live() == 1);
  CHECK(shop.ask("reload", R"({"author":"lea"})").status == 200);
  CHECK(shop.live() == 2);
  const HttpReply same = shop.ask("reload", R"({"author":"lea"})");
  CHECK(same.body.find(R"("unchanged":true)") != std::string::npos);
  CHECK(shop.live() == 2);
  fs::remove_all(shop.folder / "shop/templates");
  CHECK(shop.ask("reload", R"({"author":"tom","reason":"back","generation":-1})").status == 200);
  CHECK(shop.live() == 3);
  const auto bundle = shop.serving->installation().generations().live();
  CHECK(bundle->bundle().sources.at("templates/hello.email.en.mustache").find("Good morning") !=
        std::string::npos);
  shop.finish();
}

TEST_CASE("of two changes at once one is refused, and told so") {
  Shop shop("reload_twice");
  std::atomic<int> refused = 0, others = 0;
  const auto ask_until_one_is = [&] {
    for (int i = 0; i < 500 && refused == 0; ++i) {
      const auto reply =
          ask_locally(admin_socket((shop.folder / "shop.db").string()), "POST", "/v1/admin/reload",
                      R"({"author":"lea","dry_run":true})", minutes(1));
      if (reply && reply->status == 409 && reply->body.find("E0631") != std::string::npos)
        ++refused;
      else if (!reply || reply->status != 200)
        ++others;
    }
  };
  std::thread tom(ask_until_one_is);
  ask_until_one_is();
  tom.join();
  CHECK(refused > 0);
  CHECK(others == 0);
  CHECK(shop.live() == 1);
  shop.finish();
}

TEST_CASE("the socket is its owner's alone") {
  Shop shop("reload_socket");
  const fs::perms mode = fs::status(admin_socket((shop.folder / "shop.db").string())).permissions();
  CHECK((mode & (fs::perms::group_all | fs::perms::others_all)) == fs::perms::none);
  shop.finish();
  const auto gone = ask_locally((shop.folder / "nobody").string(), "GET", "/", "", seconds(1));
  REQUIRE_FALSE(gone);
  CHECK(gone.error().code == Code::no_running_node);
}
