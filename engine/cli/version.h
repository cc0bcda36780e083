// Which release this is, and which plugin contract it speaks.
#pragma once

#include <string>

namespace relance::cli {

std::string version_text();  // "relance 0.1.0 (plugin contract 1.0)"

}  // namespace relance::cli
