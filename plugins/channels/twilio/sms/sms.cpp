#include "sms.h"

#include <algorithm>

#include "channels/twilio/shared/answers.h"
#include "kit/complete.h"
#include "kit/date.h"
#include "kit/gsm.h"

namespace twilio {
namespace {

enum Tag : uint64_t { kSend = 1, kOne = 2, kList = 3 };

constexpr size_t kMostLetters = 1600;      // of a Body; the provider refuses more (21617)
constexpr int64_t kMostValidS = 36000;     // ValidityPeriod
constexpr int64_t kClocksDiffer = 60'000;  // ours and the provider's, when messages are looked for
constexpr int kMostPages = 20;

size_t letters_of(std::string_view utf8) {
  return static_cast<size_t>(std::count_if(
      utf8.begin(), utf8.end(), [](char c) { return (static_cast<uint8_t>(c) & 0xc0) != 0x80; }));
}

}  // namespace

Sms::Sms(const rl_host* host, const kit::Json& config)
    : host_(host),
      account_(host, config.root()),
      prices_(config.root()),
      from_(kit::text(config.root(), "from")),
      service_(kit::text(config.root(), "messaging_service")),
      most_segments_(static_cast<size_t>(kit::integer(config.root(), "most_segments", 6))),
      simplify_(kit::boolean(config.root(), "simplify")) {}

// --- out

std::string Sms::text_of(const rl_touch& touch) const {
  std::string_view text;
  for (uint32_t i = 0; i < touch.parts_count; ++i) {
    if (kit::view(touch.parts[i]->role) == "text") text = kit::view(touch.parts[i]->bytes);
  }
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
  return simplify_ ? kit::gsm::simplified(text) : std::string(text);
}

void Sms::estimate(const rl_touch& touch, rl_cost& cost) const {
  const bool any = touch.parts_count == 0;
  const size_t segments = any ? most_segments_ : kit::gsm::measure(text_of(touch)).segments;
  cost = prices_.cost(kit::view(touch.address), static_cast<int64_t>(segments));
}

// From frozen parts only: a repeat writes the same bytes. A text that waits in the provider's queue
// beyond `not_after` must not leave any more.
kit::Form Sms::form_of(const rl_touch& touch, const std::string& text) const {
  kit::Form form{{"To", std::string(kit::view(touch.address))}, {"Body", text}};
  if (!from_.empty()) form.emplace_back("From", from_);
  if (!service_.empty()) form.emplace_back("MessagingServiceSid", service_);
  const std::string_view callback = kit::view(touch.callback_url);
  if (!callback.empty()) form.emplace_back("StatusCallback", callback);
  if (touch.not_after > touch.intended_at) {
    const int64_t seconds = (touch.not_after - touch.intended_at) / 1000;
    form.emplace_back("ValidityPeriod",
                      std::to_string(std::clamp<int64_t>(seconds, 1, kMostValidS)));
  }
  return form;
}

void Sms::send(rl_op op, const rl_touch& touch) {
  const std::string text = text_of(touch);
  const auto fail = [&](std::string_view reason) {
    kit::complete(host_, op, {.status = RL_FAILED, .word = "failed", .reason = reason});
  };
  if (kit::view(touch.address).empty()) return fail("no_number");
  if (text.empty()) return fail("no_text");
  if (letters_of(text) > kMostLetters || kit::gsm::measure(text).segments > most_segments_)
    return fail("text_too_long");
  if (touch.not_after != 0 && host_->now(host_) > touch.not_after) return fail("too_late");
  if (account_.post(op, kSend, "Messages.json", form_of(touch, text), true) == RL_OK) return;
  kit::complete(host_, op, {.status = RL_NOT_NOW, .reason = "no_request_possible"});
}

void Sms::sent(rl_op op, const rl_reply& reply) const {
  if (const auto refusal = refusal_of(reply, host_->now(host_)))
    return complete(host_, op, *refusal);
  const kit::Json json(kit::view(reply.body));
  if (kit::text(json.root(), "sid").empty())
    return complete(host_, op, {RL_UNKNOWN, "", "answer_without_sid", 0, false, false});
  end_with(op, json.root());
}

// A message as the provider describes it. What it has taken counts as delivered until a receipt
// says otherwise.
void Sms::end_with(rl_op op, const kit::Value* message) const {
  const std::string_view status = kit::text(message, "status");
  const int64_t code = kit::integer(message, "error_code");
  const std::string_view body = kit::text(message, "body");
  const kit::gsm::Size size = kit::gsm::measure(body);
  const std::string data =
      kit::Object()
          .text("status", status)
          .integer("segments", static_cast<int64_t>(size.segments))
          .text("encoding", size.encoding == kit::gsm::Encoding::gsm7 ? "gsm7" : "ucs2")
          .close();
  kit::Ending ending;
  ending.data = data;
  ending.ref = kit::text(message, "sid");
  const std::string reason = code != 0 ? reason_of(code) : std::string(status);
  if (status == "failed" || status == "undelivered") {
    const ErrorMeaning meaning = error_meaning(code);
    ending.status = RL_REFUSED;
    ending.word = meaning.word;
    ending.reason = reason;
  } else if (status == "canceled") {
    ending.status = RL_FAILED;
    ending.word = "failed";
    ending.reason = reason;
  } else {
    ending.word = "delivered";
    ending.cost = prices_.cost(kit::text(message, "to"), static_cast<int64_t>(size.segments));
  }
  kit::complete(host_, op, ending);
}

// --- looked up

void Sms::lookup(rl_op op, const rl_touch& touch, const rl_str* refs, size_t refs_count) {
  lookups_[op] = {&touch, 0};
  if (refs_count == 0) return list(op);
  const std::string resource = "Messages/" + std::string(kit::view(refs[0])) + ".json";
  if (account_.get(op, kOne, resource, {}) == RL_OK) return;
  lookups_.erase(op);
  kit::complete(host_, op, {.status = RL_NOT_NOW, .reason = "no_request_possible"});
}

// Newest first. Not filtered by DateSent: what is still queued has none.
void Sms::list(rl_op op) {
  kit::Form query{{"To", std::string(kit::view(lookups_.at(op).touch->address))},
                  {"PageSize", "100"}};
  if (!from_.empty()) query.emplace_back("From", from_);
  if (account_.get(op, kList, "Messages.json", query) == RL_OK) return;
  lookups_.erase(op);
  kit::complete(host_, op, {.status = RL_NOT_NOW, .reason = "no_request_possible"});
}

void Sms::found_one(rl_op op, const rl_reply& reply) {
  const auto it = lookups_.find(op);
  if (it == lookups_.end()) return;
  if (reply.status == 404) return list(op);
  lookups_.erase(it);
  if (const auto refusal = refusal_of(reply, host_->now(host_)))
    return kit::complete(host_, op, {.status = RL_UNKNOWN, .reason = refusal->reason});
  const kit::Json json(kit::view(reply.body));
  end_with(op, json.root());
}

// By number, text and time: the provider keeps no reference of ours. `older`: the page reaches back
// to before the touch.
const kit::Value* Sms::match(const kit::Value* messages, const rl_touch& touch, bool& older) const {
  const std::string text = text_of(touch);
  for (const auto& message : messages->GetArray()) {
    const auto created = kit::parse_date(kit::text(&message, "date_created"));
    if (!created) continue;
    if (*created < touch.intended_at - kClocksDiffer) {
      older = true;
      continue;
    }
    const bool ours = kit::text(&message, "to") == kit::view(touch.address) &&
                      kit::text(&message, "body") == text &&
                      kit::text(&message, "direction") == "outbound-api";
    if (ours) return &message;
  }
  return nullptr;
}

void Sms::found_list(rl_op op, const rl_reply& reply) {
  const auto it = lookups_.find(op);
  if (it == lookups_.end()) return;
  const auto end = [&](const kit::Ending& ending) {
    lookups_.erase(op);
    kit::complete(host_, op, ending);
  };
  if (const auto refusal = refusal_of(reply, host_->now(host_)))
    return end({.status = RL_UNKNOWN, .reason = refusal->reason});
  const kit::Json json(kit::view(reply.body));
  const kit::Value* messages = kit::member(json.root(), "messages");
  if (messages == nullptr || !messages->IsArray())
    return end({.status = RL_UNKNOWN, .reason = "answer_without_messages"});
  bool older = false;
  if (const kit::Value* message = match(messages, *it->second.touch, older)) {
    lookups_.erase(it);
    return end_with(op, message);
  }
  const std::string_view next = kit::text(json.root(), "next_page_uri");
  if (older || next.empty()) return end({.status = RL_ABSENT, .reason = "no_such_message"});
  if (++it->second.pages >= kMostPages)
    return end({.status = RL_UNKNOWN, .reason = "too_many_messages"});
  if (account_.get_uri(op, kList, next) != RL_OK)
    end({.status = RL_NOT_NOW, .reason = "no_request_possible"});
}

void Sms::on_io(rl_op op, uint64_t tag, const rl_reply& reply) {
  switch (tag) {
    case kSend: sent(op, reply); break;
    case kOne: found_one(op, reply); break;
    default: found_list(op, reply); break;
  }
}

}  // namespace twilio
