#include "script/freeze.h"

#include <fmt/format.h>
#include <lauxlib.h>
#include <lua.h>

#include <set>
#include <string_view>

#include "script/bytecode.h"
#include "script/ledger.h"
#include "script/text_library.h"

namespace relance {
namespace {

constexpr char kMark[] = "__sealed";
constexpr const char* kPure =
    "functions are pure: they may not remember anything from call to call";
constexpr const char* kIterator =
    "a function goes on with an iterator that was begun outside of it";
constexpr int kDeepest = 2 * kMaxDepth;  // of tables in tables and functions in functions

int refuse_write(lua_State* lua) {
  const char* name = lua_type(lua, 2) == LUA_TSTRING ? lua_tostring(lua, 2) : "this";
  report_slip(LuaState::of(lua), Code::forbidden_name,
              fmt::format("'{}' cannot be written here", name),
              "a function writes only to its own local variables and tables");
  return 0;
}

int length(lua_State* lua) {
  push_behind_seal(LuaState::of(lua), 1);
  lua_pushinteger(lua, static_cast<lua_Integer>(lua_rawlen(lua, -1)));
  return 1;
}

// Walks from a function over what it can see. `seen_` is the position of a table original ->
// sealed.
class Freezer {
 public:
  Freezer(LuaState& state, Where root) : state_(state), lua_(state.raw()), root_(std::move(root)) {
    lua_newtable(lua_);
    seen_ = lua_gettop(lua_);
  }
  ~Freezer() { lua_settop(lua_, seen_ - 1); }
  Freezer(const Freezer&) = delete;
  Freezer& operator=(const Freezer&) = delete;

  Status problem;

  // The function on top of the stack; it stays there.
  void function() {
    if (!functions_.insert(lua_topointer(lua_, -1)).second) return;
    luaL_checkstack(lua_, 8, nullptr);
    const bool own = remembers_nothing();
    const int index = lua_gettop(lua_);
    for (int i = 1; own; ++i) {
      if (lua_getupvalue(lua_, index, i) == nullptr) return;
      value();
      lua_setupvalue(lua_, index, i);
    }
  }

 private:
  void refuse(Code code, const Where& where, std::string message, std::string hint) {
    if (problem.ok()) problem = Error{code, std::move(message), where, std::move(hint)};
  }

  // True for a function of the user's whose variables outside of it are to be frozen: one that
  // assigns them, or moves on with each call, would give something else to another run.
  bool remembers_nothing() {
    if (lua_iscfunction(lua_, -1) != 0) {
      if (is_text_iterator(lua_, -1)) refuse(Code::forbidden_name, root_, kIterator, kPure);
      return false;
    }
    lua_Debug about;
    lua_pushvalue(lua_, -1);
    lua_getinfo(lua_, ">S", &about);
    const bool own = about.source[0] == '@';
    const std::optional<NameUse> name = first_remembered(state_);
    if (name && !own) refuse(Code::forbidden_name, root_, kIterator, kPure);
    if (name && own) {
      refuse(Code::forbidden_name, {about.source + 1, name->line},
             fmt::format("a function changes '{}', which lies outside of it", name->name), kPure);
    }
    return own;
  }

  // Replaces the value on top by what may be seen of it.
  void value() {
    const Deeper deeper(depth_);
    if (depth_ > kDeepest) {
      refuse(Code::bad_value, root_, "the tables that a function sees nest too deeply", "");
      return;
    }
    if (lua_isfunction(lua_, -1)) return function();
    if (!lua_istable(lua_, -1)) return;
    if (lua_getmetatable(lua_, -1) != 0) {  // a word, or sealed already
      lua_pop(lua_, 1);
      return;
    }
    lua_pushvalue(lua_, -1);
    if (lua_rawget(lua_, seen_) != LUA_TNIL) {
      lua_remove(lua_, -2);
      return;
    }
    lua_pop(lua_, 1);
    table();
  }

  void table() {
    luaL_checkstack(lua_, 8, nullptr);
    const int original = lua_gettop(lua_);
    lua_pushvalue(lua_, original);
    seal_table(state_);
    lua_pushvalue(lua_, original);
    lua_pushvalue(lua_, -2);
    lua_rawset(lua_, seen_);
    lua_pushnil(lua_);
    while (lua_next(lua_, original) != 0) {
      value();
      lua_pushvalue(lua_, -2);
      lua_insert(lua_, -2);
      lua_rawset(lua_, original);  // an existing key, so the walk goes on
    }
    lua_remove(lua_, original);
  }

  struct Deeper {
    explicit Deeper(int& counted) : depth(counted) { ++depth; }
    ~Deeper() { --depth; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;
    int& depth;
  };

  LuaState& state_;
  lua_State* lua_;
  Where root_;  // the function of the flow
  int seen_ = 0;
  int depth_ = 0;
  std::set<const void*> functions_;
};

}  // namespace

void seal_table(LuaState& state, int (*on_write)(lua_State*)) {
  lua_State* lua = state.raw();
  lua_newtable(lua);
  lua_createtable(lua, 0, 4);
  lua_pushvalue(lua, -3);
  lua_setfield(lua, -2, "__index");
  lua_pushcfunction(lua, on_write == nullptr ? refuse_write : on_write);
  lua_setfield(lua, -2, "__newindex");
  lua_pushcfunction(lua, length);
  lua_setfield(lua, -2, "__len");
  lua_pushboolean(lua, 1);
  lua_setfield(lua, -2, kMark);
  lua_setmetatable(lua, -2);
  lua_remove(lua, -2);
}

bool push_behind_seal(LuaState& state, int index) {
  lua_State* lua = state.raw();
  if (!lua_istable(lua, index) || lua_getmetatable(lua, index) == 0) return false;
  lua_getfield(lua, -1, kMark);
  const bool sealed = lua_toboolean(lua, -1) != 0;
  lua_pop(lua, 1);
  if (sealed) lua_getfield(lua, -1, "__index");
  lua_remove(lua, sealed ? -2 : -1);
  return sealed;
}

Status freeze(LuaState& state, LuaFunction function) {
  Freezer freezer(state, state.place_of(function));
  state.push(function);
  freezer.function();
  return std::move(freezer.problem);
}

}  // namespace relance
