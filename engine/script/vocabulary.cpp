#include "script/vocabulary.h"

#include <fmt/format.h>
#include <lauxlib.h>
#include <lua.h>

#include <cmath>
#include <new>

#include "core/graph/talk.h"
#include "script/ledger.h"
#include "script/load.h"
#include "script/scalar.h"
#include "script/value.h"

namespace relance {
namespace {

// Their addresses name things in the registry.
constexpr char kWordMeta = 0, kSpoilt = 0;

struct SpokenWord {
  int line = 0;
};

// The user values of a word.
constexpr int kName = 1, kFields = 2, kCall = 3;

bool has_meta(lua_State* lua, int index, const void* meta) {
  if (lua_getmetatable(lua, index) == 0) return false;
  lua_rawgetp(lua, LUA_REGISTRYINDEX, meta);
  const bool same = lua_rawequal(lua, -1, -2) != 0;
  lua_pop(lua, 2);
  return same;
}

std::string text_at(lua_State* lua, int index) {
  size_t size = 0;
  const char* bytes = lua_type(lua, index) == LUA_TSTRING ? lua_tolstring(lua, index, &size) : "";
  return {bytes, size};
}

// Pushes the word whose name, fields and, where it takes a second pair of braces, call are the
// arguments of the running function.
int push_word(lua_State* lua, int line) {
  lua_settop(lua, 3);
  new (lua_newuserdatauv(lua, sizeof(SpokenWord), 3)) SpokenWord{line};
  for (int part : {kName, kFields, kCall}) {
    lua_pushvalue(lua, part);
    lua_setiuservalue(lua, -2, part);
  }
  lua_rawgetp(lua, LUA_REGISTRYINDEX, &kWordMeta);
  lua_setmetatable(lua, -2);
  return 1;
}

// word(name, fields, call): `call(word, argument)` is what a second pair of braces does.
int word(lua_State* lua) {
  LuaState& state = LuaState::of(lua);
  const bool at_work = state.view() != nullptr || state.where_event().type() != DocType::null;
  if (at_work && state.loading() == nullptr) {
    state.raise(
        Code::lua_runtime,
        fmt::format("'{}' belongs to the top of a file, not into a function", text_at(lua, 1)));
  }
  return push_word(lua, state.here().line);
}

// threshold(name, bounds): the words that functions use as well.
int threshold(lua_State* lua) {
  LuaState& state = LuaState::of(lua);
  return push_word(lua, state.loading() == nullptr ? 0 : state.here().line);
}

int call_word(lua_State* lua) {
  if (lua_getiuservalue(lua, 1, kCall) != LUA_TFUNCTION) {
    LuaState& state = LuaState::of(lua);
    const auto head = word_at(state, 1);
    report_slip(state, Code::wrong_type, fmt::format("'{}' is complete already", head->name),
                "there is one pair of braces too many, or a comma is missing before it");
    push_spoilt(state);
    return 1;
  }
  lua_insert(lua, 1);
  lua_call(lua, lua_gettop(lua) - 1, 1);
  return 1;
}

int refuse_write(lua_State* lua) {
  LuaState& state = LuaState::of(lua);
  report_slip(state, Code::wrong_type,
              fmt::format("'{}' cannot be changed", word_at(state, 1)->name),
              "write all its parts into its braces");
  return 0;
}

// --- slips

Code code_named(std::string_view name) {
  if (name == "not_supported") return Code::not_supported;
  return name == "bad_value" ? Code::bad_value : Code::wrong_type;
}

int slip(lua_State* lua) {
  LuaState& state = LuaState::of(lua);
  report_slip(state, code_named(text_at(lua, 1)), text_at(lua, 2), text_at(lua, 3));
  return 0;
}

int raise(lua_State* lua) {
  LuaState& state = LuaState::of(lua);
  std::string said = text_at(lua, 1);
  state.raise(Code::lua_runtime, said.empty() ? "an error without words" : std::move(said));
}

// --- values

// duration(n, milliseconds of one)
int duration(lua_State* lua) {
  LuaState& state = LuaState::of(lua);
  const double ms = lua_tonumber(lua, 1) * lua_tonumber(lua, 2);
  if (!(std::fabs(ms) < 1e15)) {
    report_slip(state, Code::bad_value, "a duration of that length has no use", "");
    push_spoilt(state);
    return 1;
  }
  push_scalar(lua, {Scalar::Kind::duration, std::llround(ms), {}});
  return 1;
}

// money(code, amount): the amount is a text, because 0.1 has no exact number.
int money(lua_State* lua) {
  LuaState& state = LuaState::of(lua);
  const auto spoil = [&](Code code, std::string message, std::string hint) {
    report_slip(state, code, std::move(message), std::move(hint));
    push_spoilt(state);
    return 1;
  };
  const auto currency = Currency::parse(text_at(lua, 1));
  if (!currency.ok())
    return spoil(Code::bad_value, currency.error().message, currency.error().hint);
  if (lua_type(lua, 2) != LUA_TSTRING) {
    return spoil(Code::wrong_type, "an amount of money is written as a text",
                 "for example eur \"49.00\"");
  }
  const auto amount = Money::parse(text_at(lua, 2), *currency);
  if (!amount.ok()) return spoil(Code::bad_value, amount.error().message, amount.error().hint);
  push_scalar(lua, {Scalar::Kind::money, amount->minor, amount->currency});
  return 1;
}

int describe_value(lua_State* lua) {
  LuaState& state = LuaState::of(lua);
  const auto value = value_at(state, 1);
  const std::string text = value.ok() ? describe(*value) : "this";
  lua_pushlstring(lua, text.data(), text.size());
  return 1;
}

int is_spoilt(lua_State* lua) {
  lua_pushboolean(lua, spoilt_at(LuaState::of(lua), 1));
  return 1;
}

int is_plain_table(lua_State* lua) {
  lua_pushboolean(lua, lua_istable(lua, 1));
  return 1;
}

// --- the spoilt value: swallows whatever is done with it

int give_spoilt(lua_State* lua) {
  push_spoilt(LuaState::of(lua));
  return 1;
}

int give_false(lua_State* lua) {
  lua_pushboolean(lua, 0);
  return 1;
}

int give_nothing(lua_State*) { return 0; }

void make_spoilt(lua_State* lua) {
  lua_newuserdatauv(lua, 1, 0);
  lua_newtable(lua);
  for (const char* name : {"__index", "__call", "__add", "__sub", "__mul", "__div", "__mod",
                           "__unm", "__concat", "__len"}) {
    lua_pushcfunction(lua, give_spoilt);
    lua_setfield(lua, -2, name);
  }
  for (const char* name : {"__lt", "__le", "__eq"}) {
    lua_pushcfunction(lua, give_false);
    lua_setfield(lua, -2, name);
  }
  lua_pushcfunction(lua, give_nothing);
  lua_setfield(lua, -2, "__newindex");
  lua_setmetatable(lua, -2);
  lua_rawsetp(lua, LUA_REGISTRYINDEX, &kSpoilt);
}

void make_word_meta(lua_State* lua) {
  const luaL_Reg functions[] = {{"__call", call_word},
                                {"__lt", compare_less},
                                {"__le", compare_less_or_equal},
                                {"__newindex", refuse_write},
                                {nullptr, nullptr}};
  lua_newtable(lua);
  luaL_setfuncs(lua, functions, 0);
  lua_rawsetp(lua, LUA_REGISTRYINDEX, &kWordMeta);
}

template <class Names>
void set_names(lua_State* lua, const char* field, const Names& names) {
  lua_newtable(lua);
  lua_Integer i = 0;
  for (std::string_view name : names) {
    lua_pushlstring(lua, name.data(), name.size());
    lua_rawseti(lua, -2, ++i);
  }
  lua_setfield(lua, -2, field);
}

}  // namespace

void push_native(LuaState& state) {
  lua_State* lua = state.raw();
  make_word_meta(lua);
  make_spoilt(lua);
  open_ledger(state);
  const luaL_Reg functions[] = {{"word", word},
                                {"threshold", threshold},
                                {"slip", slip},
                                {"raise", raise},
                                {"duration", duration},
                                {"money", money},
                                {"describe", describe_value},
                                {"is_spoilt", is_spoilt},
                                {"is_plain_table", is_plain_table},
                                {"begin", begin_ledger},
                                {"ignore", ignore_edges},
                                {nullptr, nullptr}};
  lua_newtable(lua);
  luaL_setfuncs(lua, functions, 0);
  push_spoilt(state);
  lua_setfield(lua, -2, "spoilt");

  std::vector<std::string_view> steps, turns;
  for (size_t i = 0; i < std::variant_size_v<StepBody>; ++i)
    steps.push_back(step_kind_name(static_cast<StepKind>(i)));
  for (int i = 0; i <= static_cast<int>(TurnKind::close); ++i)
    turns.push_back(turn_kind_name(static_cast<TurnKind>(i)));
  set_names(lua, "step_kinds", steps);
  set_names(lua, "turn_kinds", turns);
}

void report_slip(LuaState& state, Code code, std::string message, std::string hint) {
  Loading* loading = state.loading();
  if (loading == nullptr) state.raise(code, std::move(message), std::move(hint));
  loading->findings.error(state.here(), code, std::move(message), std::move(hint));
  stop_at_many_slips(state);
}

std::optional<WordHead> word_at(LuaState& state, int index) {
  lua_State* lua = state.raw();
  if (lua_type(lua, index) != LUA_TUSERDATA || !has_meta(lua, index, &kWordMeta))
    return std::nullopt;
  WordHead head;
  head.line = static_cast<const SpokenWord*>(lua_touserdata(lua, index))->line;
  lua_getiuservalue(lua, index, kName);
  head.name = text_at(lua, -1);
  lua_pop(lua, 1);
  return head;
}

void push_fields_of_word(lua_State* lua, int index) { lua_getiuservalue(lua, index, kFields); }

bool spoilt_at(LuaState& state, int index) {
  lua_State* lua = state.raw();
  index = lua_absindex(lua, index);
  lua_rawgetp(lua, LUA_REGISTRYINDEX, &kSpoilt);
  const bool same = lua_rawequal(lua, -1, index) != 0;
  lua_pop(lua, 1);
  return same;
}

void push_spoilt(LuaState& state) { lua_rawgetp(state.raw(), LUA_REGISTRYINDEX, &kSpoilt); }

}  // namespace relance
