// The receiver that the plugin's page shows does what the page says.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "providers/forms.h"
#include "support/node_program.h"

using namespace relance;

namespace {

// The page's code, called as the lines of `calls` say; what they print.
std::string run(const std::string& calls) {
  const std::string page =
      read_file(RELANCE_SOURCE_DIR "/plugins/channels/webhook/README.md").value();
  const size_t begin = page.find("```js\n");
  REQUIRE(begin != std::string::npos);
  const size_t end = page.find("```", begin + 3);
  const auto file = std::filesystem::temp_directory_path() / "relance_webhook_receiver.mjs";
  std::ofstream(file) << page.substr(begin + 6, end - begin - 6) << calls;
  return test::run_node(file.string());
}

// One call of accept(), printed.
std::string call(const std::string& id, const std::string& time, const std::string& signatures,
                 const std::string& body, const std::string& handled = "true") {
  return "console.log(accept({ 'webhook-id': '" + id + "', 'webhook-timestamp': '" + time +
         "', 'webhook-signature': '" + signatures + "' }, '" + body + "', 'the secret', () => " +
         handled + ", 1700000000));\n";
}

std::string signature(const std::string& id, const std::string& time, const std::string& body) {
  return "v1," + base64(hmac("SHA256", "the secret", id + "." + time + "." + body));
}

}  // namespace

TEST_CASE("the receiver on the page tells genuine from forged, altered, late and repeated") {
  const std::string body = R"({"id": "a"})", now = "1700000000", late = "1699999000";
  const std::string good = signature("a", now, body);
  CHECK(run(call("a", now, good, body, "false") +  // could not be handled
            call("a", now, good, body) +           // genuine
            call("a", now, good, body, "false") +  // a repeat: done already
            call("b", now, "v1,AAAA " + signature("b", now, body), body) +  // while secrets change
            call("c", now, good, body) +                                    // another's signature
            call("a", now, good, R"({"id": "b"})") +                        // altered
            call("d", late, signature("d", late, body), body) +             // replayed
            call("e", "soon", signature("e", "soon", body), body) +         // no time at all
            call("f", now, "", body)) == "503\n200\n200\n200\n401\n401\n401\n401\n401\n");
}
