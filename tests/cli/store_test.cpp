// `relance store`: what it tells, what it refuses, and what it leaves.
#include <catch2/catch.hpp>

#include "cli/program.h"

namespace fs = std::filesystem;
using namespace relance;
using namespace relance::test;

namespace {

const std::string kSmall = kSource / "tests/cli/bundles/small";

struct Shop {
  const fs::path home = fresh_directory("store");
  const std::string store = home / "shop.db", events = home / "events.jsonl";

  // One run that is long over, and one that waits for next month.
  Shop() {
    write(events, failed_payment("1", "ann") + failed_payment("2", "ben", "2026-05-05T09:00:00Z"));
    const Answer ran = run();
    INFO(ran.err);
    REQUIRE(ran.exit == 0);
  }
  Answer run() const {
    return command({"run", kSmall, "--events", events, "--store", store, "--clock", "virtual",
                    "--sandbox", "--json", "--until", "2026-05-06T00:00:00Z"});
  }
  Answer look(std::vector<std::string> words) const {
    words.insert(words.begin(), "store");
    words.insert(words.end(), {"--store", store});
    return command(words);
  }
};

int64_t number(const Answer& answer, const char* field) {
  const Doc doc = json(answer.out);
  const auto value = doc.view().find(field).integer();
  REQUIRE(value);
  return *value;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a whole store is said to be whole, a damaged one what is wrong with it") {
  const Shop shop;
  const Answer whole = shop.look({"check", "--rebuild", "--json"});
  CHECK(whole.exit == 0);
  CHECK(number(whole, "entries") == number(shop.look({"info", "--json"}), "entries"));
  CHECK(has(shop.look({"check"}).out, "whole: "));

  std::string bytes = read(shop.store);
  constexpr size_t kPage = 4096, kFromEnd = 20;  // what a page holds lies at its end
  for (size_t end = 2 * kPage; end <= bytes.size(); end += kPage)
    bytes[end - kFromEnd] = static_cast<char>(bytes[end - kFromEnd] ^ 0x55);
  write(shop.store, bytes);
  const Answer damaged = shop.look({"check"});
  CHECK((damaged.exit == 1 || damaged.exit == 3));
  CHECK(has(damaged.err, "E0403"));
}

TEST_CASE("a store that is not there, or in no file, is refused") {
  const fs::path home = fresh_directory("store-none");
  for (const char* what : {"check", "info", "compact"})
    CHECK(command({"store", what, "--store", home / "none.db"}).exit == 3);
  CHECK(command({"store", "backup", home / "b.db", "--store", "memory:"}).exit == 2);
  CHECK(command({"store", "restore", home / "b.db", "--store", home / "x.db"}).exit == 3);
  CHECK_FALSE(fs::exists(home / "x.db"));
  CHECK(command({"store"}).exit == 2);
}

TEST_CASE("a backup into a directory gets a name of its own, and is a store") {
  const Shop shop;
  const Answer made = shop.look({"backup", shop.home, "--json"});
  INFO(made.err);
  REQUIRE(made.exit == 0);
  const Doc copy = json(made.out);
  const std::string path(copy.view().find("path").text().value_or(""));
  CHECK(has(path, "/shop-2"));
  CHECK(command({"runs", "--store", path, "--json"}).out ==
        command({"runs", "--store", shop.store, "--json"}).out);
  CHECK_FALSE(fs::exists(path + "-wal"));
}

TEST_CASE("a restored store is held, and says since when") {
  const Shop shop;
  const std::string backup = shop.home / "b.db";
  REQUIRE(shop.look({"backup", backup}).exit == 0);
  const Answer refused = shop.look({"restore", backup});
  CHECK(refused.exit == 2);
  CHECK(has(refused.err, "E0604"));
  REQUIRE(shop.look({"restore", backup, "--replace"}).exit == 0);
  const Doc info = json(shop.look({"info", "--json"}).out);
  CHECK(has(std::string(info.view().find("sends").text().value_or("")),
            "nothing is known after 2026-05-0"));
  // On a virtual clock nobody is waited for.
  const Answer held = shop.run();
  CHECK(held.exit == 3);
  CHECK(has(held.err, "E0407"));
  CHECK(command({"resume", "--sends", "--store", shop.store}).exit == 0);
  CHECK(has(command({"resume", "--sends", "--store", shop.store}).out, "no sends are held"));
  CHECK(shop.run().exit == 0);
  CHECK(command({"resume", "--store", shop.store}).exit == 2);
}

TEST_CASE("history that is summed up is told no more, and what lives is") {
  const Shop shop;
  const auto runs = [&] {
    return lines_of(command({"runs", "--store", shop.store, "--json"}).out);
  };
  const auto before = runs();
  REQUIRE(before.size() == 2);
  CHECK(shop.look({"compact", "--keep-days", "34"}).exit == 2);
  const Answer done = shop.look({"compact", "--keep-days", "60", "--json"});
  INFO(done.err);
  REQUIRE(done.exit == 0);
  CHECK(number(done, "customers") >= 1);
  CHECK(number(done, "entries_removed") > 3);
  CHECK(runs() == std::vector<std::string>{before[1]});
  CHECK(shop.look({"check", "--rebuild"}).exit == 0);
  CHECK(has(command({"explain", "ann", "--store", shop.store}).out, "summed up"));
  CHECK(shop.run().exit == 0);
}
