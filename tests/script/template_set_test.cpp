#include "script/template_set.h"

#include <catch2/catch.hpp>

#include "script/format_value.h"
#include "script/mustache.h"
#include "script/template_inputs.h"

namespace relance {
namespace {

const Zone& paris() { return *Zone::find("Europe/Paris").value(); }

std::string rendered(std::string_view text, std::string_view values, std::string_view locale = "en",
                     bool html = false) {
  MustacheValues prepared(locale, paris());
  prepared.add(*from_json(values));
  const Result<std::string> result = prepared.render(text, html);
  return result ? *result : "error: " + result.error().message;
}

std::string problem(const std::string& path, const std::string& source) {
  TemplateSet set;
  const Status added = set.add(path, source);
  return added.ok() ? "" : added.error().text();
}

Money euro(int64_t minor) { return {minor, Currency::parse("EUR").value()}; }

// A customer with one run, and a view of it.
struct Scene {
  Customer customer;
  Run run;
  Flow flow;

  Scene() {
    customer.id = derive_key({"customer"});
    run.id = derive_key({"run"});
    run.event =
        sealed(Doc::record({{"invoice_id", Doc::text("i-1")}, {"amount", Doc::money(euro(4900))}}));
    customer.profile = sealed(Doc::record(
        {{"first_name", Doc::text("Zoé")}, {"timezone", Doc::text("America/New_York")}}));
    flow.steps.resize(1);
    flow.steps[0].name = "email";
    flow.steps[0].body = SendStep{};
  }

  Sealed sealed(const Doc& doc) const { return seal(customer.id, doc.bytes()); }

  void contacted(std::string kind, std::string outcome) {
    Touch touch;
    touch.run = run.id;
    touch.step = 0;
    touch.state = TouchState::done;
    touch.channel = kind;
    touch.channel_kind = std::move(kind);
    touch.outcome = std::move(outcome);
    customer.touches.push_back(touch);
  }

  View view() const { return {customer, run, flow, Instant{0}}; }

  Doc inputs(const TemplateSet& set, const Doc& data = {}) const {
    return template_inputs(set.all().front(), view(), data,
                           {"shop", "Shop SAS", "https://pay.example/r/", &paris()});
  }

  std::string body(const std::string& text, const Doc& data = {}) const {
    TemplateSet set;
    REQUIRE(set.add("templates/x.sms.fr.mustache", text).ok());
    const auto parts = render_parts(set.all().front(), inputs(set, data), data, paris());
    REQUIRE(parts.ok());
    return parts->front().text;
  }
};

}  // namespace

TEST_CASE("Money reads as people of the language write it") {
  CHECK(format_money(euro(4900), "fr") == "49,00 €");
  CHECK(format_money(euro(4900), "fr-CA") == "49,00 €");
  CHECK(format_money(euro(123456789), "fr") == "1 234 567,89 €");
  CHECK(format_money(euro(123456), "de") == "1.234,56 €");
  CHECK(format_money(euro(4900), "en") == "€49.00");
  CHECK(format_money(euro(-4900), "en") == "-€49.00");
  CHECK(format_money(euro(123456), "nl") == "€ 1.234,56");
  CHECK(format_money({4900, Currency::parse("PLN").value()}, "en") == "PLN 49.00");
  CHECK(format_money({1500, Currency::parse("JPY").value()}, "en") == "¥1,500");
  CHECK(format_money(euro(4900), "xx") == "49.00 EUR");
}

TEST_CASE("Instants are told on the customer's clock, dates in the language's order") {
  const Doc at = Doc::instant(parse_instant("2026-01-05T23:30:00Z").value());
  CHECK(format_value(at, "fr", paris()) == "06/01/2026 00:30");
  CHECK(format_value(at, "en", paris()) == "6 January 2026, 00:30");
  CHECK(format_value(at, "en", Zone::utc()) == "5 January 2026, 23:30");
  const Date day = parse_date("2026-12-09").value();
  CHECK(format_day(day, "de") == "09.12.2026");
  CHECK(format_day(day, "en") == "9 December 2026");
  CHECK(format_day(day, "xx") == "2026-12-09");
}

TEST_CASE("Values of every type fill a text") {
  const char* values =
      R"({"n":3,"x":0.5,"t":"a","m":{"minor":4900,"currency":"EUR"},"r":{"a":{"b":"deep"}}})";
  CHECK(rendered("{{n}} {{x}} {{t}} {{m}} {{r.a.b}} {{ t }}", values, "fr") ==
        "3 0,5 a 49,00 € deep a");
  CHECK(rendered("[{{missing}}{{r.no.where}}]", values) == "[]");
}

TEST_CASE("Sections show what is there and repeat over lists") {
  const char* values =
      R"({"yes":true,"no":false,"empty":"","name":"Zoé","items":[{"sku":"a"},{"sku":"b"}]})";
  CHECK(rendered("{{#name}}Hi {{name}}{{/name}}", values) == "Hi Zoé");
  CHECK(rendered("{{#empty}}shown{{/empty}}{{^empty}}empty{{/empty}}", values) == "empty");
  CHECK(rendered("{{#yes}}y{{/yes}}{{#no}}n{{/no}}{{^no}}not{{/no}}", values) == "ynot");
  CHECK(rendered("{{#items}}{{sku}};{{/items}}", values) == "a;b;");
}

TEST_CASE("Only html is escaped") {
  CHECK(rendered("{{t}}", R"({"t":"<a> & \"b\""})") == "<a> & \"b\"");
  CHECK(rendered("{{t}}", R"({"t":"<a> & b"})", "en", true) == "&lt;a&gt; &amp; b");
}

