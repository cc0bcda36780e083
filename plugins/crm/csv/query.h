// A query of `page` over the columns of a table: {"country": ["FR", "BE"], "orders": {"at_least":
// 3, "below": 10}, "last_order_at": {"below": "2025-10-07T10:00:00Z"}}.
//
// It may let through more than the query means, never less: the engine looks at each record again.
// So days are compared, with one to spare for zones, and what it cannot compare goes through.
// Fails: throws std::invalid_argument for a column that is not there.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "csv.h"
#include "kit/json.h"

namespace csv {

class Query {
 public:
  Query(const kit::Value& query, const std::vector<std::string>& columns);
  bool matches(const std::vector<std::string>& row) const;

 private:
  using Test = std::function<bool(const std::string& field)>;
  static Test test_of(const kit::Value& condition);

  std::vector<std::pair<size_t, Test>> tests_;  // by column
};

}  // namespace csv
