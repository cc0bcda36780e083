// What fakes of providers read and write all the time: urlencoded forms, credentials, base64, HMAC.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/http_server.h"

namespace relance {

using Form = std::vector<std::pair<std::string, std::string>>;

// Of a body or of a query; names as they are ("metadata[key]"), repeated names kept.
Form parse_form(std::string_view text);
std::string write_form(const Form& form);
// The first field of this name; empty where there is none.
std::string field(const Form& form, std::string_view name);

std::string percent_decode(std::string_view text);  // without '+'
std::string percent_encode(std::string_view text);  // all but letters, digits and -._~

// From the header Authorization.
std::optional<std::pair<std::string, std::string>> basic_credentials(const ServerRequest& request);
std::optional<std::string> bearer_token(const ServerRequest& request);

std::string base64(std::string_view bytes);
std::string base64_decode(std::string_view text);  // empty where it is none
std::string hex(std::string_view bytes);
// Raw bytes; algorithm: "SHA1", "SHA256".
std::string hmac(const char* algorithm, std::string_view secret, std::string_view bytes);

ServerAnswer json_answer(int status, std::string body);

}  // namespace relance
