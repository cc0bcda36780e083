#include "serve/cloud_events.h"

#include <fmt/format.h>

#include "base/doc.h"
#include "base/json_text.h"
#include "script/event_catalogue.h"

namespace relance {
namespace {

constexpr std::string_view kStructured = "application/cloudevents+json";
constexpr std::string_view kBatch = "application/cloudevents-batch+json";
constexpr std::string_view kJson = "application/json";

// "application/json; charset=utf-8" -> "application/json"
std::string media_type(std::string_view header) {
  std::string type(header.substr(0, header.find(';')));
  while (!type.empty() && type.back() == ' ') type.pop_back();
  for (char& c : type) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return type;
}

// Header values carry what is not ASCII percent-encoded.
std::string percent_decoded(std::string_view value) {
  const auto digit = [](char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
  };
  std::string text;
  for (size_t i = 0; i < value.size(); ++i) {
    if (value[i] == '%' && i + 2 < value.size() && digit(value[i + 1]) >= 0 &&
        digit(value[i + 2]) >= 0) {
      text += static_cast<char>(digit(value[i + 1]) * 16 + digit(value[i + 2]));
      i += 2;
    } else {
      text += value[i];
    }
  }
  return text;
}

// The body becomes a value of ours first: pasted into the text as it is, it could close the object
// and bring attributes of its own; a header that is named as data would bring it twice.
Result<std::string> binary_event(const ServerRequest& request) {
  auto data = from_json(request.body.empty() ? "{}" : request.body);
  if (!data)
    return Error{Code::event_malformed, "the body is no JSON: " + data.error().message, {}, ""};
  JsonText event;
  for (const auto& [name, value] : request.headers)
    if (name.starts_with("ce-") && !name.starts_with("ce-data"))
      event.key(name.substr(3)).text(percent_decoded(value));
  event.key("data").value(*data);
  return event.close();
}

Result<std::vector<std::string>> batch_events(const std::string& body) {
  auto list = from_json(body);
  if (!list) return Error{Code::event_malformed, list.error().message, {}, ""};
  if (list->view().type() != DocType::list)
    return Error{Code::event_malformed, "a batch is a list of events", {}, ""};
  if (list->view().size() > kMostEventsAtOnce)
    return Error{Code::event_too_large,
                 fmt::format("a batch holds at most {} events", kMostEventsAtOnce),
                 {},
                 "send it in parts"};
  std::vector<std::string> events;
  for (const auto& item : list->view().items()) events.push_back(to_json(item.value));
  return events;
}

}  // namespace

Result<std::vector<std::string>> cloud_events_of(const ServerRequest& request) {
  const std::string type = media_type(request.header("content-type"));
  if (type == kBatch) return batch_events(request.body);
  if (!request.header("ce-specversion").empty()) {
    if (!type.empty() && type != kJson)
      return Error{Code::unsupported_media,
                   "data of type '" + type + "' is not taken",
                   {},
                   "send application/json"};
    auto event = binary_event(request);
    if (!event) return event.error();
    return std::vector{std::move(*event)};
  }
  if (type == kStructured || type == kJson) return std::vector{request.body};
  return Error{Code::unsupported_media,
               "content type '" + type + "' is not taken",
               {},
               "send application/cloudevents+json, application/cloudevents-batch+json, or "
               "application/json with ce- headers"};
}

}  // namespace relance
