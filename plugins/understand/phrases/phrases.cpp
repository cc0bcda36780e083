// relance.understand.phrases: which of the expected words an utterance means, by a list of phrases
// per language. No model: the same words always mean the same.
//
// A person who wants to be left alone or to speak to a human is heard before anything else she
// says; then the longest phrase wins. "Yes" and "no" count only in short utterances or at their
// beginning.
#include <relance/generate.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "fold.h"
#include "kit/complete.h"
#include "kit/json.h"
#include "kit/plugin.h"
#include "phrase_list.h"

namespace phrases {
namespace {

// Heard first, in this order.
constexpr std::array<std::string_view, 4> kFirst = {"opted_out", "wrong_person", "wants_human",
                                                    "dissatisfied"};
constexpr double kContained = 0.6;  // confidence of a phrase within many other words

struct Match {
  std::string_view word;
  size_t rank = kFirst.size() + 1;  // of kFirst; behind all others: not found
  size_t length = 0;                // of the phrase
};

bool stronger(const Match& a, const Match& b) {
  return a.rank != b.rank ? a.rank < b.rank : a.length > b.length;
}

// On the borders of words.
bool contains(std::string_view utterance, std::string_view phrase) {
  for (size_t at = utterance.find(phrase); at != std::string_view::npos;
       at = utterance.find(phrase, at + 1)) {
    const size_t end = at + phrase.size();
    const bool starts = at == 0 || utterance[at - 1] == ' ';
    const bool ends = end == utterance.size() || utterance[end] == ' ';
    if (starts && ends) return true;
  }
  return false;
}

bool short_or_first(std::string_view utterance, std::string_view phrase) {
  const auto blanks = std::count(utterance.begin(), utterance.end(), ' ');
  return blanks < 4 || utterance.substr(0, phrase.size()) == phrase;
}

class Phrases {
 public:
  Phrases(const rl_host* host, std::string_view config) : host_(host) {
    const kit::Json json(config);
    const kit::Value* extra = kit::member(json.root(), "extra");
    if (extra == nullptr || !extra->IsObject()) return;
    for (const auto& entry : extra->GetObject()) {
      if (!entry.value.IsArray()) continue;
      for (const kit::Value& phrase : entry.value.GetArray()) {
        if (phrase.IsString()) {
          extra_.emplace_back(std::string(kit::view(entry.name)), fold(kit::view(phrase)));
        }
      }
    }
  }

  void produce(rl_op op, const rl_question& question) const {
    if (question.kind != RL_UNDERSTAND) {
      return kit::complete(host_, op, {.status = RL_FAILED, .reason = "not_a_writer"});
    }
    const std::string utterance = fold(kit::view(question.text));
    Match best;
    for (size_t i = 0; i < question.expect_count; ++i) {
      const Match match = match_word(utterance, kit::view(question.expect[i]),
                                     list_for(kit::view(question.language)));
      if (match.length > 0 && stronger(match, best)) best = match;
    }
    kit::Object answers;
    if (const std::string at = time_named(kit::view(question.text)); !at.empty()) {
      answers.text("at", at);
    }
    double confidence = 0;
    if (best.length > 0) {
      const auto part = static_cast<double>(best.length) / static_cast<double>(utterance.size());
      confidence = kContained + (1 - kContained) * std::min(1.0, part);
    }
    const std::string answer = kit::Object()
                                   .text("word", best.word)
                                   .raw("answers", answers.close())
                                   .number("confidence", confidence)
                                   .close();
    kit::complete(host_, op, {.data = answer});
  }

 private:
  // length 0: the utterance does not mean this word.
  Match match_word(std::string_view utterance, std::string_view word,
                   std::span<const Phrase> list) const {
    Match match{word, 0, 0};
    const auto first = std::find(kFirst.begin(), kFirst.end(), word);
    match.rank = static_cast<size_t>(first - kFirst.begin());
    const auto take = [&](std::string_view phrase) {
      if (phrase.size() <= match.length || !contains(utterance, phrase)) return;
      const bool small = word == "yes" || word == "no";
      if (!small || short_or_first(utterance, phrase)) match.length = phrase.size();
    };
    take(fold(word));  // "no_funds" said as "no funds"
    for (const Phrase& phrase : list) {
      if (phrase.word == word) take(phrase.text);
    }
    for (const auto& [extra_word, phrase] : extra_) {
      if (extra_word == word) take(phrase);
    }
    return match;
  }

  const rl_host* host_;
  std::vector<std::pair<std::string, std::string>> extra_;  // word, folded phrase
};

constexpr const char* kLanguages[] = {"en", "fr", "de"};

constexpr rl_generate kGenerate = kit::generate<Phrases>(RL_UNDERSTAND, kLanguages);
constexpr kit::Interface kInterfaces[] = {{RL_GENERATE, &kGenerate}};

constexpr char kSchema[] = R"({
  "type": "object", "additionalProperties": false,
  "properties": {"extra": {"type": "object",
    "additionalProperties": {"type": "array", "items": {"type": "string"}}}}})";

constexpr rl_plugin kPlugin =
    kit::plugin<Phrases>({.id = "relance.understand.phrases",
                          .title = "Understands speech by lists of phrases",
                          .config_schema = kSchema,
                          .flags = RL_CONCURRENT,
                          .find = kit::find<kInterfaces>});

}  // namespace
}  // namespace phrases

RL_PLUGIN(phrases::kPlugin)
