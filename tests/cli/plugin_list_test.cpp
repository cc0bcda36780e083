// relance plugin list, inspect: what is installed, what a bundle uses, and what each can do.
#include <catch2/catch.hpp>

#include "cli/program.h"

namespace fs = std::filesystem;
using namespace relance;
using namespace relance::test;

namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// The line that begins with this word.
std::string line_of(const std::string& text, const std::string& word) {
  const size_t at = ("\n" + text).find("\n" + word + " ");
  return at == std::string::npos ? "" : text.substr(at, text.find('\n', at) - at);
}

}  // namespace

TEST_CASE("a bundle's channels are listed with kind, class, cost and health", "[S2-29]") {
  const fs::path home = fresh_directory("plugin_list");
  write(home / "bundle.lua", R"(return bundle {
  name = "small", currency = "EUR", zone = "Europe/Paris", locale = "en",
  channels = {
    sms   = plugin "relance.sandbox" { as = "sms", class = "lookup", cost_micro = 75000 },
    retry = plugin "relance.sandbox" { as = "retry", class = "keyed" },
    call  = plugin "relance.voice.twilio" {},
  },
}
)");
  const Answer answer = command({"plugin", "list", home});
  INFO(answer.out);
  INFO(answer.err);
  const std::string sms = line_of(answer.out, "sms");
  CHECK(has(sms, "relance.sandbox"));
  CHECK(has(sms, " lookup "));
  CHECK(has(sms, " ready"));
  CHECK(has(line_of(answer.out, "retry"), " keyed "));
  CHECK(has(line_of(answer.out, "call"), " refused"));
  CHECK(has(answer.err, "bundle.lua:6: error "));
  CHECK(answer.exit == 1);
}

TEST_CASE("inspect tells what a plugin says about itself", "[S2-29]") {
  const Answer answer = command({"plugin", "inspect", "relance.voice.twilio"});
  INFO(answer.out);
  CHECK(answer.exit == 0);
  for (const char* said : {"kind              voice\n", "converse          true\n",
                           "languages         ", "account_sid"})
    CHECK(has(answer.out, said));
}
