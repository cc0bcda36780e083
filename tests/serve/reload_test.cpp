// A shop that serves while its rules change: over its socket, under load.
#include <thread>

#include "serve/shop.h"

using namespace relance;
using namespace relance::test;

namespace {

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
