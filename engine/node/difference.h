// What differs between two generations, by their manifests (generation.h).
#pragma once

#include <string>
#include <vector>

#include "base/doc.h"

namespace relance {

struct Differing {
  enum class How : uint8_t { added, changed, removed } how = How::changed;
  std::string kind;  // flow, file, plugin
  std::string name;
  bool operator==(const Differing&) const = default;
};
std::string_view how_name(Differing::How how);

// Flows first, then files, then plugin instances; each by name. A manifest that cannot be read has
// nothing.
std::vector<Differing> difference(const std::string& before, const std::string& after);

// The lines that go and come, as `diff -u` shows them: "@@ -1,3 +1,4 @@", then lines with ' ', '-'
// or '+'. Empty: they are the same.
std::string line_difference(const std::string& before, const std::string& after);

}  // namespace relance
