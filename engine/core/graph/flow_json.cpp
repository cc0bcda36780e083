#include "core/graph/flow_json.h"

#include <fmt/format.h>
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <limits>
#include <unordered_map>

#include "core/graph/flow_fields.h"
#include "core/graph/flow_json_doc.h"
#include "core/graph/flow_words.h"

namespace relance {
namespace {

using rapidjson::Value;
using Memory = rapidjson::MemoryPoolAllocator<>;

class JsonWriter {
 public:
  explicit JsonWriter(const Flow& flow) : flow_(flow) {}

  std::string write() {
    const Value root = value(flow_);
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    root.Accept(writer);
    return {buffer.GetString(), buffer.GetSize()};
  }

 private:
  Value value(bool v) { return Value(v); }
  Value value(int v) { return Value(v); }
  Value value(uint8_t v) { return Value(static_cast<unsigned>(v)); }
  Value value(StepIndex step) {
    return value(flow_.steps.at(step).name);
  }  // the only field type of this width
  Value value(FunctionRef function) { return Value(static_cast<unsigned>(function.number)); }
  Value value(Duration duration) { return Value(duration.ms); }
  Value value(Date date) { return value(format_date(date)); }
  Value value(TimeOfDay time) { return value(format_time_of_day(time)); }
  Value value(const Key& key) { return value(key.text()); }
  Value value(const Doc& doc) { return doc_to_value(doc, memory_); }
  Value value(std::string_view text) {
    return Value(text.data(), static_cast<rapidjson::SizeType>(text.size()), memory_);
  }
  Value value(const std::string& text) { return value(std::string_view(text)); }
  template <Enumerated T>
  Value value(T word) {
    return value(enum_words(word)[static_cast<size_t>(word)]);
  }
  template <class T>
  Value value(const std::optional<T>& maybe) {
    return value(*maybe);  // an empty one is a default and never comes here
  }
  template <class T>
  Value value(const std::vector<T>& items) {
    Value out(rapidjson::kArrayType);
    for (const T& item : items) out.PushBack(value(item), memory_);
    return out;
  }
  Value value(const std::pair<std::string, int>& share) {
    Value out(rapidjson::kArrayType);
    out.PushBack(value(share.first), memory_).PushBack(share.second, memory_);
    return out;
  }
  Value value(const After& after) {
    Value out(rapidjson::kObjectType);
    switch (after.kind) {
      case After::Kind::none: break;
      case After::Kind::edge: return value(after.edge);
      case After::Kind::any: out.AddMember("any", value(after.of), memory_); break;
      case After::Kind::all: out.AddMember("all", value(after.of), memory_); break;
      case After::Kind::ended: out.AddMember("ended", value(after.ends), memory_); break;
    }
    return out;
  }
  Value value(const Step& step) {
    Members members = members_of(step);
    members.emplace_back(step_kind_name(step.kind()),
                         std::visit([this](const auto& body) { return value(body); }, step.body));
    return object(std::move(members));
  }
  template <Listed T>
  Value value(const T& listed) {
    return object(members_of(listed));
  }

  using Members = std::vector<std::pair<std::string_view, Value>>;

  template <class T>
  Members members_of(const T& listed) {
    [[maybe_unused]] static const T defaults{};  // gcc 12 overlooks its use where T has one field
    Members members;
    each_field(listed, [&](const auto& field) {
      const auto& member = listed.*field.member;
      if (!(member == defaults.*field.member)) members.emplace_back(field.name, value(member));
    });
    return members;
  }

  Value object(Members members) {
    std::sort(members.begin(), members.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    Value out(rapidjson::kObjectType);
    for (auto& [name, member] : members) out.AddMember(value(name), std::move(member), memory_);
    return out;
  }

  const Flow& flow_;
  Memory memory_;
};

class JsonReader {
 public:
  // Fails by the first thing that is not as flow_to_json writes it.
  Result<Flow> read(std::string_view json) {
    rapidjson::Document root;
    constexpr unsigned kFlags = rapidjson::kParseFullPrecisionFlag |
                                rapidjson::kParseValidateEncodingFlag |
                                rapidjson::kParseIterativeFlag;
    root.Parse<kFlags>(json.data(), json.size());
    if (root.HasParseError()) return failed("is not JSON");
    Flow flow;
    if (!gather_names(root) || !into(root, flow) || !edges_point_back(flow))
      return failed(problem_);
    if (flow_to_json(flow) != json) return failed("is not in canonical form");
    return flow;
  }

