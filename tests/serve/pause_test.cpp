// A shop that serves while an operator pauses and resumes it, over its socket.
#include "serve/shop.h"

using namespace relance;
using namespace relance::test;

namespace {

constexpr int kCustomers = 20;

Doc body_of(const HttpReply& reply) {
  INFO(reply.body);
  auto body = from_json(reply.body);
  REQUIRE(body);
  return std::move(*body);
}

std::string code_of(const HttpReply& reply) {
  return std::string(body_of(reply).view().find("code").text().value_or(""));
}

int64_t number_in(const Doc& body, std::string_view field) {
  return body.view().find(field).integer().value_or(-1);
}

}  // namespace

TEST_CASE("a running shop is paused before the next touch, and resumed with nothing lost",
          "[S2-33]") {
  Shop shop("pause");
  Web web;
  const HttpReply set =
      shop.ask("pause", R"({"author":"lea","flow":"note","reason":"a wrong price"})");
  REQUIRE(set.status == 200);
  CHECK(number_in(body_of(set), "number") == 1);
  CHECK(code_of(shop.ask("pause", R"({"author":"lea","flow":"note"})")) == "E0681");
  CHECK(code_of(shop.ask("pause", R"({"author":"lea","flow":"nite"})")) == "E0680");
  CHECK(code_of(shop.ask("resume", R"({"author":"lea","number":7})")) == "E0682");
  for (int i = 0; i < kCustomers; ++i) REQUIRE(shop.send(web, std::to_string(i)) == 202);

  // Shown before anything changes.
  const Doc shown = body_of(shop.ask("resume", R"({"author":"lea","number":1})"));
  CHECK(number_in(shown, "touches") == kCustomers);
  CHECK(number_in(shown, "customers") == kCustomers);
  CHECK(shown.view().find("released").is_null());

  const HttpReply resumed =
      shop.ask("resume", R"({"author":"leo","flow":"note","release":"send","reason":"put right"})");
  REQUIRE(resumed.status == 200);
  CHECK(number_in(body_of(resumed), "released") == kCustomers);
  const History history = shop.finish();
  std::map<Key, int> mails;
  for (const Touch& touch : history.touches()) mails[touch.run] += touch.is_contact();
  CHECK(mails.size() == kCustomers);
  for (const auto& [run, sent] : mails) CHECK(sent == 2);
  const auto changes = history.records<PauseChanged>();
  REQUIRE(changes.size() == 3);
  CHECK(changes[0].pause.author == "lea");
  CHECK(changes[1].pause.ended_by == "leo");
  CHECK(changes[2].over);
  CHECK(history.records<CommandTaken>().size() == kCustomers);
}
