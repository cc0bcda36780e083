// Mustache texts: their tags, found and checked when a template is read, and their rendering.
//
// Variables, sections and inverted sections, comments. Partials and changed delimiters are refused:
// a template is one file whose tags can all be seen. Threads: any.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/doc.h"
#include "base/result.h"
#include "base/zone.h"

namespace relance {

// The dotted names that `text` uses, in order of appearance, "." left out. `where` is the place of
// its first line. Fails with bad_template at the tag's line.
Result<std::vector<std::string>> mustache_tags(std::string_view text, const Where& where);

// Values made ready once for all texts of a message: money, instants and dates as the language
// writes them. What is null, empty or false is false for a section, and renders as nothing.
// Threads: one.
class MustacheValues {
 public:
  MustacheValues(std::string_view locale, const Zone& zone);
  MustacheValues(MustacheValues&&) noexcept;
  ~MustacheValues();
  // A field that is there already is replaced. `record` may be null.
  void add(DocView record);
  // HTML-escapes only when `html`. Fails with bad_template.
  Result<std::string> render(std::string_view text, bool html);

 private:
  struct Data;
  std::unique_ptr<Data> data_;
};

}  // namespace relance
