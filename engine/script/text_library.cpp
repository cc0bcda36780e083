#include "script/text_library.h"

#include <fmt/format.h>
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#include <algorithm>

#include "script/pattern.h"
#include "script/scalar.h"

namespace relance {
namespace {

constexpr size_t kLongestMatched = 64 << 10;

std::string_view text_at(lua_State* lua, int index) {
  size_t size = 0;
  const char* bytes = luaL_checklstring(lua, index, &size);
  return {bytes, size};
}

void push_text(lua_State* lua, std::string_view text) {
  lua_pushlstring(lua, text.data(), text.size());
}

constexpr int64_t kStepsOfItem = 4;    // an item of a list, which may lie behind a seal
constexpr int64_t kStepsOfValue = 64;  // a value that is written out in decimals

int paid(lua_State* lua) {
  const int count = lua_gettop(lua);
  int64_t steps = 1 + count;
  for (int i = 1; i <= count; ++i) {
    const int type = lua_type(lua, i);
    if (type == LUA_TSTRING) steps += static_cast<int64_t>(lua_rawlen(lua, i) / 32);
    if (type == LUA_TTABLE) steps += kStepsOfItem * luaL_len(lua, i);
  }
  LuaState::of(lua).charge(steps);
  return lua_tocfunction(lua, lua_upvalueindex(1))(lua);
}

int few(lua_State* lua) {
  const int count = paid(lua);
  if (count <= kMostValues) return count;
  LuaState::of(lua).raise(Code::bad_value,
                          fmt::format("a function gives at most {} values", kMostValues));
}

// --- patterns

std::string_view matched_text(lua_State* lua, int index) {
  const std::string_view text = text_at(lua, index);
  if (text.size() > kLongestMatched) {
    LuaState::of(lua).raise(Code::bad_value, "patterns look at texts of at most 65,536 bytes");
  }
  return text;
}

Pattern pattern_at(lua_State* lua, int index) {
  const std::string_view source = text_at(lua, index);
  LuaState::of(lua).charge(8 * static_cast<int64_t>(source.size()) + 1);
  auto pattern = Pattern::parse(source);
  if (!pattern.ok()) LuaState::of(lua).raise(pattern.error().code, pattern.error().message);
  return std::move(*pattern);
}

std::function<void(int64_t)> payer(lua_State* lua) {
  return [&state = LuaState::of(lua)](int64_t steps) { state.charge(steps); };
}

// The 1-based start that find, match and gmatch take, as an offset; beyond the end: size + 1.
size_t start_at(lua_State* lua, int index, size_t size) {
  const lua_Integer given = luaL_optinteger(lua, index, 1);
  const auto length = static_cast<lua_Integer>(size);
  if (given > length + 1) return size + 1;
  if (given > 0) return static_cast<size_t>(given - 1);
  return given < -length || given == 0 ? 0 : static_cast<size_t>(length + given);
}

void push_capture(lua_State* lua, std::string_view text, const Capture& capture) {
  if (capture.is_position)
    lua_pushinteger(lua, static_cast<lua_Integer>(capture.at) + 1);
  else
    push_text(lua, text.substr(capture.at, capture.length));
}

// All captures, or the whole match where the pattern has none.
int push_captures(lua_State* lua, std::string_view text, const Match& match, bool whole_if_none) {
  luaL_checkstack(lua, static_cast<int>(match.captures.size()) + 1, "too many captures");
  if (match.captures.empty() && whole_if_none) {
    push_text(lua, text.substr(match.from, match.to - match.from));
    return 1;
  }
  for (const Capture& capture : match.captures) push_capture(lua, text, capture);
  return static_cast<int>(match.captures.size());
}

int find_plain(lua_State* lua, std::string_view text, std::string_view wanted, size_t from) {
  LuaState::of(lua).charge(static_cast<int64_t>(text.size() / 16 * (1 + wanted.size() / 16)) + 1);
  const size_t at = text.find(wanted, from);
  if (at == std::string_view::npos) return 0;
  lua_pushinteger(lua, static_cast<lua_Integer>(at) + 1);
  lua_pushinteger(lua, static_cast<lua_Integer>(at + wanted.size()));
  return 2;
}

int find_or_match(lua_State* lua, bool find) {
  const std::string_view text = matched_text(lua, 1);
  const size_t from = start_at(lua, 3, text.size());
  if (from > text.size()) {
    lua_pushnil(lua);
    return 1;
  }
  if (find && lua_toboolean(lua, 4) != 0) {
    const int found = find_plain(lua, text, text_at(lua, 2), from);
    if (found == 0) lua_pushnil(lua);
    return found == 0 ? 1 : found;
  }
  const auto match = pattern_at(lua, 2).find(text, from, payer(lua));
  if (!match) {
    lua_pushnil(lua);
    return 1;
  }
  if (!find) return push_captures(lua, text, *match, true);
  lua_pushinteger(lua, static_cast<lua_Integer>(match->from) + 1);
  lua_pushinteger(lua, static_cast<lua_Integer>(match->to));
  return 2 + push_captures(lua, text, *match, false);
}

int find(lua_State* lua) { return find_or_match(lua, true); }
int match(lua_State* lua) { return find_or_match(lua, false); }

// Upvalues: text, pattern, offset to go on from, end of the last match + 1 (an empty match there is
// none).
int next_match(lua_State* lua) {
  const std::string_view text = text_at(lua, lua_upvalueindex(1));
  const Pattern pattern = pattern_at(lua, lua_upvalueindex(2));
  auto from = static_cast<size_t>(lua_tointeger(lua, lua_upvalueindex(3)));
  const auto last_end = static_cast<size_t>(lua_tointeger(lua, lua_upvalueindex(4)));
  while (from <= text.size()) {
    const auto found = pattern.find(text, from, payer(lua));
    if (!found) break;
    if (found->to == found->from && found->to + 1 == last_end) {
      from = found->to + 1;
      continue;
    }
    lua_pushinteger(lua, static_cast<lua_Integer>(found->to));
    lua_replace(lua, lua_upvalueindex(3));
    lua_pushinteger(lua, static_cast<lua_Integer>(found->to) + 1);
    lua_replace(lua, lua_upvalueindex(4));
    return push_captures(lua, text, *found, true);
  }
  return 0;
}

int gmatch(lua_State* lua) {
  matched_text(lua, 1);
  text_at(lua, 2);
  lua_settop(lua, 2);
  lua_pushinteger(lua, 0);
  lua_pushinteger(lua, 0);
  lua_pushcclosure(lua, next_match, 4);
  return 1;
}

// Appends to a text that is being made, which is refused as soon as it grows too large.
void append(lua_State* lua, std::string& out, std::string_view piece) {
  LuaState& state = LuaState::of(lua);
  state.charge(1 + static_cast<int64_t>(piece.size() / 32));
  if (out.size() + piece.size() > state.limits().text_bytes) {
    state.raise(Code::budget_memory,
                fmt::format("a text has at most {} bytes", state.limits().text_bytes));
  }
  out += piece;
}

// "%0", "%1" ... in a replacement.
void append_expanded(lua_State* lua, std::string& out, std::string_view by, std::string_view text,
                     const Match& match) {
  for (size_t i = 0; i < by.size(); ++i) {
    if (by[i] != '%') {
      out += by[i];
      continue;
    }
    const char what = ++i < by.size() ? by[i] : '\0';
    if (what == '%') {
      out += '%';
      continue;
    }
    const int number = what - '0';
    const auto count = static_cast<int>(match.captures.size());
    if (number < 0 || number > 9 || (number > count && !(number == 1 && count == 0))) {
      LuaState::of(lua).raise(Code::bad_value,
                              "in a replacement, % stands before a digit of a capture or before %");
    }
    if (number == 0 || count == 0) {
      append(lua, out, text.substr(match.from, match.to - match.from));
      continue;
    }
    const Capture& capture = match.captures[static_cast<size_t>(number) - 1];
    if (capture.is_position)
      append(lua, out, std::to_string(capture.at + 1));
    else
      append(lua, out, text.substr(capture.at, capture.length));
  }
}

// Appends what the match is replaced by: argument 3 is a text, a table or a function.
void append_replaced(lua_State* lua, std::string& out, std::string_view text, const Match& match) {
  const int type = lua_type(lua, 3);
  if (type == LUA_TSTRING || type == LUA_TNUMBER)
    return append_expanded(lua, out, text_at(lua, 3), text, match);
  if (type == LUA_TFUNCTION) {
    lua_pushvalue(lua, 3);
    lua_call(lua, push_captures(lua, text, match, true), 1);
  } else {
    push_captures(lua, text, match, true);
    lua_settop(lua, 5);  // the first capture is the key
    lua_gettable(lua, 3);
  }
  if (lua_toboolean(lua, -1) == 0) {
    append(lua, out, text.substr(match.from, match.to - match.from));
  } else if (lua_isstring(lua, -1)) {
    append(lua, out, text_at(lua, -1));
  } else {
    LuaState::of(lua).raise(Code::wrong_type, "a replacement is a text");
  }
  lua_settop(lua, 4);
}

int gsub(lua_State* lua) {
  const std::string_view text = matched_text(lua, 1);
  const Pattern pattern = pattern_at(lua, 2);
  const int type = lua_type(lua, 3);
  luaL_argexpected(
      lua,
      type == LUA_TSTRING || type == LUA_TNUMBER || type == LUA_TTABLE || type == LUA_TFUNCTION, 3,
      "string, table or function");
  const lua_Integer most = luaL_optinteger(lua, 4, static_cast<lua_Integer>(text.size()) + 1);
  lua_settop(lua, 4);
  std::string out;
  size_t at = 0;
  size_t last_end = std::string_view::npos;
  lua_Integer count = 0;
  while (count < most) {
    const auto found = pattern.find(text, at, payer(lua));
    if (!found) break;
    append(lua, out, text.substr(at, found->from - at));
    at = found->to;
    if (found->from != found->to || found->to != last_end) {
      append_replaced(lua, out, text, *found);
      ++count;
      last_end = found->to;
    }
    if (found->from == found->to) {
      if (at >= text.size()) break;
      out += text[at++];
    }
    if (pattern.anchored()) break;
  }
  if (at < text.size()) append(lua, out, text.substr(at));
  push_text(lua, out);
  lua_pushinteger(lua, count);
  return 2;
}

// --- others

int repeat(lua_State* lua) {
  const std::string_view text = text_at(lua, 1);
  const lua_Integer count = luaL_checkinteger(lua, 2);
  const std::string_view between = luaL_optstring(lua, 3, "");
  LuaState& state = LuaState::of(lua);
  const size_t each = text.size() + between.size();
  if (count <= 0 || each == 0) {
    lua_pushliteral(lua, "");
    return 1;
  }
  if (static_cast<size_t>(count) > state.limits().text_bytes / each) {
    state.raise(Code::budget_memory,
                fmt::format("a text has at most {} bytes", state.limits().text_bytes));
  }
  std::string out;
  for (lua_Integer i = 0; i < count; ++i) {
    if (i > 0) out += between;
    out += text;
  }
  state.charge(1 + static_cast<int64_t>(out.size()) / 32);
  push_text(lua, out);
  return 1;
}

// Does a format show an address? "%p", with flags and width before the p.
bool shows_address(std::string_view form) {
  for (size_t at = form.find('%'); at != std::string_view::npos; at = form.find('%', at + 1)) {
    at = form.find_first_not_of("-+ #0123456789.", at + 1);
    if (at == std::string_view::npos) return false;
    if (form[at] == 'p') return true;
  }
  return false;
}

// Lua's own, after everything that would show an address was refused or turned into text.
int format(lua_State* lua) {
  LuaState& state = LuaState::of(lua);
  const std::string_view form = text_at(lua, 1);
  state.charge(kStepsOfValue * std::count(form.begin(), form.end(), '%'));
  if (shows_address(form)) {
    state.raise(Code::forbidden_name, "%p shows addresses, which differ from run to run");
  }
  for (int i = 2; i <= lua_gettop(lua); ++i) {
    if (const Scalar* scalar = scalar_at(lua, i)) {
      push_text(lua, scalar_text(*scalar));
      lua_replace(lua, i);
    } else if (lua_istable(lua, i) || lua_isfunction(lua, i) || lua_isuserdata(lua, i)) {
      push_text(lua, luaL_typename(lua, i));
      lua_replace(lua, i);
    }
  }
  return paid(lua);
}

}  // namespace

void push_paid(LuaState& state) { lua_pushcclosure(state.raw(), paid, 1); }

void push_few(LuaState& state) { lua_pushcclosure(state.raw(), few, 1); }

bool is_text_iterator(lua_State* lua, int index) {
  return lua_tocfunction(lua, index) == next_match;
}

void push_text_library(LuaState& state) {
  lua_State* lua = state.raw();
  luaL_requiref(lua, LUA_STRLIBNAME, luaopen_string, 0);
  const int original = lua_gettop(lua);
  const luaL_Reg own[] = {{"find", find}, {"match", match}, {"gmatch", gmatch},
                          {"gsub", gsub}, {"rep", repeat},  {nullptr, nullptr}};
  lua_newtable(lua);
  luaL_setfuncs(lua, own, 0);
  for (const char* name : {"char", "len", "lower", "reverse", "sub", "upper"}) {
    lua_getfield(lua, original, name);
    push_paid(state);
    lua_setfield(lua, -2, name);
  }
  lua_getfield(lua, original, "byte");
  push_few(state);
  lua_setfield(lua, -2, "byte");
  lua_getfield(lua, original, "format");
  lua_pushcclosure(lua, format, 1);
  lua_setfield(lua, -2, "format");
  lua_remove(lua, original);
}

}  // namespace relance
