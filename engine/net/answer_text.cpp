#include "net/answer_text.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "base/json_text.h"

namespace relance {
namespace {

std::string_view reason_of(int status) {
  switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 402: return "Payment Required";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    default: return "Other";
  }
}

bool name_character(char c) {
  constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         kOthers.find(c) != std::string_view::npos;
}

bool is_value(std::string_view value) {
  return std::none_of(value.begin(), value.end(), [](char c) {
    return (static_cast<unsigned char>(c) < ' ' && c != '\t') || c == '\x7f';
  });
}

// The length of the message and the life of the connection are the server's business.
bool is_ours(std::string_view name) {
  constexpr std::array<std::string_view, 6> kOurs = {
      "connection", "content-length", "content-type", "date", "keep-alive", "transfer-encoding"};
  std::string lower(name);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return std::find(kOurs.begin(), kOurs.end(), lower) != kOurs.end();
}

bool is_header(std::string_view name, std::string_view value) {
  return !name.empty() && std::all_of(name.begin(), name.end(), name_character) &&
         is_value(value) && !is_ours(name);
}

}  // namespace

std::string answer_text(const ServerAnswer& answer, const AnswerForm& form) {
  const int status = answer.status >= 200 && answer.status <= 599 ? answer.status : 500;
  const bool bodiless = status == 204 || status == 304;
  std::string text;
  text.reserve(192 + answer.body.size());
  auto out = std::back_inserter(text);
  fmt::format_to(out, "HTTP/1.1 {} {}\r\nDate: {:%a, %d %b %Y %H:%M:%S GMT}\r\n", status,
                 reason_of(status), fmt::gmtime(static_cast<std::time_t>(form.date.ms / 1000)));
  if (!bodiless) {
    if (!answer.content_type.empty() && is_value(answer.content_type))
      fmt::format_to(out, "Content-Type: {}\r\n", answer.content_type);
    fmt::format_to(out, "Content-Length: {}\r\n", answer.body.size());
  }
  for (const auto& [name, value] : answer.headers)
    if (is_header(name, value)) fmt::format_to(out, "{}: {}\r\n", name, value);
  text += form.keep_alive ? "\r\n" : "Connection: close\r\n\r\n";
  if (!bodiless && !form.head_only) text += answer.body;
  return text;
}

ServerAnswer error_answer(int status, std::string_view why) {
  ServerAnswer answer;
  answer.status = status;
  answer.body = JsonText().key("error").text(why).close();
  if (status == 503) answer.headers.emplace_back("Retry-After", "1");
  return answer;
}

}  // namespace relance