 private:
  static Error failed(const std::string& problem) {
    return {Code::store_corrupt, "a stored flow does not read: " + problem, {}, ""};
  }

  bool fail(std::string_view expected) {
    if (problem_.empty()) problem_ = fmt::format("{}: {} is expected", path_, expected);
    return false;
  }

  static std::string_view text_of(const Value& json) {
    return {json.GetString(), json.GetStringLength()};
  }

  // Edges name steps, and some stand before the steps themselves.
  bool gather_names(const Value& root) {
    if (!root.IsObject()) return fail("an object");
    const auto steps = root.FindMember("steps");
    if (steps == root.MemberEnd()) return true;
    if (!steps->value.IsArray() || steps->value.Size() >= kNoStep) return fail("a list of steps");
    for (const Value& step : steps->value.GetArray()) {
      if (!step.IsObject() || !step.HasMember("name") || !step["name"].IsString())
        return fail("a name in every step");
      const bool added =
          names_.emplace(text_of(step["name"]), static_cast<StepIndex>(names_.size())).second;
      if (!added) return fail("a name of its own for every step");
    }
    return true;
  }

  bool edges_point_back(const Flow& flow) {
    bool back = true;
    for (StepIndex i = 0; i < flow.step_count(); ++i) {
      const auto earlier = [&](StepIndex other) { back = back && other < i; };
      const Step& step = flow.steps[i];
      each_edge(step.after, [&](const Edge& edge, bool) { earlier(edge.step); });
      if (const auto* act = std::get_if<ActStep>(&step.body); act && act->settles != kNoStep)
        earlier(act->settles);
      if (const auto* release = std::get_if<ReleaseStep>(&step.body)) earlier(release->hold);
    }
    for (const Edge& edge : flow.ignored) back = back && edge.step < flow.steps.size();
    return back || fail("an edge from an earlier step");
  }

