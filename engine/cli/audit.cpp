// relance audit: what really left, measured by the rules of its time.
#include <cstdio>

#include "admin/ledger_audit.h"
#include "cli/command.h"
#include "node/derived.h"

namespace relance::cli {
namespace {

void audit(Program& program, const std::string& store_option, bool json) {
  StoreOptions how;
  how.read_only = true;
  how.derive = entry_deriver();
  auto store = open_store(store_url(store_option), std::move(how));
  const auto library = program.library();
  const auto load = [&](const BundleSources& sources) {
    return load_bundle(sources, "", load_options(*library, false)).bundle;
  };
  const auto found = store ? audit_ledger(**store, load) : Result<LedgerAudit>(store.error());
  if (!found) {
    print_error(found.error());
    program.exit = kCannotOpen;
    return;
  }
  const std::string text = json ? ledger_audit_json(*found) : ledger_audit_text(*found);
  std::printf("%s", text.c_str());
  if (!found->breaches.empty()) program.exit = kProblems;
}

}  // namespace

void add_audit(Program& program) {
  auto store = std::make_shared<std::string>();
  auto json = std::make_shared<bool>(false);
  CLI::App* command =
      add_command(program, "audit", "contacts and charges that left although a rule forbids it",
                  "relance audit --store shop.db");
  command->add_option("--store", *store,
                      "sqlite:PATH or PATH (default $RELANCE_STORE, else relance.db)");
  command->add_flag("--json", *json, "for programs");
  command->callback([&program, store, json] { audit(program, *store, *json); });
}

}  // namespace relance::cli
