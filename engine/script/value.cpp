#include "script/value.h"

#include <fmt/format.h>
#include <lauxlib.h>
#include <lua.h>

#include <algorithm>

#include "script/freeze.h"
#include "script/run_proxy.h"
#include "script/scalar.h"
#include "script/vocabulary.h"

namespace relance {
namespace {

using Kind = Value::Kind;

// Of one value taken from Lua. A table that holds itself, or the same one very often, ends here.
constexpr int kMostParts = 65'536;
// What it costs to copy one: of a result, and of what a file writes, which is copied more often.
constexpr int64_t kStepsOfPart = 8, kStepsOfWrittenPart = 32;

Error too_large() {
  return {Code::bad_value,
          fmt::format("a value nests deeper than {}, has more than {} parts or too much text",
                      kMaxDepth, kMostParts),
          {},
          ""};
}

std::string text_at(lua_State* lua, int index) {
  size_t size = 0;
  const char* bytes = lua_tolstring(lua, index, &size);
  return {bytes, size};
}

class Reader {
 public:
  explicit Reader(LuaState& state) : state_(state), lua_(state.raw()) {}

  Status read(int index, Value& out, int depth) {
    state_.charge(kStepsOfWrittenPart);
    if (++parts_ > kMostParts || depth > kMaxDepth) return too_large();
    switch (lua_type(lua_, index)) {
      case LUA_TNONE:
      case LUA_TNIL: return {};
      case LUA_TBOOLEAN:
        out.kind = Kind::boolean;
        out.boolean = lua_toboolean(lua_, index) != 0;
        return {};
      case LUA_TNUMBER: return number(index, out);
      case LUA_TSTRING:
        if (!fits(index)) return too_large();
        out.kind = Kind::text;
        out.text = text_at(lua_, index);
        return {};
      case LUA_TFUNCTION: return function(index, out);
      case LUA_TTABLE: return table(index, out, depth);
      default: return userdata(index, out, depth);
    }
  }

 private:
  // The same text may stand in many places: what is copied counts.
  bool fits(int index) {
    bytes_ += lua_rawlen(lua_, index);
    return bytes_ <= state_.limits().block_bytes;
  }

  Status number(int index, Value& out) {
    out.kind = lua_isinteger(lua_, index) ? Kind::integer : Kind::number;
    out.integer = lua_tointeger(lua_, index);
    out.number = lua_tonumber(lua_, index);
    return {};
  }

  Status function(int index, Value& out) {
    out.kind = Kind::function;
    lua_pushvalue(lua_, index);
    lua_Debug about;
    lua_getinfo(lua_, ">S", &about);
    out.line = about.linedefined;
    lua_pushvalue(lua_, index);
    out.function = state_.keep();
    return {};
  }

  Status userdata(int index, Value& out, int depth) {
    if (auto head = word_at(state_, index)) return word(std::move(*head), index, out, depth);
    if (const Scalar* scalar = scalar_at(lua_, index)) {
      constexpr std::array<Kind, 4> kKinds = {Kind::money, Kind::duration, Kind::instant,
                                              Kind::date};
      out.kind = kKinds[static_cast<size_t>(scalar->kind)];
      out.integer = scalar->value;
      out.currency = scalar->currency;
      return {};
    }
    if (auto head = edge_at(state_, index)) {
      out.kind = head->edge.bare ? Kind::step : Kind::edge;
      out.edge = std::move(head->edge);
      out.line = head->line;
      return {};
    }
    if (spoilt_at(state_, index)) {
      out.kind = Kind::spoilt;
      return {};
    }
    if (ledger_at(state_, index)) {
      out.kind = Kind::word;
      out.text = "ledger";
      return {};
    }
    return Error{Code::wrong_type, "a value of this kind cannot be written in a file", {}, ""};
  }

  Status word(WordHead head, int index, Value& out, int depth) {
    push_fields_of_word(lua_, index);
    Status status = table(-1, out, depth);
    lua_pop(lua_, 1);
    out.kind = Kind::word;
    out.text = std::move(head.name);
    out.line = head.line;
    return status;
  }

  Status table(int index, Value& out, int depth) {
    index = lua_absindex(lua_, index);
    luaL_checkstack(lua_, 8, nullptr);
    out.kind = Kind::table;
    const auto count = static_cast<lua_Integer>(lua_rawlen(lua_, index));
    if (count > kMostParts) return too_large();
    out.items.resize(static_cast<size_t>(count));
    lua_pushnil(lua_);
    while (lua_next(lua_, index) != 0) {
      if (Status status = entry(out, count, depth); !status.ok()) {
        lua_pop(lua_, 2);
        return status;
      }
      lua_pop(lua_, 1);
    }
    const auto by_name = [](const auto& a, const auto& b) { return a.first < b.first; };
    std::sort(out.fields.begin(), out.fields.end(), by_name);
    return {};
  }

