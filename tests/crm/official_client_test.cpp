// HubSpot's own client understands the fake: what the plugin is tested with is no fancy of ours.
#include "providers/fake_hubspot.h"
#include "support/node_program.h"

using namespace relance;

TEST_CASE("HubSpot's own client understands the fake") {
  FakeHubSpot hubspot;
  hubspot.add_contact(101, {{"email", "ann@example.com"}, {"firstname", "Ann"}});
  hubspot.add_contact(102, {{"email", "bob@example.com"}, {"firstname", "Bob"}});
  const Doc told =
      from_json(test::run_node(RELANCE_SOURCE_DIR "/tests/crm/official_client.mjs",
                               {test::kNodeModules, hubspot.url(), FakeHubSpot::kToken}))
          .value();
  const auto text = [&](std::string_view name) {
    return std::string(told.view().find(name).text().value_or(""));
  };
  CHECK(text("read") == "Ann");
  CHECK(text("by_email") == "102");
  CHECK(text("found") == "101");
  CHECK(text("batch") == "101");
  CHECK(text("missing") == "999");
  CHECK(text("after") == "102");
  CHECK(text("note_again") == "400 VALIDATION_ERROR");
  CHECK(told.view().find("same_note").boolean() == true);
  CHECK(told.view().find("unique").boolean() == true);
  CHECK(text("updated") == "Anna");
  CHECK(text("stranger") == "401 INVALID_AUTHENTICATION");
  CHECK(text("nobody") == "404 OBJECT_NOT_FOUND");
  CHECK(hubspot.ledger().count("notes") == 1);
}
