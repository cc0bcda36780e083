#include "core/state/pause.h"

#include <algorithm>
#include <array>

namespace relance {
namespace {

constexpr std::array<std::string_view, 4> kReleases = {"send", "shift", "merge", "drop"};

}  // namespace

std::string_view release_name(Release release) { return kReleases[static_cast<size_t>(release)]; }

bool release_from(std::string_view name, Release& release) {
  const auto found = std::find(kReleases.begin(), kReleases.end(), name);
  if (found == kReleases.end()) return false;
  release = static_cast<Release>(found - kReleases.begin());
  return true;
}

std::string scope_words(const Pause& pause) {
  std::string words;
  const auto add = [&](std::string_view what, const std::string& name) {
    if (name.empty()) return;
    words += words.empty() ? "" : ", ";
    words.append(what).append(" ").append(name);
  };
  add("flow", pause.flow);
  add("channel", pause.channel);
  add("segment", pause.segment);
  return words.empty() ? "everything" : words;
}

}  // namespace relance
