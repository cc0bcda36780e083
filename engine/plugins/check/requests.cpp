#include "plugins/check/requests.h"

#include <openssl/evp.h>

#include <algorithm>

#include "plugins/c_text.h"

namespace relance::conformance {
namespace {

constexpr int64_t kAnswerWithinMs = 10000;
constexpr size_t kCodeBytes = 32;  // of a made-up code

std::string hex_of(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  for (const char c : bytes) {
    hex += kDigits[static_cast<unsigned char>(c) >> 4];
    hex += kDigits[static_cast<unsigned char>(c) & 15];
  }
  return hex;
}

std::string base64_of(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                     reinterpret_cast<const unsigned char*>(bytes.data()),
                                     static_cast<int>(bytes.size()));
  text.resize(static_cast<size_t>(length));
  return text;
}

void replace(std::string& text, std::string_view what, const std::string& by) {
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
}

}  // namespace

Taken hand_in(Stage& stage, const CannedRequest& sent) {
  const CannedRequest& request = stage.keep(CannedRequest(sent));
  auto& headers = stage.keep(std::vector<rl_header>());
  for (const auto& [name, value] : request.headers) headers.push_back({c_str(name), c_str(value)});
  rl_request& c = stage.keep(rl_request{});
  c.struct_size = sizeof c;
  c.method = c_str(request.method);
  c.path = c_str(request.path);
  c.query = c_str(request.query);
  const std::string& url =
      stage.keep(request.url.empty() ? "https://relance.example/v1/hooks/it" + request.path +
                                           (request.query.empty() ? "" : "?" + request.query)
                                     : request.url);
  c.url = c_str(url);
  c.headers = headers.data();
  c.headers_count = headers.size();
  c.body = c_str(request.body);
  stage.host().forget();
  const rl_op op = stage.next_op();
  stage.call("on_request",
             [&] { stage.bench().plugin().inbound->on_request(stage.self(), op, &c); });
  // Not longer than needed: signatures name the time.
  stage.host().run_for(0);
  if (!stage.host().ended(op)) stage.host().run_for(kAnswerWithinMs);
  const Seen seen = stage.host().seen();
  Taken taken;
  for (const Answered& one : seen.answered)
    if (one.op == op) taken.status = one.status;
  taken.emitted = seen.emitted.size();
  taken.asked_hmac =
      std::find(seen.services.begin(), seen.services.end(), "hmac") != seen.services.end();
  return taken;
}

CannedRequest signed_with(const Stage& stage, CannedRequest request, const Signature& signature,
                          std::string_view mac) {
  const int64_t now = const_cast<Stage&>(stage).host().now();
  for (auto [name, value] : signature) {
    replace(value, "{{hex}}", hex_of(mac));
    replace(value, "{{base64}}", base64_of(mac));
    replace(value, "{{now_s}}", std::to_string(now / 1000));
    replace(value, "{{now_ms}}", std::to_string(now));
    request.headers.emplace_back(name, value);
  }
  return request;
}

std::optional<CannedRequest> signed_rightly(Stage& stage, const CannedRequest& request,
                                            const Signature& signature) {
  const std::string made_up(kCodeBytes, '\0');
  const CannedRequest first = signed_with(stage, request, signature, made_up);
  if (!hand_in(stage, first).asked_hmac) return std::nullopt;
  CannedRequest second = request;
  const std::string mac = stage.host().last_mac();
  for (size_t i = 0; i < signature.size(); ++i) {
    const auto& [name, shape] = signature[i];
    std::string value = first.headers[request.headers.size() + i].second;
    replace(value, hex_of(made_up), hex_of(mac));
    replace(value, base64_of(made_up), base64_of(mac));
    second.headers.emplace_back(name, value);
  }
  return second;
}

std::vector<Signature> signatures(const Scene& scene) {
  if (!scene.hmac_headers.empty()) return {scene.hmac_headers};
  const std::pair<std::string, std::string> webhook_id{"webhook-id", "msg_1"},
      webhook_time{"webhook-timestamp", "{{now_s}}"};
  return {{{"stripe-signature", "t={{now_s}},v1={{hex}}"}},
          {{"x-twilio-signature", "{{base64}}"}},
          {{"x-shopify-hmac-sha256", "{{base64}}"}},
          {{"x-wc-webhook-signature", "{{base64}}"}},
          {webhook_id, webhook_time, {"webhook-signature", "v1,{{base64}}"}},
          {{"x-hub-signature-256", "sha256={{hex}}"}},
          {{"x-relance-signature", "sha256={{hex}}"}},
          {{"x-signature", "sha256={{hex}}"}},
          {{"x-signature", "{{hex}}"}},
          {{"x-signature", "{{base64}}"}}};
}

std::vector<CannedRequest> sample_requests(const Scene& scene) {
  if (!scene.requests.empty()) return scene.requests;
  CannedRequest json;
  json.headers = {{"content-type", "application/json"}};
  json.body = R"({"id":"evt_1","object":"event","type":"kit.nothing","created":1767600000,)"
              R"("data":{"object":{"id":"kit_1"}}})";
  CannedRequest form;
  form.headers = {{"content-type", "application/x-www-form-urlencoded"}};
  form.body = "MessageSid=KIT1&MessageStatus=delivered&SmsSid=KIT1";
  return {json, form};
}

std::optional<Genuine> find_genuine(Stage& stage) {
  for (const CannedRequest& sample : sample_requests(stage.bench().scene())) {
    for (const Signature& signature : signatures(stage.bench().scene())) {
      stage.bench().doing("a request signed in " + signature.back().first);
      const auto request = signed_rightly(stage, sample, signature);
      if (!request) continue;
      const Taken taken = hand_in(stage, *request);
      if (taken.status >= 200 && taken.status < 300) return Genuine{*request, signature};
    }
  }
  return std::nullopt;
}

}  // namespace relance::conformance
