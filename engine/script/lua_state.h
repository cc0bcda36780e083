// LuaState: one Lua 5.4 state with a sandbox, a memory cap and an instruction budget.
//
// What runs in it can neither reach the world nor outlast its budget: there is no pcall, so nothing
// catches the end of a budget; allocation fails beyond the cap; library functions pay for the work
// they do (charge), instructions for the longest text that they may touch. What is dear in another
// way ends at a bound of processor time that nothing honest comes near. Functions see one View or
// one event, read-only, through preallocated proxies. Lua is linked in its C++ build: its errors
// are exceptions and run destructors. Nobody but Lua may catch them, so code called from Lua must
// not use catch (...). Threads: one at a time; a worker keeps its own. Blocks: never. Owns:
// everything reachable from it; a LuaFunction dies with its state. Fails: with the place in the
// user's file; lua_syntax, lua_runtime, budget_instructions, budget_memory, wrong_type, or the code
// of a slip (unknown_step ...). The state stays usable.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/doc.h"
#include "base/result.h"
#include "core/run/view.h"

struct lua_State;
struct lua_Debug;

namespace relance {

struct LuaLimits {
  size_t memory_bytes = 64u << 20;     // of the whole state: beyond it no further file is loaded
  size_t block_bytes = 1u << 20;       // of one table's storage
  size_t text_bytes = 256u << 10;      // of one text
  size_t call_bytes = 16u << 20;       // allocated within one call, freed or not
  int64_t call_steps = 200'000;        // instructions of one call of a function
  int64_t load_steps = 20'000'000;     // instructions of one file
  size_t source_bytes = 128u << 10;    // of one file
  size_t kept_text_bytes = 16u << 10;  // of one text made while a file is loaded
  int64_t call_us = 20'000;            // processor time of one call of a function
  int64_t load_us = 1'000'000;         // of one file
};

// A function (or another value) that the state keeps.
struct LuaFunction {
  int ref = -2;  // LUA_NOREF
  explicit operator bool() const { return ref >= 0; }
  bool operator==(const LuaFunction&) const = default;
};

// The userdata through which functions see a View (run_proxy.h).
struct Proxies {
  LuaFunction run, event, customer, touches;  // of the run
  LuaFunction where_event;                    // the event a `where` looks at
};

// Which words a file may use: each kind of file has its own vocabulary.
enum class Sheet : uint8_t { flow, script, events, bundle, contact, policy, test };
inline constexpr int kSheets = 7;

class LuaState {
 public:
  explicit LuaState(const LuaLimits& limits = {});
  ~LuaState();
  LuaState(const LuaState&) = delete;
  LuaState& operator=(const LuaState&) = delete;

  // --- calls of pure functions; the argument is the `run` proxy
  Result<bool> call_bool(LuaFunction function, const View& view);
  Result<Doc> call_record(LuaFunction function, const View& view);
  Result<std::string> call_text(LuaFunction function, const View& view);
  // A `where`: the argument is the event's data.
  Result<bool> call_where(LuaFunction function, DocView event);
  // A policy: the argument has the fields of `ask` and event, customer, touches of the view.
  // Gives a record; a moment in it is an instant.
  Result<Doc> call_policy(LuaFunction function, DocView ask, const View& view);

  // --- for loading (load.h) and for the flow-test library
  lua_State* raw() { return lua_; }
  static LuaState& of(lua_State* lua);  // the state a C function was called from

  // Compiles a text chunk in the environment of a sheet and leaves it on the stack as a function.
  // Fails with lua_syntax or budget_memory; the stack is then as before.
  Status compile(Sheet sheet, const std::string& source, const std::string& shown_path);
  // Calls what lies under `arguments` on the stack, within `steps` and the memory limits.
  Status call(int arguments, int results, int64_t steps);
  LuaFunction keep();  // pops the value on top
  void push(LuaFunction function);
  void forget(LuaFunction function);
  Where place_of(LuaFunction function);  // where it is defined
  void push_words(Sheet sheet);          // the table of a sheet's words
  // Gives a sheet another word: pops the value on top.
  void define(Sheet sheet, const char* name);

  // --- for C functions called from Lua
  // Pays for `steps` instructions' worth of work; does not return when the budget is used up.
  void charge(int64_t steps);
  // Ends the running call with this error, placed at the user's line that is running.
  [[noreturn]] void raise(Code code, std::string message, std::string hint = {});
  // The user's file and line that is running; line 0 when there is none.
  Where here() const;
  // What the functions of the running call may look at; null while a file is loaded.
  const View* view() const { return view_; }
  DocView where_event() const { return where_event_; }
  uint64_t epoch() const { return epoch_; }  // one per call: proxies of an earlier one are dead
  // What a file that is being loaded hands its slips and steps to (load.h); null otherwise.
  struct Loading* loading() const { return loading_; }
  void set_loading(struct Loading* loading) { loading_ = loading; }
  const LuaLimits& limits() const { return limits_; }

 private:
  static void* allocate(void* self, void* block, size_t old_size, size_t new_size);
  static void on_count(lua_State* lua, lua_Debug* debug);
  void arm(int64_t steps);
  void check_time();
  [[noreturn]] void overrun();
  Status invoke(LuaFunction function);
  Result<bool> taken_bool(LuaFunction function);
  Result<Doc> taken_record(LuaFunction function);
  Error misfit(LuaFunction function, std::string message, std::string hint = {});
  static int on_error(lua_State* lua);
  struct Looking;  // sets what a call may look at, and takes it away when the result was taken
  Error failure(int status);
  static Error syntax_error(const std::string& said, const std::string& shown_path);
  bool may_allocate(size_t old_size, size_t new_size, bool text);
  void* resize(void* block, size_t old_size, size_t new_size);

  LuaLimits limits_;
  lua_State* lua_ = nullptr;
  size_t used_bytes_ = 0, call_bytes_ = 0;
  bool limited_ = false;  // the memory limits hold; off while the state itself is built
  // The table in which Lua keeps every short text once. It grows with the whole state, not for the
  // call that happens to fill it; were it refused, each further text would collect all garbage.
  void* text_table_ = nullptr;
  size_t longest_text_ = 0;  // made by the running call
  int64_t steps_left_ = 0;
  int64_t grains_ = 0;                     // how often the count hook came
  int64_t us_at_begin_ = 0, most_us_ = 0;  // processor time; 0: not looked at yet
  std::optional<Error> raised_;
  Where refused_at_;  // where the allocator refused last
  const View* view_ = nullptr;
  DocView where_event_;
  uint64_t epoch_ = 0;
  struct Loading* loading_ = nullptr;
  Proxies proxies_;
  std::array<LuaFunction, kSheets> words_, environments_;
};

}  // namespace relance
