// `relance handoff`: the human queues from the command line, over a store that no engine runs on.
#include <catch2/catch.hpp>

#include "cli/program.h"

namespace fs = std::filesystem;
using namespace relance;
using namespace relance::test;

namespace {

const std::string kBundle = kSource / "tests/cli/bundles/desk";

Answer run(const std::string& store, const std::string& events, const std::string& until) {
  return command({"run", kBundle, "--events", events, "--store", store, "--clock", "virtual",
                  "--sandbox", "--until", until, "--json"});
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string text_of(const Doc& record, const std::string& path) {
  return std::string(record.view().find_path(path).text().value_or(""));
}

// A store with one case in the queue, made once and copied.
struct Waiting {
  Waiting() : home(fresh_directory("handoff")), events((home / "events.jsonl").string()) {
    write(events, failed_payment("1", "ann"));
    const Answer ran = run((home / "first.db").string(), events, "2026-01-05T09:10:00Z");
    INFO(ran.err);
    REQUIRE(ran.exit == 0);
  }
  fs::path home;
  std::string events;
};

struct Desk {
  explicit Desk(const std::string& name) {
    static const Waiting waiting;
    events = waiting.events;
    store = waiting.home / (name + ".db");
    fs::copy(waiting.home / "first.db", store, fs::copy_options::overwrite_existing);
    item = text_of(json(ask({"list"}).out), "item");
    REQUIRE(item.size() == 26);
  }
  Answer ask(std::vector<std::string> words) const {
    words.insert(words.begin(), "handoff");
    words.insert(words.end(), {"--store", store, "--json"});
    return command(words);
  }
  Answer person(const std::string& who, std::vector<std::string> words) const {
    words.insert(words.end(), {"--author", who, "--clock", "virtual", "--sandbox"});
    return ask(words);
  }
  Doc listed() const { return json(ask({"list"}).out); }
  // The engine goes on until then; what was sent by mail.
  std::string mail(const std::string& until = "2026-01-07T09:00:00Z") const {
    const Answer ran = run(store, events, until);
    INFO(ran.err);
    REQUIRE(ran.exit == 0);
    const auto rows =
        lines_of(command({"touches", "--channel", "email", "--store", store, "--json"}).out);
    return rows.empty() ? "" : text_of(json(rows.back()), "rendered.text");
  }
  std::string store, events, item;
};

}  // namespace

TEST_CASE("an item is listed, shown with its packet, taken and ended; its run goes on",
          "[S1-60][S1-61][S1-62]") {
  Desk desk("done");
  const Doc before = desk.listed();
  CHECK(text_of(before, "queue") == "billing");
  CHECK(text_of(before, "customer") == "ann");
  CHECK(text_of(before, "flow") == "case");
  CHECK(text_of(before, "by").empty());
  const Doc shown = json(desk.ask({"show", desk.item.substr(0, 6)}).out);
  CHECK(text_of(shown, "packet.controller") == "A shop, Paris");
  CHECK(text_of(shown, "packet.customer.id") == "ann");
  CHECK(text_of(shown, "packet.event.invoice_id") == "i-1");
  CHECK(desk.mail("2026-01-06T09:00:00Z").empty());  // nothing leaves while it stands

  REQUIRE(desk.person("lea", {"take", desk.item}).exit == 0);
  const Doc taken = desk.listed();
  CHECK(text_of(taken, "by") == "lea");
  CHECK_FALSE(taken.view().find("until").is_null());
  REQUIRE(desk.person("lea", {"done", desk.item, "promised", "--set", "promised=friday"}).exit ==
          0);
  CHECK(lines_of(desk.ask({"list"}).out).empty());
  CHECK(has(desk.mail(), "You told us that you pay on Friday."));
}

TEST_CASE("a person hands a case back with what she learnt", "[S1-61]") {
  Desk desk("return");
  REQUIRE(desk.person("lea", {"return", desk.item, "--set", "why=wants_link"}).exit == 0);
  CHECK(has(desk.mail(), "Here is your link. (wants_link)"));
}

TEST_CASE("what cannot be done with an item is told, and changes nothing") {
  Desk desk("refused");
  REQUIRE(desk.person("lea", {"take", desk.item}).exit == 0);
  Answer refused;
  std::string code;
  int exit = 2;
  SECTION("another person has it") {
    refused = desk.person("bob", {"take", desk.item});
    code = "E0473";
    exit = 1;
  }
  SECTION("another person has it, and would end it") {
    refused = desk.person("bob", {"done", desk.item, "closed"});
    code = "E0473";
    exit = 1;
  }
  SECTION("no word of the step") {
    refused = desk.person("lea", {"done", desk.item, "perhaps"});
    code = "E0474";
  }
  SECTION("there is no such item") {
    refused = desk.person("lea", {"done", "zzzzzz", "closed"});
    code = "E0472";
  }
  SECTION("too few characters") {
    refused = desk.person("lea", {"return", desk.item.substr(0, 5)});
    code = "E0472";
  }
  SECTION("data that is none") {
    refused = desk.person("lea", {"return", desk.item, "--set", "friday"});
    code = "E0002";
  }
  INFO(refused.err);
  CHECK(refused.exit == exit);
  CHECK(has(refused.err, code));
  CHECK(text_of(desk.listed(), "by") == "lea");
}

TEST_CASE("an item is told to people in words, with what automation has pending", "[S1-62]") {
  Desk desk("words");
  const Answer list = command({"handoff", "list", "--store", desk.store, "--queue", "billing"});
  CHECK(has(list.out, "ann"));
  CHECK(has(list.out, "nobody"));
  CHECK_FALSE(
      has(command({"handoff", "list", "--store", desk.store, "--queue", "other"}).out, "ann"));
  const Answer show = command({"handoff", "show", desk.item, "--store", desk.store});
  INFO(show.out << show.err);
  CHECK(has(show.out, "what automation has pending"));
  CHECK(has(show.out, "human: human"));
  CHECK(has(show.out, "end it with: promised, closed"));
}
