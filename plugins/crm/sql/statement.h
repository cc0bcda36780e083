// SQL with named places, ":id" or ":data.email", as the driver wants it: places are numbered, and
// what fills them is bound, never pasted. Threads: any.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sql {

struct Statement {
  std::string text;                // "... WHERE id = $1"
  std::vector<std::string> names;  // of $1, $2, ...: each name once

  bool names_path(std::string_view path) const;
};

// `sign`: '$' or '?'. Quoted text and names, comments, casts (x::text) and dollar-quoted bodies
// hold no places. One statement: `problem` tells of a second one, else it stays empty.
Statement parse_statement(std::string_view sql, char sign, std::string& problem);

// Does the text name a conflict over columns, "ON CONFLICT (key) DO NOTHING"? A database refuses
// that where no unique index stands behind it.
bool claims_once(std::string_view sql);

}  // namespace sql
