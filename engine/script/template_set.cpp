#include "script/template_set.h"

#include <set>

#include "base/text.h"
#include "script/mustache.h"

namespace relance {
namespace {

constexpr size_t kMaxSourceBytes = 256 * 1024;
constexpr std::string_view kSubject = "Subject:";

Error bad(const std::string& path, int line, std::string message, std::string hint = {}) {
  return {Code::bad_template, std::move(message), {path, line}, std::move(hint)};
}

bool is_locale(std::string_view text) {
  const std::string_view base = text.substr(0, text.find('-'));
  if (base.size() < 2 || base.size() > 3) return false;
  return text.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-0123456789") ==
         std::string_view::npos;
}

struct FileName {
  std::string name, channel_kind, locale;
  bool html = false;
};

Result<FileName> read_name(const std::string& path) {
  const std::string_view file = std::string_view(path).substr(path.rfind('/') + 1);
  const std::vector<std::string_view> parts = split(file, '.');
  const bool known_ending = parts.size() == 4 && (parts[3] == "mustache" || parts[3] == "html");
  if (!known_ending || parts[0].empty() || parts[1].empty()) {
    return bad(path, 0, "a template is named NAME.CHANNEL.LANGUAGE.mustache or .html",
               "for example payment_link.email.fr.mustache");
  }
  if (!is_locale(parts[2])) {
    return bad(path, 0, "'" + std::string(parts[2]) + "' is not a language",
               "for example fr or fr-CA");
  }
  return FileName{std::string(parts[0]), std::string(parts[1]), std::string(parts[2]),
                  parts[3] == "html"};
}

std::string_view without_blank_ends(std::string_view text) {
  const size_t last = text.find_last_not_of(" \t\r\n");
  if (last == std::string_view::npos) return {};
  const size_t first = text.find_first_not_of("\r\n");
  return text.substr(first, last - first + 1);
}

// "[hello]" -> "hello"; empty for any other line.
std::string_view heading(std::string_view line) {
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
  if (line.size() < 3 || line.front() != '[' || line.back() != ']') return {};
  const std::string_view id = line.substr(1, line.size() - 2);
  return id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos
             ? id
             : "";
}

Status add_tags(TemplateText& text, std::string_view mustache, const std::string& path, int line) {
  Result<std::vector<std::string>> tags = mustache_tags(mustache, {path, line});
  if (!tags) return tags.error();
  std::set<std::string> all(text.tags.begin(), text.tags.end());
  all.insert(tags->begin(), tags->end());
  text.tags.assign(all.begin(), all.end());
  return {};
}

// Closes the text that a heading opened: takes its tags and makes one line of it, since it is
// spoken, not shown.
Status close_text(TemplateText& text, const std::string& id) {
  if (id.empty()) return {};
  std::string& words = text.texts[id];
  words = without_blank_ends(words);
  const int line = text.text_lines[id];
  if (words.empty()) return bad(text.path, line, "the text '" + id + "' is empty");
  Status taken = add_tags(text, words, text.path, line + 1);
  std::erase(words, '\r');
  std::replace(words.begin(), words.end(), '\n', ' ');
  return taken;
}

Status read_script(TemplateText& text) {
  std::string id;
  int number = 0;
  for (std::string_view line : split(text.source, '\n')) {
    ++number;
    const std::string_view next = heading(line);
    if (!next.empty()) {
      if (Status closed = close_text(text, id); !closed) return closed;
      id = next;
      if (!text.text_lines.emplace(id, number).second) {
        return bad(text.path, number, "the text '" + id + "' stands here twice");
      }
      text.texts[id];
    } else if (!id.empty()) {
      text.texts[id].append(line).append("\n");
    } else if (!without_blank_ends(line).empty()) {
      return bad(text.path, number, "a text must stand under its name", "begin with a line [name]");
    }
  }
  return close_text(text, id);
}

Status read_message(TemplateText& text) {
  std::string_view rest = text.source;
  int line = 1;
  if (rest.starts_with(kSubject)) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    text.subject = without_blank_ends(rest.substr(kSubject.size(), end - kSubject.size()));
    text.subject.erase(0, text.subject.find_first_not_of(' '));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    line = 2;
    if (Status fits = add_tags(text, text.subject, text.path, 1); !fits) return fits;
  }
  if (text.channel_kind == "email" && text.subject.empty()) {
    return bad(text.path, 1, "an e-mail needs a subject", "begin with a line Subject: ...");
  }
  const size_t blank = std::min(rest.find_first_not_of("\r\n"), rest.size());
  line += static_cast<int>(std::count(rest.begin(), rest.begin() + static_cast<long>(blank), '\n'));
  text.body = without_blank_ends(rest);
  if (text.body.empty()) return bad(text.path, line, "the text is empty");
  return add_tags(text, text.body, text.path, line);
}

// How well a template's language fits: 0 is best.
int distance(std::string_view locale, std::string_view wanted, std::string_view fallback) {
  const auto base = [](std::string_view full) { return full.substr(0, full.find('-')); };
  if (locale == wanted) return 0;
  if (locale == base(wanted)) return 1;
  if (base(locale) == base(wanted)) return 2;
  if (locale == fallback) return 3;
  if (base(locale) == base(fallback)) return 4;
  return 5;
}

}  // namespace

