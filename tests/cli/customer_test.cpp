// `relance customer`: what a customer may ask, over a store that no engine runs on; and that
// nothing of an erased one is left in any file of the shop, or said anywhere.
#include <catch2/catch.hpp>

#include "cli/program.h"

namespace fs = std::filesystem;
using namespace relance;
using namespace relance::test;

namespace {

const std::string kBundle = kSource / "tests/cli/bundles/small";
constexpr const char* kPersonal[] = {"ann@example.com", "33639980001", "Ann", "i-ann"};

std::string text_of(const Doc& record, const std::string& path) {
  return std::string(record.view().find_path(path).text().value_or(""));
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// A shop in which ann was written to, and is to be written to again on the next day; and so was
// ben.
struct Shop {
  explicit Shop(const std::string& name) : home(fresh_directory("customer-" + name)) {
    write(home / "customers.csv",
          "id,email,phone,timezone,locale,first_name\n"
          "ann,ann@example.com,+33639980001,Europe/Paris,en,Ann\n"
          "ben,ben@example.com,+33639980002,Europe/Paris,en,Ben\n");
    fs::copy(kBundle, home / "shop", fs::copy_options::recursive);
    fs::copy_file(home / "customers.csv", home / "shop/sample/customers.csv",
                  fs::copy_options::overwrite_existing);
    write(home / "shop/contact.lua",
          "return contact { caps = { { channel = 'sms', at_most = 1, per = hours(30) } } }\n");
    // And somebody wrote from her number, whoever that may be to whom it was told.
    write(events, failed_payment("ann", "ann") + failed_payment("ben", "ben") +
                      R"({"specversion":"1.0","id":"m","source":"/sms","type":"message.received",)"
                      R"("time":"2026-01-05T15:00:00Z","subject":"address:+33639980001",)"
                      R"("data":{"address":"+33639980001","text":"Ann here, who is this?"}})"
                      "\n");
    run("2026-01-06T00:00:00Z");
  }
  Answer run(const std::string& until) {
    const Answer ran = command({"run", home / "shop", "--events", events, "--store", store,
                                "--clock", "virtual", "--sandbox", "--until", until, "--json"});
    INFO(ran.err);
    REQUIRE(ran.exit == 0);
    said += ran.out + ran.err;
    return ran;
  }
  Answer ask(std::vector<std::string> words) {
    words.insert(words.begin(), "customer");
    words.insert(words.end(),
                 {"--store", store, "--author", "lea", "--clock", "virtual", "--sandbox"});
    const Answer answer = command(words);
    INFO(answer.err);
    REQUIRE(answer.exit == 0);
    return answer;
  }
  Doc export_of(const std::string& who) { return json(ask({"export", who}).out); }
  Answer look(std::vector<std::string> words) const {
    words.insert(words.end(), {"--store", store});
    return command(words);
  }
  size_t touches(const std::string& channel, const std::string& who) const {
    return lines_of(look({"touches", "--channel", channel, "--customer", who, "--outcome",
                          "delivered", "--json"})
                        .out)
        .size();
  }
  const fs::path home;
  const std::string store = home / "shop.db", events = home / "events.jsonl";
  std::string said;  // by the engine
};

}  // namespace

TEST_CASE("a customer is told all that is kept about him, in one object", "[S0-33]") {
  Shop shop("export");
  const Doc told = shop.export_of("ann");
  INFO(to_json(told));
  CHECK(text_of(told, "customer") == "ann");
  CHECK(text_of(told, "pseudonym").size() == 26);
  CHECK(text_of(told, "profile.email") == "ann@example.com");
  const DocView view = told;
  REQUIRE(view.find("events").size() == 1);
  REQUIRE(view.find("contacts").size() >= 2);
  bool wrote = false;
  for (const auto& [place, contact] : view.find("contacts").items())
    wrote |= contact.find("to").text() == "ann@example.com" &&
             has(std::string(contact.find_path("said.text").text().value_or("")), "Hello Ann.");
  CHECK(wrote);
  CHECK(view.find("answers").size() >= 2);
  CHECK(view.find("runs").size() == 1);
  CHECK_FALSE(has(to_json(told), "ben@example.com"));
  // That he was told is written down, and nothing of what he was told.
  const Doc again = shop.export_of("ann");
  REQUIRE(again.view().find("commands").size() == 2);
  for (const auto& [place, command] : again.view().find("commands").items()) {
    CHECK(command.find("command").text() == "export");
    CHECK(command.find("author").text() == "lea");
    CHECK(command.find("detail").is_null());
  }
}

TEST_CASE("nothing of an erased customer is left in any file, or told by any command", "[S0-33]") {
  Shop shop("erase");
  const Doc before = shop.export_of("ann");
  const std::string pseudonym = text_of(before, "pseudonym");
  const size_t decisions = before.view().find("decisions").size();
  const Answer erased = shop.ask({"erase", "ann", "--json"});
  CHECK(json(erased.out).view().find("erased").boolean() == true);
  CHECK(text_of(json(erased.out), "pseudonym") == pseudonym);

  fs::remove(shop.home / "customers.csv");
  fs::remove_all(shop.home / "shop");  // the CRM's own file is the shop's to change
  fs::remove(shop.events);
  for (const auto& file : fs::recursive_directory_iterator(shop.home)) {
    if (!file.is_regular_file()) continue;
    const std::string bytes = read(file.path());
    for (const char* personal : kPersonal) {
      INFO(file.path() << " " << personal);
      CHECK_FALSE(has(bytes, personal));
    }
  }
  std::string told = shop.said;
  for (const std::vector<std::string>& look :
       std::vector<std::vector<std::string>>{{"runs", "--json"},
                                             {"touches", "--json"},
                                             {"explain", pseudonym},
                                             {"status"},
                                             {"store", "check", "--rebuild"},
                                             {"customer", "export", "ann"}}) {
    const Answer answer = shop.look(look);
    told += answer.out + answer.err;
  }
  for (const char* personal : kPersonal) {
    INFO(personal << " in " << told);
    CHECK_FALSE(has(told, personal));
  }
  // What was decided about him stays, under his pseudonym; others are as they were.
  CHECK(shop.look({"store", "check", "--rebuild"}).exit == 0);
  CHECK(shop.touches("email", pseudonym) == 1);
  CHECK(shop.touches("email", "ben") == 1);
  CHECK(has(shop.look({"explain", pseudonym}).out, "The customer was erased."));
  const Doc after = shop.export_of(pseudonym);
  CHECK(text_of(after, "customer").empty());
  CHECK(after.view().find("decisions").size() >= decisions);
  CHECK(shop.look({"customer", "export", "ann"}).exit == 1);
  CHECK(has(shop.look({"customer", "export", "ann"}).err, "E0710"));
}

TEST_CASE("an erased customer is written to no more, and one who comes back begins anew") {
  Shop shop("after");
  const size_t before = shop.touches("sms", "ben");
  const std::string pseudonym = text_of(shop.export_of("ann"), "pseudonym");
  shop.ask({"erase", "ann"});
  shop.run("2026-02-20T00:00:00Z");
  CHECK(shop.touches("sms", "ben") == before + 1);
  CHECK(lines_of(shop.look({"touches", "--channel", "sms", "--customer", pseudonym, "--json"}).out)
            .size() <= 2);  // sent once, the second put off
  write(shop.events, read(shop.events) + failed_payment("ann2", "ann", "2026-03-01T09:00:00Z"));
  shop.run("2026-03-02T00:00:00Z");
  const Doc told = shop.export_of("ann");
  CHECK(text_of(told, "pseudonym") == pseudonym);
  CHECK(text_of(told, "profile.email") == "ann@example.com");
  CHECK(shop.look({"store", "check", "--rebuild"}).exit == 0);
}

TEST_CASE("a backup from before an erasure is erased again where it is restored", "[S0-33]") {
  Shop shop("restore");
  const std::string backup = shop.home / "backup.db";
  REQUIRE(shop.look({"store", "backup", backup}).exit == 0);
  shop.ask({"erase", "ann"});
  REQUIRE(shop.look({"store", "restore", backup, "--replace"}).exit == 0);
  CHECK(has(read(shop.store), "ann@example.com"));
  // The first who works on it, whoever it is about.
  shop.ask({"restrict", "ben"});
  CHECK(shop.look({"customer", "export", "ann"}).exit == 1);
  CHECK_FALSE(has(read(shop.store), "ann@example.com"));
  CHECK(shop.look({"store", "check", "--rebuild"}).exit == 0);
}

TEST_CASE("a restricted customer is not written to until it is lifted", "[S0-33]") {
  Shop shop("restrict");
  const size_t before = shop.touches("sms", "ben");
  REQUIRE(shop.touches("sms", "ann") == before);
  CHECK(has(shop.ask({"restrict", "ann"}).out, "kept and not used"));
  CHECK(shop.export_of("ann").view().find("restricted").boolean() == true);
  shop.run("2026-02-20T00:00:00Z");
  CHECK(shop.touches("sms", "ben") == before + 1);
  CHECK(shop.touches("sms", "ann") == before);
}

TEST_CASE("what is rectified and supplemented is used, and its audit names only fields",
          "[S0-33]") {
  Shop shop("rectify");
  shop.ask({"rectify", "ann", "--set", "phone=+33639980009"});
  shop.ask({"supplement", "ann", "--set", "city=Lyon", "--set", "first_name=Other"});
  const Doc told = shop.export_of("ann");
  CHECK(text_of(told, "profile.phone") == "+33639980009");
  CHECK(text_of(told, "profile.city") == "Lyon");
  CHECK(text_of(told, "profile.first_name") == "Ann");
  CHECK(text_of(told, "corrected.phone") == "+33639980009");
  const Doc again = shop.export_of("ann");
  const std::string commands = to_json(again.view().find("commands"));
  CHECK(has(commands, R"("fields":["phone"])"));
  CHECK(has(commands, R"("fields":["city","first_name"])"));
  CHECK_FALSE(has(commands, "+33639980009"));
  CHECK_FALSE(has(commands, "Lyon"));
  shop.run("2026-02-20T00:00:00Z");
  const Doc after = shop.export_of("ann");
  CHECK(text_of(after, "profile.phone") == "+33639980009");
  bool wrote = false;
  for (const auto& [place, contact] : after.view().find("contacts").items())
    wrote |= contact.find("to").text() == "+33639980009";
  CHECK(wrote);
}

TEST_CASE("what cannot be asked is refused, and repeats no value") {
  Shop shop("refused");
  const Answer nothing = shop.look({"customer", "rectify", "ann"});
  CHECK(nothing.exit == 2);
  CHECK(has(nothing.err, "E0002"));
  const Answer shapeless = shop.look({"customer", "rectify", "ann", "--set", "+33639980001"});
  CHECK(shapeless.exit == 2);
  CHECK_FALSE(has(shapeless.err, "33639980001"));
  CHECK(shop.look({"customer", "restrict", "nobody"}).exit == 1);
  CHECK(shop.look({"customer", "erase", "ann", "--clock", "moon"}).exit == 2);
}
