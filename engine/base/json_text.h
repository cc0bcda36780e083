// One JSON object written field by field, for those who would build a Doc only to print it.
//
// The caller keeps lists and objects balanced. Text that is not UTF-8 is repaired on its way out.
// Threads: one.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/doc.h"

namespace relance {

class JsonText {
 public:
  JsonText();  // begins the object
  ~JsonText();

  JsonText& key(std::string_view name);
  // Values: after a key, or as an item of a list.
  JsonText& text(std::string_view value);
  JsonText& integer(int64_t value);
  JsonText& value(DocView value);  // as to_json writes it
  JsonText& begin_object();
  JsonText& end_object();
  JsonText& begin_list();
  JsonText& end_list();

  std::string close();  // ends the object; the whole text

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace relance