Status TemplateSet::add(const std::string& path, const std::string& source) {
  Result<FileName> file = read_name(path);
  if (!file) return file.error();
  if (source.size() > kMaxSourceBytes) return bad(path, 0, "the template is larger than 256 KiB");
  if (!valid_utf8(source)) return bad(path, 0, "the template is not UTF-8");

  TemplateText wanted;
  wanted.name = file->name;
  wanted.channel_kind = file->channel_kind;
  wanted.locale = file->locale;
  const auto same = [&](const TemplateText& text) {
    return text.name == wanted.name && text.channel_kind == wanted.channel_kind &&
           text.locale == wanted.locale;
  };
  const auto known = std::find_if(texts_.begin(), texts_.end(), same);
  TemplateText text = known == texts_.end() ? wanted : *known;
  if (text.path.empty() || !file->html) text.path = path;
  if (file->html) {
    text.html = source;
    if (Status fits = add_tags(text, source, path, 1); !fits) return fits;
  } else {
    text.source = source;
    Status fits = text.channel_kind == "script" ? read_script(text) : read_message(text);
    if (!fits) return fits;
  }
  const Key hash = derive_key({text.name, text.channel_kind, text.locale, text.source, text.html});
  text.hash = hash.text().substr(0, 13);  // 65 bits
  if (known == texts_.end()) {
    texts_.push_back(std::move(text));
  } else {
    *known = std::move(text);
  }
  return {};
}

std::vector<Error> TemplateSet::problems() const {
  std::vector<Error> found;
  for (const TemplateText& text : texts_) {
    if (!text.html.empty() && text.source.empty()) {
      found.push_back(
          bad(text.path, 0, "the html has no text beside it", "add the same name with .mustache"));
    }
  }
  return found;
}

const TemplateText* TemplateSet::find(std::string_view name, std::string_view channel_kind,
                                      std::string_view locale,
                                      std::string_view fallback_locale) const {
  const TemplateText* best = nullptr;
  int best_distance = 0;
  for (const TemplateText& text : texts_) {
    if (text.name != name || text.channel_kind != channel_kind) continue;
    const int here = distance(text.locale, locale, fallback_locale);
    if (best != nullptr && here >= best_distance) continue;
    best = &text;
    best_distance = here;
  }
  return best;
}

const TemplateText* TemplateSet::by_hash(std::string_view hash) const {
  for (const TemplateText& text : texts_) {
    if (text.hash == hash) return &text;
  }
  return nullptr;
}

std::vector<std::string> TemplateSet::names(std::string_view channel_kind) const {
  std::set<std::string> names;
  for (const TemplateText& text : texts_) {
    if (text.channel_kind == channel_kind) names.insert(text.name);
  }
  return {names.begin(), names.end()};
}

}  // namespace relance
