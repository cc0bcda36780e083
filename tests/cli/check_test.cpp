// `relance check`: what the plugins say of their entries in bundle.lua stands beside what the flows
// say.
#include <catch2/catch.hpp>

#include "cli/program.h"

namespace fs = std::filesystem;
using namespace relance;
using namespace relance::test;

namespace {

// A copy of a small bundle, with one entry more in its bundle.lua, at line 11.
Answer checked(const std::string& name, const std::string& entry, const std::string& send = "") {
  const fs::path folder = fresh_directory(name) / "shop";
  fs::copy(kSource / "tests/cli/bundles/small", folder, fs::copy_options::recursive);
  std::string bundle = read(folder / "bundle.lua");
  bundle.insert(bundle.rfind('}'), entry + "\n");
  write(folder / "bundle.lua", bundle);
  std::string flow = read(folder / "small.lua");
  const std::string known = "template = \"hello\"";
  flow.insert(flow.find(known) + known.size(), send);
  write(folder / "small.lua", flow);
  return command({"check", folder.string(), "--json"});
}

}  // namespace

TEST_CASE("check tells at its line what a plugin says against its entry") {
  std::string entry, says;
  SECTION("its schema does not know the field") {
    entry = R"(  connectors = { shop = plugin "relance.crm.csv" { file = "x.csv", fle = "y" } })";
    says = "additionalProperties";
  }
  SECTION("the plugin itself finds that it makes no sense") {
    entry =
        R"(  connectors = { shop = plugin "relance.sandbox" { as = "retry", class = "blind" } })";
    says = "nobody may be charged twice";
  }
  SECTION("the plugin is of another kind") {
    entry = R"(  connectors = { shop = plugin "relance.webhook" {} })";
    says = "is no connector";
  }
  const Answer answer = checked("entry", entry);
  CHECK(answer.exit == 1);
  const Doc found = json(answer.out);
  INFO(answer.out);
  CHECK(found.view().find("line").integer() == 11);
  CHECK(std::string(found.view().find("file").text().value_or("")).ends_with("bundle.lua"));
  CHECK(found.view().find("message").text().value_or("").find(says) != std::string_view::npos);
}

TEST_CASE("check needs no secret to be set") {
  const Answer answer = checked("secret", R"(  content = { pen = plugin "relance.content.openai" {
    base_url = "https://models.example/v1", model = "m", api_key = secret "NOT_SET_ANYWHERE" } })",
                                R"(, content = "pen")");
  INFO(answer.out << answer.err);
  CHECK(answer.exit == 0);
  CHECK(answer.out.empty());
}

TEST_CASE("a writer that the bundle does not name is an error at its step", "[S2-15]") {
  const Answer answer =
      checked("writer", R"(  content = { pen = plugin "relance.content.openai" { model = "m" } })",
              R"(, content = "pne")");
  CHECK(answer.exit == 1);
  const Doc found = json(answer.out);
  CHECK(found.view().find("code").text() == "E0450");
  CHECK(found.view().find("line").integer() == 8);
  CHECK(found.view().find("hint").text().value_or("").find("pen") != std::string_view::npos);
}
