// An answer as the bytes of HTTP/1.1.
//
// Threads: any.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "net/http_server.h"

namespace relance {

struct AnswerForm {
  bool keep_alive = true;
  bool head_only = false;  // the answer to a HEAD request
  Instant date;
};

// Headers that would break the message (line ends, names that are none, those that say how long it
// is) are left out; a status that is none becomes 500.
std::string answer_text(const ServerAnswer& answer, const AnswerForm& form);

// {"error": "..."}: what the server itself has to say.
ServerAnswer error_answer(int status, std::string_view why);

}  // namespace relance
