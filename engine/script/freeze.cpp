#include "script/freeze.h"

#include <fmt/format.h>
#include <lauxlib.h>
#include <lua.h>

#include <set>
#include <string_view>

#include "script/ledger.h"

namespace relance {
namespace {

constexpr char kMark[] = "__sealed";
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
  explicit Freezer(LuaState& state) : state_(state), lua_(state.raw()) {
    lua_newtable(lua_);
    seen_ = lua_gettop(lua_);
  }
  ~Freezer() { lua_settop(lua_, seen_ - 1); }
  Freezer(const Freezer&) = delete;
  Freezer& operator=(const Freezer&) = delete;

  bool too_deep = false;

  // The function on top of the stack; it stays there.
  void function() {
    if (lua_iscfunction(lua_, -1) != 0 || !functions_.insert(lua_topointer(lua_, -1)).second)
      return;
    const int index = lua_gettop(lua_);
    luaL_checkstack(lua_, 8, nullptr);
    for (int i = 1;; ++i) {
      const char* name = lua_getupvalue(lua_, index, i);
      if (name == nullptr) return;
      value();
      if (std::string_view(name) == "_ENV")
        lua_pop(lua_, 1);
      else
        lua_setupvalue(lua_, index, i);
    }
  }

 private:
  // Replaces the value on top by what may be seen of it.
  void value() {
    const Deeper deeper(depth_);
    if (depth_ > kDeepest) {
      too_deep = true;
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
  Freezer freezer(state);
  state.push(function);
  freezer.function();
  if (!freezer.too_deep) return {};
  return Error{Code::bad_value, "the tables that a function sees nest too deeply",
               state.place_of(function), ""};
}

}  // namespace relance
