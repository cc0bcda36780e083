#include "script/bundle_rules.h"

#include <catch2/catch.hpp>
#include <thread>

namespace relance {
namespace {

constexpr const char* kFlow = R"(
local f = flow "dunning" {
  start = event "payment.failed" { where = function(e) return e.context ~= "checkout" end },
  key = "invoice_id", goal = event "payment.succeeded", purpose = "recovery", expire = days(10),
}
f.way = decide { outcomes = { "call", "mail" },
  by = function(run) return run.event.amount >= eur "100" and "call" or "mail" end,
}
f.retry = charge { after = f.way.mail, via = "retry", tries = 3, at = policy "evening" }
f.mail = send {
  after = any { f.retry.declined, f.retry.refused, f.retry.needs_customer, f.retry.failed },
  when = function(run) return run.failures >= 1 end,
  data = function(run) return { amount = run.event.amount } end,
  via = "email", template = "hello",
}
f.call = send { after = f.way.call, via = "voice", script = "talk",
  data = function(run) return { amount = run.event.amount } end,
}
f.human = handoff { after = any { f.call.wants_human, f.call.dissatisfied }, queue = "billing" }
ignore { f.mail.failed, f.mail.bounced, f.call.failed }
return f
)";

constexpr const char* kScript = R"(
local s = script "talk" { facts = { "amount" } }
s.hello = say { text = "hello" }
s.bye = close { after = s.hello.done, outcome = "told", text = "bye" }
return s
)";

constexpr const char* kBundle = R"(
return bundle {
  name = "shop", currency = "EUR", zone = "Europe/Paris", locale = "fr",
  controller = "A shop",
  channels = {
    retry = plugin "relance.sandbox" { as = "retry", class = "keyed" },
    email = plugin "relance.sandbox" { as = "email", class = "keyed" },
    voice = plugin "relance.sandbox" { as = "voice", class = "lookup" },
  },
  policies = { evening = "policies/evening.lua", native = plugin "acme.policy.native" {} },
  queues = { billing = { lease = minutes(45) } },
}
)";

constexpr const char* kPolicy = R"(
return function(ask)
  if ask.try == 2 then return { at = "18:30", reason = "evening" } end
  if ask.try == 3 then return { never = true, reason = "enough" } end
  if ask.try == 4 then return { at = "soon" } end
  if ask.try == 5 then return { problem = "no idea" } end
  return { at = "now", reason = #ask.earlier == 0 and "first" or ask.earlier[1] }
end
)";

BundleSources sources() {
  return {
      {"dunning.lua", kFlow},
      {"scripts/talk.lua", kScript},
      {"bundle.lua", kBundle},
      {"policies/evening.lua", kPolicy},
      {"templates/hello.email.fr.mustache", "Subject: {{amount}}\nBonjour {{first_name}}\n"},
      {"templates/hello.email.en.mustache", "Subject: {{amount}}\nHello {{first_name}}\n"},
      {"templates/talk.script.fr.mustache", "[hello]\nBonjour, {{amount}}.\n[bye]\nAu revoir.\n"}};
}

class FakePlugins : public PluginSide {
 public:
  FakePlugins() {
    email.name = "email";
    email.kind = "email";
    crm.name = "crm";
  }
  const Channel* channel(std::string_view name) const override {
    return name == "email" ? &email : nullptr;
  }
  const Connector* connector(std::string_view name) const override {
    return name == "crm" ? &crm : nullptr;
  }
  Result<Doc> policy(std::string_view name, std::string_view kind,
                     std::string_view ask) const override {
    asked = to_json(*from_json(ask));
    CHECK(name == "native");
    CHECK(kind == "at");
    return answer;
  }
  Channel email;
  Connector crm;
  Doc answer = *from_json(R"({"at":"2026-01-07T10:00","reason":"payday"})");
  mutable std::string asked;
};

std::shared_ptr<const Bundle> load(const BundleSources& from) {
  LoadedBundle loaded = load_bundle(from, "shop", {});
  for (const Finding& finding : loaded.findings) {
    if (finding.severity == Severity::error) FAIL(finding.error.text());
  }
  return loaded.bundle;
}

// The rules of the bundle above, and a run of its flow to ask them about.
struct Scene {
  FakePlugins plugins;
  std::shared_ptr<BundleRules> rules = *BundleRules::make(load(sources()), plugins, 7);
  const Flow& flow = *rules->active().front();
  Customer customer;
  Run run;

