// Errors as HTTP answers: JSON problems (RFC 9457).
#pragma once

#include "base/result.h"
#include "net/http_server.h"

namespace relance {

// `index`: which event of a batch; -1: none.
ServerAnswer problem(int status, const Error& error, int index = -1);
ServerAnswer problem(int status, std::string detail);
// 503, to be repeated after so many seconds.
ServerAnswer try_later(std::string detail, int after_s = 1);

}  // namespace relance
