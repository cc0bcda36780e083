#include "providers/forms.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/text.h"

namespace relance {
namespace {

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string form_decode(std::string_view text) {
  std::string spaced(text);
  for (char& c : spaced)
    if (c == '+') c = ' ';
  return percent_decode(spaced);
}

// What stands behind "SCHEME " in Authorization.
std::optional<std::string_view> credentials(const ServerRequest& request, std::string_view scheme) {
  const std::string_view header = request.header("authorization");
  if (header.size() <= scheme.size() || header[scheme.size()] != ' ') return std::nullopt;
  for (size_t i = 0; i < scheme.size(); ++i)
    if ((header[i] | 0x20) != scheme[i]) return std::nullopt;
  return header.substr(scheme.size() + 1);
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

std::string percent_decode(std::string_view text) {
  std::string made;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool coded =
        text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0;
    if (coded)
      made += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
    else
      made += text[i];
    if (coded) i += 2;
  }
  return made;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF", kPlain = "-._~";
  std::string made;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter || kPlain.find(c) != std::string_view::npos) {
      made += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      made += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return made;
}

Form parse_form(std::string_view text) {
  Form form;
  for (const std::string_view pair : split(text, '&')) {
    if (pair.empty()) continue;
    const size_t equals = pair.find('=');
    const std::string_view value = equals == std::string_view::npos ? "" : pair.substr(equals + 1);
    form.emplace_back(form_decode(pair.substr(0, equals)), form_decode(value));
  }
  return form;
}

std::string write_form(const Form& form) {
  std::vector<std::string> pairs;
  for (const auto& [name, value] : form)
    pairs.push_back(percent_encode(name) + "=" + percent_encode(value));
  return join(pairs, "&");
}

std::string field(const Form& form, std::string_view name) {
  for (const auto& [known, value] : form)
    if (known == name) return value;
  return {};
}

std::optional<std::pair<std::string, std::string>> basic_credentials(const ServerRequest& request) {
  const auto coded = credentials(request, "basic");
  if (!coded) return std::nullopt;
  const std::string plain = base64_decode(*coded);
  const size_t colon = plain.find(':');
  if (colon == std::string::npos) return std::nullopt;
  return std::pair(plain.substr(0, colon), plain.substr(colon + 1));
}

std::optional<std::string> bearer_token(const ServerRequest& request) {
  const auto token = credentials(request, "bearer");
  return token ? std::optional<std::string>(*token) : std::nullopt;
}

std::string base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes_of(bytes),
                                     static_cast<int>(bytes.size()));
  text.resize(static_cast<size_t>(length));
  return text;
}

std::string base64_decode(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0) return {};
  std::string bytes(text.size() / 4 * 3, '\0');
  const int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()), bytes_of(text),
                                     static_cast<int>(text.size()));
  if (length < 0) return {};
  const size_t filled = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  bytes.resize(static_cast<size_t>(length) - filled);
  return bytes;
}

std::string hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += {kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return text;
}

std::string hmac(const char* algorithm, std::string_view secret, std::string_view bytes) {
  unsigned char sum[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  const EVP_MD* digest = EVP_get_digestbyname(algorithm);
  RELANCE_ASSERT(digest);
  RELANCE_ASSERT(HMAC(digest, secret.data(), static_cast<int>(secret.size()), bytes_of(bytes),
                      bytes.size(), sum, &length));
  return {reinterpret_cast<const char*>(sum), length};
}

ServerAnswer json_answer(int status, std::string body) {
  ServerAnswer answer;
  answer.status = status;
  answer.body = std::move(body);
  return answer;
}

}  // namespace relance
