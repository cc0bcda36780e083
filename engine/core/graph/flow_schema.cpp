#include "core/graph/flow_schema.h"

#include <rapidjson/document.h>
#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

#include "core/graph/flow_words.h"

namespace relance {
namespace {

using Members = std::vector<std::pair<std::string, Doc>>;

Doc typed(std::string_view type) { return Doc::record({{"type", Doc::text(type)}}); }

Doc told(std::string_view type, std::string_view what) {
  return Doc::record({{"type", Doc::text(type)}, {"description", Doc::text(what)}});
}

Doc defined(std::string_view name) {
  return Doc::record({{"$ref", Doc::text("#/definitions/" + std::string(name))}});
}

Doc list_of(const Doc& items) {
  return Doc::record({{"type", Doc::text("array")}, {"items", items}});
}

// Nothing but these members, each of them optional: what equals its default is left out.
Doc object_of(const Members& properties) {
  return Doc::record({{"type", Doc::text("object")},
                      {"additionalProperties", Doc::boolean(false)},
                      {"properties", Doc::record(properties)}});
}

// One function for each type of field.
struct Schemas {
  static Doc of(bool) { return typed("boolean"); }
  static Doc of(int) { return typed("integer"); }
  static Doc of(uint8_t) { return typed("integer"); }
  static Doc of(StepIndex) { return told("string", "the name of a step"); }
  static Doc of(FunctionRef) { return told("integer", "a function of the source, by its order"); }
  static Doc of(Duration) { return told("integer", "milliseconds"); }
  static Doc of(Date) { return told("string", "a date, 2026-01-05"); }
  static Doc of(TimeOfDay) { return told("string", "a time of day, 09:00"); }
  static Doc of(const Key&) { return told("string", "26 characters of a-z and 2-7"); }
  static Doc of(const std::string&) { return typed("string"); }
  static Doc of(const Doc&) {
    return Doc::record({{"description", Doc::text("any value; what JSON has no form for is "
                                                  "{$minor, currency}, {$instant} or {$date}")}});
  }
  static Doc of(const std::pair<std::string, int>&) {
    return Doc::record({{"type", Doc::text("array")},
                        {"items", Doc::list({typed("string"), typed("integer")})},
                        {"minItems", Doc::integer(2)},
                        {"maxItems", Doc::integer(2)}});
  }
  static Doc of(const After&) { return defined("after"); }
  static Doc of(const Edge&) { return defined("edge"); }
  static Doc of(const EventPattern&) { return defined("event"); }
  static Doc of(const Step&) { return defined("step"); }
  template <Enumerated T>
  static Doc of(T word) {
    std::vector<Doc> words;
    for (std::string_view each : enum_words(word)) words.push_back(Doc::text(each));
    return Doc::record({{"enum", Doc::list(words)}});
  }
  template <class T>
  static Doc of(const std::optional<T>&) {
    return of(T{});
  }
  template <class T>
  static Doc of(const std::vector<T>&) {
    return list_of(of(T{}));
  }
  template <class T>
  static Members properties_of(const T& object) {
    Members properties;
    each_field(object, [&](const auto& field) {
      properties.emplace_back(std::string(field.name), of(object.*field.member));
    });
    return properties;
  }

  template <Listed T>
  static Doc of(const T& object) {
    return object_of(properties_of(object));
  }

  // Its own fields, and its body under the name of its kind.
  template <size_t kind = 0>
  static void add_bodies(Members& properties, std::vector<Doc>& kinds) {
    if constexpr (kind < std::variant_size_v<StepBody>) {
      const std::string name(step_kind_name(static_cast<StepKind>(kind)));
      properties.emplace_back(
          name, object_of(properties_of(std::variant_alternative_t<kind, StepBody>{})));
      kinds.push_back(Doc::record({{"required", Doc::list({Doc::text(name)})}}));
      add_bodies<kind + 1>(properties, kinds);
    }
  }

  static Doc step_schema() {
    Members properties = properties_of(Step{});
    std::vector<Doc> kinds;
    add_bodies(properties, kinds);
    return Doc::merged(object_of(properties), Doc::record({{"oneOf", Doc::list(kinds)}}));
  }

  static Doc after_schema() {
    const Doc parts = list_of(defined("after"));
    const Doc ends = list_of(of(RunEnd::goal));
    return Doc::record(
        {{"anyOf", Doc::list({defined("edge"), object_of({{"any", parts}}),
                              object_of({{"all", parts}}), object_of({{"ended", ends}})})}});
  }
};

}  // namespace

std::string flow_schema() {
  const Doc definitions = Doc::record({{"after", Schemas::after_schema()},
                                       {"edge", object_of(Schemas::properties_of(Edge{}))},
                                       {"event", object_of(Schemas::properties_of(EventPattern{}))},
                                       {"step", Schemas::step_schema()}});
  const Doc schema =
      Doc::merged(object_of(Schemas::properties_of(Flow{})),
                  Doc::record({{"$schema", Doc::text("http://json-schema.org/draft-04/schema#")},
                               {"title", Doc::text("A compiled flow of Relance")},
                               {"definitions", definitions}}));
  rapidjson::Document tree;
  tree.Parse(to_json(schema).c_str());
  rapidjson::StringBuffer buffer;
  rapidjson::PrettyWriter<rapidjson::StringBuffer> writer(buffer);
  writer.SetIndent(' ', 2);
  writer.SetFormatOptions(rapidjson::kFormatSingleLineArray);
  tree.Accept(writer);
  return std::string(buffer.GetString(), buffer.GetSize()) + "\n";
}

}  // namespace relance
