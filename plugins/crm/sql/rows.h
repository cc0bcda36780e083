// JSON into values that are bound, and rows into records. Threads: any.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "database.h"
#include "kit/json.h"

namespace sql {

// For the places of a statement, from a dotted path each. An object or list is bound as its JSON.
// What :query names is NULL where the query lacks it or has no single value there: a page may have
// more than was meant, never less. Anything else that is missing is a problem: a value that was
// forgotten must not empty a column.
std::vector<Value> values_for(const Statement& statement, const kit::Value* scope,
                              std::string& problem);

// A JSON object of the columns that are neither NULL nor empty; a column "total:json" is the field
// `total`, and its text is JSON.
std::string record_of(const Rows& rows, size_t row);
std::string column(const Rows& rows, size_t row, std::string_view name);  // empty: there is none

}  // namespace sql
