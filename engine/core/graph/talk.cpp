#include "core/graph/talk.h"

#include <algorithm>
#include <array>

namespace relance {
namespace {

struct TurnWords {
  std::string_view name;
  std::span<const std::string_view> outcomes;
};

using Word = std::string_view;
constexpr std::array<Word, 1> kSay = {"done"};
constexpr std::array<Word, 2> kAsk = {"unclear", "silent"};
constexpr std::array<Word, 2> kVerify = {"yes", "no"};
constexpr std::array<Word, 3> kLookup = {"found", "missing", "late"};
constexpr std::array<Word, 3> kText = {"sent", "denied", "failed"};
constexpr std::array<Word, 2> kAwait = {"arrived", "expired"};
constexpr std::array<Word, 2> kTransfer = {"accepted", "declined"};

// In the order of TurnKind.
constexpr std::array<TurnWords, 8> kTurns = {{
    {"say", kSay},
    {"ask", kAsk},
    {"verify", kVerify},
    {"lookup", kLookup},
    {"text", kText},
    {"await", kAwait},
    {"transfer", kTransfer},
    {"close", {}},
}};

}  // namespace

std::string_view turn_kind_name(TurnKind kind) { return kTurns[static_cast<size_t>(kind)].name; }

std::span<const std::string_view> turn_outcomes(TurnKind kind) {
  return kTurns[static_cast<size_t>(kind)].outcomes;
}

std::vector<std::string> close_words(const TalkScript& script) {
  std::vector<std::string> words;
  for (const Turn& turn : script.turns) {
    if (turn.kind == TurnKind::close) words.push_back(turn.outcome);
  }
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

}  // namespace relance
