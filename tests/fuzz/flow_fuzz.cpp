// Any text at all as a flow of a working bundle: a graph or findings at their lines, within the
// budgets.
#include <string>

#include "script/bundle.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace relance;
  static const BundleSources kBundle = {
      {"bundle.lua", R"(return bundle {
        name = "shop", currency = "EUR", zone = "Europe/Paris", locale = "fr",
        channels = { retry = plugin "relance.sandbox" { as = "retry" },
                     email = plugin "relance.sandbox" { as = "email" },
                     voice = plugin "relance.sandbox" { as = "voice" } },
        crm = plugin "relance.crm.csv" { file = "customers.csv" },
        policies = { smart_retry = plugin "relance.policy.smart_retry" {} },
        queues = { billing = {} },
      })"},
      {"templates/payment_link.email.fr.mustache", "Subject: a\nb\n"},
      {"templates/payment_help.script.fr.mustache", "[hello]\nb\n"},
      {"scripts/payment_help.lua", R"(local s = script "payment_help" { facts = {} }
        s.hello = say { text = "hello" }
        s.bye = close { after = s.hello.done, outcome = "promised", text = "hello" }
        return s)"},
  };
  BundleSources sources = kBundle;
  sources["payment_recovery.lua"] = std::string(reinterpret_cast<const char*>(bytes), size);
  const LoadedBundle loaded = load_bundle(sources, "fuzz", {});
  bool any_error = false;
  for (const Finding& finding : loaded.findings) {
    RELANCE_ASSERT(!finding.error.message.empty());
    any_error = any_error || finding.severity == Severity::error;
  }
  RELANCE_ASSERT(any_error == (loaded.bundle == nullptr));
  return 0;
}
