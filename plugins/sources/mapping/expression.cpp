#include "sources/mapping/expression.h"

#include <charconv>

#include "kit/text.h"
#include "sources/mapping/clock.h"
#include "sources/mapping/operators.h"

namespace sources {
namespace {

constexpr int kDeepestCopy = 12;  // the engine takes 32 levels; a payload decides how many it has

bool is_shallow(const Value& value, int deepest) {
  if (!value.IsObject() && !value.IsArray()) return true;
  if (deepest == 0) return false;
  if (value.IsArray()) {
    for (const Value& item : value.GetArray())
      if (!is_shallow(item, deepest - 1)) return false;
    return true;
  }
  for (const auto& member : value.GetObject())
    if (!is_shallow(member.value, deepest - 1)) return false;
  return true;
}

// What `~1` and `~0` stand for.
std::string unescaped(std::string_view step) {
  std::string name;
  for (size_t i = 0; i < step.size(); ++i) {
    const bool escaped = step[i] == '~' && i + 1 < step.size();
    if (escaped) ++i;
    name += escaped && step[i] == '1' ? '/' : escaped && step[i] == '0' ? '~' : step[i];
  }
  return name;
}

const Value* element(const Value& list, std::string_view step) {
  rapidjson::SizeType index = 0;
  const char* end = step.data() + step.size();
  const auto [stop, error] = std::from_chars(step.data(), end, index);
  return error == std::errc{} && stop == end && index < list.Size() ? &list[index] : nullptr;
}

bool is_nothing(const Value& value) {
  return value.IsNull() || (value.IsString() && value.GetStringLength() == 0) ||
         (value.IsObject() && value.MemberCount() == 0) || (value.IsArray() && value.Empty());
}

Value at_path(std::string_view pointer, const Scope& scope) {
  const Value* found = look_up(scope.payload, pointer);
  if (found == nullptr || is_nothing(*found) || !is_shallow(*found, kDeepestCopy)) return Value();
  return Value(*found, *scope.pool);
}

Value first_of(const Value& alternatives, const Scope& scope) {
  for (const Value& one : alternatives.GetArray()) {
    Value value = evaluate(one, scope);
    if (!value.IsNull()) return value;
  }
  return Value();
}

}  // namespace

const Value* look_up(const Value* from, std::string_view pointer) {
  while (from != nullptr && pointer.starts_with('/')) {
    pointer.remove_prefix(1);
    const std::string_view step = pointer.substr(0, pointer.find('/'));
    pointer.remove_prefix(step.size());
    from = from->IsArray() ? element(*from, step) : kit::member(from, unescaped(step));
  }
  return from;
}

Value evaluate(const Value& expression, const Scope& scope) {
  if (is_path(expression)) return at_path(kit::view(expression), scope);
  if (expression.IsArray()) return first_of(expression, scope);
  if (expression.IsObject()) {
    const Operator* found = operator_of(expression);
    Value value = found == nullptr ? Value() : found->apply(expression, scope);
    return is_nothing(value) ? Value() : std::move(value);
  }
  if (expression.IsString() && kit::view(expression) == "$topic")
    return text_value(scope.topic, *scope.pool);
  return is_nothing(expression) ? Value() : Value(expression, *scope.pool);
}

std::optional<std::string> evaluate_text(const Value& expression, const Scope& scope) {
  return text_of(evaluate(expression, scope));
}

void check_expression(const Value& expression, const std::string& place, std::string& problems) {
  if (expression.IsArray()) {
    for (const Value& one : expression.GetArray()) check_expression(one, place, problems);
  } else if (expression.IsObject()) {
    const Operator* found = operator_of(expression);
    if (found == nullptr) {
      problems += place + ": there is no such expression; see docs/reference/sources.md\n";
    } else {
      found->check(*found, expression, place, problems);
    }
  }
}

}  // namespace sources
