#include "script/ledger.h"

#include <fmt/format.h>
#include <lauxlib.h>
#include <lua.h>

#include <new>

#include "script/load.h"
#include "script/value.h"

namespace relance {
namespace {

// Their addresses name metatables in the registry.
constexpr char kLedgerMeta = 0, kStepMeta = 0, kEdgeMeta = 0;

// A step or an edge; the outcome's word is the userdata's user value.
struct Point {
  StepIndex step = kNoStep;
  int line = 0;
};

StepSink& sink_of(LuaState& state) {
  Loading* loading = state.loading();
  if (loading != nullptr && loading->steps != nullptr) return *loading->steps;
  state.raise(Code::lua_runtime,
              "steps and edges belong to the top of the file, not into a function",
              "a function reads run.steps.NAME.outcome and run.steps.NAME.data");
}

std::string name_at(LuaState& state, int index) {
  lua_State* lua = state.raw();
  if (lua_type(lua, index) == LUA_TSTRING) return lua_tostring(lua, index);
  state.raise(Code::wrong_type,
              fmt::format("a name is a text, not a {}", luaL_typename(lua, index)));
}

void push_point(LuaState& state, StepIndex step, const void* meta) {
  lua_State* lua = state.raw();
  new (lua_newuserdatauv(lua, sizeof(Point), 1)) Point{step, state.here().line};
  lua_rawgetp(lua, LUA_REGISTRYINDEX, meta);
  lua_setmetatable(lua, -2);
}

const Point* point_at(lua_State* lua, int index, const void* meta) {
  if (lua_type(lua, index) != LUA_TUSERDATA || lua_getmetatable(lua, index) == 0) return nullptr;
  lua_rawgetp(lua, LUA_REGISTRYINDEX, meta);
  const bool same = lua_rawequal(lua, -1, -2) != 0;
  lua_pop(lua, 2);
  return same ? static_cast<const Point*>(lua_touserdata(lua, index)) : nullptr;
}

// The value at `index`, or a spoilt one with the reason reported.
Value taken(LuaState& state, int index) {
  Result<Value> value = value_at(state, index);
  if (value.ok()) return std::move(*value);
  report_slip(state, value.error().code, value.error().message, value.error().hint);
  Value spoilt;
  spoilt.kind = Value::Kind::spoilt;
  return spoilt;
}

int write_step(lua_State* lua) {
  LuaState& state = LuaState::of(lua);
  sink_of(state).assign(name_at(state, 2), taken(state, 3), state.here().line);
  stop_at_many_slips(state);
  return 0;
}

int read_step(lua_State* lua) {
  LuaState& state = LuaState::of(lua);
  const StepIndex step = sink_of(state).read(name_at(state, 2), state.here().line);
  stop_at_many_slips(state);
  if (step == kNoStep)
    push_spoilt(state);
  else
    push_point(state, step, &kStepMeta);
  return 1;
}

int read_outcome(lua_State* lua) {
  LuaState& state = LuaState::of(lua);
  const Point point = *static_cast<const Point*>(lua_touserdata(lua, 1));
  if (!sink_of(state).edge(point.step, name_at(state, 2), state.here().line)) {
    stop_at_many_slips(state);
    push_spoilt(state);
    return 1;
  }
  push_point(state, point.step, &kEdgeMeta);
  lua_pushvalue(lua, 2);
  lua_setiuservalue(lua, -2, 1);
  return 1;
}

int read_edge(lua_State* lua) {
  report_slip(LuaState::of(lua), Code::wrong_type, "an edge has no parts",
              "f.STEP.OUTCOME is a whole edge");
  push_spoilt(LuaState::of(lua));
  return 1;
}

int refuse_write(lua_State* lua) {
  report_slip(LuaState::of(lua), Code::wrong_type, "a step that stands cannot be changed",
              "write all its fields into its table");
  return 0;
}

void make_meta(lua_State* lua, const void* name, lua_CFunction index, lua_CFunction write) {
  lua_createtable(lua, 0, 2);
  lua_pushcfunction(lua, index);
  lua_setfield(lua, -2, "__index");
  lua_pushcfunction(lua, write);
  lua_setfield(lua, -2, "__newindex");
  lua_rawsetp(lua, LUA_REGISTRYINDEX, name);
}

}  // namespace

void open_ledger(LuaState& state) {
  lua_State* lua = state.raw();
  make_meta(lua, &kLedgerMeta, read_step, write_step);
  make_meta(lua, &kStepMeta, read_outcome, refuse_write);
  make_meta(lua, &kEdgeMeta, read_edge, refuse_write);
}

int begin_ledger(lua_State* lua) {
  LuaState& state = LuaState::of(lua);
  Value header = taken(state, 3);
  header.line = state.here().line;
  if (!sink_of(state).begin(name_at(state, 2), std::move(header))) {
    push_spoilt(state);
    return 1;
  }
  lua_newuserdatauv(lua, 1, 0);
  lua_rawgetp(lua, LUA_REGISTRYINDEX, &kLedgerMeta);
  lua_setmetatable(lua, -2);
  return 1;
}

int ignore_edges(lua_State* lua) {
  LuaState& state = LuaState::of(lua);
  StepSink& sink = sink_of(state);
  Value edges = taken(state, 1);
  edges.line = state.here().line;
  sink.ignore(std::move(edges));
  stop_at_many_slips(state);
  return 0;
}

std::optional<EdgeHead> edge_at(LuaState& state, int index) {
  lua_State* lua = state.raw();
  EdgeHead head;
  if (const Point* step = point_at(lua, index, &kStepMeta)) {
    head.edge.step = step->step;
    head.edge.bare = true;
    head.line = step->line;
    return head;
  }
  const Point* edge = point_at(lua, index, &kEdgeMeta);
  if (edge == nullptr) return std::nullopt;
  head.edge.step = edge->step;
  head.line = edge->line;
  lua_getiuservalue(lua, index, 1);
  const std::string word = lua_tostring(lua, -1);
  lua_pop(lua, 1);
  head.edge.otherwise = word == "otherwise";
  if (!head.edge.otherwise) head.edge.outcomes = {word};
  return head;
}

bool ledger_at(LuaState& state, int index) {
  lua_State* lua = state.raw();
  if (lua_type(lua, index) != LUA_TUSERDATA || lua_getmetatable(lua, index) == 0) return false;
  lua_rawgetp(lua, LUA_REGISTRYINDEX, &kLedgerMeta);
  const bool same = lua_rawequal(lua, -1, -2) != 0;
  lua_pop(lua, 2);
  return same;
}

}  // namespace relance
