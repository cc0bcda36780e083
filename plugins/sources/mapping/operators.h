// The expressions that are written as JSON objects: each has one member that names it. Internal to
// expression.h, which lists them.
#pragma once

#include "sources/mapping/expression.h"

namespace sources {

struct Operator {
  std::string_view name;
  Value (*apply)(const Value& call, const Scope& scope);
  void (*check)(const Operator& self, const Value& call, const std::string& place,
                std::string& problems);
  std::string_view also, optional;  // members beside the one that names it
};

// nullptr: no member of it names an expression.
const Operator* operator_of(const Value& call);

// A text, or a number or truth value written as one; nullopt: none of these, or empty.
std::optional<std::string> text_of(const Value& value);
// Null for an empty one.
Value text_value(std::string_view text, Pool& pool);

}  // namespace sources