  Scene() {
    customer.id = customer_key("shop", "c-1");
    customer.profile = sealed(R"({"first_name":"Zoé","timezone":"Europe/Paris"})");
    run.id = derive_key({"run"});
    run.failures = 1;
    event(R"({"invoice_id":"i-1","amount":{"minor":4900,"currency":"EUR"}})");
  }

  Sealed sealed(std::string_view json) const { return seal(customer.id, from_json(json)->bytes()); }
  void event(std::string_view json) { run.event = sealed(json); }
  View view() const { return {customer, run, flow, parse_instant("2026-01-05T08:00:00Z").value()}; }

  template <class Body>
  const Body& body(std::string_view name) const {
    return std::get<Body>(flow.find(name)->body);
  }

  Result<PolicyAnswer> ask(int try_no, std::string_view policy = "evening",
                           Instant not_before = {}) const {
    PolicyQuestion question;
    question.kind = "at";
    question.step = static_cast<StepIndex>(flow.find("retry") - flow.steps.data());
    question.try_no = try_no;
    question.not_before = not_before;
    question.zone = *Zone::find("Europe/Paris");
    if (try_no > 1) question.earlier = {parse_instant("2026-01-04T08:00:00Z").value()};
    return rules->policy(policy, question, view());
  }
};

}  // namespace

TEST_CASE("A bundle's rules know its flows by version and by the event that starts them") {
  const Scene scene;
  CHECK(scene.rules->generation() == 7);
  CHECK(scene.rules->tenant() == "shop");
  CHECK(scene.rules->flow(scene.flow.version) == &scene.flow);
  CHECK(scene.rules->flow(derive_key({"other"})) == nullptr);
  REQUIRE(scene.rules->started_by("payment.failed").size() == 1);
  CHECK(scene.rules->started_by("payment.failed")[0] == &scene.flow);
  CHECK(scene.rules->started_by("payment.succeeded").empty());
  REQUIRE(scene.rules->script(scene.flow, "talk") != nullptr);
  CHECK(scene.rules->script(scene.flow, "talk")->turns.size() == 2);
  CHECK(scene.rules->script(scene.flow, "other") == nullptr);
}

TEST_CASE("What the bundle says is passed on") {
  const Scene scene;
  CHECK(scene.rules->zone().name() == "Europe/Paris");
  CHECK(scene.rules->locale() == "fr");
  CHECK(scene.rules->queue("billing")->lease == minutes(45));
  CHECK(scene.rules->about("link.clicked") == "touch");
  CHECK(scene.rules->about("payment.failed").empty());
  CHECK(scene.rules->channel("email") == &scene.plugins.email);
  CHECK(scene.rules->connector("crm") == &scene.plugins.crm);
}

TEST_CASE("Functions of a flow are called with what they may look at") {
  Scene scene;
  const auto& decide = scene.body<DecideStep>("way");
  CHECK(scene.rules->choose(scene.flow, decide.function, scene.view()).value() == "mail");
  scene.event(R"({"amount":{"minor":49900,"currency":"EUR"}})");
  CHECK(scene.rules->choose(scene.flow, decide.function, scene.view()).value() == "call");
  CHECK(scene.rules->test(scene.flow, scene.flow.find("mail")->when, scene.view()).value());
  const auto data =
      scene.rules->data(scene.flow, scene.body<SendStep>("mail").data.function, scene.view());
  CHECK(to_json(*data) == R"({"amount":{"currency":"EUR","minor":49900}})");
  const FunctionRef where = scene.flow.start.front().where;
  CHECK(scene.rules->where(scene.flow, where, *from_json(R"({"context":"recurring"})")).value());
  CHECK_FALSE(
      scene.rules->where(scene.flow, where, *from_json(R"({"context":"checkout"})")).value());
}

TEST_CASE("An amount in a currency that a flow cannot compare is an error, and no guess") {
  Scene scene;
  scene.event(R"({"amount":{"minor":4900,"currency":"PLN"}})");
  const auto chosen =
      scene.rules->choose(scene.flow, scene.body<DecideStep>("way").function, scene.view());
  REQUIRE_FALSE(chosen.ok());
  CHECK(chosen.error().where.file == "shop/dunning.lua");
  CHECK(chosen.error().where.line == 7);
}

