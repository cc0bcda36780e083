#include "answers.h"

#include <algorithm>
#include <iterator>

#include "kit/http.h"
#include "kit/inbound.h"
#include "kit/json.h"
#include "kit/text.h"

namespace twilio {
namespace {

constexpr ErrorMeaning kErrors[] = {
#include "errors.inc"
};

constexpr int64_t kBusyMs = 1000;  // 429 without Retry-After
constexpr int64_t kMostPatienceMs = 3600'000;
constexpr int64_t kOperatorMs = 5 * 60'000;  // until somebody may have mended the account

Refusal by_code(int64_t code, int32_t http_status, const rl_reply& reply, int64_t now) {
  const ErrorMeaning meaning = error_meaning(code);
  Refusal refusal;
  refusal.status = meaning.status;
  refusal.word = meaning.word;
  refusal.operator_must_act = meaning.operator_must_act;
  refusal.reason = code > 0 ? reason_of(code) : "http_" + std::to_string(http_status);
  if (http_status == 429) {
    refusal.status = RL_NOT_NOW;
    refusal.again_at = std::min(kit::retry_after(reply, now, now + kBusyMs), now + kMostPatienceMs);
  } else if (http_status == 401 || http_status == 403) {
    refusal.status = RL_NOT_NOW;
    refusal.operator_must_act = true;
  }
  refusal.channel = refusal.status == RL_NOT_NOW;
  if (refusal.status == RL_NOT_NOW && refusal.again_at == 0) {
    refusal.again_at = now + (refusal.operator_must_act ? kOperatorMs : kBusyMs);
  }
  return refusal;
}

}  // namespace

ErrorMeaning error_meaning(int64_t code) {
  const auto* const found = std::find_if(std::begin(kErrors), std::end(kErrors),
                                         [&](const ErrorMeaning& row) { return row.code == code; });
  return found == std::end(kErrors) ? ErrorMeaning{0, RL_FAILED, "failed", false} : *found;
}

std::string reason_of(int64_t code) { return "twilio_" + std::to_string(code); }

std::optional<Refusal> refusal_of(const rl_reply& reply, int64_t now) {
  if (reply.wire == RL_NOT_SENT) {
    return Refusal{RL_NOT_NOW, "", "not_reached", 0, false, false};
  }
  const kit::Json json(kit::view(reply.body));
  const bool object = json.root()->MemberCount() > 0;
  if (reply.status == 200 || reply.status == 201) {
    if (object) return std::nullopt;
    return Refusal{RL_UNKNOWN, "", "answer_is_no_json", 0, false, false};
  }
  const int64_t code = kit::integer(json.root(), "code");
  const bool refused = reply.status >= 400 && reply.status < 500 && reply.status != 408;
  if (refused) return by_code(code, reply.status, reply, now);
  const std::string reason =
      reply.status == 0 ? "no_answer_from_provider" : "http_" + std::to_string(reply.status);
  return Refusal{RL_UNKNOWN, "", reason, 0, false, false};
}

void complete(const rl_host* host, rl_op op, const Refusal& refusal) {
  if (refusal.operator_must_act) {
    const std::string line = "the provider refuses: " + refusal.reason;
    host->log(host, RL_LOG_ERROR, kit::str(line));
  }
  rl_result result{};
  result.struct_size = sizeof result;
  result.status = refusal.status;
  result.word = kit::str(refusal.word);
  result.reason = kit::str(refusal.reason);
  result.again_at = refusal.again_at;
  if (refusal.again_at != 0)
    result.again_scope = refusal.channel ? uint32_t{RL_SCOPE_CHANNEL} : uint32_t{RL_SCOPE_TOUCH};
  host->complete(host, op, &result);
}

void answer(const rl_host* host, rl_op op, int32_t status, std::string_view body) {
  kit::answer(host, op, status, body, status == 200 ? "text/xml" : "text/plain");
}

}  // namespace twilio
