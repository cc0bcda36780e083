// An audit of a store measures what really left, whatever the gate said at the time.
#include <catch2/catch.hpp>

#include "admin/ledger_audit.h"
#include "sim/rehearsal.h"
#include "support/replay.h"

using namespace relance;
using namespace relance::test;

namespace {

BundleSources shop() {
  return {{"bundle.lua",
           "return bundle { name = 'shop', currency = 'EUR', zone = 'Europe/Paris', locale = 'en', "
           "controller = 'Shop', "
           "channels = { email = plugin 'relance.sandbox' { as = 'email', class = 'keyed' } }, "
           "crm = plugin 'relance.sandbox' { as = 'crm' } }\n"},
          {"contact.lua", "return contact { gap = hours(4) }\n"},
          {"templates/note.email.en.mustache", "Subject: Hello\nHello\n"},
          {"note.lua",
           "local f = flow 'note' { start = event 'payment.failed', key = 'invoice_id', "
           "goal = event 'payment.succeeded', purpose = 'service' }\n"
           "f.mail = send { via = 'email', template = 'note' }\n"
           "ignore { f.mail }\n"
           "return f\n"}};
}

std::shared_ptr<const Bundle> bundle_of(const BundleSources& sources) {
  return load_bundle(sources, "", {}).bundle;
}

}  // namespace

TEST_CASE("an audit finds no breach in what the gate let pass, and each that was forged past it",
          "[S0-06][S2-23]") {
  const auto library = open_plugin_library({RELANCE_BUILD_DIR "/lib/relance/plugins"});
  RehearsalOptions options;
  options.start = *parse_instant("2026-01-05T10:00:00Z");
  options.sandbox.on = true;
  std::vector<Error> errors;
  auto made = Rehearsal::make(bundle_of(shop()), *library, std::move(options), errors);
  for (const Error& error : errors) UNSCOPED_INFO(error.text());
  REQUIRE(made);
  Rehearsal& rehearsal = **made;
  for (const char* invoice : {"i-1", "i-2"})
    rehearsal.at(rehearsal.clock().now(),
                 EventInput{invoice,
                            "test",
                            "payment.failed",
                            "c-1",
                            rehearsal.clock().now(),
                            Doc::record({{"invoice_id", Doc::text(invoice)}}),
                            event_hash("shop", "c-1", "test", invoice),
                            {}});
  REQUIRE(rehearsal.run());
  Store& store = rehearsal.node().store();
  const History history = replay(store);
  REQUIRE(history.touches().size() == 2);

  const auto clean = audit_ledger(store, bundle_of);
  REQUIRE(clean);
  CHECK(clean->breaches.empty());
  CHECK(clean->contacts == 2);
  CHECK(clean->customers == 1);
  CHECK(clean->unmeasured == 0);

  Touch forged = history.touches().back();
  forged.key = derive_key({"forged"});
  Entry entry;
  entry.customer = history.customers.begin()->first;
  entry.at = forged.intended_at + hours(1);
  entry.generation = history.entries.back().generation;
  entry.records = {TouchIntended{forged, false}};
  Batch batch;
  batch.epoch = store.opened().epoch;
  batch.at = entry.at + days(30);
  batch.entries = {{entry.customer, history.next, history.next - 1, encode_entry(entry), {}}};
  REQUIRE(store.commit(batch) == CommitOutcome::ok);

  const auto audited = audit_ledger(store, bundle_of);
  REQUIRE(audited);
  REQUIRE(audited->breaches.size() == 1);
  CHECK(audited->breaches[0].rule == "gap");
  const std::string told = ledger_audit_text(*audited);
  CHECK(told.find("E0130") != std::string::npos);
  CHECK(told.find("c-1: gap: a contact over email, note.mail") != std::string::npos);

  const auto blind = audit_ledger(store, [](const BundleSources&) { return nullptr; });
  REQUIRE(blind);
  CHECK(blind->breaches.empty());
  CHECK(blind->unmeasured == 3);
}
