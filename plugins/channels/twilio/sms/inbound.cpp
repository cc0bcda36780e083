// What the provider tells by itself: receipts of our messages, and messages of people.
#include "channels/twilio/shared/answers.h"
#include "channels/twilio/shared/signature.h"
#include "kit/key.h"
#include "kit/text.h"
#include "sms.h"

namespace twilio {
namespace {

constexpr std::string_view kNothingToSay = "<Response/>";

// The engine's word for a receipt; empty: not final yet.
std::string_view final_word(std::string_view status, std::string_view meaning) {
  if (status == "delivered" || status == "read") return "delivered";
  if (status == "canceled") return "failed";
  if (status != "undelivered" && status != "failed") return {};
  return meaning == "invalid_number" || meaning == "blocked" ? "bounced" : meaning;
}

}  // namespace

void Sms::on_request(rl_op op, const rl_request& request) const {
  if (kit::view(request.method) != "POST") return answer(host_, op, 405, "POST only\n");
  if (!account_.signed_by_us(request)) return answer(host_, op, 403, "wrong signature\n");
  const kit::Form form = fields_of(request);
  const std::string_view status = kit::field(form, "MessageStatus");
  if (kit::field(form, "MessageSid").empty()) return answer(host_, op, 400, "no MessageSid\n");
  if (status.empty() || status == "received") return take_message(op, form);
  take_receipt(op, request, form);
}

void Sms::take_receipt(rl_op op, const rl_request& request, const kit::Form& form) const {
  const std::string_view sid = kit::field(form, "MessageSid");
  const std::string_view status = kit::field(form, "MessageStatus");
  const int64_t code = kit::whole(kit::field(form, "ErrorCode")).value_or(0);
  const ErrorMeaning meaning = error_meaning(code);
  const std::string_view word = final_word(status, meaning.word);
  if (word.empty()) return answer(host_, op, 200, kNothingToSay);
  if (meaning.operator_must_act) {
    const std::string line = "a message did not arrive: " + reason_of(code);
    host_->log(host_, RL_LOG_ERROR, kit::str(line));
  }
  const std::string id = std::string(sid) + ':' + std::string(status);
  const std::string reason = code != 0 ? reason_of(code) : std::string();
  const std::string data = kit::Object().text("status", status).text("reason", reason).close();
  rl_event event{};
  event.struct_size = sizeof event;
  event.kind = RL_EVENT_RECEIPT;
  event.id = kit::str(id);
  event.at = host_->now(host_);
  event.key = request.key;
  if (!kit::is_key(request.key)) event.ref = kit::str(sid);
  event.word = kit::str(word);
  event.data = kit::str(data);
  host_->emit(host_, op, &event);
  answer(host_, op, 200, kNothingToSay);
}

// The provider's own reading goes with the words: the engine suppresses the number, or lifts it,
// before anything else is done with them. So it does with the stop words that it knows by itself.
void Sms::take_message(rl_op op, const kit::Form& form) const {
  const std::string_view from = kit::field(form, "From"), text = kit::field(form, "Body");
  const std::string_view managed = kit::field(form, "OptOutType");  // by the provider's own lists
  const std::string data = kit::Object().text("text", text).close();
  rl_event event{};
  event.struct_size = sizeof event;
  event.kind = RL_EVENT_MESSAGE;
  event.id = kit::str(kit::field(form, "MessageSid"));
  event.at = host_->now(host_);
  event.address = kit::str(from);
  event.data = kit::str(data);
  if (managed == "STOP") event.word = kit::str("opted_out");
  if (managed == "START") event.word = kit::str("opted_in");
  host_->emit(host_, op, &event);
  answer(host_, op, 200, kNothingToSay);
}

}  // namespace twilio