TEST_CASE("Each thread calls the functions on a state of its own") {
  const Scene scene;
  const FunctionRef function = scene.body<DecideStep>("way").function;
  std::vector<std::string> words(4);
  std::vector<std::jthread> threads;
  for (std::string& word : words) {
    threads.emplace_back([&] {
      for (int i = 0; i < 100; ++i)
        word = scene.rules->choose(scene.flow, function, scene.view()).value();
    });
  }
  threads.clear();
  CHECK(words == std::vector<std::string>(4, "mail"));
}

TEST_CASE("A Lua policy tells the moment of a try, in the customer's time") {
  const Scene scene;
  const auto at = [](const Result<PolicyAnswer>& answer) {
    return format_instant(answer.value().at);
  };
  CHECK(at(scene.ask(1)) == "2026-01-05T08:00:00Z");
  CHECK(scene.ask(1)->reason == "first");
  CHECK(at(scene.ask(1, "evening", parse_instant("2026-01-06T00:00:00Z").value())) ==
        "2026-01-06T00:00:00Z");
  CHECK(at(scene.ask(2)) == "2026-01-05T17:30:00Z");
  CHECK(scene.ask(6)->reason == "2026-01-04T09:00");
  CHECK(scene.ask(3)->never);
}

TEST_CASE("A policy that gives no moment fails by name") {
  const Scene scene;
  CHECK(scene.ask(4).error().message == "policy 'evening' gives no moment in 'at': \"soon\"");
  CHECK(scene.ask(5).error().message == "policy 'evening': no idea");
  CHECK(scene.ask(5).error().code == Code::plugin_refused);
}

TEST_CASE("A native policy is asked with a whole record") {
  Scene scene;
  const auto answer = scene.ask(2, "native");
  REQUIRE(answer.ok());
  CHECK(format_instant(answer->at) == "2026-01-07T09:00:00Z");
  CHECK(answer->reason == "payday");
  CHECK(scene.plugins.asked ==
        R"({"customer":{"first_name":"Zoé","timezone":"Europe/Paris"},)"
        R"("earlier":["2026-01-04T09:00"],)"
        R"("event":{"amount":{"currency":"EUR","minor":4900},"invoice_id":"i-1"},"kind":"at",)"
        R"("local":"2026-01-05T09:00","now":"2026-01-05T08:00:00Z","run":{"invoice_id":"i-1"},)"
        R"("touches":[],"try":2,"zone":"Europe/Paris"})");
  scene.plugins.answer = *from_json(R"({"at":"2026-01-01T10:00:00Z"})");
  CHECK(format_instant(scene.ask(2, "native")->at) == "2026-01-05T08:00:00Z");
}

TEST_CASE("A message is made ready from today's template and renders from its inputs alone") {
  const Scene scene;
  const Doc data = *from_json(R"({"amount":{"minor":4900,"currency":"EUR"}})");
  const auto inputs = scene.rules->inputs({"hello", "email", "fr"}, scene.view(), data);
  REQUIRE(inputs.ok());
  const auto parts = scene.rules->render(*inputs, data);
  REQUIRE(parts.ok());
  REQUIRE(parts->size() == 2);
  CHECK(parts->at(0).text == "49,00 €");
  CHECK(parts->at(1).text == "Bonjour Zoé");
  CHECK(scene.rules->inputs({"nothing", "email", "fr"}, scene.view(), data).error().code ==
        Code::unknown_template);
  CHECK(scene.rules->render(Doc::record({{"template", Doc::text("gone")}}), {}).error().code ==
        Code::unknown_template);
}

TEST_CASE("A touch frozen by an earlier generation renders from that generation's template") {
  const Scene old;
  const auto inputs = old.rules->inputs({"hello", "email", "en"}, old.view(), Doc::empty_record());
  BundleSources changed = sources();
  changed["templates/hello.email.en.mustache"] = "Subject: New\nHi {{first_name}}\n";
  const auto rules = *BundleRules::make(load(changed), old.plugins, 8);
  CHECK_FALSE(rules->render(*inputs, {}).ok());
  REQUIRE(rules->add_templates(sources()).ok());
  CHECK(rules->render(*inputs, {})->at(1).text == "Hello Zoé");
}

TEST_CASE("A line of a conversation is said in the customer's language with the frozen values") {
  const Scene scene;
  const Doc data = *from_json(R"({"amount":{"minor":4900,"currency":"EUR"}})");
  const auto inputs = scene.rules->inputs({"talk", "script", "fr"}, scene.view(), data);
  REQUIRE(inputs.ok());
  CHECK(scene.rules->line("talk", "hello", "fr", *inputs).value() == "Bonjour, 49,00 €.");
  CHECK(scene.rules->line("talk", "gone", "fr", *inputs).error().code == Code::script_missing_text);
  CHECK(scene.rules->line("gone", "hello", "fr", {}).error().code == Code::unknown_template);
}

