// Templates: Mustache texts of a bundle, by name, channel kind and language. Kept as text; parsed
// once.
//
// templates/NAME.CHANNEL.LANG.mustache, first line `Subject: ...` where the channel has subjects,
// an .html twin if wanted; templates/NAME.script.LANG.mustache holds the texts of a conversation: a
// line `[id]`, then its text up to the next. Values are formatted for the language: money, instants
// in the customer's zone, dates (format_value.h). A value that is missing renders empty. Where
// values come from is told in template_inputs.h. Threads: immutable after loading.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/doc.h"
#include "base/result.h"
#include "core/run/rules.h"

namespace relance {

struct TemplateText {
  std::string name, channel_kind, locale;
  std::string path;  // for messages
  std::string source;
  std::string hash;                          // of its name, source and html twin
  std::string subject, body, html;           // Mustache
  std::map<std::string, std::string> texts;  // of a script template: id -> Mustache
  std::map<std::string, int> text_lines;
  std::vector<std::string> tags;  // dotted names that the texts use, sorted
};

class TemplateSet {
 public:
  // Takes one file, a text or an html twin, in any order. `path` is as shown in messages. Fails
  // with bad_template, with its line; the set is then as before.
  Status add(const std::string& path, const std::string& source);
  // What can be told only when all files were taken: html without its text.
  std::vector<Error> problems() const;

  // The language asked for, else its base ("fr" of "fr-CA"), else the bundle's, else any. nullptr:
  // no such template.
  const TemplateText* find(std::string_view name, std::string_view channel_kind,
                           std::string_view locale, std::string_view fallback_locale) const;
  const TemplateText* by_hash(std::string_view hash) const;
  std::vector<std::string> names(std::string_view channel_kind) const;
  const std::vector<TemplateText>& all() const { return texts_; }

 private:
  std::vector<TemplateText> texts_;
};

}  // namespace relance
