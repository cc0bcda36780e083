#include "notes.h"

#include <cctype>

#include "kit/local_time.h"
#include "kit/utf8.h"

namespace hubspot {
namespace {

// HubSpot's text fields hold 65,536 characters, and escaping makes text longer.
constexpr size_t kMostText = 10'000;
constexpr size_t kMostTitle = 200;

// The associations HubSpot defines, from an activity to its contact ("Association type IDs").
constexpr int kCallToContact = 194, kNoteToContact = 202, kTaskToContact = 204;

// Whole letters, at most so many bytes.
std::string shortened(std::string_view text, size_t most) {
  std::string out;
  while (!text.empty() && out.size() < most) kit::add_letter(kit::next_letter(text), out);
  return out;
}

// The texts of activities are HTML.
std::string html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else {
      out += c;
    }
  }
  return out;
}

std::string json_of(const kit::Value& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  value.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

std::string plain(const kit::Value& value) {
  return value.IsString() ? std::string(kit::view(value)) : json_of(value);
}

// "name: value", a line each.
std::string lines_of(const kit::Value* data) {
  std::string lines;
  for (const auto& [name, value] : data->GetObject()) {
    if (value.IsNull()) continue;
    if (!lines.empty()) lines += "<br>";
    lines += html(shortened(kit::view(name), kMostTitle)) + ": " +
             html(shortened(plain(value), kMostText));
    if (lines.size() > 4 * kMostText) break;
  }
  return lines;
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return out;
}

std::string_view call_status(std::string_view outcome) {
  if (outcome == "no_answer") return "NO_ANSWER";
  if (outcome == "busy") return "BUSY";
  if (outcome == "failed" || outcome == "invalid_number") return "FAILED";
  return "COMPLETED";
}

// The first of these that the data have.
std::string_view outcome_of(const kit::Value* data) {
  return kit::text(data, "outcome", kit::text(data, "word", kit::text(data, "what")));
}

void add_call(const kit::Value* data, const Settings& settings, kit::Object& properties) {
  const std::string_view outcome = outcome_of(data);
  properties.text("hs_call_title", shortened(kit::text(data, "flow", "Call"), kMostTitle));
  properties.text("hs_call_body", lines_of(data));
  properties.text("hs_call_direction", "OUTBOUND").text("hs_call_status", call_status(outcome));
  const int64_t duration_ms = kit::integer(data, "duration_ms");
  if (duration_ms > 0) properties.text("hs_call_duration", std::to_string(duration_ms));
  if (const auto to = kit::text(data, "to"); !to.empty()) properties.text("hs_call_to_number", to);
  for (const auto& [word, id] : settings.dispositions) {
    if (word == outcome) properties.text("hs_call_disposition", id);
  }
}

void add_task(const kit::Value* data, kit::Object& properties) {
  const std::string priority = upper(kit::text(data, "priority"));
  const bool known = priority == "LOW" || priority == "MEDIUM";
  properties.text("hs_task_subject",
                  shortened(kit::text(data, "title", "A person is wanted"), kMostTitle));
  properties.text("hs_task_body", lines_of(data)).text("hs_task_status", "NOT_STARTED");
  properties.text("hs_task_priority", known ? priority : "HIGH");
  properties.text("hs_task_type", kit::text(data, "type") == "call" ? "CALL" : "TODO");
}

}  // namespace

std::string type_of(const Written& write) {
  if (write.operation == "flag_for_human") return "tasks";
  const kit::Json json(write.data);
  return kit::text(json.root(), "kind") == "voice" ? "calls" : "notes";
}

Engagement engagement_of(const Written& write, std::string_view contact, const Settings& settings) {
  const kit::Json json(write.data);
  const kit::Value* data = json.root();
  Engagement made{type_of(write), {}};
  const bool task = made.type == "tasks", call = made.type == "calls";
  const std::string at = kit::format_instant(write.intended_at);
  const std::string_view owner = kit::text(data, "owner_id", settings.owner_id);
  kit::Object properties;
  properties.text("hs_timestamp", task ? kit::text(data, "due", at) : std::string_view(at));
  if (task) {
    add_task(data, properties);
  } else if (call) {
    add_call(data, settings, properties);
  } else {
    properties.text("hs_note_body", lines_of(data));
  }
  if (!owner.empty()) properties.text("hubspot_owner_id", owner);
  properties.text(settings.key_property, write.key);
  const int to_contact = task ? kTaskToContact : call ? kCallToContact : kNoteToContact;
  const std::string kind = "[" +
                           kit::Object()
                               .text("associationCategory", "HUBSPOT_DEFINED")
                               .integer("associationTypeId", to_contact)
                               .close() +
                           "]";
  const std::string to = kit::Object().text("id", contact).close();
  const std::string association = kit::Object().raw("to", to).raw("types", kind).close();
  made.body = kit::Object()
                  .raw("properties", properties.close())
                  .raw("associations", "[" + association + "]")
                  .close();
  return made;
}

std::string update_of(const Written& write, const ObjectType& customer, std::string& problem) {
  const kit::Json json(write.data);
  kit::Object properties;
  for (const auto& [name, value] : json.root()->GetObject()) {
    const std::string* property = customer.property_of(kit::view(name));
    const bool scalar = value.IsString() || value.IsNumber() || value.IsBool();
    if (property == nullptr || !scalar) {
      problem = "'" + std::string(kit::view(name)) +
                (property == nullptr ? "' is no field of `fields`" : "' is no text or number");
      return {};
    }
    properties.text(*property, plain(value));
  }
  return kit::Object().raw("properties", properties.close()).close();
}

bool holds(const kit::Value& contact, const std::string& update) {
  const kit::Json json(update);
  const kit::Value* has = kit::member(&contact, "properties");
  for (const auto& [name, value] : kit::member(json.root(), "properties")->GetObject()) {
    const kit::Value* there = kit::member(has, kit::view(name));
    if (there == nullptr || plain(*there) != kit::view(value)) return false;
  }
  return true;
}

}  // namespace hubspot