  // One key and its value on top of the stack.
  Status entry(Value& out, lua_Integer count, int depth) {
    if (lua_isinteger(lua_, -2)) {
      const lua_Integer at = lua_tointeger(lua_, -2);
      if (at >= 1 && at <= count)
        return read(-1, out.items[static_cast<size_t>(at - 1)], depth + 1);
    }
    if (lua_type(lua_, -2) != LUA_TSTRING) {
      return Error{
          Code::wrong_type, "a table has names and items 1, 2, 3 ... without holes", {}, ""};
    }
    if (!fits(-2)) return too_large();
    out.fields.emplace_back(text_at(lua_, -2), Value{});
    return read(-1, out.fields.back().second, depth + 1);
  }

  LuaState& state_;
  lua_State* lua_;
  int parts_ = 0;
  size_t bytes_ = 0;
};

// What a function returned, as data.
class DocReader {
 public:
  explicit DocReader(LuaState& state) : state_(state), lua_(state.raw()) {}

  Result<Doc> read(int index, int depth) {
    state_.charge(kStepsOfPart);
    if (++parts_ > kMostParts || depth > kMaxDepth) return too_large();
    switch (lua_type(lua_, index)) {
      case LUA_TNIL: return Doc();
      case LUA_TBOOLEAN: return Doc::boolean(lua_toboolean(lua_, index) != 0);
      case LUA_TNUMBER:
        if (lua_isinteger(lua_, index)) return Doc::integer(lua_tointeger(lua_, index));
        return Doc::number(lua_tonumber(lua_, index));
      case LUA_TSTRING:
        if (!fits(lua_rawlen(lua_, index))) return too_large();
        return Doc::text(text_at(lua_, index));
      case LUA_TTABLE: return table(index, depth);
      case LUA_TUSERDATA: return userdata(index);
      default: return Error{Code::wrong_type, "a function cannot be part of data", {}, ""};
    }
  }

 private:
  // The same text may stand in many places: what is copied counts.
  bool fits(size_t bytes) {
    bytes_ += bytes;
    return bytes_ <= state_.limits().block_bytes;
  }

  Result<Doc> userdata(int index) {
    if (const Scalar* scalar = scalar_at(lua_, index)) {
      switch (scalar->kind) {
        case Scalar::Kind::money: return Doc::money({scalar->value, scalar->currency});
        case Scalar::Kind::duration: return Doc::integer(scalar->value);
        case Scalar::Kind::instant: return Doc::instant({scalar->value});
        case Scalar::Kind::date: return Doc::date({static_cast<int32_t>(scalar->value)});
      }
    }
    DocView record;
    if (proxy_record(state_, index, record)) {
      if (!fits(record.bytes().size())) return too_large();
      return Doc(record);
    }
    if (word_at(state_, index))
      return Error{Code::wrong_type, "a word of the language is no data", {}, ""};
    return Error{Code::wrong_type,
                 "what a function returns is made of texts, numbers, money, times and tables",
                 {},
                 ""};
  }

  Result<Doc> table(int index, int depth) {
    index = lua_absindex(lua_, index);
    luaL_checkstack(lua_, 4, nullptr);
    if (push_behind_seal(state_, index)) {
      Result<Doc> doc = table(-1, depth);
      lua_pop(lua_, 1);
      return doc;
    }
    const auto count = static_cast<lua_Integer>(lua_rawlen(lua_, index));
    lua_pushnil(lua_);
    const bool empty = lua_next(lua_, index) == 0;
    if (!empty) lua_pop(lua_, 2);
    return count > 0 || empty ? list(index, count, depth) : record(index, depth);
  }

  Result<Doc> list(int index, lua_Integer count, int depth) {
    std::vector<Doc> items;
    for (lua_Integer i = 1; i <= count; ++i) {
      lua_rawgeti(lua_, index, i);
      Result<Doc> item = read(-1, depth + 1);
      lua_pop(lua_, 1);
      if (!item.ok()) return item;
      items.push_back(std::move(*item));
    }
    return Doc::list(items);
  }