  bool into(const Value& json, bool& out) {
    if (!json.IsBool()) return fail("true or false");
    out = json.GetBool();
    return true;
  }
  template <std::integral T>
  bool whole(const Value& json, T& out) {
    if (!json.IsInt64() || !std::in_range<T>(json.GetInt64()))
      return fail("a whole number in range");
    out = static_cast<T>(json.GetInt64());
    return true;
  }
  bool into(const Value& json, int& out) { return whole(json, out); }
  bool into(const Value& json, uint8_t& out) { return whole(json, out); }
  bool into(const Value& json, FunctionRef& out) { return whole(json, out.number); }
  bool into(const Value& json, Duration& out) { return whole(json, out.ms); }
  bool into(const Value& json, StepIndex& out) {
    const auto named = json.IsString() ? names_.find(text_of(json)) : names_.end();
    if (named == names_.end()) return fail("the name of a step");
    out = named->second;
    return true;
  }
  bool into(const Value& json, std::string& out) {
    if (!json.IsString()) return fail("text");
    out = text_of(json);
    return true;
  }
  bool into(const Value& json, TimeOfDay& out) {
    const auto time = parse_time_of_day(json.IsString() ? text_of(json) : "");
    if (!time.ok()) return fail("a time of day");
    out = *time;
    return true;
  }
  bool into(const Value& json, Date& out) {
    const auto date = parse_date(json.IsString() ? text_of(json) : "");
    if (!date.ok()) return fail("a date");
    out = *date;
    return true;
  }
  bool into(const Value& json, Key& out) {
    const auto key = Key::parse(json.IsString() ? text_of(json) : "");
    if (!key.ok()) return fail("a key of 26 characters");
    out = *key;
    return true;
  }
  bool into(const Value& json, Doc& out) {
    auto doc = doc_from_value(json);
    if (!doc) return fail("a value");
    out = std::move(*doc);
    return true;
  }
  template <Enumerated T>
  bool into(const Value& json, T& out) {
    constexpr auto words = enum_words(T{});
    const auto at = std::find(words.begin(), words.end(), json.IsString() ? text_of(json) : "");
    if (at == words.end()) return fail("one of its words");
    out = static_cast<T>(at - words.begin());
    return true;
  }
  template <class T>
  bool into(const Value& json, std::optional<T>& out) {
    return into(json, out.emplace());
  }
  template <class T>
  bool into(const Value& json, std::vector<T>& out) {
    if (!json.IsArray()) return fail("a list");
    for (rapidjson::SizeType i = 0; i < json.Size(); ++i) {
      if (!nested(fmt::format("[{}]", i), json[i], out.emplace_back())) return false;
    }
    return true;
  }
  bool into(const Value& json, std::pair<std::string, int>& out) {
    if (!json.IsArray() || json.Size() != 2) return fail("an outcome and its percent");
    return into(json[0], out.first) && into(json[1], out.second);
  }
  bool into(const Value& json, After& out) {
    if (!json.IsObject()) return fail("an edge, any, all or ended");
    const std::string_view word = json.MemberCount() == 1 ? text_of(json.MemberBegin()->name) : "";
    out.kind = word == "any"     ? After::Kind::any
               : word == "all"   ? After::Kind::all
               : word == "ended" ? After::Kind::ended
                                 : After::Kind::edge;
    if (out.kind == After::Kind::edge) return into(json, out.edge);
    const Value& parts = json.MemberBegin()->value;
    if (out.kind == After::Kind::ended) return nested(".ended", parts, out.ends);
    return nested("." + std::string(word), parts, out.of);
  }
  bool into(const Value& json, Step& out) {
    if (!json.IsObject()) return fail("a step");
    for (const auto& member : json.GetObject()) {
      StepKind kind{};
      if (!step_kind_from(text_of(member.name), kind)) continue;
      const size_t length = path_.size();
      path_.append(".").append(step_kind_name(kind));
      if (!body_into(member.value, static_cast<size_t>(kind), out.body)) return false;
      path_.resize(length);
      return fields_into(json, out, 1);
    }
    return fail("a kind of step");
  }
  template <size_t kind = 0>
  bool body_into(const Value& json, size_t wanted, StepBody& out) {
    if constexpr (kind < std::variant_size_v<StepBody>) {
      if (kind == wanted) return into(json, out.emplace<kind>());
      return body_into<kind + 1>(json, wanted, out);
    }
    return fail("a kind of step");
  }
  template <Listed T>
  bool into(const Value& json, T& out) {
    return fields_into(json, out, 0);
  }

  // `beside`: members that are no fields of T and were read already.
  template <class T>
  bool fields_into(const Value& json, T& out, size_t beside) {
    if (!json.IsObject()) return fail("an object");
    bool good = true;
    size_t known = beside;
    each_field(out, [&](const auto& field) {
      const auto member =
          json.FindMember(Value(rapidjson::StringRef(field.name.data(), field.name.size())));
      if (!good || member == json.MemberEnd()) return;
      ++known;
      good = nested("." + std::string(field.name), member->value, out.*field.member);
    });
    return good && (known == json.MemberCount() || fail("only fields that are known"));
  }

  template <class T>
  bool nested(const std::string& name, const Value& json, T& out) {
    constexpr size_t kLongestPath = 1000;  // a flow nests by hand; deeper is no flow
    const size_t length = path_.size();
    if (length > kLongestPath) return fail("less nesting");
    path_ += name;
    const bool good = into(json, out);
    path_.resize(length);
    return good;
  }

  std::unordered_map<std::string_view, StepIndex> names_;
  std::string path_ = "flow";
  std::string problem_;
};

}  // namespace

std::string flow_to_json(const Flow& flow) { return JsonWriter(flow).write(); }

Result<Flow> flow_from_json(std::string_view json) { return JsonReader().read(json); }

}  // namespace relance
