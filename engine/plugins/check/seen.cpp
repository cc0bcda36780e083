#include "plugins/check/seen.h"

#include <algorithm>

namespace relance::conformance {

std::string SentRequest::whole() const {
  std::string text = method + " " + url + "\n";
  for (const auto& [name, value] : headers) text += name + ": " + value + "\n";
  return text + secret + " " + auth_name + " " + std::to_string(auth) + "\n\n" + body;
}

std::vector<const Completed*> Seen::of(rl_op op) const {
  std::vector<const Completed*> found;
  for (const Completed& one : completed)
    if (one.op == op) found.push_back(&one);
  return found;
}

size_t Seen::endings(rl_op op) const {
  return of(op).size() +
         static_cast<size_t>(std::count_if(answered.begin(), answered.end(),
                                           [&](const Answered& one) { return one.op == op; }));
}

std::vector<const SentRequest*> Seen::acting(rl_op op) const {
  std::vector<const SentRequest*> found;
  for (const SentRequest& one : requests)
    if (one.op == op && one.acts()) found.push_back(&one);
  return found;
}

}  // namespace relance::conformance
