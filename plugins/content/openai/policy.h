// What a text written by a model may be: so long, with no link, number or claim that it was not
// given.
//
// The checks rather refuse too much than too little: what is refused costs nothing but the model's
// words, for the template stands in. Threads: any.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "kit/json.h"

namespace openai {

struct Draft {
  std::string subject, text;  // subject: of e-mail
};

// What the model was given.
struct Given {
  std::string channel;  // "email", "sms", "voice"
  std::string template_text;
  std::string facts;  // JSON
};

class Policy {
 public:
  explicit Policy(const kit::Value* config);

  // Why this must not go out: "too long", "a link is missing", ...; empty: it may.
  std::string problem(const Draft& draft, const Given& given) const;
  size_t most_characters(std::string_view channel) const;

 private:
  std::string form_problem(const Draft& draft, const Given& given) const;
  std::string link_problem(const std::string& all, const Given& given) const;
  std::string claim_problem(const std::string& all) const;

  std::map<std::string, size_t, std::less<>> most_characters_;  // by channel
  size_t most_segments_;                                        // of a text message
  std::vector<std::string> links_;                              // allowed everywhere
  std::vector<std::u32string> forbidden_;                       // folded
};

}  // namespace openai