TEST_CASE("An automated caller says that it is one, in its words or in ours") {
  const Scene scene;
  CHECK(scene.rules->disclosure("talk", "fr-CA", {}) == "Je suis un assistant automatique.");
  CHECK(scene.rules->disclosure("talk", "xx", {}) == "This is an automated assistant.");
  BundleSources own = sources();
  for (auto& [path, text] : own)
    if (path.starts_with("templates/talk.script.fr")) text += "\n[disclosure]\nIci un robot.\n";
  const auto rules = *BundleRules::make(load(own), Scene().plugins, 8);
  CHECK(rules->disclosure("talk", "fr", {}) == "Ici un robot.");
}

TEST_CASE("A version that no longer stands in the files goes on from its stored sources") {
  const Scene old;
  const CompiledFlow& stored = old.rules->bundle().flows.front();
  BundleSources changed = sources();
  changed["dunning.lua"].append("-- a comment makes another version\n");
  const auto rules = *BundleRules::make(load(changed), old.plugins, 8);
  CHECK(rules->flow(old.flow.version) == nullptr);
  REQUIRE(rules->add_version(stored.sources, stored.json).ok());
  const Flow* again = rules->flow(old.flow.version);
  REQUIRE(again != nullptr);
  CHECK(rules->active().size() == 1);
  CHECK(rules->active().front() != again);
  CHECK(rules->choose(*again, old.body<DecideStep>("way").function, old.view()).value() == "mail");
  CHECK(rules->script(*again, "talk") != nullptr);
}

TEST_CASE("A version that does not compile to its stored graph again is refused by name") {
  const Scene scene;
  const CompiledFlow& stored = scene.rules->bundle().flows.front();
  BundleSources other = stored.sources;
  other["dunning.lua"].append("-- not what was stored\n");
  const Status added = scene.rules->add_version(other, stored.json);
  REQUIRE_FALSE(added.ok());
  CHECK(added.error().code == Code::run_no_flow_version);

  BundleSources poorer = sources();
  poorer.erase("templates/hello.email.fr.mustache");
  poorer.erase("templates/hello.email.en.mustache");
  poorer["dunning.lua"] = R"(
local f = flow "dunning" { start = event "payment.failed", key = "invoice_id", purpose = "service" }
f.end_ = stop { reason = "nothing" }
return f
)";
  const auto rules = *BundleRules::make(load(poorer), scene.plugins, 8);
  const Status gone = rules->add_version(stored.sources, stored.json);
  REQUIRE_FALSE(gone.ok());
  CHECK(gone.error().message.find("hello") != std::string::npos);
}

TEST_CASE("A Lua policy decides among the words of its step") {
  BundleSources with_choice = sources();
  with_choice["policies/evening.lua"] = R"(
return function(ask)
  return { outcome = ask.choices[1], reason = ask.kind }
end
)";
  with_choice["dunning.lua"] = R"(
local f = flow "dunning" { start = event "payment.failed", key = "invoice_id", purpose = "service" }
f.pick = decide { policy = policy "evening", outcomes = { "left", "right" } }
f.bad = stop { after = f.pick.left, reason = "left" }
f.good = stop { after = f.pick.right, reason = "right" }
return f
)";
  const FakePlugins plugins;
  const auto rules = *BundleRules::make(load(with_choice), plugins, 1);
  const Scene scene;
  const View view(scene.customer, scene.run, *rules->active().front(), Instant{0});
  PolicyQuestion question;
  question.kind = "decide";
  question.step = 0;
  const auto answer = rules->policy("evening", question, view);
  REQUIRE(answer.ok());
  CHECK(answer->choice == "left");
  CHECK(answer->reason == "decide");
}

TEST_CASE("the revision of a policy in Lua is another one when its text is") {
  const auto revision = [](const BundleSources& from) {
    const FakePlugins plugins;
    return (*BundleRules::make(load(from), plugins, 1))->policy_revision("evening");
  };
  BundleSources changed = sources();
  changed["policies/evening.lua"] += "-- later\n";
  CHECK(revision(sources()).size() == 12);
  CHECK(revision(sources()) == revision(sources()));
  CHECK(revision(changed) != revision(sources()));
}

}  // namespace relance