  Result<Doc> record(int index, int depth) {
    std::vector<std::pair<std::string, Doc>> fields;
    lua_pushnil(lua_);
    while (lua_next(lua_, index) != 0) {
      if (lua_type(lua_, -2) != LUA_TSTRING) {
        lua_pop(lua_, 2);
        return Error{Code::wrong_type, "a table of data has names, or items 1, 2, 3 ...", {}, ""};
      }
      if (!fits(lua_rawlen(lua_, -2))) {
        lua_pop(lua_, 2);
        return too_large();
      }
      Result<Doc> value = read(-1, depth + 1);
      if (!value.ok()) {
        lua_pop(lua_, 2);
        return value;
      }
      fields.emplace_back(text_at(lua_, -2), std::move(*value));
      lua_pop(lua_, 1);
    }
    return Doc::record(fields);
  }

  LuaState& state_;
  lua_State* lua_;
  int parts_ = 0;
  size_t bytes_ = 0;
};

Result<Doc> table_doc(const Value& value) {
  if (value.fields.empty()) {
    std::vector<Doc> items;
    for (const Value& item : value.items) {
      Result<Doc> doc = doc_of(item);
      if (!doc.ok()) return doc;
      items.push_back(std::move(*doc));
    }
    return value.items.empty() ? Doc::empty_record() : Doc::list(items);
  }
  if (!value.items.empty()) {
    return Error{Code::wrong_type, "a table of data has names or items, not both", {}, ""};
  }
  std::vector<std::pair<std::string, Doc>> fields;
  for (const auto& [name, field] : value.fields) {
    Result<Doc> doc = doc_of(field);
    if (!doc.ok()) return doc;
    fields.emplace_back(name, std::move(*doc));
  }
  return Doc::record(fields);
}

}  // namespace

Value::Value() = default;
Value::Value(const Value&) = default;
Value::Value(Value&&) noexcept = default;
Value& Value::operator=(const Value&) = default;
Value& Value::operator=(Value&&) noexcept = default;
Value::~Value() = default;

const Value* Value::find(std::string_view name) const {
  const auto before = [](const auto& field, std::string_view wanted) {
    return field.first < wanted;
  };
  const auto at = std::lower_bound(fields.begin(), fields.end(), name, before);
  return at != fields.end() && at->first == name ? &at->second : nullptr;
}

std::string describe(const Value& value) {
  switch (value.kind) {
    case Kind::nothing: return "nothing";
    case Kind::boolean: return value.boolean ? "true" : "false";
    case Kind::integer: return fmt::format("the number {}", value.integer);
    case Kind::number: return fmt::format("the number {}", value.number);
    case Kind::text: return fmt::format("the text '{}'", value.text.substr(0, 40));
    case Kind::money: return "money";
    case Kind::duration: return "a duration";
    case Kind::instant: return "an instant";
    case Kind::date: return "a date";
    case Kind::function: return "a function";
    case Kind::table: return "a table";
    case Kind::word: return fmt::format("'{}'", value.text);
    case Kind::step: return "a step";
    case Kind::edge: return "an edge";
    case Kind::spoilt: return "something wrong";
  }
  return "";
}

Result<Value> value_at(LuaState& lua, int index) {
  Value value;
  if (Status status = Reader(lua).read(index, value, 0); !status.ok()) return status.error();
  return value;
}

Result<Doc> doc_of(const Value& value) {
  switch (value.kind) {
    case Kind::nothing:
    case Kind::spoilt: return Doc();
    case Kind::boolean: return Doc::boolean(value.boolean);
    case Kind::integer:
    case Kind::duration: return Doc::integer(value.integer);
    case Kind::number: return Doc::number(value.number);
    case Kind::text: return Doc::text(value.text);
    case Kind::money: return Doc::money({value.integer, value.currency});
    case Kind::instant: return Doc::instant({value.integer});
    case Kind::date: return Doc::date({static_cast<int32_t>(value.integer)});
    case Kind::table: return table_doc(value);
    case Kind::word:
      if (value.text == "secret") {
        const Value* name = value.find("name");
        return Doc::record({{"secret", Doc::text(name == nullptr ? "" : name->text)}});
      }
      break;
    default: break;
  }
  return Error{Code::wrong_type, fmt::format("{} is no data", describe(value)), {}, ""};
}

void push_copy(LuaState& state, DocView doc) {
  lua_State* lua = state.raw();
  if (doc.type() != DocType::record && doc.type() != DocType::list) return push_data(state, doc);
  luaL_checkstack(lua, 4, nullptr);
  lua_newtable(lua);
  lua_Integer i = 0;
  for (const auto [key, value] : doc.items()) {
    push_copy(state, value);
    if (doc.type() == DocType::list) {
      lua_rawseti(lua, -2, ++i);
    } else {
      lua_pushlstring(lua, key.data(), key.size());
      lua_insert(lua, -2);
      lua_rawset(lua, -3);
    }
  }
}

Result<Doc> doc_at(LuaState& lua, int index) { return DocReader(lua).read(index, 0); }

}  // namespace relance
