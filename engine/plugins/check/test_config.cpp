// The configuration: its schema, what is accepted, what is refused.
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <cstring>

#include "plugins/c_text.h"
#include "plugins/check/stage.h"
#include "plugins/check/tests.h"

namespace relance::conformance {
namespace {

using rapidjson::Document;
using rapidjson::Value;

bool known_type(const Value& name) {
  static constexpr std::string_view kTypes[] = {"array",  "boolean", "integer", "null",
                                                "number", "object",  "string"};
  return name.IsString() &&
         std::find(std::begin(kTypes), std::end(kTypes), name.GetString()) != std::end(kTypes);
}

std::string wrong_keyword(const std::string& place, const std::string& what) {
  return "schema at " + (place.empty() ? "/" : place) + ": " + what;
}

// What draft 4 says of single keywords; "" = nothing is wrong.
std::string wrong_here(const Value& schema, const std::string& place) {
  if (!schema.IsObject()) return wrong_keyword(place, "is no object");
  const auto has = [&](const char* name) { return schema.HasMember(name); };
  if (has("type")) {
    const Value& type = schema["type"];
    const bool list =
        type.IsArray() && !type.Empty() && std::all_of(type.Begin(), type.End(), known_type);
    if (!list && !known_type(type)) return wrong_keyword(place, "type is none of the seven");
  }
  if (has("required")) {
    const Value& names = schema["required"];
    const auto text = [](const Value& name) { return name.IsString(); };
    if (!names.IsArray() || names.Empty() || !std::all_of(names.Begin(), names.End(), text))
      return wrong_keyword(place, "required is no list of names");
  }
  if (has("enum") && (!schema["enum"].IsArray() || schema["enum"].Empty()))
    return wrong_keyword(place, "enum is no list");
  for (const char* name : {"minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"})
    if (has(name) && !schema[name].IsNumber())
      return wrong_keyword(place, std::string(name) + " is no number");
  for (const char* name : {"pattern", "format", "title", "description", "$ref"})
    if (has(name) && !schema[name].IsString())
      return wrong_keyword(place, std::string(name) + " is no text");
  if (has("const")) return wrong_keyword(place, "const is of a later draft");
  return "";
}

// A required field stands among the properties, where those are closed.
std::string wrong_required(const Value& schema, const std::string& place) {
  const bool closed = schema.HasMember("additionalProperties") &&
                      schema["additionalProperties"].IsBool() &&
                      !schema["additionalProperties"].GetBool();
  if (!closed || !schema.HasMember("required") || !schema["required"].IsArray()) return "";
  for (const Value& name : schema["required"].GetArray())
    if (!schema.HasMember("properties") || !schema["properties"].HasMember(name))
      return wrong_keyword(
          place, std::string("requires '") + name.GetString() + "', which it does not allow");
  return "";
}

std::string wrong_schema(const Value& schema, const std::string& place) {
  if (std::string wrong = wrong_here(schema, place); !wrong.empty()) return wrong;
  if (std::string wrong = wrong_required(schema, place); !wrong.empty()) return wrong;
  for (const char* name : {"properties", "definitions", "patternProperties"}) {
    if (!schema.HasMember(name)) continue;
    if (!schema[name].IsObject()) return wrong_keyword(place, std::string(name) + " is no object");
    for (const auto& member : schema[name].GetObject()) {
      const std::string inner = place + "/" + name + "/" + member.name.GetString();
      if (std::string wrong = wrong_schema(member.value, inner); !wrong.empty()) return wrong;
    }
  }
  for (const char* name : {"items", "additionalProperties", "not"})
    if (schema.HasMember(name) && schema[name].IsObject())
      if (std::string wrong = wrong_schema(schema[name], place + "/" + name); !wrong.empty())
        return wrong;
  return "";
}

std::string json_text(const Document& document) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  document.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

// The accepted configuration with one member put in, as JSON.
std::string config_with(const Bench& bench, const char* name, const char* value_json) {
  Document config, value;
  config.Parse(bench.config().data(), bench.config().size());
  value.Parse(value_json);
  if (!config.IsObject()) config.SetObject();
  config.RemoveMember(name);
  config.AddMember(Value(name, config.GetAllocator()), Value(value, config.GetAllocator()),
                   config.GetAllocator());
  return json_text(config);
}

}  // namespace

Outcome test_schema(Bench& bench) {
  Document schema;
  schema.Parse(bench.plugin().descriptor->config_schema);
  if (schema.HasParseError()) return failed("config_schema is no JSON");
  if (!schema.IsObject()) return failed("config_schema is no JSON object");
  if (!schema.HasMember("type") || !schema["type"].IsString() ||
      std::strcmp(schema["type"].GetString(), "object") != 0)
    return failed("its type is not \"object\": a configuration is a table");
  const std::string wrong = wrong_schema(schema, "");
  return wrong.empty() ? passed() : failed(wrong);
}

Outcome test_starts(Bench& bench) {
  if (!bench.config_problem().empty())
    return failed("the configuration " +
                  (bench.subject().config.empty() ? "{}" : bench.subject().config) +
                  " is refused: " + bench.config_problem());
  Stage stage(bench);
  if (stage.ready()) return passed();
  if (!stage.threw().empty()) return not_applicable(stage.threw() + " threw an exception");
  return failed(stage.problem());
}

Outcome test_refuses_nonsense(Bench& bench) {
  // What the host would never hand over: it must not be harmed by it either.
  const auto check = bench.plugin().descriptor->check_config;
  for (const char* text : {"", "[1,2", "null", "\"text\"", "{\"a\":}", "{\"\":{\"\":[[]]}}"}) {
    bench.doing(std::string("check_config of ") + text);
    Out problems;
    try {
      if (check) check(c_str(text), problems.c());
    } catch (...) {
      continue;  // told by another rule
    }
  }
  if (!bench.config_problem().empty()) return not_applicable("no configuration is accepted");
  const char* const name = "no_such_field";
  if (!bench.prepare(config_with(bench, name, "17"))) return passed();
  return failed("a configuration with the field 'no_such_field' is accepted");
}

Outcome test_refuses_wrong_types(Bench& bench) {
  Document schema;
  schema.Parse(bench.plugin().descriptor->config_schema);
  if (!schema.IsObject() || !schema.HasMember("properties") || !schema["properties"].IsObject())
    return not_applicable("its configuration has no fields");
  if (!bench.config_problem().empty()) return not_applicable("no configuration is accepted");
  for (const auto& property : schema["properties"].GetObject()) {
    const char* name = property.name.GetString();
    bench.doing(std::string("a configuration with another type of ") + name);
    const auto refused = [&](const char* value) {
      return !bench.prepare(config_with(bench, name, value));
    };
    const char* const values[] = {"17.5", "\"text\"", "true", "[1]", "{\"a\":1}"};
    if (std::none_of(std::begin(values), std::end(values), refused))
      return failed(std::string("the field '") + name + "' takes a value of any type");
  }
  return passed();
}

}  // namespace relance::conformance
