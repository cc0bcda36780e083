#include "script/reference.h"

#include <catch2/catch.hpp>
#include <fstream>

#include "base/text.h"
#include "script/step_kind.h"

namespace relance {

TEST_CASE("the reference page tells every kind and every field") {
  const std::string page = flow_kinds_page();
  for (size_t i = 0; i < std::variant_size_v<StepBody>; ++i) {
    const StepKindEntry& entry = step_kind_entry(static_cast<StepKind>(i));
    CHECK(entry.kind == static_cast<StepKind>(i));
    CHECK(page.find("### " + std::string(step_kind_name(entry.kind))) != std::string::npos);
    for (const Field& field : entry.fields) CHECK(page.find(field.help) != std::string::npos);
  }
}

// What was made lies in the build directory, to be copied where it is what it should be.
TEST_CASE("the page in the docs and the file for editors are those the registry makes") {
  const std::string source = RELANCE_SOURCE_DIR, build = RELANCE_BUILD_DIR;
  std::ofstream(build + "/flow-kinds.md") << flow_kinds_page();
  std::ofstream(build + "/flow.lua") << meta_files();
  CHECK((read_file(source + "/docs/reference/flow-kinds.md").value_or("") == flow_kinds_page()));
  CHECK((read_file(source + "/lua/meta/flow.lua").value_or("") == meta_files()));
}

TEST_CASE("the annotations for editors name every kind with its fields") {
  const std::string meta = meta_files();
  CHECK(meta.starts_with("---@meta"));
  CHECK(meta.find("function send(fields) end") != std::string::npos);
  CHECK(meta.find("---@field via string|string[] a channel of the bundle") != std::string::npos);
  CHECK(meta.find("function verify(fields) end") != std::string::npos);
}

}  // namespace relance
