// What the provider asks ("what next?") and tells (how the call stands).
#include "channels/twilio/shared/answers.h"
#include "channels/twilio/shared/signature.h"
#include "twiml.h"
#include "voice.h"

namespace twilio {
namespace {

constexpr std::string_view kCustomer = "customer";

int64_t number_of(std::string_view digits) { return kit::whole(digits).value_or(0); }

// "/heard/3" -> {"heard", 3}
std::pair<std::string_view, int64_t> place_of(std::string_view path) {
  if (path.starts_with('/')) path.remove_prefix(1);
  const size_t slash = path.find('/');
  if (slash == std::string_view::npos) return {path, 0};
  return {path.substr(0, slash), number_of(path.substr(slash + 1))};
}

std::string nothing() { return Twiml().text(); }

}  // namespace

void Voice::say(rl_op request, std::string_view document) const {
  answer(host_, request, 200, document);
}

void Voice::on_request(rl_op op, const rl_request& request) {
  if (kit::view(request.method) != "POST") return answer(host_, op, 405, "POST only\n");
  if (!account_.signed_by_us(request)) return answer(host_, op, 403, "wrong signature\n");
  const kit::Form form = fields_of(request);
  const std::string_view sid = kit::field(form, "CallSid");
  if (sid.empty()) return answer(host_, op, 400, "no CallSid\n");
  const auto [what, document] = place_of(kit::view(request.path));
  Call* call = find(request.key);
  if (what == "status") return take_status(op, call, form);
  // A call of before a restart, or one that was given up: nobody would talk in it.
  if (call == nullptr) return say(op, Twiml().hang_up().text());
  if (what == "leg") {  // its CallSid is that of the other leg
    transfer_over(*call, true);
    return say(op, nothing());
  }
  if (call->sid.empty()) call->sid = sid;
  if (document != call->document) return say(op, call->last);
  if (call->asked_next) return call->held.push_back(op);  // the same request again
  call->asked_next = true;
  call->quiet_until = host_->now(host_) + patience_ms(*call);
  hold(*call, op);
  go_on(*call, what, form);
}

// What the latest document asked for is done.
void Voice::go_on(Call& call, std::string_view what, const kit::Form& form) {
  for (const Turn& turn : std::exchange(call.saying, {})) kit::complete(host_, turn.op, {});
  if (what == "answer") return pick_up(call, form);
  if (what == "heard" || call.asked) hear(call, form);
  if (what == "dial") {
    const std::string_view status = kit::field(form, "DialCallStatus");
    transfer_over(call, status == "completed" || status == "answered");
  }
  give(call);
}

void Voice::pick_up(Call& call, const kit::Form& form) {
  call.answered_by = kit::field(form, "AnsweredBy");
  call.up_at = host_->now(host_);
  if (call.answered_by == "fax") {
    call.facts.fax = true;
    return answer_held(call, Twiml().hang_up().text());
  }
  if (is_machine(call.answered_by)) {
    call.facts.machine = true;
    if (call.talks) tell(call, RL_HEARD_MACHINE, 0, {}, {});
    return answer_held(call, machine_document(call));
  }
  call.facts.up = true;  // "unknown" too: rather talk to a machine than be silent to a person
  if (!call.talks) {
    Twiml twiml;
    const std::string_view language = kit::view(call.touch->locale);
    for (uint32_t i = 0; i < call.touch->parts_count; ++i) {
      const std::string_view role = kit::view(call.touch->parts[i]->role);
      const std::string_view text = kit::view(call.touch->parts[i]->bytes);
      if (role != "text" && role != "opening") continue;
      twiml.say(text, with_region(language), for_language(setting_.voices, language));
      call.transcript.emplace_back("us", text);
    }
    call.facts.ended_by_us = true;
    return answer_held(call, twiml.hang_up().text());
  }
  tell(call, RL_HEARD_PICKED_UP, 0, {}, {});
  give(call);
}

void Voice::hear(Call& call, const kit::Form& form) {
  if (!call.asked) return;
  const Turn asked = *std::exchange(call.asked, {});
  const uint32_t turn = asked.what->turn;
  kit::complete(host_, asked.op, {});  // `asked.what` is gone from here on
  const std::string_view keys = kit::field(form, "Digits");
  const std::string_view words = kit::field(form, "SpeechResult");
  if (keys.empty() && words.empty()) return tell(call, RL_HEARD_SILENCE, turn, {}, {});
  call.transcript.emplace_back(kCustomer, keys.empty() ? words : keys);
  const std::string confidence(kit::field(form, "Confidence"));
  const std::string data =
      confidence.empty() || !keys.empty()
          ? std::string()
          : kit::Object().number("confidence", std::atof(confidence.c_str())).close();
  tell(call, keys.empty() ? RL_HEARD_WORDS : RL_HEARD_KEYS, turn, keys.empty() ? words : keys,
       data);
}

void Voice::tell(const Call& call, uint32_t kind, uint32_t turn, std::string_view text,
                 std::string_view data) {
  rl_heard heard{};
  heard.struct_size = sizeof heard;
  heard.kind = kind;
  heard.call = call.send;
  heard.turn = turn;
  heard.text = kit::str(text);
  heard.data = kit::str(data);
  heard.at = host_->now(host_);
  heard.answer_by = heard.at + setting_.answer_within_ms;
  host_->heard(host_, &heard);
}

// Told when somebody answers, and again when the other leg ends.
void Voice::transfer_over(Call& call, bool taken) {
  if (!call.transfer) return;
  const Turn transfer = *std::exchange(call.transfer, {});
  call.facts.transferred = taken;
  kit::complete(host_, transfer.op, {.status = taken ? uint32_t{RL_DONE} : uint32_t{RL_REFUSED}});
}

// Only the end matters: what comes before it, or once more after it, changes nothing.
void Voice::take_status(rl_op op, Call* call, const kit::Form& form) {
  say(op, nothing());
  if (call == nullptr) return;
  if (call->sid.empty()) {
    call->sid = kit::field(form, "CallSid");
    if (call->facts.cancelled) hang_up(*call);
  }
  const std::string_view status = kit::field(form, "CallStatus");
  if (!is_over(status) || kit::field(form, "CallSid") != call->sid) return;
  call->recording = kit::field(form, "RecordingUrl");
  end(*call, status, kit::field(form, "AnsweredBy"), number_of(kit::field(form, "SipResponseCode")),
      number_of(kit::field(form, "CallDuration")));
}

}  // namespace twilio
