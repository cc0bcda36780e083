// A source before a fake host: posts signed webhooks to it and shows what it answered and told. The
// HMAC is OpenSSL's, as the engine's is.
#pragma once

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <memory>

#include "abi/fake_host.h"
#include "base/doc.h"

namespace sources_test {

using Headers = std::vector<std::pair<std::string, std::string>>;

inline std::string raw_hmac(const EVP_MD* digest, const std::string& key, const std::string& data) {
  uint8_t out[64];
  unsigned int count = 0;
  HMAC(digest, key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(data.data()), data.size(), out, &count);
  return {reinterpret_cast<const char*>(out), count};
}

inline std::string hex(const std::string& bytes) {
  std::string text;
  for (const unsigned char c : bytes) {
    char two[3];
    std::snprintf(two, sizeof two, "%02x", c);
    text += two;
  }
  return text;
}

inline std::string base64(const std::string& bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int count = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                    reinterpret_cast<const unsigned char*>(bytes.data()),
                                    static_cast<int>(bytes.size()));
  text.resize(static_cast<size_t>(count));
  return text;
}

class SourceDesk {
 public:
  std::map<std::string, std::string> secrets{{"KEY", "hush"}};  // and KEY_PREVIOUS
  abi::FakeHost host;

  // `plugin`: "stripe". `fields`: of its configuration, beside the secret: `, "format": "generic"`.
  explicit SourceDesk(std::string plugin, const std::string& fields = {})
      : plugin_(std::move(plugin)) {
    host.now = 1763700100000;  // 2025-11-21T04:41:40Z
    host.hmac = [this](uint32_t algorithm, const std::string& secret, uint32_t version,
                       const std::string& data, uint8_t* out) {
      const auto key = secrets.find(version == 0 ? secret : secret + "_PREVIOUS");
      if (key == secrets.end()) return size_t{0};
      const std::string bytes = raw_hmac(algorithm == RL_SHA512 ? EVP_sha512()
                                         : algorithm == RL_SHA1 ? EVP_sha1()
                                                                : EVP_sha256(),
                                         key->second, data);
      std::copy(bytes.begin(), bytes.end(), out);
      return bytes.size();
    };
    source_ = std::make_unique<abi::Instance>(host, "relance.source." + plugin_,
                                              R"({"signing_secret": "KEY")" + fields + "}");
  }

  abi::Answer post(const Headers& headers, const std::string& body,
                   const std::string& method = "POST") {
    const rl_op op = begin(headers, body, method);
    INFO("no answer to " << body);
    REQUIRE(host.answers.contains(op));
    return host.answers.at(op);
  }
  // Leaves it open.
  rl_op begin(const Headers& headers, const std::string& body, const std::string& method = "POST") {
    std::vector<rl_header> c;
    for (const auto& [name, value] : headers) c.push_back({abi::str(name), abi::str(value)});
    rl_request request{};
    request.struct_size = sizeof request;
    request.method = abi::str(method);
    request.headers = c.data();
    request.headers_count = c.size();
    request.body = abi::str(body);
    const rl_op op = source_->next_op();
    source_->table<rl_inbound>(RL_INBOUND).on_request(source_->self(), op, &request);
    return op;
  }
  void reply(rl_op op, int32_t status, const std::string& body) {
    rl_reply reply{};
    reply.struct_size = sizeof reply;
    reply.wire = status == 0 ? RL_MAYBE : RL_ANSWERED;
    reply.status = status;
    reply.body = abi::str(body);
    source_->plugin().on_io(source_->self(), op, 0, &reply);
  }

  // As the provider would sign these bytes now.
  Headers sign(const std::string& body, const std::string& key = "hush") const {
    const std::string time = std::to_string(host.now / 1000);
    const auto sha256 = [&](const std::string& data) { return raw_hmac(EVP_sha256(), key, data); };
    if (plugin_ == "stripe")
      return {{"stripe-signature", "t=" + time + ",v1=" + hex(sha256(time + "." + body))}};
    if (plugin_ == "shopify") return {{"x-shopify-hmac-sha256", base64(sha256(body))}};
    if (plugin_ == "woocommerce") return {{"x-wc-webhook-signature", base64(sha256(body))}};
    return {{"x-signature", "sha256=" + hex(sha256(body))},
            {"x-hmac-signature", "hmac-sha256-hex=" + hex(sha256(body))},
            {"aftership-hmac-sha256", base64(sha256(body))}};
  }
  // Signed, with further headers.
  abi::Answer post_signed(const std::string& body, const Headers& more = {}) {
    Headers headers = sign(body);
    headers.insert(headers.end(), more.begin(), more.end());
    return post(headers, body);
  }

 private:
  std::string plugin_;
  std::unique_ptr<abi::Instance> source_;
};

}  // namespace sources_test
