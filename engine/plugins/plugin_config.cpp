#include "plugins/plugin_config.h"

#include <rapidjson/document.h>
#include <rapidjson/schema.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <filesystem>

#include "plugins/c_text.h"

namespace relance {
namespace {

using rapidjson::Document;
using rapidjson::Value;

Error wrong(const InstanceSpec& spec, Code code, const std::string& what, std::string hint) {
  return {code, "plugin '" + spec.plugin + "' as '" + spec.name + "': " + what, spec.where,
          std::move(hint)};
}

// {"secret": "X"} is the name X, wherever it stands. Names that the environment does not know are
// collected.
void name_secrets(Value& value, Document& doc, const Process* process, std::string& unknown) {
  if (!value.IsObject()) return;
  for (auto& member : value.GetObject()) {
    Value& inner = member.value;
    if (inner.IsObject() && inner.MemberCount() == 1 && inner.HasMember("secret") &&
        inner["secret"].IsString()) {
      const std::string name = inner["secret"].GetString();
      if (process && !process->environment(name)) unknown = name;
      inner.SetString(name.c_str(), static_cast<rapidjson::SizeType>(name.size()),
                      doc.GetAllocator());
    } else {
      name_secrets(inner, doc, process, unknown);
    }
  }
}

// Defaults and absolute paths, as the schema's properties say.
void complete(Value& config, const Value& schema, const InstanceSpec& spec, Document& doc) {
  if (!config.IsObject() || !schema.IsObject() || !schema.HasMember("properties")) return;
  for (const auto& property : schema["properties"].GetObject()) {
    const Value& rule = property.value;
    if (!rule.IsObject()) continue;
    const char* name = property.name.GetString();
    if (!config.HasMember(name) && rule.HasMember("default"))
      config.AddMember(Value(name, doc.GetAllocator()), Value(rule["default"], doc.GetAllocator()),
                       doc.GetAllocator());
    if (!config.HasMember(name)) continue;
    Value& value = config[name];
    const bool path = rule.HasMember("format") && rule["format"].IsString() &&
                      std::string_view(rule["format"].GetString()) == "path";
    if (path && value.IsString() && value.GetStringLength() > 0) {
      const std::string whole =
          std::filesystem::absolute(std::filesystem::path(spec.directory) / value.GetString());
      value.SetString(whole.c_str(), static_cast<rapidjson::SizeType>(whole.size()),
                      doc.GetAllocator());
    }
    complete(value, rule, spec, doc);
  }
}

std::string json_of(const Value& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  value.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

Status check_schema(const Document& config, const Document& schema, const InstanceSpec& spec) {
  const rapidjson::SchemaDocument rules(schema);
  rapidjson::SchemaValidator validator(rules);
  if (config.Accept(validator)) return {};
  rapidjson::StringBuffer place;
  validator.GetInvalidDocumentPointer().Stringify(place);
  std::string field(place.GetString());
  if (field.empty()) field = "the whole";
  const char* keyword = validator.GetInvalidSchemaKeyword();
  return wrong(
      spec, Code::plugin_config,
      "its configuration breaks '" + std::string(keyword ? keyword : "schema") + "' at " + field,
      "see `relance plugin inspect " + spec.plugin + "`");
}

}  // namespace

Result<std::string> prepare_config(const LoadedPlugin& plugin, const InstanceSpec& spec,
                                   const Process* process) {
  Document config;
  config.Parse(spec.config.is_null() ? "{}" : to_json(spec.config).c_str());
  Document schema;
  schema.Parse(plugin.descriptor->config_schema);
  if (schema.HasParseError())
    return wrong(spec, Code::plugin_incomplete, "its configuration schema is no JSON", "");
  std::string unknown;
  name_secrets(config, config, process, unknown);
  if (!unknown.empty())
    return wrong(spec, Code::missing_secret, "the secret '" + unknown + "' is not set",
                 "set the environment variable " + unknown);
  complete(config, schema, spec, config);
  if (auto checked = check_schema(config, schema, spec); !checked) return checked.error();
  std::string json = json_of(config);
  if (plugin.descriptor->check_config) {
    Out problems;
    plugin.descriptor->check_config(c_str(json), problems.c());
    if (!problems.text().empty()) return wrong(spec, Code::plugin_config, problems.text(), "");
  }
  return json;
}

}  // namespace relance
