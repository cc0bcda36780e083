#include "core/graph/vocabulary.h"

#include <algorithm>
#include <array>

namespace relance {
namespace {

using Word = std::string_view;

struct KindWords {
  Word name;
  std::span<const Word> outcomes;
  std::span<const Word> failures;
};

constexpr std::array<Word, 3> kFetch = {"found", "missing", "failed"};
constexpr std::array<Word, 2> kFetchFailures = {"missing", "failed"};
constexpr std::array<Word, 5> kCharge = {"recovered", "declined", "refused", "needs_customer",
                                         "failed"};
constexpr std::array<Word, 4> kChargeFailures = {"declined", "refused", "needs_customer", "failed"};
constexpr std::array<Word, 3> kSend = {"failed", "denied", "late"};
constexpr std::array<Word, 4> kSendAccepted = {"delivered", "failed", "denied", "late"};
constexpr std::array<Word, 5> kSendAnswered = {"responded", "ignored", "failed", "denied", "late"};
constexpr std::array<Word, 3> kSendFailures = {"failed", "bounced", "invalid_number"};
constexpr std::array<Word, 1> kWait = {"done"};
constexpr std::array<Word, 2> kAwait = {"arrived", "expired"};
constexpr std::array<Word, 3> kAct = {"done", "refused", "failed"};
constexpr std::array<Word, 2> kActFailures = {"refused", "failed"};
constexpr std::array<Word, 2> kHandoff = {"returned", "expired"};
constexpr std::array<Word, 1> kHandoffFailures = {"expired"};
constexpr std::array<Word, 1> kRecord = {"written"};
constexpr std::array<Word, 2> kStartFlow = {"started", "refused"};

// In the order of StepKind.
constexpr std::array<KindWords, 13> kKinds = {{
    {"fetch", kFetch, kFetchFailures},
    {"charge", kCharge, kChargeFailures},
    {"send", kSend, kSendFailures},
    {"wait", kWait, {}},
    {"await", kAwait, {}},
    {"decide", {}, {}},
    {"act", kAct, kActFailures},
    {"hold", kAct, kActFailures},
    {"release", kAct, kActFailures},
    {"handoff", kHandoff, kHandoffFailures},
    {"record", kRecord, {}},
    {"stop", {}, {}},
    {"start_flow", kStartFlow, {}},
}};

constexpr std::array<Word, 2> kWritten = {"bounced", "opted_out"};
constexpr std::array<Word, 12> kVoice = {
    "no_answer",   "busy",         "voicemail",      "hung_up",  "screened",  "unclear",
    "wants_human", "dissatisfied", "invalid_number", "callback", "opted_out", "wrong_person"};

struct ChannelKind {
  Word name;
  std::span<const Word> words;
};

constexpr std::array<ChannelKind, 6> kChannels = {{
    {"email", kWritten},
    {"sms", kWritten},
    {"voice", kVoice},
    {"retry", {}},
    {"webhook", {}},
    {"desk", {}},
}};

constexpr std::array<Word, 3> kPurposes = {"service", "recovery", "marketing"};
constexpr std::array<Word, 8> kRunEnds = {"none",      "goal",   "stopped",  "expired",
                                          "completed", "failed", "excluded", "holdout"};

// Finds `name` among `names`; the position is the enumerator.
template <class Enum, size_t N>
bool enumerator_from(const std::array<Word, N>& names, Word name, Enum& out) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return false;
  out = static_cast<Enum>(found - names.begin());
  return true;
}

const KindWords& words_of(StepKind kind) { return kKinds[static_cast<size_t>(kind)]; }

const ChannelKind* find_channel(Word name) {
  const auto found = std::find_if(kChannels.begin(), kChannels.end(),
                                  [&](const ChannelKind& channel) { return channel.name == name; });
  return found == kChannels.end() ? nullptr : &*found;
}

}  // namespace

std::string_view step_kind_name(StepKind kind) { return words_of(kind).name; }

bool step_kind_from(std::string_view name, StepKind& kind) {
  for (size_t i = 0; i < kKinds.size(); ++i) {
    if (kKinds[i].name != name) continue;
    kind = static_cast<StepKind>(i);
    return true;
  }
  return false;
}

std::span<const std::string_view> kind_outcomes(StepKind kind) { return words_of(kind).outcomes; }

std::span<const std::string_view> kind_failures(StepKind kind) { return words_of(kind).failures; }

std::span<const std::string_view> send_outcomes(bool expects) {
  if (expects) return kSendAnswered;
  return kSendAccepted;
}

std::span<const std::string_view> channel_words(std::string_view channel_kind) {
  const ChannelKind* channel = find_channel(channel_kind);
  if (channel == nullptr) return {};
  return channel->words;
}

bool is_channel_kind(std::string_view name) { return find_channel(name) != nullptr; }

bool is_try_again(StepKind kind, std::string_view outcome) {
  if (kind == StepKind::charge) return outcome == "declined";
  if (kind != StepKind::send) return false;
  return outcome == "ignored" || outcome == "no_answer" || outcome == "busy";
}

bool is_apart_from_otherwise(std::string_view outcome) {
  return outcome == "opted_out" || outcome == "wrong_person";
}

std::string_view purpose_name(Purpose purpose) { return kPurposes[static_cast<size_t>(purpose)]; }

bool purpose_from(std::string_view name, Purpose& purpose) {
  return enumerator_from(kPurposes, name, purpose);
}

std::string_view run_end_name(RunEnd end) { return kRunEnds[static_cast<size_t>(end)]; }

bool run_end_from(std::string_view name, RunEnd& end) {
  return enumerator_from(kRunEnds, name, end);
}

}  // namespace relance
