#include "script/read_suppress.h"

#include "base/text.h"
#include "script/rule_scope.h"

namespace relance {
namespace {

// Words that can mean "do not contact": those of the channels, and what a person or a list may say.
std::vector<std::string> suppressing_words() {
  std::vector<std::string> words = {"do_not_call", "complained", "hard_bounce"};
  for (std::string_view kind : {"email", "sms", "voice"}) {
    for (std::string_view word : channel_words(kind)) words.emplace_back(word);
  }
  return words;
}

}  // namespace

std::vector<std::string> read_suppress(const Fields& contact, bool& responded_leaves) {
  std::vector<std::string> words;
  const Value* suppress = contact.get("suppress");
  if (suppress == nullptr) return words;
  const std::vector<std::string> known = suppressing_words();
  for (const Value& item : suppress->items) {
    if (item.is(Value::Kind::spoilt)) continue;
    if (item.is_word("responded_to_campaign")) {
      responded_leaves = true;
      continue;
    }
    if (!item.is(Value::Kind::text)) {
      contact.error("suppress", Code::wrong_type,
                    "'suppress' wants outcome words, not " + describe(item));
      continue;
    }
    words.push_back(item.text);
    if (std::find(known.begin(), known.end(), item.text) != known.end()) continue;
    contact.warning("suppress", Code::dead_outcome, "no channel gives the word '" + item.text + "'",
                    did_you_mean(item.text, known));
  }
  return words;
}

}  // namespace relance