TEST_CASE("An e-mail has a subject, a text and perhaps an html twin") {
  TemplateSet set;
  REQUIRE(set.add("templates/hello.email.fr.html", "<p>{{b}}</p>").ok());
  CHECK(set.problems().size() == 1);
  REQUIRE(
      set.add("templates/hello.email.fr.mustache", "Subject: Bonjour {{a}}\n\nTexte {{b}}\n").ok());
  CHECK(set.problems().empty());
  const TemplateText& text = set.all().front();
  CHECK(text.subject == "Bonjour {{a}}");
  CHECK(text.body == "Texte {{b}}");
  CHECK(text.html == "<p>{{b}}</p>");
  CHECK(text.path == "templates/hello.email.fr.mustache");
  CHECK(text.tags == std::vector<std::string>{"a", "b"});
}

TEST_CASE("A script's template holds its texts by name, each as one line") {
  TemplateSet set;
  REQUIRE(set.add("templates/help.script.en.mustache",
                  "\n[hello]\nHello {{name}},\nwelcome.\n\n[bye]\nBye.\n")
              .ok());
  const TemplateText& text = set.all().front();
  CHECK(text.texts.at("hello") == "Hello {{name}}, welcome.");
  CHECK(text.texts.at("bye") == "Bye.");
  CHECK(text.text_lines.at("bye") == 6);
  CHECK(render_line(text, "hello", *from_json(R"({"name":"Zoé"})"), paris()).value() ==
        "Hello Zoé, welcome.");
  CHECK(render_line(text, "nothing", {}, paris()).error().code == Code::script_missing_text);
}

TEST_CASE("A template that is wrong is refused at its line") {
  CHECK(problem("templates/x.mustache", "a") ==
        "templates/x.mustache: error E0212: a template is named NAME.CHANNEL.LANGUAGE.mustache or "
        ".html; "
        "for example payment_link.email.fr.mustache");
  CHECK(problem("t/x.email.french!.mustache", "a").find("'french!' is not a language") !=
        std::string::npos);
  CHECK(problem("t/x.email.fr.mustache", "Bonjour")
            .find("t/x.email.fr.mustache:1: error E0212: an e-mail needs a subject") == 0);
  CHECK(problem("t/x.sms.fr.mustache", "\n \n").find("the text is empty") != std::string::npos);
  CHECK(problem("t/x.sms.fr.mustache", "a\n{{b")
            .find("t/x.sms.fr.mustache:2: error E0212: a tag is not closed") == 0);
  CHECK(problem("t/x.sms.fr.mustache", "a\n\n{{#b}}\nc")
            .find("t/x.sms.fr.mustache:3: error E0212: the section 'b' is not closed") == 0);
  CHECK(problem("t/x.sms.fr.mustache", "{{#a}}{{#b}}{{/a}}")
            .find("the section 'b' must be closed before 'a'") != std::string::npos);
  CHECK(problem("t/x.sms.fr.mustache", "{{/a}}").find("the section 'a' was never opened") !=
        std::string::npos);
  CHECK(problem("t/x.sms.fr.mustache", "{{> other}}").find("partials") != std::string::npos);
  CHECK(problem("t/x.sms.fr.mustache", "{{=<% %>=}}").find("delimiters") != std::string::npos);
  CHECK(problem("t/x.sms.fr.mustache", "{{first name}}").find("'first name' is not a name") !=
        std::string::npos);
  CHECK(problem("t/x.script.fr.mustache", "hello\n[a]\nb")
            .find("t/x.script.fr.mustache:1: error E0212: a text must stand under its name") == 0);
  CHECK(problem("t/x.script.fr.mustache", "[a]\nb\n[a]\nc")
            .find("t/x.script.fr.mustache:3: error E0212: the text 'a' stands here twice") == 0);
  CHECK(problem("t/x.script.fr.mustache", "[a]\n\n[b]\nc")
            .find("t/x.script.fr.mustache:1: error E0212: the text 'a' is empty") == 0);
  CHECK(problem("t/x.script.fr.mustache", "[a]\nb\n\n[c]\nd\n{{e")
            .find("t/x.script.fr.mustache:6:") == 0);
}

