#include "script/run_proxy.h"

#include <fmt/format.h>
#include <lauxlib.h>
#include <lua.h>

#include <new>
#include <optional>

#include "base/text.h"
#include "script/scalar.h"

namespace relance {
namespace {

enum class Role : uint8_t {
  run,
  event,
  latest,
  customer,
  facts,
  steps,
  step,
  step_data,
  touches,
  said,
  promised,
  asked,
  where_event,
  record
};

struct Proxy {
  Role role = Role::record;
  StepIndex step = kNoStep;  // step, step_data
  uint64_t epoch = 0;        // record, step_data: the call whose bytes `doc` looks at
  DocView doc;
};

// Their addresses name metatables in the registry, one for each way of reading.
constexpr char kRunMeta = 0, kDataMeta = 0, kStepsMeta = 0, kStepMeta = 0, kTouchesMeta = 0,
               kMemoryMeta = 0;

// Positions of the sub-proxies among the upvalues of index_run.
constexpr std::array<std::pair<std::string_view, Role>, 9> kParts = {{{"event", Role::event},
                                                                      {"latest", Role::latest},
                                                                      {"customer", Role::customer},
                                                                      {"facts", Role::facts},
                                                                      {"steps", Role::steps},
                                                                      {"touches", Role::touches},
                                                                      {"said", Role::said},
                                                                      {"promised", Role::promised},
                                                                      {"asked", Role::asked}}};

// The metamethods cannot be reached by a script, so self is always ours.
Proxy& self(lua_State* lua) { return *static_cast<Proxy*>(lua_touserdata(lua, 1)); }

std::string_view key_at(lua_State* lua, int index) {
  if (lua_type(lua, index) != LUA_TSTRING) return {};
  size_t size = 0;
  const char* bytes = lua_tolstring(lua, index, &size);
  return {bytes, size};
}

const View& view_of(LuaState& state) {
  if (state.view() == nullptr) {
    state.raise(Code::lua_runtime, "`run` can be read only while a function of the flow is called");
  }
  return *state.view();
}

Proxy* push_proxy(lua_State* lua, const Proxy& proxy, const void* meta) {
  auto* made = new (lua_newuserdatauv(lua, sizeof(Proxy), 1)) Proxy(proxy);
  lua_rawgetp(lua, LUA_REGISTRYINDEX, meta);
  lua_setmetatable(lua, -2);
  return made;
}

const void* meta_of(Role role) {
  switch (role) {
    case Role::run: return &kRunMeta;
    case Role::steps: return &kStepsMeta;
    case Role::step: return &kStepMeta;
    case Role::touches: return &kTouchesMeta;
    case Role::said:
    case Role::promised:
    case Role::asked: return &kMemoryMeta;
    default: return &kDataMeta;
  }
}

bool is_from_earlier_call(const LuaState& state, const Proxy& proxy) {
  if (proxy.role == Role::record) return proxy.epoch != state.epoch();
  return proxy.role != Role::where_event && state.view() == nullptr;
}

DocView record_of(LuaState& state, Proxy& proxy) {
  if (proxy.role == Role::where_event) return state.where_event();
  if (proxy.role == Role::record) {
    if (!is_from_earlier_call(state, proxy)) return proxy.doc;
    state.raise(Code::lua_runtime, "this value was kept from an earlier call");
  }
  const View& view = view_of(state);
  if (proxy.role == Role::event) return view.event();
  if (proxy.role == Role::latest) return view.latest();
  if (proxy.role == Role::customer) return view.profile();
  if (proxy.role == Role::facts) return view.facts();
  if (proxy.epoch != state.epoch()) {
    proxy.doc = view.step_data(proxy.step);
    proxy.epoch = state.epoch();
  }
  return proxy.doc;
}

// --- run

int index_run(lua_State* lua) {
  LuaState& state = LuaState::of(lua);
  const std::string_view key = key_at(lua, 2);
  for (size_t i = 0; i < kParts.size(); ++i) {
    if (kParts[i].first != key) continue;
    lua_pushvalue(lua, lua_upvalueindex(static_cast<int>(i) + 1));
    return 1;
  }
  const View& view = view_of(state);
  if (key == "failures") {
    lua_pushinteger(lua, view.failures());
  } else if (key == "now") {
    push_scalar(lua, {Scalar::Kind::instant, view.now().ms, {}});
  } else if (key == "random") {
    lua_pushnumber(lua, view.random());
  } else {
    state.raise(Code::unknown_path, fmt::format("`run` has no field '{}'", key),
                did_you_mean(key, run_fields()));
  }
  return 1;
}

// --- data

int index_data(lua_State* lua) {
  LuaState& state = LuaState::of(lua);
  const DocView record = record_of(state, self(lua));
  state.charge(1 + static_cast<int64_t>(record.bytes().size() / 64));
  push_data(state, record.find(key_at(lua, 2)));
  return 1;
}

int length_of_data(lua_State* lua) {
  lua_pushinteger(lua, 0);  // a record has no items; a list is a table
  return 1;
}

// --- steps

int index_steps(lua_State* lua) {
  LuaState& state = LuaState::of(lua);
  const Flow& flow = view_of(state).flow();
  const std::string_view name = key_at(lua, 2);
  const Step* step = flow.find(name);
  if (step == nullptr) {
    std::vector<std::string> names;
    for (const Step& known : flow.steps) names.push_back(known.name);
    state.raise(Code::unknown_step, fmt::format("there is no step '{}'", name),
                did_you_mean(name, names));
  }
  // One proxy a step, made when it is asked for first.
  const auto index = static_cast<StepIndex>(step - flow.steps.data());
  if (lua_rawgeti(lua, lua_upvalueindex(1), index + 1) != LUA_TNIL) return 1;
  lua_pop(lua, 1);
  push_proxy(lua, {Role::step, index, 0, {}}, &kStepMeta);
  push_proxy(lua, {Role::step_data, index, 0, {}}, &kDataMeta);
  lua_setiuservalue(lua, -2, 1);
  lua_pushvalue(lua, -1);
  lua_rawseti(lua, lua_upvalueindex(1), index + 1);
  return 1;
}

int index_step(lua_State* lua) {
  LuaState& state = LuaState::of(lua);
  const std::string_view key = key_at(lua, 2);
  if (key == "data") {
    lua_getiuservalue(lua, 1, 1);
  } else if (key == "outcome") {
    const std::string_view word = view_of(state).step_outcome(self(lua).step);
    if (word.empty())
      lua_pushnil(lua);
    else
      lua_pushlstring(lua, word.data(), word.size());
  } else {
    state.raise(Code::unknown_path, fmt::format("run.steps.NAME has no field '{}'", key),
                "there are outcome and data");
  }
  return 1;
}

// --- touches

void read_filter(lua_State* lua, const View& view, TouchFilter& filter) {
  LuaState& state = LuaState::of(lua);
  if (!lua_istable(lua, 1))
    state.raise(Code::wrong_type, "touches are asked with a table: { channel = \"voice\" }");
  lua_pushnil(lua);
  for (; lua_next(lua, 1) != 0; lua_pop(lua, 1)) {
    const std::string_view key = key_at(lua, -2);
    const Scalar* scalar = scalar_at(lua, -1);
    if (key == "channel")
      filter.channel = key_at(lua, -1);
    else if (key == "flow")
      filter.flow = key_at(lua, -1);
    else if (key == "step")
      filter.step = key_at(lua, -1);
    else if (key == "outcome")
      filter.outcome = key_at(lua, -1);
    else if (key == "since" && scalar != nullptr && scalar->kind == Scalar::Kind::instant)
      filter.since = {scalar->value};
    else if (key == "within" && scalar != nullptr && scalar->kind == Scalar::Kind::duration) {
      filter.since = view.now() - Duration{scalar->value};
    } else {
      state.raise(Code::unknown_field, fmt::format("touches cannot be asked for '{}'", key),
                  did_you_mean(key, {"channel", "flow", "step", "outcome", "since", "within"}));
    }
  }
}

void set_text(lua_State* lua, const char* field, std::string_view text) {
  if (text.empty()) return;
  lua_pushlstring(lua, text.data(), text.size());
  lua_setfield(lua, -2, field);
}

int last_touch(lua_State* lua) {
  LuaState& state = LuaState::of(lua);
  const View& view = view_of(state);
  state.charge(static_cast<int64_t>(view.who().touches.size()));
  TouchFilter filter;
  read_filter(lua, view, filter);
  const Touch* touch = view.last_touch(filter);
  if (touch == nullptr) return 0;
  lua_createtable(lua, 0, 8);
  set_text(lua, "channel", touch->channel);
  set_text(lua, "flow", touch->flow);
  set_text(lua, "step", touch->step_name);
  set_text(lua, "outcome", touch->outcome);
  set_text(lua, "reason", touch->reason);
  lua_pushinteger(lua, touch->try_no);
  lua_setfield(lua, -2, "try");
  push_scalar(lua, {Scalar::Kind::instant, touch->intended_at.ms, {}});
  lua_setfield(lua, -2, "at");
  return 1;
}

int count_touches(lua_State* lua) {
  LuaState& state = LuaState::of(lua);
  const View& view = view_of(state);
  state.charge(static_cast<int64_t>(view.who().touches.size()));
  TouchFilter filter;
  if (lua_isnoneornil(lua, 1) == 0) read_filter(lua, view, filter);
  lua_pushinteger(lua, view.count_touches(filter));
  return 1;
}

int index_touches(lua_State* lua) {
  const std::string_view key = key_at(lua, 2);
  if (key == "last") {
    lua_pushcfunction(lua, last_touch);
  } else if (key == "count") {
    lua_pushcfunction(lua, count_touches);
  } else {
    LuaState::of(lua).raise(Code::unknown_path, fmt::format("run.touches has no field '{}'", key),
                            "there are last { ... } and count { ... }");
  }
  return 1;
}

// --- said, promised, asked: `run.said.discount` and `run.said "discount"`

int index_memory(lua_State* lua) {
  LuaState& state = LuaState::of(lua);
  const View& view = view_of(state);
  const Role role = self(lua).role;
  const auto kind = role == Role::said       ? Memory::Kind::said
                    : role == Role::promised ? Memory::Kind::promised
                                             : Memory::Kind::asked;
  state.charge(static_cast<int64_t>(view.who().memory.size()));
  lua_pushboolean(lua, view.remembers(kind, key_at(lua, 2)));
  return 1;
}

int refuse_write(lua_State* lua) {
  LuaState::of(lua).raise(
      Code::wrong_type,
      fmt::format("'{}' cannot be written: what a function sees is read-only", key_at(lua, 2)));
}

void make_meta(lua_State* lua, const void* name, lua_CFunction index,
               lua_CFunction call = nullptr) {
  lua_createtable(lua, 0, 4);
  lua_pushcfunction(lua, index);
  lua_setfield(lua, -2, "__index");
  lua_pushcfunction(lua, refuse_write);
  lua_setfield(lua, -2, "__newindex");
  lua_pushcfunction(lua, length_of_data);
  lua_setfield(lua, -2, "__len");
  if (call != nullptr) {
    lua_pushcfunction(lua, call);
    lua_setfield(lua, -2, "__call");
  }
  lua_rawsetp(lua, LUA_REGISTRYINDEX, name);
}

// Replaces the `__index` of a metatable by a closure over the `count` values on top of the stack.
void set_index(lua_State* lua, const void* name, lua_CFunction index, int count) {
  lua_pushcclosure(lua, index, count);
  lua_rawgetp(lua, LUA_REGISTRYINDEX, name);
  lua_insert(lua, -2);
  lua_setfield(lua, -2, "__index");
  lua_pop(lua, 1);
}

LuaFunction kept_proxy(LuaState& state, Role role) {
  push_proxy(state.raw(), {role, kNoStep, 0, {}}, meta_of(role));
  return state.keep();
}

void push_list(LuaState& state, DocView list) {
  lua_State* lua = state.raw();
  luaL_checkstack(lua, 4, "a list in too many lists");
  lua_createtable(lua, static_cast<int>(list.size()), 0);
  lua_Integer i = 0;
  for (const auto item : list.items()) {
    push_data(state, item.value);
    lua_rawseti(lua, -2, ++i);
  }
}

}  // namespace

Proxies open_proxies(LuaState& state) {
  lua_State* lua = state.raw();
  make_meta(lua, &kRunMeta, index_run);
  make_meta(lua, &kDataMeta, index_data);
  make_meta(lua, &kStepsMeta, index_steps);
  make_meta(lua, &kStepMeta, index_step);
  make_meta(lua, &kTouchesMeta, index_touches);
  make_meta(lua, &kMemoryMeta, index_memory, index_memory);
  lua_newtable(lua);
  set_index(lua, &kStepsMeta, index_steps, 1);

  Proxies proxies;
  std::array<LuaFunction, kParts.size()> parts;
  for (size_t i = 0; i < kParts.size(); ++i) {
    parts[i] = kept_proxy(state, kParts[i].second);
    if (kParts[i].second == Role::event) proxies.event = parts[i];
    if (kParts[i].second == Role::customer) proxies.customer = parts[i];
    if (kParts[i].second == Role::touches) proxies.touches = parts[i];
  }
  for (const LuaFunction& part : parts) state.push(part);
  set_index(lua, &kRunMeta, index_run, static_cast<int>(parts.size()));
  proxies.run = kept_proxy(state, Role::run);
  proxies.where_event = kept_proxy(state, Role::where_event);
  return proxies;
}

void push_data(LuaState& state, DocView doc) {
  lua_State* lua = state.raw();
  switch (doc.type()) {
    case DocType::null: return lua_pushnil(lua);
    case DocType::boolean: return lua_pushboolean(lua, *doc.boolean());
    case DocType::integer: return lua_pushinteger(lua, *doc.integer());
    case DocType::number: return lua_pushnumber(lua, *doc.number());
    case DocType::text: {
      const std::string_view text = *doc.text();
      lua_pushlstring(lua, text.data(), text.size());
      return;
    }
    case DocType::money: {
      const Money money = *doc.money();
      return push_scalar(lua, {Scalar::Kind::money, money.minor, money.currency});
    }
    case DocType::instant: return push_scalar(lua, {Scalar::Kind::instant, doc.instant()->ms, {}});
    case DocType::date: return push_scalar(lua, {Scalar::Kind::date, doc.date()->days, {}});
    case DocType::list: return push_list(state, doc);
    case DocType::record:
      push_proxy(lua, {Role::record, kNoStep, state.epoch(), doc}, &kDataMeta);
      return;
  }
}

bool proxy_record(LuaState& state, int index, DocView& record) {
  lua_State* lua = state.raw();
  if (lua_type(lua, index) != LUA_TUSERDATA || lua_getmetatable(lua, index) == 0) return false;
  lua_rawgetp(lua, LUA_REGISTRYINDEX, &kDataMeta);
  const bool data = lua_rawequal(lua, -1, -2) != 0;
  lua_pop(lua, 2);
  if (!data) return false;
  auto& proxy = *static_cast<Proxy*>(lua_touserdata(lua, index));
  if (is_from_earlier_call(state, proxy)) return false;
  record = record_of(state, proxy);
  return true;
}

std::vector<std::string> run_fields() {
  std::vector<std::string> names = {"failures", "now", "random"};
  for (const auto& [name, role] : kParts) names.emplace_back(name);
  return names;
}

}  // namespace relance
