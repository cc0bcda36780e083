// JSON for plugins: reading by dotted path with a fallback, writing flat objects.
//
// A Json keeps the parsed document; what it hands out lives as long as it does. Text that is no
// JSON object reads as an empty one: the host has validated configurations, and data of a touch is
// the host's own.
#pragma once

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace kit {

using Value = rapidjson::Value;

// nullptr: no such member, or `from` is no object.
inline const Value* member(const Value* from, std::string_view name) {
  if (from == nullptr || !from->IsObject()) return nullptr;
  if (name.data() == nullptr) name = "";  // RapidJSON ends the program otherwise
  const auto it = from->FindMember(
      Value(rapidjson::StringRef(name.data(), static_cast<rapidjson::SizeType>(name.size()))));
  return it == from->MemberEnd() || it->value.IsNull() ? nullptr : &it->value;
}

// "decline.action"
inline const Value* find(const Value* from, std::string_view path) {
  while (from != nullptr) {
    const size_t dot = path.find('.');
    from = member(from, path.substr(0, dot));
    if (dot == std::string_view::npos) break;
    path.remove_prefix(dot + 1);
  }
  return from;
}

inline std::string_view text(const Value* from, std::string_view path,
                             std::string_view fallback = {}) {
  const Value* value = find(from, path);
  if (value == nullptr || !value->IsString()) return fallback;
  return {value->GetString(), value->GetStringLength()};
}

inline int64_t integer(const Value* from, std::string_view path, int64_t fallback = 0) {
  const Value* value = find(from, path);
  if (value == nullptr) return fallback;
  if (value->IsInt64()) return value->GetInt64();
  return value->IsDouble() ? static_cast<int64_t>(value->GetDouble()) : fallback;
}

inline double number(const Value* from, std::string_view path, double fallback = 0) {
  const Value* value = find(from, path);
  return value != nullptr && value->IsNumber() ? value->GetDouble() : fallback;
}

inline bool boolean(const Value* from, std::string_view path, bool fallback = false) {
  const Value* value = find(from, path);
  return value != nullptr && value->IsBool() ? value->GetBool() : fallback;
}

inline std::string_view view(const Value& text) {
  return {text.GetString(), text.GetStringLength()};
}

class Json {
 public:
  // NOLINTNEXTLINE(*-member-init): room_ is filled as it is needed
  explicit Json(std::string_view text) : pool_(room_, sizeof room_), document_(&pool_) {
    document_.Parse<rapidjson::kParseIterativeFlag>(text.data(), text.size());
    if (document_.HasParseError() || !document_.IsObject()) document_.SetObject();
  }
  const Value* root() const { return &document_; }

 private:
  using Pool = rapidjson::MemoryPoolAllocator<>;
  alignas(8) char room_[4096];  // for most texts all that is needed
  Pool pool_;
  rapidjson::GenericDocument<rapidjson::UTF8<>, Pool> document_;
};

// {"a": "x", "b": 1}, in the order of the calls.
class Object {
 public:
  Object() { writer_.StartObject(); }

  Object& text(std::string_view name, std::string_view value) {
    key(name);
    writer_.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
    return *this;
  }
  Object& integer(std::string_view name, int64_t value) {
    key(name);
    writer_.Int64(value);
    return *this;
  }
  Object& number(std::string_view name, double value) {
    key(name);
    writer_.Double(value);
    return *this;
  }
  Object& boolean(std::string_view name, bool value) {
    key(name);
    writer_.Bool(value);
    return *this;
  }
  Object& value(std::string_view name, const Value& value) {
    key(name);
    value.Accept(writer_);
    return *this;
  }
  // `json` is JSON already.
  Object& raw(std::string_view name, std::string_view json) {
    key(name);
    writer_.RawValue(json.data(), json.size(), rapidjson::kObjectType);
    return *this;
  }
  std::string close() {
    writer_.EndObject();
    return {buffer_.GetString(), buffer_.GetSize()};
  }

 private:
  void key(std::string_view name) {
    writer_.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
  }
  rapidjson::StringBuffer buffer_;
  rapidjson::Writer<rapidjson::StringBuffer> writer_{buffer_};
};

}  // namespace kit
