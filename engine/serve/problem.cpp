#include "serve/problem.h"

#include "base/json_text.h"

namespace relance {
namespace {

std::string_view title(int status) {
  switch (status) {
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 503: return "Service Unavailable";
    default: return "Error";
  }
}

ServerAnswer answer(int status, JsonText& text) {
  ServerAnswer answer;
  answer.status = status;
  answer.content_type = "application/problem+json";
  answer.body = text.close();
  return answer;
}

void begin(JsonText& text, int status, std::string_view detail) {
  text.key("title").text(title(status)).key("status").integer(status).key("detail").text(detail);
}

}  // namespace

ServerAnswer problem(int status, const Error& error, int index) {
  JsonText text;
  begin(text, status, error.message);
  text.key("code").text(code_text(error.code));
  if (index >= 0) text.key("event").integer(index);
  if (!error.hint.empty()) text.key("remedy").text(error.hint);
  return answer(status, text);
}

ServerAnswer problem(int status, std::string detail) {
  JsonText text;
  begin(text, status, detail);
  return answer(status, text);
}

ServerAnswer try_later(std::string detail, int after_s) {
  ServerAnswer answer = problem(503, std::move(detail));
  answer.headers.emplace_back("Retry-After", std::to_string(after_s));
  return answer;
}

}  // namespace relance
