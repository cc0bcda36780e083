// Any text at all as a flow of a working bundle: a graph or findings at their lines, within the
// budgets. Where it loads, each of its functions is called in every way in which one can be.
#include <string>

#include "script/bundle_rules.h"
#include "script/worker_view.h"

using namespace relance;

namespace {

const BundleSources kBundle = {
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

class NoPlugins final : public PluginSide {
 public:
  const Channel* channel(std::string_view) const override { return nullptr; }
  const Connector* connector(std::string_view) const override { return nullptr; }
  Result<Doc> policy(std::string_view, std::string_view, std::string_view) const override {
    return Doc();
  }
};

template <class Given>
void require_words(const Result<Given>& given) {
  RELANCE_ASSERT(given.ok() || !given.error().message.empty());
}

void call_all(std::shared_ptr<const Bundle> bundle) {
  static RunToLookAt seen;
  const NoPlugins plugins;
  const auto rules = *BundleRules::make(std::move(bundle), plugins, 1);
  const Flow& flow = *rules->active().front();
  seen.flow = flow;
  const View view = seen.view();
  for (size_t i = 0; i < flow.function_lines.size() && i < 8; ++i) {
    const FunctionRef function{static_cast<decltype(FunctionRef::number)>(i)};
    require_words(rules->test(flow, function, view));
    require_words(rules->data(flow, function, view));
    require_words(rules->choose(flow, function, view));
    require_words(rules->where(flow, function, view.event()));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  BundleSources sources = kBundle;
  sources["payment_recovery.lua"] = std::string(reinterpret_cast<const char*>(bytes), size);
  LoadedBundle loaded = load_bundle(sources, "fuzz", {});
  bool any_error = false;
  for (const Finding& finding : loaded.findings) {
    RELANCE_ASSERT(!finding.error.message.empty());
    any_error = any_error || finding.severity == Severity::error;
  }
  RELANCE_ASSERT(any_error == (loaded.bundle == nullptr));
  if (loaded.bundle) call_all(std::move(loaded.bundle));
  return 0;
}
