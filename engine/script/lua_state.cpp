#include "script/lua_state.h"

#include <fmt/format.h>
#include <lauxlib.h>
#include <lua.h>

#include <cstdlib>
#include <cstring>

#include "base/clock.h"
#include "base/text.h"
#include "script/run_proxy.h"
#include "script/sandbox.h"
#include "script/scalar.h"
#include "script/value.h"

namespace relance {
namespace {

// The count hook comes every so many instructions; work of library functions is paid in between.
constexpr int kGrain = 250;
constexpr int kGrainsOfTime = 4;  // after so many the clock is looked at
// One instruction may compare, hash or read as a numeral the longest text there is: where a call
// made one of so many bytes, each of its instructions counts twice, of twice as many thrice.
constexpr size_t kDearText = 8192;
// Of Lua 5.4: what its table of short texts takes at first (MINSTRTABSIZE pointers).
constexpr size_t kFirstTextTable = 128 * sizeof(void*);
constexpr size_t kLongestMessage = 1000;
constexpr const char* kSizes = "texts, tables and work of one call are limited";

// "flows/x.lua:23: attempt to ..." without its place, which is kept apart (short_src cuts it).
std::string without_place(lua_State* lua, std::string message) {
  lua_Debug frame;
  for (int level = 0; lua_getstack(lua, level, &frame) != 0; ++level) {
    lua_getinfo(lua, "Sl", &frame);
    if (frame.currentline <= 0) continue;
    const std::string place = fmt::format("{}:{}: ", frame.short_src, frame.currentline);
    return message.starts_with(place) ? message.substr(place.size()) : message;
  }
  return message;
}

}  // namespace

LuaState::LuaState(const LuaLimits& limits) : limits_(limits) {
  lua_ = lua_newstate(allocate, this);
  RELANCE_ASSERT(lua_ != nullptr && text_table_ != nullptr);
  *static_cast<LuaState**>(lua_getextraspace(lua_)) = this;
  open_scalars(*this);
  proxies_ = open_proxies(*this);
  const Sandbox sandbox = open_sandbox(*this);
  words_ = sandbox.words;
  environments_ = sandbox.environments;
}

LuaState::~LuaState() { lua_close(lua_); }

LuaState& LuaState::of(lua_State* lua) { return **static_cast<LuaState**>(lua_getextraspace(lua)); }

// --- memory

bool LuaState::may_allocate(size_t old_size, size_t new_size, bool text) {
  if (!limited_ || new_size <= old_size) return true;
  call_bytes_ += new_size;
  const size_t most_text = loading_ == nullptr ? limits_.text_bytes : limits_.kept_text_bytes;
  const bool room =
      loading_ == nullptr || used_bytes_ - old_size + new_size <= limits_.memory_bytes;
  const bool fits = room && new_size <= (text ? most_text : limits_.block_bytes) &&
                    call_bytes_ <= limits_.call_bytes;
  if (text && fits) longest_text_ = std::max(longest_text_, new_size);
  if (fits) return true;
  // What is refused while the error travels has no line any more.
  if (Where at = here(); at.line > 0) refused_at_ = std::move(at);
  return false;
}

void* LuaState::allocate(void* self, void* block, size_t old_size, size_t new_size) {
  auto& state = *static_cast<LuaState*>(self);
  // For a new block Lua passes what it is for instead of a size.
  const bool text = block == nullptr && old_size == LUA_TSTRING;
  const size_t held = block == nullptr ? 0 : old_size;
  const bool text_table = block != nullptr && block == state.text_table_;
  if (!text_table && !state.may_allocate(held, new_size, text)) return nullptr;
  void* moved = state.resize(block, held, new_size);
  const bool first =
      state.text_table_ == nullptr && block == nullptr && new_size == kFirstTextTable;
  if ((text_table || first) && moved != nullptr) state.text_table_ = moved;
  return moved;
}

void* LuaState::resize(void* block, size_t old_size, size_t new_size) {
  if (new_size == 0) {
    std::free(block);
    used_bytes_ -= old_size;
    return nullptr;
  }
  void* moved = std::realloc(block, new_size);
  if (moved != nullptr) used_bytes_ += new_size - old_size;
  return moved;
}

// --- budget

void LuaState::arm(int64_t steps) {
  steps_left_ = steps;
  call_bytes_ = longest_text_ = 0;
  us_at_begin_ = grains_ = 0;
  most_us_ = loading_ == nullptr ? limits_.call_us : limits_.load_us;
  raised_.reset();
  // Set anew before each call: the hook's counter goes on from one call to the next.
  lua_sethook(lua_, on_count, LUA_MASKCOUNT, kGrain);
}

void LuaState::on_count(lua_State* lua, lua_Debug*) {
  LuaState& state = of(lua);
  const auto dear = static_cast<int64_t>(state.longest_text_ / kDearText);
  state.charge(kGrain + kGrain * dear);
  if (++state.grains_ % kGrainsOfTime == 0 || dear > 0) state.check_time();
}

// Functions are short: most end before the clock is looked at.
void LuaState::check_time() {
  const int64_t now_us = processor_us_of_thread();
  if (us_at_begin_ == 0) us_at_begin_ = now_us;
  if (now_us - us_at_begin_ > most_us_ && limited_) overrun();
}

void LuaState::charge(int64_t steps) {
  steps_left_ -= steps;
  if (steps_left_ < 0 && limited_) overrun();
}

void LuaState::overrun() {
  raise(Code::budget_instructions, "takes longer than its instruction budget allows",
        "a flow's function looks at a few fields; loops over unbounded data belong elsewhere");
}

void LuaState::raise(Code code, std::string message, std::string hint) {
  raised_ = Error{code, shortened(std::move(message), kLongestMessage), here(), std::move(hint)};
  lua_pushlightuserdata(lua_, this);
  lua_error(lua_);
  std::abort();  // lua_error does not return
}

Where LuaState::here() const {
  lua_Debug frame;
  for (int level = 0; lua_getstack(lua_, level, &frame) != 0; ++level) {
    lua_getinfo(lua_, "Sl", &frame);
    if (frame.source[0] == '@' && frame.currentline > 0)
      return {frame.source + 1, frame.currentline};
  }
  return {};
}

Where LuaState::place_of(LuaFunction function) {
  lua_Debug about;
  push(function);
  lua_getinfo(lua_, ">S", &about);
  return about.source[0] == '@' ? Where{about.source + 1, about.linedefined} : Where{};
}

// --- calls

// Runs where the error happened, so the place is still on the stack.
int LuaState::on_error(lua_State* lua) {
  LuaState& state = of(lua);
  if (state.raised_) return 1;
  const char* said =
      lua_type(lua, 1) == LUA_TSTRING ? lua_tostring(lua, 1) : "an error without words";
  state.raised_ = Error{Code::lua_runtime, shortened(without_place(lua, said), kLongestMessage),
                        state.here(), ""};
  return 1;
}

Error LuaState::failure(int status) {
  if (status == LUA_ERRMEM) {
    return {Code::budget_memory, "needs more memory than it may have", refused_at_, kSizes};
  }
  if (status == LUA_ERRERR) {
    return {Code::lua_runtime, "functions call each other too deeply",
            raised_ ? raised_->where : Where{}, ""};
  }
  return raised_.value_or(Error{Code::lua_runtime, "an error without words", {}, ""});
}

Status LuaState::call(int arguments, int results, int64_t steps) {
  const bool was_limited = limited_;
  const int64_t steps_before = steps_left_;
  const int base = lua_gettop(lua_) - arguments;
  lua_pushcfunction(lua_, on_error);
  lua_insert(lua_, base);
  arm(steps);
  limited_ = true;
  const int status = lua_pcall(lua_, arguments, results, base);
  limited_ = was_limited;
  steps_left_ = steps_before;
  lua_remove(lua_, base);
  if (status == LUA_OK) return {};
  lua_pop(lua_, 1);
  return failure(status);
}

// While it lives, a call may look at this; afterwards nothing of it is left in the state.
struct LuaState::Looking {
  Looking(LuaState& lua, const View* view, DocView event) : state(lua) {
    ++state.epoch_;
    state.view_ = view;
    state.where_event_ = event;
  }
  ~Looking() {
    state.view_ = nullptr;
    state.where_event_ = {};
  }
  Looking(const Looking&) = delete;
  Looking& operator=(const Looking&) = delete;

