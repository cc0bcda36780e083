#include "answers.h"

#include "channels/email/shared/notices.h"

namespace email {
namespace {

constexpr int64_t kMinute = 60'000;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Greylisting wants five minutes; a server that is too busy wants rest for all of the channel.
Ending later(int32_t status, std::string_view enhanced, std::string reason) {
  Ending ending{.status = RL_NOT_NOW, .word = {}, .reason = std::move(reason), .ref = {}};
  ending.channel = status == 421 || status == 454 || enhanced == "4.3.2" || enhanced == "4.7.0";
  ending.again_in_ms = ending.channel ? kMinute : 5 * kMinute;
  return ending;
}

// Our password or our right to send: nothing of the letter is wrong, somebody must act.
bool is_ours(int32_t status, std::string_view enhanced) {
  return status == 530 || status == 534 || status == 535 || status == 538 || enhanced == "5.7.8" ||
         enhanced == "5.7.0" || enhanced == "5.7.3";
}

// Without an enhanced code: 550, 551 and 553 speak of the mailbox.
bool is_bounce(int32_t status, std::string_view enhanced) {
  if (!enhanced.empty()) return word_of_status(enhanced) == "bounced";
  return status == 550 || status == 551 || status == 553;
}

Ending never(int32_t status, std::string_view enhanced, std::string reason) {
  if (is_ours(status, enhanced)) return {RL_NOT_NOW, {}, std::move(reason), {}, 15 * kMinute, true};
  if (is_bounce(status, enhanced)) return {RL_REFUSED, "bounced", std::move(reason), {}};
  // The server does not understand what was said (5.5.x): no repeat says it better.
  if (status < 510 || enhanced.starts_with("5.5."))
    return {RL_FAILED, "failed", std::move(reason), {}};
  return {RL_REFUSED, "failed", std::move(reason), {}};
}

}  // namespace

std::string enhanced_status(std::string_view text) {
  size_t dots = 0, length = 0;
  while (length < text.size() && (is_digit(text[length]) || text[length] == '.')) {
    dots += text[length] == '.' ? 1 : 0;
    ++length;
  }
  const bool whole = dots == 2 && length >= 5 &&
                     (length == text.size() || text[length] == ' ' || text[length] == '\n');
  return whole ? std::string(text.substr(0, length)) : std::string();
}

Ending ending_of(const rl_reply& reply, bool cancelled) {
  const std::string enhanced = enhanced_status(kit::view(reply.body));
  if (reply.status == 0) {
    if (reply.wire != RL_NOT_SENT) return {RL_UNKNOWN, {}, "connection_lost", {}};
    if (cancelled) return {RL_CANCELLED, {}, "cancelled", {}};
    return {RL_NOT_NOW, {}, "no_connection", {}};
  }
  std::string reason = "smtp_" + std::to_string(reply.status);
  if (!enhanced.empty()) reason += "_" + enhanced;
  if (reply.status < 300) return {RL_DONE, {}, std::move(reason), {}};
  if (reply.status < 400) return {RL_UNKNOWN, {}, std::move(reason), {}};
  return reply.status < 500 ? later(reply.status, enhanced, std::move(reason))
                            : never(reply.status, enhanced, std::move(reason));
}

}  // namespace email
