#include "records.h"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "kit/local_time.h"
#include "kit/text.h"

namespace hubspot {
namespace {

// HubSpot takes 18 filters in 5 groups; six in one group, two of which page and key may need.
constexpr size_t kMostFilters = 4;

bool needed(const rl_read& read, std::string_view field) {
  if (read.need_count == 0) return true;
  for (size_t i = 0; i < read.need_count; ++i) {
    if (kit::view(read.need[i]) == field) return true;
  }
  return false;
}

void add_name(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

// A text, number or truth value as HubSpot writes all values; empty: neither.
std::string written(const kit::Value& value) {
  if (value.IsString()) return std::string(kit::view(value));
  if (value.IsBool()) return value.GetBool() ? "true" : "false";
  if (value.IsInt64()) return std::to_string(value.GetInt64());
  if (!value.IsDouble()) return {};
  char text[40];
  const auto end = std::to_chars(text, text + sizeof text, value.GetDouble()).ptr;
  return {text, end};
}

// HubSpot compares times in milliseconds: "2026-01-05T08:00:00Z" as such, a fraction of a second as
// `more` whole ones; any other text as it is.
std::string milliseconds_of(const std::string& text, int more) {
  const auto minutes = text.ends_with('Z') ? kit::parse_local(text) : std::nullopt;
  const auto seconds = kit::digits(text, 17, 2);
  if (!minutes || !seconds || text.size() < 20) return text;
  const bool fraction = text.size() > 20;
  return std::to_string((*minutes * 60 + *seconds + (fraction ? more : 0)) * 1000);
}

// Filters of one cell, and how many; 0: the cell is none.
size_t filters_of_cell(std::string_view property, const kit::Value& cell, std::string& filters) {
  const auto add = [&](const std::string& one) {
    if (!filters.empty()) filters += ',';
    filters += one;
  };
  if (const std::string value = written(cell); !value.empty()) {
    add(filter(property, "EQ", value));
    return 1;
  }
  if (cell.IsArray() && !cell.Empty()) {
    std::vector<std::string> values;
    for (const kit::Value& one : cell.GetArray()) {
      values.push_back(written(one));
      if (values.back().empty()) return 0;
    }
    add(kit::Object()
            .text("propertyName", property)
            .text("operator", "IN")
            .raw("values", json_list(values))
            .close());
    return 1;
  }
  if (!cell.IsObject() || cell.ObjectEmpty()) return 0;
  size_t count = 0;
  for (const auto& [name, value] : cell.GetObject()) {
    const std::string_view word = kit::view(name);
    const std::string bound = written(value);
    if (word == "at_least" && !bound.empty()) {
      add(filter(property, "GTE", milliseconds_of(bound, 0)));
    } else if (word == "below" && !bound.empty()) {
      add(filter(property, "LT", milliseconds_of(bound, 1)));
    } else if (word == "present" && value.IsBool()) {
      add(kit::Object()
              .text("propertyName", property)
              .text("operator", value.GetBool() ? "HAS_PROPERTY" : "NOT_HAS_PROPERTY")
              .close());
    } else {
      return 0;
    }
    ++count;
  }
  return count;
}

}  // namespace

std::vector<std::string> properties_for(const ObjectType& type, const rl_read& read) {
  std::vector<std::string> names;
  if (!type.own_id()) names.push_back(type.id_property);
  for (const auto& [field, property] : type.fields) {
    if (needed(read, field)) add_name(names, property);
  }
  return names;
}

std::string comma_list(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ",") + name;
  return list;
}

std::string json_list(const std::vector<std::string>& names) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  writer.StartArray();
  for (const std::string& name : names) {
    writer.String(name.data(), static_cast<rapidjson::SizeType>(name.size()));
  }
  writer.EndArray();
  return {buffer.GetString(), buffer.GetSize()};
}

std::string id_of(const ObjectType& type, const kit::Value& object) {
  if (type.own_id()) return std::string(kit::text(&object, "id"));
  return std::string(kit::text(kit::member(&object, "properties"), type.id_property));
}

// Each part of a zone's name begins with a capital, but for the small words within.
std::string zone_of(std::string_view hubspot) {
  constexpr std::string_view kSlash = "_slash_";
  if (hubspot.find(kSlash) == std::string_view::npos) return std::string(hubspot);
  std::string zone;
  while (!hubspot.empty()) {
    const std::string_view part = hubspot.substr(0, hubspot.find(kSlash));
    hubspot.remove_prefix(part.size());
    zone += part;
    if (hubspot.empty()) break;
    hubspot.remove_prefix(kSlash.size());
    zone += '/';
  }
  for (size_t at = 0; at < zone.size(); ++at) {
    const bool begins =
        at == 0 || zone[at - 1] == '/' || zone[at - 1] == '_' || zone[at - 1] == '-';
    const std::string_view rest = std::string_view(zone).substr(at);
    const bool small = at > 0 && zone[at - 1] != '/' &&
                       (rest.starts_with("of_") || rest.starts_with("es_") ||
                        rest.starts_with("au-") || rest.starts_with("au_"));
    if (begins && !small) {
      zone[at] = static_cast<char>(std::toupper(static_cast<unsigned char>(zone[at])));
    }
  }
  if (zone.starts_with("Us/")) zone[1] = 'S';
  return zone;
}

std::string record_of(const ObjectType& type, const rl_read& read, const kit::Value& object,
                      bool with_id) {
  const kit::Value* properties = kit::member(&object, "properties");
  kit::Object record;
  if (with_id) record.text("id", id_of(type, object));
  for (const auto& [field, property] : type.fields) {
    const kit::Value* value = kit::member(properties, property);
    const std::string text = value == nullptr ? std::string() : written(*value);
    if (text.empty() || !needed(read, field)) continue;
    record.text(field, property == "hs_timezone" ? zone_of(text) : text);
  }
  return record.close();
}

std::string filter(std::string_view property, std::string_view op, std::string_view value) {
  return kit::Object()
      .text("propertyName", property)
      .text("operator", op)
      .text("value", value)
      .close();
}

void check_query(const ObjectType& type, const kit::Value& query, std::string& problems) {
  for (const auto& [name, cell] : query.GetObject()) {
    const std::string field(kit::view(name));
    if (type.property_of(field) != nullptr) continue;
    problems += "'" + field + "' is no field: `fields` has none of this name\n";
  }
}

std::string filters_of(const ObjectType& type, const kit::Value& query) {
  std::string filters;
  size_t count = 0;
  for (const auto& [name, cell] : query.GetObject()) {
    const std::string* property = type.property_of(kit::view(name));
    std::string more = filters;
    const size_t added = property == nullptr ? 0 : filters_of_cell(*property, cell, more);
    if (added == 0 || count + added > kMostFilters) continue;
    filters = more;
    count += added;
  }
  return filters;
}

}  // namespace hubspot
