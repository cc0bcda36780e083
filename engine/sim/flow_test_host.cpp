#include "sim/flow_test_host.h"

#include <lauxlib.h>
#include <lua.h>

#include "script/scalar.h"

namespace relance {
namespace {

// What the engine's work costs a test, in instructions.
constexpr int64_t kStepsOfStart = 2000, kStepsOfRound = 5000;

constexpr Instant kUsualStart{1'767'600'000'000};  // 2026-01-05T08:00:00Z, a Monday

FlowTestHost& host_of(lua_State* lua) {
  return *static_cast<FlowTestHost*>(lua_touserdata(lua, lua_upvalueindex(1)));
}

// --- what stands on the stack

std::string text_at(lua_State* lua, int index) {
  size_t size = 0;
  const char* bytes = lua_type(lua, index) == LUA_TSTRING ? lua_tolstring(lua, index, &size) : "";
  return {bytes, size};
}

int handle_at(lua_State* lua, int index) {
  return lua_isinteger(lua, index) != 0 ? static_cast<int>(lua_tointeger(lua, index)) : 0;
}

// An empty table of a test's is a record without fields.
Result<Doc> record_at(FlowTestHost& host, int index) {
  if (lua_isnoneornil(host.lua().raw(), index)) return Doc::empty_record();
  auto doc = doc_at(host.lua(), index);
  if (!doc || doc->view().type() == DocType::record) return doc;
  if (doc->view().type() == DocType::list && doc->view().size() == 0) return Doc::empty_record();
  return Error{Code::wrong_type, "expected a table of fields", {}, ""};
}

// --- what goes back

int refused(lua_State* lua, const Error& error) {
  const std::string sentence =
      error.hint.empty() ? error.message : error.message + "; " + error.hint;
  lua_pushnil(lua);
  lua_pushlstring(lua, sentence.data(), sentence.size());
  return 2;
}

int done(lua_State* lua, const Status& status) {
  if (!status) return refused(lua, status.error());
  lua_pushboolean(lua, 1);
  return 1;
}

int moment(lua_State* lua, Instant at) {
  lua_pushinteger(lua, at.ms);
  return 1;
}

// --- the primitives

int open_world(lua_State* lua) {
  FlowTestHost& host = host_of(lua);
  lua_getfield(lua, 1, "at_ms");
  std::optional<int64_t> at_ms;
  if (lua_isinteger(lua, -1) != 0) at_ms = lua_tointeger(lua, -1);
  lua_getfield(lua, 1, "contact");
  auto contact = value_at(host.lua(), -1);
  if (!contact) return refused(lua, contact.error());
  contact->line = host.lua().here().line;
  if (auto opened = host.open(at_ms, *contact); !opened) return refused(lua, opened.error());
  return moment(lua, host.world().now());
}

int customer(lua_State* lua) {
  FlowTestHost& host = host_of(lua);
  host.lua().charge(kStepsOfStart);
  auto record = record_at(host, 1);
  if (!record) return refused(lua, record.error());
  return done(lua, host.world().know(*record));
}

int start(lua_State* lua) {
  FlowTestHost& host = host_of(lua);
  host.lua().charge(kStepsOfStart);
  auto data = record_at(host, 2);
  if (!data) return refused(lua, data.error());
  auto handle = host.world().start(text_at(lua, 1), *data, text_at(lua, 3), text_at(lua, 4));
  if (!handle) return refused(lua, handle.error());
  lua_pushinteger(lua, *handle);
  return 1;
}

int steps(lua_State* lua) {
  auto flow = host_of(lua).world().flow_of_run(handle_at(lua, 1));
  if (!flow) return refused(lua, flow.error());
  lua_newtable(lua);
  lua_Integer place = 0;
  for (const Step& step : (*flow)->steps) {
    lua_pushlstring(lua, step.name.data(), step.name.size());
    lua_rawseti(lua, -2, ++place);
  }
  return 1;
}

int event(lua_State* lua) {
  FlowTestHost& host = host_of(lua);
  host.lua().charge(kStepsOfStart);
  auto data = record_at(host, 2);
  if (!data) return refused(lua, data.error());
  return done(lua, host.world().event(text_at(lua, 1), *data, text_at(lua, 3), handle_at(lua, 4)));
}

int script(lua_State* lua) {
  FlowTestHost& host = host_of(lua);
  auto answers = doc_at(host.lua(), 5);
  if (!answers) return refused(lua, answers.error());
  const bool connector = text_at(lua, 2) == "connector";
  return done(lua, host.world().script(handle_at(lua, 1),
                                       connector ? ScriptedSide::connector : ScriptedSide::channel,
                                       text_at(lua, 3), text_at(lua, 4), *answers));
}

int step(lua_State* lua) {
  host_of(lua).lua().charge(kStepsOfRound);
  auto now = host_of(lua).world().step({lua_tointeger(lua, 1)});
  return now ? moment(lua, *now) : refused(lua, now.error());
}

int runs(lua_State* lua) {
  auto handles = host_of(lua).world().runs(text_at(lua, 1));
  if (!handles) return refused(lua, handles.error());
  lua_createtable(lua, static_cast<int>(handles->size()), 0);
  lua_Integer place = 0;
  for (const int handle : *handles) {
    lua_pushinteger(lua, handle);
    lua_rawseti(lua, -2, ++place);
  }
  return 1;
}

int view(lua_State* lua) {
  FlowTestHost& host = host_of(lua);
  auto seen = host.world().view(handle_at(lua, 1));
  if (!seen) return refused(lua, seen.error());
  if (seen->is_null())
    lua_pushboolean(lua, 0);
  else
    push_copy(host.lua(), *seen);
  return 1;
}

int resolve(lua_State* lua) {
  FlowTestHost& host = host_of(lua);
  auto data = record_at(host, 4);
  if (!data) return refused(lua, data.error());
  return done(lua,
              host.world().resolve(handle_at(lua, 1), text_at(lua, 2), text_at(lua, 3), *data));
}

// Raises by itself: its answer is a number that callers add up.
int ms(lua_State* lua) {
  FlowTestHost& host = host_of(lua);
  if (const Scalar* scalar = scalar_at(lua, 1)) {
    if (scalar->kind == Scalar::Kind::duration || scalar->kind == Scalar::Kind::instant)
      return moment(lua, {scalar->value});
  }
  const std::string text = text_at(lua, 1);
  const auto at = parse_instant(text);
  if (at) return moment(lua, *at);
  if (lua_type(lua, 1) == LUA_TSTRING) host.lua().raise(at.error().code, at.error().message);
  auto found = value_at(host.lua(), 1);
  host.lua().raise(Code::wrong_type,
                   "expected a duration such as hours(2), found " +
                       (found ? describe(*found) : std::string("something else")));
}

}  // namespace

Status FlowTestHost::open(std::optional<int64_t> at_ms, const Value& contact) {
  auto world = stage_.open(at_ms ? Instant{*at_ms} : kUsualStart, contact, file_);
  if (!world) return world.error();
  world_ = std::move(*world);
  return {};
}

void FlowTestHost::push() {
  lua_State* lua = lua_.raw();
  const luaL_Reg primitives[] = {
      {"open", open_world}, {"customer", customer}, {"start", start}, {"steps", steps},
      {"event", event},     {"script", script},     {"step", step},   {"runs", runs},
      {"view", view},       {"resolve", resolve},   {"ms", ms},       {nullptr, nullptr}};
  lua_newtable(lua);
  lua_pushlightuserdata(lua, this);
  luaL_setfuncs(lua, primitives, 1);
}

}  // namespace relance
