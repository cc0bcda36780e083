#include "signature.h"

#include <algorithm>

#include "kit/digest.h"
#include "kit/inbound.h"
#include "kit/utf8.h"

namespace twilio {

std::string signed_text(std::string_view url, kit::Form form) {
  std::sort(form.begin(), form.end());
  form.erase(std::unique(form.begin(), form.end()), form.end());
  std::string text(url);
  for (const auto& [name, value] : form) text += name + value;
  return text;
}

std::vector<std::string> with_and_without_port(std::string_view url) {
  std::vector<std::string> forms{std::string(url)};
  const bool tls = url.starts_with("https://");
  if (!tls && !url.starts_with("http://")) return forms;
  const std::string_view port = tls ? ":443" : ":80";
  const size_t host = url.find("//") + 2;
  const size_t end = std::min(url.find_first_of("/?", host), url.size());
  const std::string_view authority = url.substr(host, end - host);
  const std::string before(url.substr(0, end)), behind(url.substr(end));
  if (authority.ends_with(port)) {
    forms.push_back(before.substr(0, before.size() - port.size()) + behind);
  } else if (authority.find(':', authority.rfind(']') + 1) == std::string_view::npos) {
    forms.push_back(before + std::string(port) + behind);
  }
  return forms;
}

kit::Form fields_of(const rl_request& request) {
  kit::Form form = kit::parse_form(kit::view(request.body));
  for (auto& [name, value] : form) value = kit::as_utf8(value);
  return form;
}

bool is_signed(const rl_host* host, std::string_view secret, const rl_request& request) {
  const std::string_view given = kit::header(request, "x-twilio-signature");
  if (given.empty()) return false;
  const bool form = kit::view(request.method) == "POST";
  const kit::Form fields = form ? kit::parse_form(kit::view(request.body)) : kit::Form();
  bool fits = false;
  for (const std::string& url : with_and_without_port(kit::view(request.url))) {
    const std::string text = signed_text(url, fields);
    for (uint32_t version = 0; version < kit::kSecretVersions; ++version)
      fits |= kit::same(kit::base64(kit::hmac(host, RL_SHA1, secret, version, text)), given);
  }
  return fits;
}

}  // namespace twilio
