// RFC 4180 text into records: quoted fields with commas, line breaks and doubled quotes; LF or
// CRLF; a UTF-8 byte order mark is skipped. The first record names the columns.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace csv {

// What is wrong, with its line.
class Malformed : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Table {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;  // each with as many fields as there are columns
};

// Blank lines are skipped. Fails (throws Malformed): a quote that is not closed, text behind a
// closing quote, a record with more or fewer fields than columns, two columns of one name, no
// header.
Table parse(std::string_view text);

}  // namespace csv
