#include "base/error_code.h"

#include <fmt/format.h>

namespace relance {

std::string code_text(Code code) { return fmt::format("E{:04}", static_cast<unsigned>(code)); }

}  // namespace relance
