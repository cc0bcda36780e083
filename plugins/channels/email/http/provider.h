// The provider's side of relance.email.http: the request it wants, and what its answers mean. Pure.
#pragma once

#include "channels/email/shared/ending.h"
#include "channels/email/shared/letter.h"

namespace email {

// {"from", "to": [..], "subject", "text", "html", "headers": {..}, "attachments": [..]}: the same
// touch gives the same bytes.
std::string body_of(const Sender& sender, const Letter& letter);

// `id_field`: dotted path of the provider's id in an answer.
Ending ending_of_send(const rl_reply& reply, int64_t now, std::string_view id_field);
// DONE with its id, ABSENT, or NOT_NOW.
Ending ending_of_look_up(const rl_reply& reply, int64_t now, std::string_view id_field);

}  // namespace email
