// Hostile scripts (tests/attacks): each is stopped or refused in time, at its place and with its
// code, in bounded memory, and another flow in the same Lua state gives what it gave before.
#include "support/attacks.h"

#include <sys/resource.h>

#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "script/bundle_rules.h"
#include "script/worker_view.h"

namespace relance {
namespace {

// A call may burn its budget and 50 ms more; a file has the hundredfold budget.
constexpr double kCallSeconds = 0.100 * kSlowness;
constexpr double kLoadSeconds = 1.2 * kSlowness;
constexpr long kMostGrowthKiB = 96 * 1024;

constexpr const char* kHead = R"(local f = flow "attacker" {
  start = event "payment.failed", key = "invoice_id", purpose = "recovery", expire = days(9),
}
)";
constexpr const char* kTail = "ignore { f.x.failed }\nreturn f\n";

// How the engine calls what stands at a place; `load`: running the file is the attack.
enum class Call { load, test, where, data, choose, policy, render };

struct Place {
  std::string path;
  Call call = Call::load;
  std::string text;
};

std::string flow_with(const std::string& step) { return kHead + step + kTail; }
std::string started(const std::string& field) {
  return "local f = flow \"attacker\" {\n  key = \"invoice_id\", purpose = \"recovery\", expire = "
         "days(9),\n" +
         field + "}\nf.x = record { what = \"x\" }\nreturn f\n";
}
const std::string kStarts = "start = event \"payment.failed\",\n";
const std::string kWhere = " event \"payment.failed\" { where = function(run)\n@\nend },\n";
const std::string kFunction = " function(run)\n@\nend";

const std::map<std::string, Place>& places() {
  static const std::map<std::string, Place> all = {
      // functions of a flow
      {"step when",
       {"attacker.lua", Call::test,
        flow_with("f.x = send { via = \"email\", template = \"hello\", when =" + kFunction +
                  " }\n")}},
      {"flow when", {"attacker.lua", Call::test, started(kStarts + "when =" + kFunction + ",\n")}},
      {"start where", {"attacker.lua", Call::where, started("start =" + kWhere)}},
      {"goal where", {"attacker.lua", Call::where, started(kStarts + "goal =" + kWhere)}},
      {"stop where", {"attacker.lua", Call::where, started(kStarts + "stop =" + kWhere)}},
      {"updates where", {"attacker.lua", Call::where, started(kStarts + "updates =" + kWhere)}},
      {"await where",
       {"attacker.lua", Call::where,
        flow_with("f.x = act { on = \"shop\", op = \"look\" }\n"
                  "f.w = await { within = days(1)," +
                  kWhere + "}\n")}},
      {"expect where",
       {"attacker.lua", Call::where,
        flow_with("f.x = send { via = \"email\", template = \"hello\", expect =" + kWhere +
                  "}\n")}},
      {"send data",
       {"attacker.lua", Call::data,
        flow_with("f.x = send { via = \"email\", template = \"hello\", data =" + kFunction +
                  " }\n")}},
      {"record data",
       {"attacker.lua", Call::data,
        flow_with("f.r = record { what = \"x\", data =" + kFunction +
                  " }\n"
                  "f.x = act { on = \"shop\", op = \"look\" }\n")}},
      {"act data",
       {"attacker.lua", Call::data,
        flow_with("f.x = act { on = \"shop\", op = \"look\", data =" + kFunction + " }\n")}},
      {"act only_if",
       {"attacker.lua", Call::data,
        flow_with("f.x = act { on = \"shop\", op = \"look\", only_if =" + kFunction + " }\n")}},
      {"hold data",
       {"attacker.lua", Call::data,
        flow_with("f.x = hold { on = \"shop\", op = \"hold\", undo = \"free\", at_most = days(1), "
                  "data =" +
                  kFunction + " }\n")}},
      {"decide by",
       {"attacker.lua", Call::choose,
        flow_with("f.d = decide { outcomes = { \"yes\", \"no\" }, by =" + kFunction +
                  " }\n"
                  "f.x = act { on = \"shop\", op = \"look\", after = f.d.yes }\n")}},
      {"policy", {"policies/attacker.lua", Call::policy, "return function(ask)\n@\nend\n"}},
      // the top of a file
      {"flow top",
       {"attacker.lua", Call::load,
        "@\n" + flow_with("f.x = act { on = \"shop\", op = \"look\" }\n")}},
      {"flow middle",
       {"attacker.lua", Call::load, flow_with("f.x = act { on = \"shop\", op = \"look\" }\n@\n")}},
      {"function of the file",
       {"attacker.lua", Call::test,
        "@\n" + flow_with("f.x = act { on = \"shop\", op = \"look\", when = attack }\n")}},
      {"script top",
       {"scripts/talk.lua", Call::load,
        "@\nlocal s = script \"talk\" { }\n"
        "s.hello = say { text = \"hello\" }\n"
        "s.bye = close { after = s.hello.done, outcome = \"told\", text = \"hello\" }\n"
        "return s\n"}},
      {"events top", {"events.lua", Call::load, "@\nreturn events { }\n"}},
      {"contact top", {"contact.lua", Call::load, "@\nreturn contact { }\n"}},
      {"bundle top", {"bundle.lua", Call::load, "@\n"}},
      {"policy top", {"policies/attacker.lua", Call::policy, "@\n"}},
      {"template", {"templates/hello.email.fr.mustache", Call::render, "@\n"}},
  };
  return all;
}

