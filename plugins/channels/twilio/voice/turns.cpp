// What is said next in a call: the engine's turns become documents.
#include <algorithm>

#include "twiml.h"
#include "voice.h"

namespace twilio {
namespace {

constexpr int64_t kPauseS = 1;
constexpr std::string_view kUs = "us";

}  // namespace

std::string_view Voice::language_of(const Call& call, const rl_do* what) const {
  const std::string_view own = what == nullptr ? std::string_view() : kit::view(what->language);
  return with_region(own.empty() ? kit::view(call.touch->locale) : own);
}

// Where the next request goes: it names the document that is being written.
std::string Voice::link(const Call& call, std::string_view what) const {
  return std::string(kit::view(call.touch->callback_url)) + '/' + std::string(what) + '/' +
         std::to_string(call.document + 1);
}

void Voice::perform(rl_op op, const rl_do& what) {
  Call* call = find(what.call);
  if (call == nullptr)
    return kit::complete(host_, op, {.status = RL_FAILED, .reason = "call_over"});
  call->turns.push_back({op, &what});
  give(*call);
}

// Something is to be said, and the provider waits for it.
void Voice::give(Call& call) {
  if (call.held.empty() || call.turns.empty()) return;
  const std::string document = next_document(call);
  if (document.empty()) return;
  answer_held(call, document);
}

void Voice::answer_held(Call& call, const std::string& document) {
  const std::vector<rl_op> held = std::move(call.held);
  call.held.clear();
  if (held.empty()) return;
  ++call.document;
  call.asked_next = false;
  call.last = document;
  call.quiet_until = host_->now(host_) + patience_ms(call);
  for (const rl_op request : held) say(request, document);
}

// How long the latest document may keep the provider busy.
int64_t Voice::patience_ms(const Call& call) const {
  constexpr int64_t kSpeechMs = 120'000;
  return call.transfer ? setting_.time_limit_s * 1000 : kSpeechMs;
}

// The engine is waited for; from `answer_by` on the silence is filled, and the provider asks again.
void Voice::hold(Call& call, rl_op request) {
  call.held.push_back(request);
  timers_.after(setting_.answer_within_ms, [this, send = call.send, document = call.document] {
    Call* now = find(send);
    if (now == nullptr || now->held.empty() || now->document != document) return;
    Twiml twiml;
    const std::string_view language = kit::view(now->touch->locale);
    // The script's own first words come first, whatever they are.
    if (!now->filled && !now->transcript.empty()) {
      twiml.say(for_language(setting_.moment, language), with_region(language),
                for_language(setting_.voices, language));
      now->filled = true;
    }
    twiml.pause(kPauseS).redirect(link(*now, "next"));
    answer_held(*now, twiml.text());
  });
}

std::string Voice::next_document(Call& call) {
  Twiml twiml;
  bool goes_on = true;
  while (goes_on && !call.turns.empty()) {
    const Turn turn = call.turns.front();
    call.turns.pop_front();
    goes_on = add_turn(call, twiml, turn);
  }
  if (goes_on && twiml.empty() && call.saying.empty()) return {};
  if (goes_on) twiml.redirect(link(call, "next"));
  call.filled = false;
  return twiml.text();
}

// False: the document ends with it.
bool Voice::add_turn(Call& call, Twiml& twiml, const Turn& turn) {
  const std::string_view text = kit::view(turn.what->text);
  const std::string_view language = language_of(call, turn.what);
  switch (turn.what->kind) {
    case RL_ASK: add_question(call, twiml, turn); return false;
    case RL_TRANSFER: return add_transfer(call, twiml, turn);
    case RL_END:
      call.ending = turn;
      call.facts.ended_by_us = true;
      twiml.hang_up();
      return false;
    case RL_PLAY: twiml.play(text); break;
    default: twiml.say(text, language, for_language(setting_.voices, language));
  }
  call.saying.push_back(turn);
  if (!text.empty()) call.transcript.emplace_back(kUs, text);
  return true;
}

void Voice::add_question(Call& call, Twiml& twiml, const Turn& turn) {
  const rl_do& what = *turn.what;
  Twiml::Listening how;
  how.action = link(call, "heard");
  how.language = language_of(call, &what);
  how.silence_s = std::max<int64_t>(1, what.listen_ms / 1000);
  how.digits = setting_.digits;
  how.speech = setting_.speech;
  for (size_t i = 0; i < what.expect_count; ++i) {
    std::string word(kit::view(what.expect[i]));
    std::replace(word.begin(), word.end(), '_', ' ');
    how.hints += (i > 0 ? "," : "") + word;
  }
  const std::string_view text = kit::view(what.text);
  twiml.gather(how, text, for_language(setting_.voices, how.language));
  twiml.redirect(how.action);  // as silence
  if (!text.empty()) call.transcript.emplace_back(kUs, text);
  call.asked = turn;
}

// The engine names a queue; which number that is stands in the configuration.
bool Voice::add_transfer(Call& call, Twiml& twiml, const Turn& turn) {
  const std::string_view to = kit::view(turn.what->text);
  const auto it = setting_.transfers.find(to);
  const std::string_view number = to.starts_with('+')              ? to
                                  : it == setting_.transfers.end() ? std::string_view()
                                                                   : it->second;
  if (number.empty()) {
    kit::complete(host_, turn.op, {.status = RL_REFUSED, .reason = "no_number_for_this_queue"});
    return true;
  }
  twiml.dial(
      {link(call, "dial"), link(call, "leg"), number, setting_.from, setting_.transfer_ring_s});
  call.transfer = turn;
  return false;
}

// Behind the beep; without a text nothing is left.
std::string Voice::machine_document(Call& call) const {
  const std::string_view language = kit::view(call.touch->locale);
  std::string_view text = for_language(setting_.voicemail, language);
  for (uint32_t i = 0; i < call.touch->parts_count; ++i) {
    const std::string_view role = kit::view(call.touch->parts[i]->role);
    if (role == "voicemail" || (role == "text" && !call.talks))
      text = kit::view(call.touch->parts[i]->bytes);
  }
  Twiml twiml;
  const bool beep = call.answered_by.starts_with("machine_end");
  if (beep && !text.empty()) {
    twiml.say(text, with_region(language), for_language(setting_.voices, language));
    call.facts.message_left = true;
    call.transcript.emplace_back(kUs, text);
  }
  return twiml.hang_up().text();
}

}  // namespace twilio
