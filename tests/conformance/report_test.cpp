// What `relance plugin check` tells, in its three forms, and how it ends.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "conformance/checking.h"

using namespace relance::test;

namespace {

const std::string kTemplate = RELANCE_BUILD_DIR "/lib/relance/plugins/relance.template.so";

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::string read(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

std::string junit_of(const std::string& plugin, int exit) {
  const std::string path = RELANCE_BUILD_DIR "/tests/conformance/report.xml";
  std::filesystem::remove(path);
  CHECK(plugin_check(plugin + " --junit " + path).exit == exit);
  return read(path);
}

}  // namespace

TEST_CASE("people read a table with what was seen, why it matters and what to do") {
  const Answer answer = plugin_check(broken("throws"));
  INFO(failures(answer));
  CHECK(answer.exit == 1);
  CHECK(contains(answer.out, "FAILED  no_exception"));
  CHECK(contains(answer.out, "seen    send under a page of HTML with 200: on_io threw"));
  CHECK(contains(answer.out, "why     An exception in a C call ends the whole engine"));
  CHECK(contains(answer.out, "remedy  catch at the border"));
  CHECK(contains(answer.out, " 1 failed, "));
}

TEST_CASE("a check by id finds a shipped plugin and ends with 0 where every rule holds") {
  const Answer answer = plugin_check("relance.template");
  INFO(failures(answer));
  CHECK(answer.exit == 0);
  CHECK(contains(answer.out, "ok      one_symbol"));
  CHECK(contains(answer.out, "n/a     decide_pure          it is no policy"));
  CHECK(contains(answer.out, " 0 failed, "));
}

TEST_CASE("continuous integration reads JUnit: failures with their reason, skips with theirs") {
  const std::string good = junit_of(kTemplate, 0);
  CHECK(contains(good, "<testsuite name=\"relance.template\" tests=\"31\" failures=\"0\""));
  CHECK(contains(good, "name=\"one_symbol\""));
  CHECK(contains(good, "<skipped message=\"it is no policy\"/>"));
  const std::string bad = junit_of(broken("ignores_the_key"), 1);
  CHECK(contains(bad, "failures=\"1\""));
  CHECK(contains(bad, "<failure message=\"two touches with different keys gave the same request"));
}

TEST_CASE("a plugin that hangs is killed at the limit, and it is told where") {
  const Answer answer = plugin_check(broken("hangs") + " --rule ends --limit 1 --json");
  INFO(failures(answer));
  CHECK(answer.exit == 1);
  CHECK(contains(seen_at(answer, "ends"), "within 1 seconds and was killed, during send"));
}

TEST_CASE("a file that is no plugin fails its first rules, and the others do not apply") {
  const std::string path = RELANCE_BUILD_DIR "/tests/conformance/no.plugin.so";
  std::ofstream(path) << "no shared object at all";
  const Answer answer = plugin_check(path + " --json");
  CHECK(answer.exit == 1);
  CHECK(rules_with(answer, "failed") == std::vector<std::string>{"loads", "one_symbol"});
  CHECK(rules_with(answer, "passed").empty());
}

TEST_CASE("a plugin without the configuration that it needs says so, and is not judged further") {
  const Answer answer =
      plugin_check(RELANCE_BUILD_DIR "/lib/relance/plugins/relance.crm.csv.so --json");
  CHECK(answer.exit == 1);
  CHECK(rules_with(answer, "failed") == std::vector<std::string>{"starts"});
  CHECK(contains(seen_at(answer, "starts"), "'required'"));
}

TEST_CASE("a wrong call is told before anything runs") {
  CHECK(plugin_check("").exit == 2);
  CHECK(plugin_check(kTemplate + " --rule no_such_rule").exit == 2);
  CHECK(plugin_check(kTemplate + " --config /no/such/file.json").exit == 2);
  const Answer unknown = plugin_check("acme.no.such");
  CHECK(unknown.exit == 3);
  CHECK(contains(unknown.out, "E0207"));
}

TEST_CASE("every rule stands on the page of the kit") {
  const std::string page = read(RELANCE_SOURCE_DIR "/docs/plugins/check.md");
  const Answer answer = plugin_check(kTemplate + " --json");
  for (const char* verdict : {"passed", "not_applicable"})
    for (const std::string& rule : rules_with(answer, verdict)) {
      INFO(rule);
      CHECK(contains(page, "`" + rule + "`"));
    }
}

TEST_CASE("the rules are listed with the reason for each") {
  const Answer answer = plugin_check("--rules");
  CHECK(answer.exit == 0);
  CHECK(contains(answer.out, "key_forwarded        the touch's key reaches the provider"));
  CHECK(contains(answer.out, "Without it the provider cannot tell a repeat"));
}
