// Odd and random requests of each_noise.
#include <random>

#include "plugins/check/requests.h"

namespace relance::conformance {
namespace {

constexpr int kRandomRequests = 300;
constexpr uint32_t kSeed = 20260105;
constexpr size_t kLargest = 1 << 20;  // the host takes no more

std::vector<std::string> odd_bodies() {
  using namespace std::string_literals;
  return {"",
          "\0"s,
          "{",
          "[]",
          "null",
          "17",
          "\"text\"",
          "{}",
          R"({"id":null,"type":null,"data":null})",
          R"({"id":17,"type":[],"data":{"object":[]},"created":"x"})",
          R"({"id":"","type":"","created":-1e308,"amount":99999999999999999999999})",
          R"({"type":"invoice.payment_failed","data":{"object":null}})",
          R"({"id":"\ud800","type":"\u0000"})",
          std::string(100000, '['),
          R"({"a":)" + std::string(50000, '{') + "}",
          std::string(kLargest, 'a'),
          "a=%&b=%z&%=%&=&&&==&" + std::string(3000, '%'),
          "From=%2B&Body=%ff%fe&MessageSid=&MessageStatus=" + std::string(5000, 'x'),
          "\xff\xfe\xfd",
          "--boundary\r\nContent-Disposition: form-data; name=\"\r\n"};
}

class Noise {
 public:
  std::string bytes(size_t most) {
    std::string text(random_() % (most + 1), '\0');
    for (char& c : text) c = static_cast<char>(random_());
    return text;
  }
  // Bytes of a real request, some of them changed.
  std::string altered(std::string text) {
    for (int i = 0; i < 4 && !text.empty(); ++i)
      text[random_() % text.size()] ^= 1 << random_() % 8;
    if (random_() % 3 == 0) text.resize(random_() % (text.size() + 1));
    return text;
  }
  CannedRequest request(const CannedRequest& real) {
    CannedRequest made = real;
    made.method = random_() % 4 == 0 ? bytes(8) : real.method;
    made.path = random_() % 2 == 0 ? "/" + bytes(40) : real.path;
    made.query = random_() % 2 == 0 ? bytes(60) : real.query;
    made.body = random_() % 2 == 0 ? bytes(400) : altered(real.body);
    for (auto& [name, value] : made.headers)
      if (random_() % 2 == 0) value = random_() % 2 == 0 ? bytes(60) : altered(value);
    if (random_() % 3 == 0) made.headers.emplace_back(bytes(12), bytes(200));
    return made;
  }

 private:
  std::mt19937 random_{kSeed};
};

CannedRequest with_odd_headers(CannedRequest request) {
  request.headers = {{"", ""},
                     {"content-type", std::string(70000, ';')},
                     {"content-type", ""},
                     {"stripe-signature", ",,,t=,v1=,=,"},
                     {"x-twilio-signature", "===="},
                     {"webhook-signature", "v1,"},
                     {"webhook-timestamp", "99999999999999999999999999"},
                     {"x-signature", std::string("\0\xff", 2)}};
  return request;
}

}  // namespace

void each_noise(Stage& stage) {
  const auto genuine = find_genuine(stage);
  const auto give = [&](const std::string& what, const CannedRequest& request) {
    stage.bench().doing("on_request with " + what);
    hand_in(stage, request);
    return stage.threw().empty();
  };
  const std::vector<CannedRequest> samples = sample_requests(stage.bench().scene());
  const std::vector<std::string> bodies = odd_bodies();
  for (size_t i = 0; i < bodies.size(); ++i) {
    CannedRequest odd = samples.front();
    odd.body = bodies[i];
    const std::string name = "odd body " + std::to_string(i);
    if (!give(name, odd)) return;
    if (!genuine) continue;
    if (const auto sealed = signed_rightly(stage, odd, genuine->signature))
      if (!give(name + ", signed", *sealed)) return;
  }
  if (!give("odd headers", with_odd_headers(samples.front()))) return;
  Noise noise;
  for (int i = 0; i < kRandomRequests; ++i) {
    const CannedRequest& real = samples[static_cast<size_t>(i) % samples.size()];
    const CannedRequest random = noise.request(genuine && i % 3 == 0 ? genuine->request : real);
    const std::string name = "random request " + std::to_string(i);
    if (!give(name, random)) return;
    if (!genuine || i % 2 == 0) continue;
    if (const auto sealed = signed_rightly(stage, random, genuine->signature))
      if (!give(name + ", signed", *sealed)) return;
  }
}

}  // namespace relance::conformance
