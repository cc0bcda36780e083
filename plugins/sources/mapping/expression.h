// What a field of an event is made from: expressions over the payload of a webhook, written as
// JSON.
//
//   "/customer/id"                    what stands there (a JSON pointer); numbers index lists
//   "recurring", 5, true              itself; "$topic" is the topic of the webhook
//   [a, b]                            the first that gives something
//   {"constant": x}                   x, also where it looks like a path
//   {"header": "x-topic"}             a header of the request
//   {"text": a}, {"number": a}        a number as text, a text as number
//   {"lower": a}, {"tail": a}         in small letters; what follows the last '/'
//   {"minor": a, "currency": b}       money from minor units
//   {"amount": a, "currency": b}      money from a decimal text
//   {"unix": a}, {"time": a}          an instant from unix seconds, or from RFC 3339
//   {"utc": a}, {"date": a}           the same where no zone is written; its date alone
//   {"map": a, "to": {"x": y}, "otherwise": b}   by value; null is nothing
//   {"join": [a, b], "with": ":"}     texts, one after the other; nothing where one is missing
//   {"each": a, "item": {"sku": b}}   a list of records; paths of `item` begin at its element
//   {"record": {"name": a}, "in": "/x"}          the fields that give something; their paths begin
//                                     at `in`, and without anything there is no record
//
// Nothing (absent, null, an empty text, list or record, what cannot be converted) stays nothing: a
// provider that leaves a field out costs that field and no more.
// Threads: any; all functions are pure. Owns: results live in the scope's pool.
#pragma once

#include <relance/inbound.h>

#include <optional>
#include <string>
#include <string_view>

#include "kit/json.h"

namespace sources {

using kit::Value;
using Pool = rapidjson::Document::AllocatorType;

// What expressions are read over.
struct Scope {
  const Value* payload = nullptr;
  const rl_request* request = nullptr;
  std::string_view topic;
  Pool* pool = nullptr;
};

// Null: nothing.
Value evaluate(const Value& expression, const Scope& scope);
std::optional<std::string> evaluate_text(const Value& expression, const Scope& scope);

// Appends a line for everything in the expression that is not one, at `place`.
void check_expression(const Value& expression, const std::string& place, std::string& problems);

// What stands at a JSON pointer (RFC 6901); nullptr: nothing.
const Value* look_up(const Value* from, std::string_view pointer);

inline bool is_path(const Value& value) {
  return value.IsString() && value.GetStringLength() > 0 && value.GetString()[0] == '/';
}

}  // namespace sources
