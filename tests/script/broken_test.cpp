// Each folder of broken/ is a flow with slips in it, laid over the bundle in broken/shared; its
// expected.txt holds exactly what `relance check` says, one finding a line. What was found lies in
// broken/ of the build directory, to be copied where it is what it should be.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <set>

#include "base/text.h"
#include "script/bundle.h"

namespace relance {
namespace {

namespace fs = std::filesystem;

const fs::path kFound = fs::path(RELANCE_BUILD_DIR) / "broken";
const fs::path kBroken = fs::path(RELANCE_SOURCE_DIR) / "tests" / "script" / "broken";

std::string line_of(const Finding& finding) {
  std::string line = finding.error.text();
  if (finding.severity == Severity::warning) line.replace(line.find(": error "), 8, ": warning ");
  return line;
}

std::string problems_of(const fs::path& folder) {
  BundleSources sources = *read_bundle((kBroken / "shared").string());
  const BundleSources own = *read_bundle(folder.string());
  for (const auto& [path, text] : own) sources[path] = text;
  std::string lines;
  const LoadedBundle loaded = load_bundle(sources, "flows", {});
  for (const Finding& finding : loaded.findings) lines += line_of(finding) + "\n";
  return lines;
}

std::set<fs::path> cases() {
  std::set<fs::path> folders;
  for (const fs::directory_entry& entry : fs::directory_iterator(kBroken)) {
    if (entry.path().filename() != "shared") folders.insert(entry.path());
  }
  return folders;
}

}  // namespace

TEST_CASE("the bundle that broken flows are laid over has no slip of its own") {
  CHECK(problems_of(kBroken / "shared") == "");
}

TEST_CASE("every slip in a flow is told at its own line, all of them at once") {
  const auto folders = cases();
  REQUIRE(folders.size() >= 30);
  fs::create_directories(kFound);
  for (const fs::path& folder : folders) {
    DYNAMIC_SECTION(folder.filename().string()) {
      const std::string found = problems_of(folder);
      const fs::path expected = folder / "expected.txt";
      std::ofstream(kFound / (folder.filename().string() + ".txt")) << found;
      CHECK(found == read_file(expected.string()).value_or("no expected.txt"));
    }
  }
}

}  // namespace relance
