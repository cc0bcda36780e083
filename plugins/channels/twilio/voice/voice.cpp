#include "voice.h"

#include <algorithm>

#include "channels/twilio/shared/answers.h"
#include "kit/key.h"
#include "twiml.h"

namespace twilio {
namespace {

constexpr int64_t kDetectionMs = 45'000;  // until a machine has said its sentence

int64_t minutes_of(int64_t seconds) { return std::max<int64_t>(1, (seconds + 59) / 60); }

}  // namespace

Voice::Voice(const rl_host* host, const kit::Json& config)
    : host_(host),
      account_(host, config.root()),
      prices_(config.root()),
      setting_(config.root()),
      timers_(host) {}

Call* Voice::find(rl_op send) {
  const auto it = calls_.find(send);
  return it == calls_.end() ? nullptr : it->second.get();
}

Call* Voice::find(const rl_key& key) {
  const auto it = by_key_.find(std::string(kit::bytes_of(key)));
  return it == by_key_.end() ? nullptr : find(it->second);
}

void Voice::estimate(const rl_touch& touch, rl_cost& cost) const {
  cost = prices_.cost(kit::view(touch.address), minutes_of(setting_.time_limit_s));
}

// --- dialling

kit::Form Voice::form_of(const rl_touch& touch) const {
  const std::string callback(kit::view(touch.callback_url));
  kit::Form form{{"To", std::string(kit::view(touch.address))},
                 {"From", setting_.from},
                 {"Url", callback + "/answer"},
                 {"Method", "POST"},
                 {"StatusCallback", callback + "/status"},
                 {"StatusCallbackMethod", "POST"},
                 {"StatusCallbackEvent", "ringing"},
                 {"StatusCallbackEvent", "answered"},
                 {"StatusCallbackEvent", "completed"},
                 {"Timeout", std::to_string(setting_.ring_s)},
                 {"TimeLimit", std::to_string(setting_.time_limit_s)}};
  if (setting_.detection == "message_end")
    form.emplace_back("MachineDetection", "DetectMessageEnd");
  if (setting_.detection == "start") form.emplace_back("MachineDetection", "Enable");
  if (setting_.record) form.emplace_back("Record", "true");
  return form;
}

void Voice::send(rl_op op, const rl_touch& touch) {
  const auto fail = [&](uint32_t status, std::string_view reason) {
    kit::complete(host_, op, {.status = status, .word = "failed", .reason = reason});
  };
  if (kit::view(touch.address).empty()) return fail(RL_FAILED, "no_number");
  if (kit::view(touch.callback_url).empty()) return fail(RL_FAILED, "no_callback_address");
  if (touch.not_after != 0 && host_->now(host_) > touch.not_after)
    return fail(RL_FAILED, "too_late");
  const kit::Json data(kit::view(touch.data));
  auto call = std::make_unique<Call>();
  call->send = op;
  call->touch = &touch;
  call->key = kit::bytes_of(touch.key);
  call->talks = !kit::text(data.root(), "script").empty();
  const int64_t detection_ms = setting_.detection == "off" ? 0 : kDetectionMs;
  call->quiet_until =
      host_->now(host_) + (setting_.ring_s + setting_.watch_s) * 1000 + detection_ms;
  by_key_[call->key] = op;
  calls_[op] = std::move(call);
  if (account_.post(op, kDial, "Calls.json", form_of(touch), true) != RL_OK) {
    by_key_.erase(std::string(kit::bytes_of(touch.key)));
    calls_.erase(op);
    return fail(RL_NOT_NOW, "no_request_possible");
  }
  timers_.after(setting_.watch_s * 1000, [this, op] { watch(op); });
}

// Where nothing certain is answered the call may be ringing: its callbacks will tell, or nothing
// will.
void Voice::dialled(Call& call, const rl_reply& reply) {
  const auto refusal = refusal_of(reply, host_->now(host_));
  if (refusal && refusal->status == RL_UNKNOWN) return;
  if (refusal) {
    const rl_op op = call.send;
    drop_turns(call);
    by_key_.erase(call.key);
    calls_.erase(op);
    return complete(host_, op, *refusal);
  }
  const kit::Json json(kit::view(reply.body));
  call.sid = kit::text(json.root(), "sid");
  if (call.facts.cancelled) hang_up(call);
}

void Voice::cancel(rl_op op) {
  Call* call = find(op);
  if (call == nullptr) return;
  call->facts.cancelled = !call->facts.up;
  if (!call->sid.empty()) hang_up(*call);
}

// Not marked as an effect: to end a call twice is to end it.
void Voice::hang_up(Call& call) {
  const kit::Form form{{"Status", call.facts.up ? "completed" : "canceled"}};
  static_cast<void>(account_.post(call.send, kHangUp, "Calls/" + call.sid + ".json", form, false));
}

// --- a call of which nothing is heard

void Voice::watch(rl_op send) {
  Call* call = find(send);
  if (call == nullptr) return;
  const int64_t silent_for = host_->now(host_) - call->quiet_until;
  const bool quiet = silent_for >= 0;
  // No call lasts longer than its limit: who is not even answered when he asks has lost it.
  const bool lost = silent_for >= setting_.time_limit_s * 1000;
  if (lost || (quiet && call->sid.empty())) {
    // Neither an answer nor a callback: the look-up finds out.
    drop_turns(*call);
    by_key_.erase(call->key);
    calls_.erase(send);
    return kit::complete(host_, send, {.status = RL_UNKNOWN, .reason = "nothing_heard_of_it"});
  }
  if (quiet) static_cast<void>(account_.get(send, kWatch, "Calls/" + call->sid + ".json", {}));
  timers_.after(setting_.watch_s * 1000, [this, send] { watch(send); });
}

void Voice::asked_after(Call& call, const rl_reply& reply) {
  if (refusal_of(reply, host_->now(host_))) return;  // asked again by the next watch
  const kit::Json json(kit::view(reply.body));
  const std::string_view status = kit::text(json.root(), "status");
  if (!is_over(status)) return;
  const std::string duration(kit::text(json.root(), "duration", "0"));
  end(call, status, kit::text(json.root(), "answered_by"), 0, std::atoll(duration.c_str()));
}

// --- the end

void Voice::drop_turns(Call& call) {
  const auto over = [&](const Turn& turn, uint32_t status) {
    const std::string_view reason = status == RL_DONE ? "" : "call_over";
    kit::complete(host_, turn.op, {.status = status, .reason = reason});
  };
  const bool said = call.ending.has_value();  // the latest document was the last, and was heard
  for (const Turn& turn : call.saying) over(turn, said ? RL_DONE : RL_FAILED);
  for (const Turn& turn : call.turns) over(turn, RL_FAILED);
  if (call.asked) over(*call.asked, RL_FAILED);
  if (call.transfer) over(*call.transfer, RL_FAILED);
  if (call.ending) over(*call.ending, RL_DONE);
  answer_held(call, Twiml().hang_up().text());
}

std::string Voice::data_of(const Call& call, int64_t duration_s) const {
  kit::Object data;
  data.integer("duration_s", duration_s);
  if (!call.answered_by.empty()) data.text("answered_by", call.answered_by);
  if (call.facts.machine) data.boolean("message_left", call.facts.message_left);
  if (call.facts.transferred) data.boolean("transferred", true);
  if (!call.recording.empty()) data.text("recording_url", call.recording);
  std::string lines;
  for (const auto& [by, text] : call.transcript) {
    if (!lines.empty()) lines += ',';
    lines += kit::Object().text("by", by).text("text", text).close();
  }
  if (!lines.empty()) data.raw("transcript", '[' + lines + ']');
  return data.close();
}

void Voice::end(Call& call, std::string_view status, std::string_view answered_by, int64_t sip,
                int64_t duration_s) {
  const Outcome outcome = outcome_of(call.facts, status, answered_by, sip);
  const bool left = call.talks && call.facts.up && !call.ending;
  drop_turns(call);
  if (left) tell(call, RL_HEARD_HUNG_UP, 0, {}, {});
  const std::string data = data_of(call, duration_s);
  const std::string sid = call.sid;
  const rl_op op = call.send;
  kit::Ending ending;
  ending.status = outcome.status;
  ending.word = outcome.word;
  ending.reason = outcome.reason;
  ending.data = data;
  ending.ref = sid;
  if (duration_s > 0)
    ending.cost = prices_.cost(kit::view(call.touch->address), minutes_of(duration_s));
  by_key_.erase(call.key);
  const auto gone = std::move(calls_.at(op));  // `call` lives on until the end of this function
  calls_.erase(op);
  kit::complete(host_, op, ending);
}

void Voice::on_io(rl_op op, uint64_t tag, const rl_reply& reply) {
  if (tag == kOne || tag == kList) return found(op, tag, reply);
  Call* call = find(op);
  if (call == nullptr) return;  // it ended before the provider answered
  if (tag == kDial) dialled(*call, reply);
  if (tag == kWatch) asked_after(*call, reply);
}

}  // namespace twilio
