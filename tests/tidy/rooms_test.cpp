// Which room may include which. CMake links the same way; this test says it in one table.
#include <catch2/catch.hpp>
#include <map>
#include <regex>
#include <set>

#include "tidy/source_tree.h"

using namespace tidy;

namespace {

using Rooms = std::set<std::string>;

// Each room with those directly below it; what they may include, it may include too.
const std::map<std::string, Rooms>& below() {
  static const std::map<std::string, Rooms> table = {
      {"abi", {}},
      {"base", {}},
      {"core/graph", {"base"}},
      {"core/state", {"core/graph"}},
      {"core/gate", {"core/state"}},
      {"core/run", {"core/gate"}},
      {"core/customer", {"core/run"}},
      {"store", {"base"}},
      {"net", {"core/run"}},
      {"script", {"core/customer"}},
      {"plugins", {"core/customer", "net", "abi"}},
      {"node", {"core/customer", "store", "script", "plugins"}},
      {"admin", {"node"}},
      {"sim", {"node"}},
      {"serve", {"node"}},
      {"cli", {"admin", "sim", "serve"}},
  };
  return table;
}

bool may_include(const std::string& from, const std::string& to) {
  if (from == to) return true;
  for (const std::string& lower : below().at(from)) {
    if (may_include(lower, to)) return true;
  }
  return false;
}

// The room of "core/graph/flow.h"; empty for a path that begins with no room's name.
std::string room_of(const std::string& path) {
  for (const auto& [room, lower] : below()) {
    if (path.starts_with(room + "/")) return room;
  }
  return "";
}

// Calls visit(line number, path) for each #include "path".
template <class Visit>
void each_include(const File& file, Visit visit) {
  static const std::regex include("^\\s*#\\s*include \"([^\"]+)\".*");
  std::smatch found;
  for (size_t n = 0; n < file.lines.size(); ++n) {
    if (std::regex_match(file.lines[n], found, include)) visit(n + 1, found[1].str());
  }
}

}  // namespace

TEST_CASE("includes point downwards only") {
  for (const File& file : files()) {
    if (!file.is_cpp() || !file.below("engine/")) continue;
    const std::string from = room_of(file.path.substr(std::string("engine/").size()));
    if (from.empty()) {
      report(file, 1, "belongs to no room");
      continue;
    }
    each_include(file, [&](size_t line, const std::string& path) {
      const std::string to = room_of(path);
      // The C headers include each other by their bare names.
      if (to.empty() && from == "abi") return;
      if (to.empty()) {
        report(file, line, "includes " + path + ", which no room holds");
      } else if (!may_include(from, to)) {
        report(file, line, from + " may not include " + to);
      }
    });
  }
}

TEST_CASE("plugins see nothing of the engine but its C headers") {
  for (const File& file : files()) {
    if (!file.is_cpp() || !file.below("plugins/")) continue;
    each_include(file, [&](size_t line, const std::string& path) {
      const std::string to = room_of(path);
      const bool own = exists("plugins/" + path);
      if (!to.empty() && to != "abi" && !own)
        report(file, line, "a plugin may not include " + path);
    });
  }
}