constexpr const char* kBundle = R"(
return bundle {
  name = "shop", currency = "EUR", zone = "Europe/Paris", locale = "fr",
  channels = { email = plugin "relance.sandbox" { as = "email" } },
  connectors = { shop = plugin "relance.sandbox" { } },
  policies = { attacker = "policies/attacker.lua" },
}
)";

// What a flow usually does, over most of what functions share.
constexpr const char* kNeighbour = R"lua(
local limits = { eur "10", eur "50", step = 2 }
local f = flow "neighbour" {
  start = event "payment.failed" { where = function(e) return e.context == "recurring" end },
  key = "invoice_id", purpose = "recovery", expire = days(9),
}
f.w = decide { outcomes = { "mail", "wait" },
  by = function(run) return run.event.amount >= at_least { eur "20" } and "mail" or "wait" end }
f.x = send { after = f.w.mail, via = "email", template = "hello",
  when = function(run) return run.failures >= limits.step and not run.promised.nothing end,
  data = function(run)
    local keys, names = "", { "b", "c", "a" }
    table.sort(names)
    for key in pairs(limits) do keys = keys .. tostring(key) .. ";" end
    return {
      keys = keys, names = table.concat(names, ","), up = ("recurring"):upper():rep(2, "-"),
      found = { ("key = value"):match("(%w+) = (%w+)") }, n = #limits, most = math.max(3, 7),
      more = string.format("%5.2f|%s", 2.5, run.event.amount), span = hours(2) * 3 > hours(5),
      last = run.touches.last { channel = "voice" }.outcome, said = run.steps.w.outcome or "",
      type = type(run.event.decline) .. type(eur "3") .. type({}), utf = utf8.char(8364),
      high = run.event.amount > eur "40", unknown = run.event.nothing == nil,
    }
  end }
ignore { f.x.failed }
return f
)lua";

BundleSources sources_with(const std::string& path, const std::string& text) {
  BundleSources sources = {
      {"bundle.lua", kBundle},
      {"neighbour.lua", kNeighbour},
      {"policies/attacker.lua", "return function(ask) return { at = \"now\" } end\n"},
      {"templates/hello.email.fr.mustache", "Subject: a\nBonjour {{first_name}}\n"},
      {"templates/talk.script.fr.mustache", "[hello]\nBonjour.\n"}};
  if (!path.empty()) sources[path] = text;
  return sources;
}

class NoPlugins : public PluginSide {
 public:
  const Channel* channel(std::string_view) const override { return nullptr; }
  const Connector* connector(std::string_view) const override { return nullptr; }
  Result<Doc> policy(std::string_view, std::string_view, std::string_view) const override {
    return Doc();
  }
};

// The rules of a bundle and a run to ask them about; both flows work in this thread's Lua state.
struct Scene {
  NoPlugins plugins;
  std::shared_ptr<BundleRules> rules;
  RunToLookAt seen;

  explicit Scene(std::shared_ptr<const Bundle> bundle)
      : rules(*BundleRules::make(std::move(bundle), plugins, 1)) {}

  const Flow* flow(std::string_view name) const {
    for (const Flow* flow : rules->active())
      if (flow->name == name) return flow;
    return nullptr;
  }

  template <class Given>
  static std::string said(const Result<Given>& given, std::string (*show)(const Given&)) {
    return given ? show(*given) : given.error().text();
  }
  static std::string shown_bool(const bool& value) { return value ? "true" : "false"; }
  static std::string shown_text(const std::string& value) { return value; }
  static std::string shown_doc(const Doc& value) { return to_json(value); }

  // Everything the neighbour's functions give.
  std::string neighbour() {
    const Flow& own = *flow("neighbour");
    seen.flow = own;
    const View view = seen.view();
    return said(rules->where(own, {0}, view.event()), shown_bool) + " " +
           said(rules->choose(own, {1}, view), shown_text) + " " +
           said(rules->data(own, {2}, view), shown_doc) + " " +
           said(rules->test(own, {3}, view), shown_bool);
  }

