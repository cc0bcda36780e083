// Scalars: money, durations, instants and dates as Lua values. They compare and add up only among
// their own; two currencies never do.
//
//   money: + - money, * whole number, comparison, .minor .currency     duration: + - duration, *
//   number, / duration or number, comparison, .milliseconds .seconds .minutes .hours .days instant:
//   + - duration, - instant, comparison date: comparison. All: tostring, `..`
// Threads: as LuaState.
#pragma once

#include "script/lua_state.h"

namespace relance {

struct Scalar {
  enum class Kind : uint8_t { money, duration, instant, date };
  Kind kind = Kind::money;
  int64_t value = 0;  // minor units, milliseconds, milliseconds since 1970, days since 1970
  Currency currency;
};

void open_scalars(LuaState& lua);
void push_scalar(lua_State* lua, const Scalar& scalar);
const Scalar* scalar_at(lua_State* lua, int index);  // nullptr: it is none
std::string scalar_text(const Scalar& scalar);
std::string_view scalar_type(const Scalar& scalar);  // "money"

// Comparison of a word with a number or money: `run.event.amount >= at_least { eur "199", usd "199"
// }` picks the money of the same currency. For the metatable of words (vocabulary.cpp).
int compare_less(lua_State* lua);
int compare_less_or_equal(lua_State* lua);

}  // namespace relance
