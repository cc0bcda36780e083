// Small readers that contact rules of every kind share.
#pragma once

#include <optional>

#include "core/graph/contact_rules.h"
#include "script/fields.h"

namespace relance {

// Reports a channel's kind that does not exist.
bool known_channel_kind(std::string_view kind, const Where& where, Findings& findings);

// `channel` (a kind or any_channel) and `purpose` of a rule; nothing: reported.
std::optional<RuleScope> read_scope(const Fields& fields);

}  // namespace relance
