#include "base/result.h"

#include <cstdio>
#include <cstdlib>

namespace relance {

std::string Error::text() const {
  std::string out;
  if (!where.file.empty()) {
    out += where.file;
    if (where.line > 0) out += ":" + std::to_string(where.line);
    out += ": ";
  }
  out += "error " + code_text(code) + ": " + message;
  if (!hint.empty()) out += "; " + hint;
  return out;
}

void assertion_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: internal error: assertion '%s' does not hold\n", file, line,
               condition);
  std::abort();
}

}  // namespace relance
