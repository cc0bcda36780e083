// X-Twilio-Signature: vectors that the provider publishes with its client libraries, and our own.
#include "channels/twilio/shared/signature.h"

#include <catch2/catch.hpp>
#include <map>

#include "kit/text.h"
#include "providers/forms.h"

namespace {

// A host that knows secrets, and nothing else.
struct Secrets {
  Secrets() {
    table.struct_size = sizeof table;
    table.context = this;
    table.hmac = [](const rl_host* host, uint32_t algorithm, rl_str secret, uint32_t version,
                    rl_str data, uint8_t* out) -> size_t {
      const auto& known = static_cast<Secrets*>(host->context)->values;
      const std::string name = std::string(kit::view(secret)) + (version == 0 ? "" : "_PREVIOUS");
      const auto it = known.find(name);
      if (it == known.end() || algorithm != RL_SHA1) return 0;
      const std::string digest = relance::hmac("SHA1", it->second, kit::view(data));
      std::copy(digest.begin(), digest.end(), out);
      return digest.size();
    };
  }
  std::map<std::string, std::string> values;
  rl_host table{};
};

bool accepted(const std::string& token, const std::string& url, const std::string& body,
              const std::string& signature, const std::string& previous = {}) {
  Secrets secrets;
  secrets.values["TOKEN"] = token;
  if (!previous.empty()) secrets.values["TOKEN_PREVIOUS"] = previous;
  const std::string name = "x-twilio-signature", method = "POST";
  const rl_header header{kit::str(name), kit::str(signature)};
  rl_request request{};
  request.struct_size = sizeof request;
  request.method = kit::str(method);
  request.url = kit::str(url);
  request.body = kit::str(body);
  request.headers = &header;
  request.headers_count = 1;
  return twilio::is_signed(&secrets.table, "TOKEN", request);
}

const std::string kUrl = "https://mycompany.com/myapp.php?foo=1&bar=2";
const std::string kCall =
    "CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&"
    "To=%2B18005551212";

}  // namespace

TEST_CASE("the published signatures are accepted") {
  CHECK(accepted("12345", kUrl, kCall, "RSOYDt4T1cUTdK1PDd93/VVr8B8="));
  CHECK(accepted("12345", "https://mycompany.com:443/myapp.php?foo=1&bar=2", kCall,
                 "kvajT1Ptam85bY51eRf/AJRuM3w="));
  CHECK(accepted("test_auth_token", "https://recovery.example.com/twilio/sms-status",
                 "AccountSid=AC00000000000000000000000000000001&ApiVersion=2010-04-01&"
                 "From=%2B15005550006&MessageSid=SM00000000000000000000000000000002&"
                 "MessageStatus=delivered&SmsSid=SM00000000000000000000000000000002&"
                 "SmsStatus=delivered&To=%2B14155550100",
                 "cHp45uqCg2sxlcuaDnUK4UnAa2o="));
}

TEST_CASE("a repeated field is signed once a value, in their order") {
  CHECK(accepted("12345", kUrl, "Sid=CA123&SidAccount=AC123&Digits=5678&Digits=1234&Digits=1234",
                 "IK+Dwps556ElfBT0I3Rgjkr1wJU="));
}

TEST_CASE("a scheme's own port may be written out by one side and left out by the other") {
  CHECK(accepted("12345", kUrl, kCall, "kvajT1Ptam85bY51eRf/AJRuM3w="));
  CHECK(accepted("12345", "https://mycompany.com:443/myapp.php?foo=1&bar=2", kCall,
                 "RSOYDt4T1cUTdK1PDd93/VVr8B8="));
  CHECK(twilio::with_and_without_port("https://a.example:8443/x").size() == 1);
  CHECK(twilio::with_and_without_port("http://[::1]/x").back() == "http://[::1]:80/x");
}

TEST_CASE("the token before the current one still signs, any other does not") {
  CHECK(accepted("new", kUrl, kCall, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", "12345"));
  CHECK_FALSE(accepted("new", kUrl, kCall, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", "older"));
}

TEST_CASE("whatever was changed on the way is refused") {
  const std::string good = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";
  CHECK_FALSE(accepted("12345", kUrl + "&baz=3", kCall, good));
  CHECK_FALSE(accepted("12345", kUrl, kCall + "&Extra=1", good));
  CHECK_FALSE(accepted("12345", kUrl, kCall.substr(0, kCall.size() - 1), good));
  CHECK_FALSE(accepted("12345", kUrl, kCall, ""));
  CHECK_FALSE(accepted("12345", kUrl, kCall, good.substr(0, good.size() - 1)));
  CHECK_FALSE(accepted("12345", kUrl, kCall, good + "="));
  CHECK_FALSE(accepted("12345", kUrl, kCall, "RSOYDt4T1cUTdK1PDd93/VVr8B9="));
}
