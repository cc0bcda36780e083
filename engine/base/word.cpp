#include "base/word.h"

#include <mutex>
#include <unordered_map>
#include <unordered_set>

namespace relance {
namespace {

constexpr size_t kLongest = 64;          // bytes of a word that is shared
constexpr size_t kVocabulary = 100'000;  // words that are shared

// Strings in nodes of a set stay where they are. Never destroyed: words of other static objects may
// outlive it.
struct Vocabulary {
  std::mutex mutex;
  std::unordered_set<std::string> words;

  const std::string* find_or_add(std::string_view text) {
    const std::lock_guard lock(mutex);
    if (words.size() < kVocabulary) return &*words.emplace(text).first;
    const auto found = words.find(std::string(text));
    return found == words.end() ? nullptr : &*found;
  }
};

Vocabulary& vocabulary() {
  static auto* const all = new Vocabulary;
  return *all;
}

// What this thread has met: no lock then.
const std::string* shared(std::string_view text) {
  thread_local std::unordered_map<std::string_view, const std::string*> met;
  if (const auto found = met.find(text); found != met.end()) return found->second;
  const std::string* word = vocabulary().find_or_add(text);
  if (word) met.emplace(*word, word);
  return word;
}

}  // namespace

uintptr_t Word::make(std::string_view text) {
  if (text.empty()) return 0;
  if (text.size() <= kLongest)
    if (const std::string* word = shared(text)) return reinterpret_cast<uintptr_t>(word);
  return reinterpret_cast<uintptr_t>(new std::string(text)) | kOwn;
}

void Word::drop() { delete reinterpret_cast<const std::string*>(text_ & ~kOwn); }

const std::string& Word::str() const {
  static const std::string nothing;
  return text_ == 0 ? nothing : *reinterpret_cast<const std::string*>(text_ & ~kOwn);
}

}  // namespace relance
