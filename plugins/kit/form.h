// application/x-www-form-urlencoded, as HTML forms, queries and several providers write it.
#pragma once

#include <cctype>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kit {

// In the order in which they stood; names may repeat.
using Form = std::vector<std::pair<std::string, std::string>>;

// All but letters, digits and -._~ (RFC 3986).
inline std::string percent_encode(std::string_view text) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain =
        byte < 0x80 && (std::isalnum(byte) != 0 || c == '-' || c == '.' || c == '_' || c == '~');
    if (plain) {
      out += c;
    } else {
      out += {'%', kHex[byte >> 4], kHex[byte & 15u]};
    }
  }
  return out;
}

// A '%' without two digits behind it stays as it is.
inline std::string form_decode(std::string_view text) {
  const auto digit = [](char c) {
    return c >= '0' && c <= '9'                                ? c - '0'
           : std::isxdigit(static_cast<unsigned char>(c)) != 0 ? (c | 0x20) - 'a' + 10
                                                               : -1;
  };
  std::string out;
  for (size_t at = 0; at < text.size(); ++at) {
    const bool coded = text[at] == '%' && at + 2 < text.size() && digit(text[at + 1]) >= 0 &&
                       digit(text[at + 2]) >= 0;
    if (coded) {
      out += static_cast<char>(digit(text[at + 1]) * 16 + digit(text[at + 2]));
      at += 2;
    } else {
      out += text[at] == '+' ? ' ' : text[at];
    }
  }
  return out;
}

inline Form parse_form(std::string_view text) {
  Form form;
  while (!text.empty()) {
    const size_t end = text.find('&');
    const std::string_view field = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (field.empty()) continue;
    const size_t equals = field.find('=');
    form.emplace_back(
        form_decode(field.substr(0, equals)),
        equals == std::string_view::npos ? std::string() : form_decode(field.substr(equals + 1)));
  }
  return form;
}

inline std::string write_form(const Form& form) {
  std::string out;
  for (const auto& [name, value] : form) {
    if (!out.empty()) out += '&';
    out += percent_encode(name) + '=' + percent_encode(value);
  }
  return out;
}

// The first of this name; empty where there is none.
inline std::string_view field(const Form& form, std::string_view name) {
  for (const auto& [key, value] : form) {
    if (key == name) return value;
  }
  return {};
}

}  // namespace kit
