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

TEST_CASE("the page in the docs is the one the registry makes") {
  const std::string made = std::string(RELANCE_BUILD_DIR) + "/flow-kinds.md";
  std::ofstream(made) << flow_kinds_page();
  const std::string page = std::string(RELANCE_SOURCE_DIR) + "/docs/reference/flow-kinds.md";
  INFO("copy " << made << " to docs/reference");
  CHECK((read_file(page).value_or("") == flow_kinds_page()));
}

TEST_CASE("the annotations for editors name every kind with its fields") {
  const std::string meta = meta_files();
  CHECK(meta.starts_with("---@meta"));
  CHECK(meta.find("function send(fields) end") != std::string::npos);
  CHECK(meta.find("---@field via any a channel of the bundle") != std::string::npos);
  CHECK(meta.find("function verify(fields) end") != std::string::npos);
}

}  // namespace relance
