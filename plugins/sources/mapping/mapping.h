// A provider's mapping: which of its webhooks become which events, as data.
//
// A JSON document, compiled into the plugin, with the configuration laid over it:
//
//   {"signature": {...},                       signature.h
//    "topic": EXPRESSION,                      what kind of webhook it is
//    "ping": "webhook_id=",                    what an unsigned first greeting begins with
//    "id": E, "at": E, "subject": E,           of every event, where a topic has none of its own
//    "api": {"url": ..., "auth": "bearer"},    where more is asked for (fetch.h)
//    "fetches": {"order": {...}},              fetch.h
//    "topics": {"orders/paid": RULE or [RULE, ...]}}
//
//   RULE: {"type": "order.paid", "when": {"/financial_status": "paid"}, "data": {"order_id": E},
//          "id", "at", "subject", "touch", "fetch": "order"}
//
// Of several rules the first whose `when` holds counts. A condition is a value, a list of values,
// {"not": either} or {"present": true}. Expressions: expression.h.
// Threads: immutable once made.
#pragma once

#include "sources/mapping/expression.h"

namespace sources {

struct MappedEvent {
  std::string type, id, subject, data;
  std::string touch;  // the key of the touch that it is about, as text; empty: not told
  int64_t at = 0;     // 0: not told
};

class Mapping {
 public:
  // `configuration`: its `topics` (false: none) and the members of its `signature` are laid over
  // those of the document, one by one; `subject`, `id`, `at`, `topic` replace its own.
  Mapping(std::string_view document, const Value& configuration);

  // A line for each mistake in it; empty: it can be used.
  const std::string& problems() const { return problems_; }

  // A part of the document; nullptr: it has none.
  const Value* part(std::string_view name) const { return kit::member(&document_, name); }
  std::string topic(const Scope& scope) const;  // empty: it cannot be told
  // nullptr: this webhook is no event.
  const Value* rule(std::string_view topic, const Scope& scope) const;
  // What to ask of the provider first; nullptr: nothing.
  const Value* fetch(const Value& rule) const;
  // Its id or subject is empty where the payload does not tell it.
  MappedEvent event(const Value& rule, const Scope& scope) const;

 private:
  void take(const Value& configuration);
  void lay_over(const char* part, const Value& configuration);
  void check();
  void check_rule(const Value& rule, const std::string& place);
  const Value& of(const Value& rule, const char* name) const;

  rapidjson::Document document_;
  std::string problems_;
};

}  // namespace sources
