// What the engine keeps of a customer's orders and reactions: the facts that segments, tables and
// functions read as `facts.NAME`. Kept from the moment on at which a bundle reads any of them, in
// one record, in the customer's own state.
//
// Threads: any; pure.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "base/doc.h"

namespace relance {

struct FactField {
  std::string_view name;
  DocType type;
  std::string_view help;
};
std::span<const FactField> fact_fields();

// The facts after an event that happened at `time`; nullopt: it changes none. Events may come late
// and in any order: what is "last" is by when they happened.
std::optional<Doc> facts_after(DocView facts, std::string_view type, Instant time, DocView data);

}  // namespace relance