  // As before a touch leaves: over forty items from outside, with a long text.
  std::optional<Error> render(const View& view) const {
    std::vector<Doc> items(40, Doc::text("item"));
    const Doc data =
        Doc::record({{"items", Doc::list(items)}, {"long", Doc::text(std::string(100'000, 'x'))}});
    const auto inputs = rules->inputs({"hello", "email", "fr"}, view, data);
    if (!inputs) return inputs.error();
    const auto parts = rules->render(*inputs, data);
    return parts ? std::nullopt : std::optional<Error>(parts.error());
  }

  std::optional<Error> attack(Call call) {
    const auto problem = [](const auto& result) {
      return result ? std::nullopt : std::optional<Error>(result.error());
    };
    const Flow* attacker = flow("attacker");
    const Flow& own = attacker == nullptr ? *flow("neighbour") : *attacker;
    seen.flow = own;
    const View view = seen.view();
    switch (call) {
      case Call::test: return problem(rules->test(own, {0}, view));
      case Call::where: return problem(rules->where(own, {0}, view.event()));
      case Call::data: return problem(rules->data(own, {0}, view));
      case Call::choose: return problem(rules->choose(own, {0}, view));
      case Call::policy: {
        PolicyQuestion question;
        question.kind = "at";
        return problem(rules->policy("attacker", question, view));
      }
      case Call::render: return render(view);
      case Call::load: break;
    }
    return std::nullopt;
  }
};

long peak_kib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

void check_error(const Attack& attack, const Error& error, const std::string& how,
                 const std::string& path, int first_line) {
  INFO(attack.ending << ", found: " << how << " " << error.text().substr(0, 300));
  const bool as_told = attack.ending.starts_with(how + " ") &&
                       attack.ending.find(code_text(error.code)) != std::string::npos;
  CHECK(as_told);
  if (error.where.file.empty()) return;  // what a text becomes has no line
  CHECK(error.where.file == "shop/" + path);
  CHECK(error.message.size() <= 1500);
  const int line = error.where.line - first_line + 1;
  if (attack.marked_line > 0)
    CHECK(line == attack.marked_line);
  else if (error.where.line > 0)
    CHECK((line >= 0 && line <= attack.lines() + 9));  // what never ends ends with the file
}

std::string other_findings(const LoadedBundle& loaded, const std::string& path) {
  std::string text;
  for (const Finding& finding : loaded.findings)
    if (finding.severity == Severity::error && finding.error.where.file != "shop/" + path)
      text += finding.error.text() + "\n";
  return text;
}

// The first error of the attacker's own file.
std::optional<Error> refusal(const LoadedBundle& loaded, const std::string& path) {
  for (const Finding& finding : loaded.findings)
    if (finding.severity == Severity::error && finding.error.where.file == "shop/" + path)
      return finding.error;
  return std::nullopt;
}

void call_attack(const Attack& attack, Scene& scene, const Place& place, int first_line) {
  const std::string before = scene.neighbour();
  CHECK(before.find("error") == std::string::npos);
  double slowest = 0;
  for (int again = 0; again < 3; ++again) {
    const double begun = processor_seconds();
    const std::optional<Error> error = scene.attack(place.call);
    // The first call compiles the file for this thread.
    if (again > 0) slowest = std::max(slowest, processor_seconds() - begun);
    if (error && attack.ending != "harmless")
      check_error(attack, *error, "stopped", place.path, first_line);
    CHECK((error.has_value() || attack.ending == "harmless"));
    CHECK(scene.neighbour() == before);
  }
  CHECK(slowest < kCallSeconds);
}

void run_attack(const Attack& attack) {
  const Place& place = places().at(attack.place);
  int first_line = 0;
  const std::string text = with_body(place.text, attack, first_line);
  const double begun = processor_seconds();
  const LoadedBundle loaded = load_bundle(sources_with(place.path, text), "shop", {});
  CHECK(processor_seconds() - begun < kLoadSeconds);
  const bool whole = place.path == "bundle.lua";                     // nothing loads without it
  const bool needed = place.call == Call::render && !loaded.bundle;  // the neighbour's template
  if (!whole && !needed) CHECK(other_findings(loaded, place.path) == "");
  const std::optional<Error> refused = refusal(loaded, place.path);
  if (refused) {
    check_error(attack, *refused, "refused", place.path, first_line);
  } else {
    CHECK_FALSE(attack.ending.starts_with("refused"));
    REQUIRE(loaded.bundle);
    Scene scene(loaded.bundle);
    if (place.call == Call::load)
      CHECK(scene.neighbour().find("error") == std::string::npos);
    else
      call_attack(attack, scene, place, first_line);
  }
}

bool is_of_flow_tests(const Attack& attack) { return attack.place.starts_with("test "); }

}  // namespace

TEST_CASE("a hostile script is stopped in time, at its line, and its neighbour is not harmed") {
  for (const Attack& attack : all_attacks()) {
    if (is_of_flow_tests(attack)) continue;
    DYNAMIC_SECTION(attack.title()) {
      const long before = peak_kib();
      run_attack(attack);
      CHECK(peak_kib() - before < kMostGrowthKiB);
    }
  }
}

TEST_CASE("there are a hundred attacks and more, each with a name of its own") {
  const std::vector<Attack>& attacks = all_attacks();
  CHECK(attacks.size() >= 100);
  std::set<std::string> names;
  for (const Attack& attack : attacks) {
    CAPTURE(attack.title());
    CHECK(names.insert(attack.name).second);
    CHECK((is_of_flow_tests(attack) || places().count(attack.place) == 1));
    const bool known = attack.ending == "harmless" || attack.ending.starts_with("refused E") ||
                       attack.ending.starts_with("stopped E");
    CHECK(known);
  }
}

}  // namespace relance
