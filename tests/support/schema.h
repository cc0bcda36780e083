// JSON against the schema of compiled flows.
#pragma once

#include <rapidjson/document.h>
#include <rapidjson/schema.h>
#include <rapidjson/stringbuffer.h>

#include "core/graph/flow_schema.h"

namespace relance::test {

// Empty: it fits; else the place of the first thing that does not.
inline std::string misfit(const std::string& json) {
  rapidjson::Document schema, value;
  schema.Parse(flow_schema().c_str());
  value.Parse(json.c_str());
  if (schema.HasParseError() || value.HasParseError()) return "no JSON";
  const rapidjson::SchemaDocument rules(schema);
  rapidjson::SchemaValidator validator(rules);
  if (value.Accept(validator)) return "";
  rapidjson::StringBuffer place;
  validator.GetInvalidDocumentPointer().StringifyUriFragment(place);
  return std::string(place.GetString()) + " " + validator.GetInvalidSchemaKeyword();
}

}  // namespace relance::test
