#include "policy.h"

#include <algorithm>
#include <set>

#include "kit/gsm.h"
#include "kit/utf8.h"
#include "words.h"

namespace openai {
namespace {

constexpr size_t kMostSubject = 120;
constexpr size_t kMostCharacters = 2000;  // where the configuration does not name the channel

// Of UTF-8 text.
size_t characters(std::string_view text) {
  size_t count = 0;
  for (; !text.empty(); ++count) kit::next_letter(text);
  return count;
}

// Nothing that a reader would not see, or see as rubbish.
bool readable(std::string_view text, bool lines) {
  while (!text.empty()) {
    const char32_t letter = kit::next_letter(text);
    const bool control = letter < 0x20 || (letter >= 0x7f && letter < 0xa0);
    const bool hidden = (letter >= 0x200b && letter <= 0x200f) ||
                        (letter >= 0x202a && letter <= 0x202e) || letter == 0xfeff;
    if (letter == 0xfffd || hidden || (control && !(lines && letter == U'\n'))) return false;
  }
  return true;
}

bool part_of(const std::set<std::string>& some, const std::set<std::string>& all) {
  return std::includes(all.begin(), all.end(), some.begin(), some.end());
}

std::vector<std::string> texts(const kit::Value* list) {
  std::vector<std::string> out;
  if (list == nullptr || !list->IsArray()) return out;
  for (const kit::Value& item : list->GetArray()) {
    if (item.IsString()) out.emplace_back(kit::view(item));
  }
  return out;
}

// Texts of the facts, without JSON's escapes.
void add_texts(const kit::Value& value, std::string& out) {
  if (value.IsString()) out.append(" ").append(kit::view(value));
  if (value.IsArray()) {
    for (const kit::Value& item : value.GetArray()) add_texts(item, out);
  }
  if (!value.IsObject()) return;
  for (const auto& entry : value.GetObject()) add_texts(entry.value, out);
}

}  // namespace

Policy::Policy(const kit::Value* config)
    : most_characters_{{"sms", 480}, {"voice", 400}},
      most_segments_(static_cast<size_t>(kit::integer(config, "most_segments", 3))),
      links_(texts(kit::member(config, "links"))) {
  if (const kit::Value* most = kit::member(config, "most_characters"); most != nullptr) {
    for (const auto& entry : most->GetObject()) {
      most_characters_[std::string(kit::view(entry.name))] = entry.value.GetUint();
    }
  }
  for (const std::string& phrase : texts(kit::member(config, "forbidden"))) {
    if (std::u32string words = folded(phrase); !words.empty()) {
      forbidden_.push_back(std::move(words));
    }
  }
}

size_t Policy::most_characters(std::string_view channel) const {
  const auto it = most_characters_.find(channel);
  return it == most_characters_.end() ? kMostCharacters : it->second;
}

std::string Policy::problem(const Draft& draft, const Given& given) const {
  const std::string all = draft.subject + "\n" + draft.text;
  std::string problem = form_problem(draft, given);
  if (problem.empty()) problem = link_problem(all, given);
  std::string known = given.template_text + " " + given.facts;
  for (const std::string& link : links_) known += " " + link;
  if (problem.empty() && !part_of(numbers_in(all), numbers_in(known))) {
    problem = "a number that was not given";
  }
  return problem.empty() ? claim_problem(all) : problem;
}

std::string Policy::form_problem(const Draft& draft, const Given& given) const {
  const bool email = given.channel == "email";
  if (draft.text.find_first_not_of(" \n") == std::string::npos) return "no text";
  if (email && draft.subject.find_first_not_of(' ') == std::string::npos) return "no subject";
  if (!email && !draft.subject.empty()) return "a subject where there is none";
  if (!readable(draft.text, true) || !readable(draft.subject, false)) return "not readable";
  if (characters(draft.text) > most_characters(given.channel) ||
      characters(draft.subject) > kMostSubject) {
    return "too long";
  }
  if (given.channel == "sms" && kit::gsm::measure(draft.text).segments > most_segments_) {
    return "too many segments";
  }
  const bool open =
      draft.text.find("{{") != std::string::npos || draft.subject.find("{{") != std::string::npos;
  return open ? "an open place" : "";
}

std::string Policy::link_problem(const std::string& all, const Given& given) const {
  const std::set<std::string> links = links_in(all), needed = links_in(given.template_text);
  if (!part_of(needed, links)) return "a link is missing";
  std::string facts;
  const kit::Json json(given.facts);
  add_texts(*json.root(), facts);
  std::set<std::string> allowed = links_in(facts);
  allowed.insert(needed.begin(), needed.end());
  allowed.insert(links_.begin(), links_.end());
  return part_of(links, allowed) ? "" : "a link that was not given";
}

std::string Policy::claim_problem(const std::string& all) const {
  const std::u32string words = folded(all);
  const bool claims = std::any_of(
      forbidden_.begin(), forbidden_.end(),
      [&](const std::u32string& phrase) { return words.find(phrase) != std::u32string::npos; });
  return claims ? "a forbidden phrase" : "";
}

}  // namespace openai
