#include "script/sandbox.h"

#include <fmt/format.h>
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#include <algorithm>

#include "script/freeze.h"
#include "script/ledger.h"
#include "script/run_proxy.h"
#include "script/scalar.h"
#include "script/text_library.h"
#include "script/vocabulary.h"

namespace relance {

extern const std::string_view kPrelude;

namespace {

constexpr std::array<const char*, kSheets> kSheetNames = {"flow",    "script", "events", "bundle",
                                                          "contact", "policy", "test"};

// Copies functions of the library table on top of the stack into the table below it, paid.
void lend_paid(LuaState& state, std::initializer_list<const char*> names) {
  lua_State* lua = state.raw();
  for (const char* name : names) {
    lua_getfield(lua, -1, name);
    if (lua_iscfunction(lua, -1) != 0) push_paid(state);
    lua_setfield(lua, -3, name);
  }
}

std::string_view name_at(lua_State* lua, int index) {
  return lua_type(lua, index) == LUA_TSTRING ? lua_tostring(lua, index) : "this";
}

// --- functions that differ from Lua's

int type_name(lua_State* lua) {
  luaL_checkany(lua, 1);
  DocView record;
  if (const Scalar* scalar = scalar_at(lua, 1)) {
    lua_pushstring(lua, std::string(scalar_type(*scalar)).c_str());
  } else if (proxy_record(LuaState::of(lua), 1, record)) {
    lua_pushstring(lua, record.type() == DocType::record ? "table" : "nil");
  } else {
    lua_pushstring(lua, luaL_typename(lua, 1));
  }
  return 1;
}

int to_text(lua_State* lua) {
  luaL_checkany(lua, 1);
  const int type = lua_type(lua, 1);
  if (type == LUA_TTABLE || type == LUA_TFUNCTION ||
      (type == LUA_TUSERDATA && scalar_at(lua, 1) == nullptr)) {
    lua_pushstring(lua, luaL_typename(lua, 1));  // an address would differ from run to run
  } else {
    luaL_tolstring(lua, 1, nullptr);
  }
  return 1;
}

int keys_of_record(lua_State* lua, DocView record) {
  lua_newtable(lua);
  lua_Integer i = 0;
  for (const auto item : record.items()) {  // sorted by the encoding
    LuaState::of(lua).charge(8);
    lua_pushlstring(lua, item.key.data(), item.key.size());
    lua_rawseti(lua, -2, ++i);
  }
  return 1;
}

// The keys of a table or proxy: numbers in order, then names in order.
int keys(lua_State* lua) {
  LuaState& state = LuaState::of(lua);
  DocView record;
  if (proxy_record(state, 1, record)) return keys_of_record(lua, record);
  luaL_checktype(lua, 1, LUA_TTABLE);
  if (push_behind_seal(state, 1)) lua_replace(lua, 1);
  std::vector<double> numbers;
  std::vector<std::string> names;
  lua_pushnil(lua);
  for (; lua_next(lua, 1) != 0; lua_pop(lua, 1)) {
    state.charge(8);
    if (lua_type(lua, -2) == LUA_TNUMBER) {
      numbers.push_back(lua_tonumber(lua, -2));
    } else if (lua_type(lua, -2) == LUA_TSTRING) {
      size_t size = 0;
      const char* bytes = lua_tolstring(lua, -2, &size);
      state.charge(static_cast<int64_t>(size / 32));
      names.emplace_back(bytes, size);
    } else {
      state.raise(Code::wrong_type, "pairs: keys are numbers and texts, which have an order");
    }
  }
  const auto count = static_cast<int64_t>(numbers.size() + names.size());
  std::sort(numbers.begin(), numbers.end());
  std::sort(names.begin(), names.end());
  lua_createtable(lua, static_cast<int>(count), 0);
  lua_Integer i = 0;
  for (const double number : numbers) {
    lua_Integer whole = 0;
    if (lua_numbertointeger(number, &whole))
      lua_pushinteger(lua, whole);
    else
      lua_pushnumber(lua, number);
    lua_rawseti(lua, -2, ++i);
  }
  for (const std::string& name : names) {
    lua_pushlstring(lua, name.data(), name.size());
    lua_rawseti(lua, -2, ++i);
  }
  return 1;
}

// As Lua's, for lists that are no longer than what a call may take.
int unpack(lua_State* lua) {
  LuaState& state = LuaState::of(lua);
  const lua_Integer from = luaL_optinteger(lua, 2, 1);
  const lua_Integer to =
      lua_isnoneornil(lua, 3) != 0 ? luaL_len(lua, 1) : luaL_checkinteger(lua, 3);
  if (from > to) return 0;
  const lua_Unsigned count = static_cast<lua_Unsigned>(to) - static_cast<lua_Unsigned>(from) + 1;
  if (count == 0 || count > kMostValues)
    state.raise(Code::bad_value, fmt::format("a function gives at most {} values", kMostValues));
  luaL_checkstack(lua, static_cast<int>(count), "too many values");
  state.charge(static_cast<int64_t>(count));
  for (lua_Unsigned i = 0; i < count; ++i) lua_geti(lua, 1, from + static_cast<lua_Integer>(i));
  return static_cast<int>(count);
}

// --- libraries lent to the prelude; `native` is on top of the stack

void lend_base(LuaState& state) {
  lua_State* lua = state.raw();
  luaL_requiref(lua, LUA_GNAME, luaopen_base, 0);
  lua_getfield(lua, -1, "ipairs");
  lua_setfield(lua, -3, "ipairs");
  lend_paid(state, {"select", "tonumber"});
  lua_pop(lua, 1);
  const luaL_Reg own[] = {
      {"type", type_name}, {"tostring", to_text}, {"keys", keys}, {nullptr, nullptr}};
  luaL_setfuncs(lua, own, 0);
}

void lend_library(LuaState& state, const char* field, const char* library, lua_CFunction open,
                  std::initializer_list<const char*> names) {
  lua_State* lua = state.raw();
  lua_newtable(lua);
  luaL_requiref(lua, library, open, 0);
  lend_paid(state, names);
  lua_pop(lua, 1);
  lua_setfield(lua, -2, field);
}

void lend_libraries(LuaState& state) {
  lua_State* lua = state.raw();
  lend_base(state);
  lend_library(state, "math", LUA_MATHLIBNAME, luaopen_math,
               {"abs", "ceil", "floor", "fmod", "huge", "max", "maxinteger", "min", "mininteger",
                "modf", "sqrt", "tointeger", "type", "ult"});
  lend_library(state, "utf8", LUA_UTF8LIBNAME, luaopen_utf8,
               {"char", "charpattern", "len", "offset"});
  lua_getfield(lua, -1, "utf8");
  luaL_requiref(lua, LUA_UTF8LIBNAME, luaopen_utf8, 0);
  lua_getfield(lua, -1, "codepoint");
  push_few(state);
  lua_setfield(lua, -3, "codepoint");
  lua_pop(lua, 2);
  push_text_library(state);
  lua_getfield(lua, -1, "lower");
  lua_setfield(lua, -3, "lower");
  lua_setfield(lua, -2, "text");
  lua_getfield(lua, -1, "math");
  lua_getfield(lua, -1, "floor");
  lua_setfield(lua, -3, "floor");
  lua_pop(lua, 1);
  luaL_requiref(lua, LUA_TABLIBNAME, luaopen_table, 0);
  lend_paid(state, {"concat"});
  lua_pushcfunction(lua, unpack);
  lua_setfield(lua, -3, "unpack");
  lua_pop(lua, 1);
}

// While a file is loaded an unknown name stands for something wrong; check_names reported it,
// except where the name was reached in a roundabout way (_ENV in a variable, very many names in one
// file).
int unknown_name(lua_State* lua) {
  LuaState& state = LuaState::of(lua);
  const Where where = state.here();
  const Loading* loading = state.loading();
  if (loading == nullptr || !loading->findings.has_error_at(where)) {
    report_slip(state, Code::unknown_global, fmt::format("there is no '{}' here", name_at(lua, 2)),
                "");
  }
  push_spoilt(state);
  return 1;
}

// The same of a name that is written.
int write_global(lua_State* lua) {
  LuaState& state = LuaState::of(lua);
  const Loading* loading = state.loading();
  if (loading == nullptr || !loading->findings.has_error_at(state.here())) {
    report_slip(state, Code::unknown_global,
                fmt::format("'{}' cannot be written here", name_at(lua, 2)),
                "write `local` before a variable of your own");
  }
  return 0;
}

// The words of a sheet are on top of the stack.
void finish_words(lua_State* lua) {
  for (const char* library : {"math", "string", "table", "utf8"}) {
    lua_getfield(lua, -1, library);
    seal_table(LuaState::of(lua));
    lua_setfield(lua, -2, library);
  }
  lua_newtable(lua);
  lua_pushcfunction(lua, unknown_name);
  lua_setfield(lua, -2, "__index");
  lua_setmetatable(lua, -2);
}

// Texts have our functions as methods, and no arithmetic.
void set_text_methods(lua_State* lua) {
  lua_pushliteral(lua, "");
  lua_newtable(lua);
  lua_getfield(lua, -3, "string");
  lua_setfield(lua, -2, "__index");
  lua_setmetatable(lua, -2);
  lua_pop(lua, 1);
}

void run_prelude(LuaState& state) {
  lua_State* lua = state.raw();
  const int status = luaL_loadbufferx(lua, kPrelude.data(), kPrelude.size(), "=vocabulary", "t");
  RELANCE_ASSERT(status == LUA_OK);
  push_native(state);
  lend_libraries(state);
  lua_call(lua, 1, 1);
}

}  // namespace

Sandbox open_sandbox(LuaState& state) {
  lua_State* lua = state.raw();
  Sandbox sandbox;
  run_prelude(state);
  for (size_t i = 0; i < kSheetNames.size(); ++i) {
    lua_getfield(lua, -1, kSheetNames[i]);
    finish_words(lua);
    set_text_methods(lua);
    lua_pushvalue(lua, -1);
    seal_table(state, write_global);
    sandbox.environments[i] = state.keep();
    sandbox.words[i] = state.keep();
  }
  lua_pop(lua, 1);
  return sandbox;
}

std::vector<std::string> sheet_names(LuaState& state, Sheet sheet) {
  lua_State* lua = state.raw();
  state.push_words(sheet);
  std::vector<std::string> names;
  lua_pushnil(lua);
  for (; lua_next(lua, -2) != 0; lua_pop(lua, 1)) names.emplace_back(lua_tostring(lua, -2));
  lua_pop(lua, 1);
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace relance
