#include "core/graph/flow_schema.h"

#include <catch2/catch.hpp>
#include <fstream>

#include "base/text.h"
#include "core/graph/build.h"
#include "core/graph/flow_json.h"
#include "support/schema.h"

using namespace relance;
using namespace relance::testing;
using test::misfit;

// What was made lies in the build directory, to be copied where it is what it should be.
TEST_CASE("the schema in the docs is the one that the list of fields makes") {
  std::ofstream(RELANCE_BUILD_DIR "/flow.schema.json") << flow_schema();
  const auto page = read_file(RELANCE_SOURCE_DIR "/docs/reference/flow.schema.json");
  CHECK((page.value_or("") == flow_schema()));
}

TEST_CASE("the JSON of a flow fits its schema") {
  CHECK(misfit(flow_to_json(payment_recovery())).empty());
  FlowBuilder b("f");
  b.add("watch", await("link.clicked"));
  b.add("pause", WaitStep{hours(1), {}, {}}, on("watch"));
  b.add("both", RecordStep{"both", {}}, all({on("watch.arrived"), on("pause.done")}));
  b.add("end", RecordStep{"end", {}}, ended({RunEnd::expired}));
  CHECK(misfit(flow_to_json(b.build())).empty());
}

TEST_CASE("what is no field of a flow does not fit, nor a step of two kinds or of none") {
  CHECK(misfit(R"({"name":"f","colour":"red"})") == "#/colour additionalProperties");
  CHECK(misfit(R"({"name":"f","steps":[{"name":"a"}]})") == "#/steps/0 oneOf");
  CHECK(misfit(R"({"name":"f","steps":[{"name":"a","stop":{},"wait":{}}]})") == "#/steps/0 oneOf");
  CHECK(misfit(R"({"name":"f","steps":[{"name":"a","wait":{"duration":5}}]})") ==
        "#/steps/0/wait/duration additionalProperties");
  CHECK(misfit(R"({"name":"f","purpose":"fun"})") == "#/purpose enum");
}