  LuaState& state;
};

// Calls the function with what lies on top of the stack. Leaves exactly one result there when ok.
Status LuaState::invoke(LuaFunction function) {
  const int base = lua_gettop(lua_) - 1;
  push(function);
  lua_insert(lua_, -2);
  Status status = call(1, LUA_MULTRET, limits_.call_steps);
  if (!status.ok()) {
    if (status.error().where.file.empty()) status.error().where = place_of(function);
    return status;
  }
  if (lua_gettop(lua_) > base) {
    lua_settop(lua_, base + 1);
    return {};
  }
  return misfit(function, "the function returns nothing", "write `return ...`");
}

Error LuaState::misfit(LuaFunction function, std::string message, std::string hint) {
  return {Code::wrong_type, std::move(message), place_of(function), std::move(hint)};
}

Result<bool> LuaState::call_bool(LuaFunction function, const View& view) {
  const Looking looking(*this, &view, {});
  push(proxies_.run);
  return taken_bool(function);
}

Result<bool> LuaState::call_where(LuaFunction function, DocView event) {
  const Looking looking(*this, nullptr, event);
  push(proxies_.where_event);
  return taken_bool(function);
}

Result<bool> LuaState::taken_bool(LuaFunction function) {
  if (Status status = invoke(function); !status.ok()) return status.error();
  const bool yes = lua_toboolean(lua_, -1) != 0;
  lua_pop(lua_, 1);
  return yes;
}

Result<std::string> LuaState::call_text(LuaFunction function, const View& view) {
  const Looking looking(*this, &view, {});
  push(proxies_.run);
  if (Status status = invoke(function); !status.ok()) return status.error();
  const bool text = lua_type(lua_, -1) == LUA_TSTRING;
  std::string word = text ? lua_tostring(lua_, -1) : luaL_typename(lua_, -1);
  lua_pop(lua_, 1);
  if (text && word.size() <= kLongestMessage) return word;
  if (text) return misfit(function, "the function returns a text of more than 1,000 bytes");
  return misfit(function, fmt::format("the function returns {}, not a text", word));
}

// Calls the function with what lies on top of the stack; its result must be a table of fields.
Result<Doc> LuaState::taken_record(LuaFunction function) {
  if (Status status = invoke(function); !status.ok()) return status.error();
  Result<Doc> doc = doc_at(*this, -1);
  lua_pop(lua_, 1);
  if (!doc.ok()) {
    doc.error().where = place_of(function);
    return doc;
  }
  const DocView view = doc->view();
  if (view.type() == DocType::record) return doc;
  if (view.type() == DocType::list && view.size() == 0) return Doc::empty_record();
  return misfit(function, "the function returns no table of fields");
}

Result<Doc> LuaState::call_record(LuaFunction function, const View& view) {
  const Looking looking(*this, &view, {});
  push(proxies_.run);
  return taken_record(function);
}

Result<Doc> LuaState::call_policy(LuaFunction function, DocView ask, const View& view) {
  const Looking looking(*this, &view, {});
  lua_createtable(lua_, 0, 8);
  for (const auto [key, value] : ask.items()) {
    push_copy(*this, value);
    lua_setfield(lua_, -2, std::string(key).c_str());
  }
  for (const auto& [name, proxy] : {std::pair{"event", proxies_.event},
                                    {"customer", proxies_.customer},
                                    {"touches", proxies_.touches}}) {
    push(proxy);
    lua_setfield(lua_, -2, name);
  }
  return taken_record(function);
}

// --- loading

Status LuaState::compile(Sheet sheet, const std::string& source, const std::string& shown_path) {
  const std::string chunk = "@" + shown_path;
  if (source.size() > limits_.source_bytes) {
    return Error{Code::budget_memory,
                 fmt::format("a file of Lua has at most {} bytes", limits_.source_bytes),
                 {shown_path, 0},
                 ""};
  }
  arm(limits_.load_steps);
  limited_ = true;
  const int status = luaL_loadbufferx(lua_, source.data(), source.size(), chunk.c_str(), "t");
  limited_ = false;
  if (status == LUA_ERRMEM) {
    lua_pop(lua_, 1);
    return Error{
        Code::budget_memory, "needs more memory than it may have", {shown_path, 0}, kSizes};
  }
  if (status != LUA_OK) {
    const std::string said = lua_type(lua_, -1) == LUA_TSTRING ? lua_tostring(lua_, -1) : "";
    lua_pop(lua_, 1);
    return syntax_error(said, shown_path);
  }
  push(environments_[static_cast<size_t>(sheet)]);
  lua_setupvalue(lua_, -2, 1);  // a chunk's only upvalue is _ENV
  return {};
}

// "...ws/x.lua:3: '}' expected near 'after'": the line stands before the second colon from the end
// of the shortened path, which holds no ": " itself.
Error LuaState::syntax_error(const std::string& said, const std::string& shown_path) {
  size_t at = said.find(": ");
  while (at != std::string::npos) {
    const size_t colon = said.rfind(':', at - 1);
    const int line = colon == std::string::npos ? 0 : std::atoi(said.c_str() + colon + 1);
    if (line > 0) return {Code::lua_syntax, said.substr(at + 2), {shown_path, line}, ""};
    at = said.find(": ", at + 1);
  }
  return {Code::lua_syntax, said.empty() ? "not a text of Lua" : said, {shown_path, 0}, ""};
}

LuaFunction LuaState::keep() { return {luaL_ref(lua_, LUA_REGISTRYINDEX)}; }

void LuaState::push(LuaFunction function) { lua_rawgeti(lua_, LUA_REGISTRYINDEX, function.ref); }

void LuaState::forget(LuaFunction function) { luaL_unref(lua_, LUA_REGISTRYINDEX, function.ref); }

void LuaState::push_words(Sheet sheet) { push(words_[static_cast<size_t>(sheet)]); }

void LuaState::define(Sheet sheet, const char* name) {
  push_words(sheet);
  lua_insert(lua_, -2);
  lua_setfield(lua_, -2, name);
  lua_pop(lua_, 1);
}

}  // namespace relance