TEST_CASE("The nearest language is chosen") {
  TemplateSet set;
  for (const char* locale : {"de", "en", "fr"}) {
    REQUIRE(set.add("templates/x.sms." + std::string(locale) + ".mustache", locale).ok());
  }
  const auto found = [&](std::string_view locale, std::string_view fallback) {
    return set.find("x", "sms", locale, fallback)->locale;
  };
  CHECK(found("fr", "en") == "fr");
  CHECK(found("fr-CA", "en") == "fr");
  CHECK(found("pl", "en") == "en");
  CHECK(found("pl", "en-GB") == "en");
  CHECK(found("pl", "it") == "de");
  CHECK(set.find("x", "email", "fr", "en") == nullptr);
  CHECK(set.names("sms") == std::vector<std::string>{"x"});
}

TEST_CASE("A changed text has another hash") {
  TemplateSet one, two;
  REQUIRE(one.add("templates/x.sms.fr.mustache", "a").ok());
  REQUIRE(two.add("templates/x.sms.fr.mustache", "b").ok());
  CHECK(one.all().front().hash != two.all().front().hash);
  CHECK(one.by_hash(one.all().front().hash) == &one.all().front());
  CHECK(one.by_hash(two.all().front().hash) == nullptr);
}

TEST_CASE("[S2-16] A text is filled from the step's data, the event, the customer and the bundle") {
  const Scene scene;
  const Doc data = Doc::record({{"store", Doc::text("Lyon")}});
  CHECK(scene.body("{{first_name}} {{customer.first_name}}: {{amount}} ({{run.event.invoice_id}}), "
                   "{{store}}",
                   data) == "Zoé Zoé: 49,00 € (i-1), Lyon");
  CHECK(scene.body("{{shop}}, {{controller}}") == "shop, Shop SAS");
  CHECK(scene.body("{{link}}") == "https://pay.example/r/" + scene.run.id.text());
  CHECK(scene.body("{{link}} {{amount}}",
                   Doc::record({{"link", Doc::text("https://x")}, {"amount", Doc::text("all")}})) ==
        "https://x all");
}

TEST_CASE("[S2-21] A text can tell what became of the last contact") {
  Scene scene;
  const std::string text =
      "{{#last_touch.voice.voicemail}}We left a message.{{/last_touch.voice.voicemail}}"
      "{{#last_touch.email.opened_at}}You saw our e-mail.{{/last_touch.email.opened_at}}.";
  CHECK(scene.body(text) == ".");
  scene.contacted("voice", "voicemail");
  CHECK(scene.body(text) == "We left a message..");
  scene.contacted("voice", "no_answer");
  CHECK(scene.body(text) == ".");
  scene.contacted("email", "ignored");
  CHECK(scene.body(text) == ".");
  scene.run.at(0).data = scene.sealed(Doc::record({{"opened_at", Doc::instant(Instant{0})}}));
  CHECK(scene.body(text) == "You saw our e-mail..");
  CHECK(scene.body("{{last_touch.channel}} {{last_touch.outcome}}") == "email ignored");
}

TEST_CASE("A text knows what was said, promised and asked in any contact of any flow", "[S1-67]") {
  Scene scene;
  const std::string text =
      "{{#promised.friday}}You said Friday.{{/promised.friday}}"
      "{{#asked.why}}We asked.{{/asked.why}} {{last_touch.voice.promised}}";
  CHECK(scene.body(text) == " ");
  scene.contacted("voice", "promised");
  const Key call = scene.customer.touches.back().key;
  scene.customer.memory.push_back({Memory::Kind::asked, "why", call, Instant{0}});
  scene.customer.memory.push_back({Memory::Kind::promised, "friday", call, Instant{0}});
  CHECK(scene.body(text) == "You said Friday.We asked. friday");
}

TEST_CASE("A text renders again from its inputs alone, typed and in the customer's zone") {
  const Scene scene;
  TemplateSet set;
  REQUIRE(set.add("templates/x.email.fr.mustache", "Subject: {{amount}}\n{{now}}").ok());
  const Doc inputs = scene.inputs(set);
  CHECK(inputs.view().find("template").text() == set.all().front().hash);
  CHECK(inputs.view().find_path("values.amount").money() == euro(4900));
  const auto parts = render_parts(set.all().front(), *Doc::from_bytes(inputs.bytes()), {}, paris());
  REQUIRE(parts.ok());
  REQUIRE(parts->size() == 2);
  CHECK(parts->at(0).role == "subject");
  CHECK(parts->at(0).text == "49,00 €");
  CHECK(parts->at(1).text == "31/12/1969 19:00");
}

TEST_CASE("A subject stays one line whatever its values hold") {
  TemplateSet set;
  REQUIRE(set.add("templates/x.email.fr.mustache", "Subject: {{a}}\nb").ok());
  const Doc inputs = Doc::record({{"values", Doc::record({{"a", Doc::text("x\r\nBcc: y")}})}});
  CHECK(render_parts(set.all().front(), inputs, {}, paris())->front().text == "x  Bcc: y");
}

}  // namespace relance
