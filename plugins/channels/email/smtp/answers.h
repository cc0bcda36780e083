// What a mail server's reply means for a touch: RFC 5321 for the codes, RFC 3463 for the enhanced
// ones. Pure.
#pragma once

#include "channels/email/shared/ending.h"

namespace email {

// `cancelled`: the engine asked for its end.
Ending ending_of(const rl_reply& reply, bool cancelled);

// "5.1.1" at the beginning of the text, where the server says it; else empty.
std::string enhanced_status(std::string_view text);

}  // namespace email
