#include "conformance/checking.h"

#include <sys/wait.h>

#include <catch2/catch.hpp>
#include <cstdio>

namespace relance::test {
namespace {

Doc rules_of(const Answer& answer) {
  INFO(answer.out);
  auto report = from_json(answer.out);
  REQUIRE(report);
  REQUIRE(report->view().find("rules").size() > 0);
  return Doc(report->view().find("rules"));
}

}  // namespace

Answer plugin_check(const std::string& arguments) {
  const std::string line = RELANCE_BUILD_DIR "/bin/relance plugin check " + arguments + " 2>&1";
  FILE* pipe = popen(line.c_str(), "r");
  REQUIRE(pipe != nullptr);
  Answer answer;
  char bytes[4096];
  for (size_t length = 0; (length = fread(bytes, 1, sizeof bytes, pipe)) > 0;)
    answer.out.append(bytes, length);
  const int status = pclose(pipe);
  answer.exit = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return answer;
}

std::vector<std::string> rules_with(const Answer& answer, std::string_view verdict) {
  std::vector<std::string> ids;
  const Doc rules = rules_of(answer);
  for (const auto& [key, rule] : rules.view().items())
    if (rule.find("verdict").text() == verdict) ids.emplace_back(*rule.find("id").text());
  return ids;
}

std::string seen_at(const Answer& answer, std::string_view id) {
  const Doc rules = rules_of(answer);
  for (const auto& [key, rule] : rules.view().items())
    if (rule.find("id").text() == id) return std::string(*rule.find("seen").text());
  return "";
}

std::string failures(const Answer& answer) {
  const auto report = from_json(answer.out);
  if (!report) return answer.out;
  std::string text;
  for (const auto& [key, rule] : report->view().find("rules").items())
    if (rule.find("verdict").text() == "failed")
      text += std::string(*rule.find("id").text()) + ": " + std::string(*rule.find("seen").text()) +
              "\n";
  return text;
}

std::string broken(const std::string& name) {
  return RELANCE_BUILD_DIR "/tests/conformance/broken." + name + ".so";
}

}  // namespace relance::test
