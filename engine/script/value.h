// Value: what a file of the user's said, as plain data: a copy of a Lua value, so that readers of
// steps, bundles and contact rules walk a tree and never the Lua stack.
//
// The vocabulary (lua/prelude.lua) makes *words*: `event "x" { where = f }` is the word "event"
// with fields `type` and `where`, `days(2)` a duration, `f.call.busy` an edge.
//
// Threads: immutable data; the functions in it belong to their LuaState.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/doc.h"
#include "core/graph/step.h"
#include "script/lua_state.h"

namespace relance {

struct Value {
  enum class Kind : uint8_t {
    // clang-format off
    nothing, boolean, integer, number, text, money, duration, instant, date, function,
    // clang-format on
    table,   // items and fields
    word,    // of the vocabulary: `text` is its name, `line` where it was said, items and fields
    step,    // a step of this flow, bare: edge.bare
    edge,    // one outcome of a step, or `otherwise`
    spoilt,  // stands for something wrong that was reported already: readers keep silent
  };
  Kind kind = Kind::nothing;
  bool boolean = false;
  int64_t integer = 0;  // integer; minor units; milliseconds; days since 1970
  double number = 0;
  Currency currency;
  std::string text;
  LuaFunction function;
  int line = 0;  // function: of its definition; word, step, edge: where it was said
  Edge edge;
  std::vector<Value> items;                           // 1, 2, 3 ...
  std::vector<std::pair<std::string, Value>> fields;  // sorted by name

  // Defined in value.cpp: clang needs the whole type before it makes a vector of itself.
  Value();
  Value(const Value&);
  Value(Value&&) noexcept;
  Value& operator=(const Value&);
  Value& operator=(Value&&) noexcept;
  ~Value();

  bool is(Kind wanted) const { return kind == wanted; }
  bool is_word(std::string_view name) const { return kind == Kind::word && text == name; }
  const Value* find(std::string_view name) const;  // nullptr: no such field
};

// "a text", "a duration", "event (...)": for "expected a text, found ...".
std::string describe(const Value& value);

// The value at `index` of the stack. Too deep, or of a kind no file can mean (a coroutine):
// wrong_type.
Result<Value> value_at(LuaState& lua, int index);

// A constant of a flow or a configuration as data. secret "X" becomes {"secret": "X"}, a duration
// integer milliseconds. Fails with wrong_type for functions, edges and other words.
Result<Doc> doc_of(const Value& value);

// --- data to and from the stack
void push_copy(LuaState& lua, DocView doc);    // tables all the way down
Result<Doc> doc_at(LuaState& lua, int index);  // what a function returned

}  // namespace relance
