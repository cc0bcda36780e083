#include "script/scalar.h"

#include <fmt/format.h>
#include <lauxlib.h>
#include <lua.h>

#include <cmath>
#include <new>

#include "base/zone.h"
#include "script/vocabulary.h"

namespace relance {
namespace {

using Kind = Scalar::Kind;

constexpr char kMeta = 0;  // its address names the metatable in the registry

std::string_view name_of(lua_State* lua, int index) {
  if (const Scalar* scalar = scalar_at(lua, index)) return scalar_type(*scalar);
  return luaL_typename(lua, index);
}

[[noreturn]] void cannot(lua_State* lua, const char* what) {
  LuaState::of(lua).raise(
      Code::wrong_type, fmt::format("cannot {} {} and {}", what, name_of(lua, 1), name_of(lua, 2)));
}

[[noreturn]] void overflow(lua_State* lua) {
  LuaState::of(lua).raise(Code::overflow, "the result is too large");
}

void same_currency(lua_State* lua, const Scalar& a, const Scalar& b) {
  if (a.kind != Kind::money || a.currency == b.currency) return;
  LuaState::of(lua).raise(
      Code::currency_mismatch,
      fmt::format("{} and {} are of two currencies", scalar_text(a), scalar_text(b)),
      "write at_least { eur \"...\", usd \"...\" } to have one of each");
}

// --- thresholds: at_least { eur "199", usd "199" } beside money; at_least(3) beside a number

bool is_number(lua_State* lua, int index) { return lua_type(lua, index) == LUA_TNUMBER; }

// Puts what stands for the word at `index` in a comparison with `other` on top of the stack.
void push_threshold(lua_State* lua, int index, int other) {
  LuaState& state = LuaState::of(lua);
  const Scalar* beside = scalar_at(lua, other);
  push_fields_of_word(lua, index);
  const int bounds = lua_gettop(lua);
  const auto count = static_cast<lua_Integer>(lua_rawlen(lua, bounds));
  state.charge(count);
  for (lua_Integer i = 1; i <= count; ++i) {
    lua_rawgeti(lua, bounds, i);
    const Scalar* bound = scalar_at(lua, -1);
    const bool fits = beside != nullptr && bound != nullptr && bound->kind == beside->kind &&
                      bound->currency == beside->currency;
    if (fits || (bound == nullptr && is_number(lua, other) && is_number(lua, -1))) return;
    lua_pop(lua, 1);
  }
  if (beside != nullptr && beside->kind == Kind::money) {
    state.raise(Code::currency_mismatch,
                fmt::format("no amount in {} is given to compare {} with", beside->currency.text(),
                            scalar_text(*beside)));
  }
  state.raise(Code::wrong_type,
              fmt::format("cannot compare {} with these bounds", name_of(lua, other)),
              lua_isnoneornil(lua, other) ? "the field may be missing: test it first" : "");
}

void resolve_thresholds(lua_State* lua) {
  for (int index : {1, 2}) {
    if (!word_at(LuaState::of(lua), index)) continue;
    push_threshold(lua, index, 3 - index);
    lua_replace(lua, index);
  }
}

// -1, 0, 1 of the two operands.
int order(lua_State* lua) {
  resolve_thresholds(lua);
  const Scalar* a = scalar_at(lua, 1);
  const Scalar* b = scalar_at(lua, 2);
  if (a == nullptr && b == nullptr && is_number(lua, 1) && is_number(lua, 2)) {
    return lua_compare(lua, 1, 2, LUA_OPLT) ? -1 : lua_compare(lua, 2, 1, LUA_OPLT) ? 1 : 0;
  }
  if (a == nullptr || b == nullptr || a->kind != b->kind) cannot(lua, "compare");
  same_currency(lua, *a, *b);
  return a->value < b->value ? -1 : a->value > b->value ? 1 : 0;
}

int equal(lua_State* lua) {
  const Scalar* a = scalar_at(lua, 1);
  const Scalar* b = scalar_at(lua, 2);
  const bool alike = a != nullptr && b != nullptr && a->kind == b->kind;
  if (alike) same_currency(lua, *a, *b);
  lua_pushboolean(lua, alike && a->value == b->value);
  return 1;
}

// --- arithmetic

int give(lua_State* lua, Kind kind, int64_t value, Currency currency = {}) {
  push_scalar(lua, {kind, value, currency});
  return 1;
}

int add(lua_State* lua) {
  const Scalar* a = scalar_at(lua, 1);
  const Scalar* b = scalar_at(lua, 2);
  if (a == nullptr || b == nullptr) cannot(lua, "add");
  const bool alike = a->kind == b->kind && (a->kind == Kind::money || a->kind == Kind::duration);
  const bool later = a->kind == Kind::instant && b->kind == Kind::duration;
  if (!alike && !later) cannot(lua, "add");
  if (alike) same_currency(lua, *a, *b);
  int64_t sum = 0;
  if (__builtin_add_overflow(a->value, b->value, &sum)) overflow(lua);
  return give(lua, a->kind, sum, a->currency);
}

int subtract(lua_State* lua) {
  const Scalar* a = scalar_at(lua, 1);
  const Scalar* b = scalar_at(lua, 2);
  if (a == nullptr || b == nullptr) cannot(lua, "subtract");
  const bool alike = a->kind == b->kind && a->kind != Kind::date;
  const bool earlier = a->kind == Kind::instant && b->kind == Kind::duration;
  if (!alike && !earlier) cannot(lua, "subtract");
  if (alike) same_currency(lua, *a, *b);
  int64_t difference = 0;
  if (__builtin_sub_overflow(a->value, b->value, &difference)) overflow(lua);
  const bool span = alike && a->kind == Kind::instant;
  return give(lua, span ? Kind::duration : a->kind, difference, a->currency);
}

int multiply(lua_State* lua) {
  const int scalar_index = scalar_at(lua, 1) != nullptr ? 1 : 2;
  const Scalar* a = scalar_at(lua, scalar_index);
  const int factor_index = 3 - scalar_index;
  const bool spread = a->kind == Kind::money || a->kind == Kind::duration;
  if (!spread || !is_number(lua, factor_index)) cannot(lua, "multiply");
  if (lua_isinteger(lua, factor_index)) {
    int64_t product = 0;
    if (__builtin_mul_overflow(a->value, lua_tointeger(lua, factor_index), &product)) overflow(lua);
    return give(lua, a->kind, product, a->currency);
  }
  if (a->kind == Kind::money) {
    LuaState::of(lua).raise(Code::wrong_type, "money is multiplied by whole numbers only",
                            "who gets the odd cent would be left to chance");
  }
  const double product = static_cast<double>(a->value) * lua_tonumber(lua, factor_index);
  if (!(std::fabs(product) < 9e18)) overflow(lua);
  return give(lua, a->kind, std::llround(product));
}

int divide(lua_State* lua) {
  const Scalar* a = scalar_at(lua, 1);
  const Scalar* b = scalar_at(lua, 2);
  if (a == nullptr || a->kind != Kind::duration) cannot(lua, "divide");
  if (b != nullptr && b->kind == Kind::duration && b->value != 0) {
    lua_pushnumber(lua, static_cast<double>(a->value) / static_cast<double>(b->value));
    return 1;
  }
  const double by = is_number(lua, 2) ? lua_tonumber(lua, 2) : 0;
  if (by == 0) cannot(lua, "divide");
  return give(lua, Kind::duration, std::llround(static_cast<double>(a->value) / by));
}

// --- the rest

int to_text(lua_State* lua) {
  const std::string text = scalar_text(*scalar_at(lua, 1));
  lua_pushlstring(lua, text.data(), text.size());
  return 1;
}

int concatenate(lua_State* lua) {
  std::string text;
  for (int index : {1, 2}) {
    if (const Scalar* scalar = scalar_at(lua, index)) {
      text += scalar_text(*scalar);
    } else if (lua_isstring(lua, index)) {
      size_t size = 0;
      const char* bytes = lua_tolstring(lua, index, &size);
      text.append(bytes, size);
    } else {
      cannot(lua, "join");
    }
  }
  lua_pushlstring(lua, text.data(), text.size());
  return 1;
}

int64_t unit_ms(std::string_view unit) {
  if (unit == "milliseconds") return 1;
  if (unit == "seconds") return 1000;
  if (unit == "minutes") return 60'000;
  if (unit == "hours") return 3'600'000;
  return unit == "days" ? 86'400'000 : 0;
}

int index(lua_State* lua) {
  const Scalar* scalar = scalar_at(lua, 1);
  const std::string_view key = lua_type(lua, 2) == LUA_TSTRING ? lua_tostring(lua, 2) : "";
  if (scalar->kind == Kind::money && key == "minor") {
    lua_pushinteger(lua, scalar->value);
    return 1;
  }
  if (scalar->kind == Kind::money && key == "currency") {
    lua_pushlstring(lua, scalar->currency.letters, scalar->currency.text().size());
    return 1;
  }
  const int64_t unit = unit_ms(key);
  if (scalar->kind == Kind::duration && unit != 0) {
    if (scalar->value % unit == 0)
      lua_pushinteger(lua, scalar->value / unit);
    else
      lua_pushnumber(lua, static_cast<double>(scalar->value) / static_cast<double>(unit));
    return 1;
  }
  LuaState::of(lua).raise(Code::unknown_field,
                          fmt::format("{} has no field '{}'", scalar_type(*scalar), key));
}

int refuse_write(lua_State* lua) {
  LuaState::of(lua).raise(Code::wrong_type, fmt::format("{} cannot be changed", name_of(lua, 1)));
}

}  // namespace

int compare_less(lua_State* lua) {
  lua_pushboolean(lua, order(lua) < 0);
  return 1;
}

int compare_less_or_equal(lua_State* lua) {
  lua_pushboolean(lua, order(lua) <= 0);
  return 1;
}

void open_scalars(LuaState& state) {
  lua_State* lua = state.raw();
  const luaL_Reg functions[] = {
      {"__eq", equal},    {"__lt", compare_less},       {"__le", compare_less_or_equal},
      {"__add", add},     {"__sub", subtract},          {"__mul", multiply},
      {"__div", divide},  {"__tostring", to_text},      {"__concat", concatenate},
      {"__index", index}, {"__newindex", refuse_write}, {nullptr, nullptr}};
  lua_newtable(lua);
  luaL_setfuncs(lua, functions, 0);
  lua_rawsetp(lua, LUA_REGISTRYINDEX, &kMeta);
}

void push_scalar(lua_State* lua, const Scalar& scalar) {
  new (lua_newuserdatauv(lua, sizeof(Scalar), 0)) Scalar(scalar);
  lua_rawgetp(lua, LUA_REGISTRYINDEX, &kMeta);
  lua_setmetatable(lua, -2);
}

const Scalar* scalar_at(lua_State* lua, int index) {
  if (lua_type(lua, index) != LUA_TUSERDATA || lua_getmetatable(lua, index) == 0) return nullptr;
  lua_rawgetp(lua, LUA_REGISTRYINDEX, &kMeta);
  const bool is_scalar = lua_rawequal(lua, -1, -2) != 0;
  lua_pop(lua, 2);
  return is_scalar ? static_cast<const Scalar*>(lua_touserdata(lua, index)) : nullptr;
}

std::string scalar_text(const Scalar& scalar) {
  switch (scalar.kind) {
    case Kind::money: return Money{scalar.value, scalar.currency}.text();
    case Kind::duration: return format_duration({scalar.value});
    case Kind::instant: return format_instant({scalar.value});
    case Kind::date: return format_date({static_cast<int32_t>(scalar.value)});
  }
  return "";
}

std::string_view scalar_type(const Scalar& scalar) {
  constexpr std::array<std::string_view, 4> kNames = {"money", "duration", "instant", "date"};
  return kNames[static_cast<size_t>(scalar.kind)];
}

}  // namespace relance
