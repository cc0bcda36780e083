#include "sim/world/flow_maker.h"

#include <fmt/format.h>

#include "sim/world/chance.h"

namespace relance {
namespace {

// What a flow can be about: the field that tells its runs apart, and the events of its life.
struct Subject {
  const char *start, *key, *goal, *stop;
  bool amount;
};
const std::vector<Subject>& subjects() {
  static const std::vector<Subject> all = {
      {"payment.failed", "invoice_id", "payment.succeeded", "invoice.voided", true},
      {"order.placed", "order_id", "order.paid", "order.cancelled", true},
      {"cart.abandoned", "checkout_id", "order.placed", "order.cancelled", true},
      {"return.approved", "return_id", "return.processed", "return.closed", true},
      {"delivery.failed", "shipment_id", "delivery.done", "delivery.rescheduled", false},
  };
  return all;
}

struct MadeStep {
  std::string name;
  std::vector<std::string> words;
  bool is_hold = false;
};

std::vector<std::string> texts(std::span<const std::string_view> words) {
  return {words.begin(), words.end()};
}

class FlowText {
 public:
  // `later`: flows of this subject that stand behind it; it may start one of them.
  FlowText(Chance& chance, std::string name, const Subject& subject, std::vector<std::string> later)
      : chance_(chance), name_(std::move(name)), subject_(subject), later_(std::move(later)) {}

  std::string text() {
    header();
    const int64_t count = chance_.between(2, 9);
    for (int64_t i = 0; i < count; ++i) step();
    if (chance_.percent(25)) start_flow();
    if (chance_.percent(30)) last_words();
    return out_ + "return f\n";
  }

 private:
  void header() {
    static const std::vector<std::string> purposes = {"service", "recovery", "marketing"};
    const std::string purpose = chance_.pick(purposes);
    out_ = fmt::format("local f = flow \"{}\" {{\n  start = {},\n", name_, start());
    if (!searched_ && chance_.percent(85)) out_ += fmt::format("  key = \"{}\",\n", subject_.key);
    if (chance_.percent(90)) out_ += fmt::format("  goal = event \"{}\",\n", subject_.goal);
    if (chance_.percent(40)) out_ += fmt::format("  stop = event \"{}\",\n", subject_.stop);
    if (has_amount() && chance_.percent(20))
      out_ += "  when = function(run) return run.event.amount >= eur \"20\" end,\n";
    out_ += fmt::format("  purpose = \"{}\", expire = {},\n", purpose, span(hours(3), days(12)));
    if (chance_.percent(20)) out_ += fmt::format("  gap = {},\n", span(minutes(10), hours(8)));
    if (chance_.percent(15))
      out_ += "  caps = { { channel = any_channel, at_most = 2, per = days(1) } },\n";
    if (chance_.percent(15)) out_ += "  windows = { email = between(\"10:00\", \"16:00\") },\n";
    if (chance_.percent(15)) out_ += "  re_entry = again_after(days(1)),\n";
    if (purpose != "service" && chance_.percent(10)) out_ += "  holdout = { percent = 20 },\n";
    if (chance_.percent(15))
      out_ += "  recheck = { from = \"shop\", what = \"state\", goal = \"paid\" },\n";
    out_ += "}\n";
  }

  // An event, its absence, or a search for those who are in a segment.
  std::string start() {
    const int64_t kind = chance_.between(0, 99);
    if (kind < 12)
      return fmt::format("absence_of \"{}\" ({})", subject_.start, span(minutes(5), days(3)));
    searched_ = kind < 24;
    if (!searched_) return fmt::format("event \"{}\"", subject_.start);
    static const std::vector<std::string> segments = {R"("new")", R"({ "new", "loyal" })",
                                                      R"({ "loyal", "business" })"};
    const std::string pace =
        chance_.percent(40) ? fmt::format(", pace = {}", chance_.between(1, 20)) : "";
    const std::string facts =
        chance_.percent(20) ? R"(, ["facts.failed_payments"] = below(2))" : "";
    return fmt::format("segment {{ from = \"crm\", every = {}{}, where = {{ segment = {}{} }} }}",
                       span(hours(6), days(3)), pace, chance_.pick(segments), facts);
  }

  bool has_amount() const { return subject_.amount && !searched_; }

  std::string span(Duration least, Duration most) {
    const int64_t ms = chance_.log_span(least, most).ms;
    return fmt::format("minutes({})", std::max<int64_t>(1, ms / 60000));
  }

  // An edge of an earlier step, or the step itself.
  std::string edge() {
    const MadeStep& from = chance_.pick(steps_);
    if (chance_.percent(25)) return "f." + from.name;
    return "f." + from.name + "." + chance_.pick(from.words);
  }

  std::string after() {
    if (steps_.empty() || chance_.percent(12)) return "";
    const int64_t several = steps_.size() > 1 ? chance_.between(0, 9) : 0;
    if (several < 5) return "after = " + edge() + ", ";
    if (several < 8) return fmt::format("after = any {{ {}, {} }}, ", edge(), edge());
    // Words of one step, or of two branches, exclude each other: all but one edge are bare.
    const uint64_t bare = chance_.below(steps_.size());
    std::string other = edge();
    if (other.starts_with("f." + steps_[bare].name)) other = "f." + steps_[bare].name;
    return fmt::format("after = all {{ {}, f.{} }}, ", other, steps_[bare].name);
  }

  std::string when() {
    if (chance_.percent(88)) return "";
    return has_amount() && chance_.percent(50)
               ? "when = function(run) return run.event.amount >= eur \"40\" end, "
               : "when = function(run) return run.random < 0.6 end, ";
  }

  void add(const std::string& kind, const std::string& body, std::vector<std::string> words) {
    const std::string name = fmt::format("s{}", steps_.size() + 1);
    const std::string condition = when();
    if (!condition.empty()) words.emplace_back("skipped");
    out_ += fmt::format("f.{} = {} {{ {}{}{} }}\n", name, kind, after(), condition, body);
    steps_.push_back({name, std::move(words), kind == "hold"});
  }

  void step() {
    switch (chance_.below(13)) {
      case 0:
      case 1:
      case 2:
      case 3: return send();
      case 4:
      case 5: return charge();
      case 6: return add("wait", span(minutes(1), days(2)), texts(kind_outcomes(StepKind::wait)));
      case 7: return await();
      case 8: return decide();
      case 9: return connector();
      case 10:
        return add("fetch", "from = \"crm\", need = { \"email\" }",
                   texts(kind_outcomes(StepKind::fetch)));
      case 11: return handoff();
      default: return add("record", "what = \"noted\"", texts(kind_outcomes(StepKind::record)));
    }
  }

  // Another flow, or, once time has passed, itself anew: `random` lets the chain end.
  void start_flow() {
    if (later_.empty() || chance_.percent(40)) {
      const std::string pause = fmt::format("s{}", steps_.size() + 1);
      add("wait", span(hours(1), days(5)), texts(kind_outcomes(StepKind::wait)));
      out_ += fmt::format(
          "f.anew = start_flow {{ after = f.{}.done, flow = \"{}\", "
          "when = function(run) return run.random < 0.5 end }}\n",
          pause, name_);
      return;
    }
    add("start_flow", fmt::format("flow = \"{}\"", chance_.pick(later_)),
        texts(kind_outcomes(StepKind::start_flow)));
  }

  void send() {
    static const std::vector<std::string> channels = {"email", "email", "sms", "hook", "both"};
    const std::string via = chance_.pick(channels);
    const bool both = via == "both";
    std::string body = both ? "via = { \"email\", \"sms\" }, choose = policy \"either\""
                            : fmt::format("via = \"{}\"", via);
    if (via != "hook") body += ", template = \"note\"";
    const bool expects = via != "hook" && chance_.percent(35);
    if (expects) body += ", expect = event \"link.clicked\"";
    if (chance_.percent(40))
      body +=
          fmt::format(", tries = {}, gap = {}", chance_.between(1, 3), span(minutes(5), days(1)));
    else if (chance_.percent(40))
      body += ", at = " + time_of_try();
    if (chance_.percent(25))
      body += fmt::format(", deadline = since \"event.time\" ({})", span(minutes(30), days(3)));
    if (chance_.percent(30)) body += ", on_unknown = \"resend\"";
    if (chance_.percent(10)) body += ", requested = true";
    if (chance_.percent(8)) body += ", override = { gap = \"it must be told now\" }";
    if (chance_.percent(30))
      body += ", data = function(run) return { failures = run.failures } end";
    std::vector<std::string> words = texts(send_outcomes(expects));
    if (via != "hook")
      for (const std::string_view word : channel_words(both ? "email" : via))
        words.emplace_back(word);
    add("send", body, std::move(words));
  }

  std::string time_of_try() {
    if (chance_.percent(40)) return "policy \"later\"";
    return fmt::format("\"{:02}:{:02}\"", chance_.below(24), chance_.below(60));
  }

  void charge() {
    std::string body = "via = \"retry\"";
    if (chance_.percent(15))
      body += fmt::format(", tries = {}, at = policy \"later\"", chance_.between(1, 3));
    else if (chance_.percent(70))
      body +=
          fmt::format(", tries = {}, gap = {}", chance_.between(1, 4), span(minutes(10), days(1)));
    add("charge", body, texts(kind_outcomes(StepKind::charge)));
  }

  void await() {
    static const std::vector<std::string> events = {"payment_method.updated", "link.clicked",
                                                    "support.closed"};
    std::string body = fmt::format("event \"{}\"", chance_.pick(events));
    std::vector<std::string> words = {"arrived"};
    if (chance_.percent(80)) {
      body += ", within = " + span(minutes(10), days(3));
      words.emplace_back("expired");
    }
    add("await", body, std::move(words));
  }

  void decide() {
    if (chance_.percent(50))
      return add("decide", "split = { left = 40, right = 60 }", {"left", "right"});
    add("decide",
        "by = function(run) return run.failures > 1 and \"many\" or \"few\" end, "
        "outcomes = { \"many\", \"few\" }",
        {"many", "few"});
  }

  const MadeStep* some_hold() {
    for (const MadeStep& step : steps_)
      if (step.is_hold && chance_.percent(60)) return &step;
    return nullptr;
  }

  void connector() {
    const std::vector<std::string> words = texts(kind_outcomes(StepKind::act));
    const MadeStep* hold = some_hold();
    if (hold && chance_.percent(50))
      return add("release", fmt::format("hold = f.{}", hold->name), words);
    if (chance_.percent(50))
      return add("hold",
                 fmt::format("on = \"shop\", op = \"keep\", undo = \"let_go\", at_most = {}",
                             span(hours(1), days(4))),
                 words);
    std::string body = "on = \"shop\", op = \"tag\"";
    if (hold) body += fmt::format(", settles = f.{}", hold->name);
    add("act", body, words);
  }

  void handoff() {
    std::string body = "queue = \"desk\"";
    std::vector<std::string> words = {"resolved", "returned"};
    if (chance_.percent(70)) {
      body += ", within = " + span(hours(1), days(3));
      words.emplace_back("expired");
      if (chance_.percent(30)) body += ", lost = \"expired\"";
    } else if (chance_.percent(30)) {
      body += ", lost = \"returned\"";
    }
    add("handoff", body, std::move(words));
  }

  void last_words() {
    out_ += "f.told = record { what = \"ended\", after = ended { \"stopped\", \"expired\" } }\n";
  }

  Chance& chance_;
  std::string name_;
  const Subject& subject_;
  bool searched_ = false;  // its customers are searched for; no event says more of them
  std::vector<std::string> later_;
  std::string out_;
  std::vector<MadeStep> steps_;
};

// Mail first, then whatever may go; now and then nothing is worth it.
constexpr const char* kEither = R"(return function(ask)
  if ask.try > 2 and ask.failures > 3 then return { never = true, reason = "enough" } end
  for i, one in ipairs(ask.candidates) do
    if one.allowed and i >= ask.try then return { choice = one.channel, reason = "free" } end
  end
  return { choice = ask.candidates[#ask.candidates].channel, reason = "waits" }
end
)";

// Another time of day for each try.
constexpr const char* kLater = R"(return function(ask)
  local times = { "09:15", "13:30", "19:45" }
  return { at = times[ask.try % 3 + 1], reason = "told" }
end
)";

std::string bundle_text() {
  return R"(return bundle {
  name = "made", currency = "EUR", zone = "Europe/Paris", locale = "en",
  controller = "Made Shop, nowhere",
  channels = {
    retry = plugin "relance.sandbox" { as = "retry" },
    email = plugin "relance.sandbox" { as = "email" },
    sms   = plugin "relance.sandbox" { as = "sms" },
    hook  = plugin "relance.sandbox" { as = "webhook" },
  },
  crm        = plugin "relance.sandbox" { as = "connector" },
  connectors = { shop = plugin "relance.sandbox" { as = "connector" } },
  queues     = { desk = { lease = minutes(30), desk = "hook", accept = minutes(20) } },
  policies   = { either = "policies/either.lua", later = "policies/later.lua" },
}
)";
}

// What must not meet: sources.cpp opens and closes support cases.
std::string exclusions_text(Chance& chance, const std::vector<std::string>& flows) {
  if (!chance.percent(50)) return "";
  std::string text =
      "  markers = { in_support = { opens = event \"support.opened\",\n"
      "    closes = event \"support.closed\", at_most = days(3) } },\n  exclusions = {\n";
  text += fmt::format("    never {{ any_flow, during = \"in_support\", within = hours({}){} }},\n",
                      chance.between(1, 20), chance.percent(30) ? ", act = \"drop\"" : "");
  if (flows.size() > 1)
    text += fmt::format("    mutex {{ \"{}\", \"{}\", within = hours({}) }},\n", flows[0], flows[1],
                        chance.between(1, 30));
  text += fmt::format("    max {{ channel = \"sms\", at_most = {}, per = days(2) }},\n  }},\n",
                      chance.between(1, 3));
  return text + (chance.percent(30) ? "  losers = \"drop\",\n" : "");
}

// Days, countries and openings.
std::string places_text(Chance& chance) {
  std::string text;
  if (chance.percent(30))
    text += "  quiet_days = { { holidays = \"FR\" }, { holidays = \"US\", channel = \"sms\" } },\n";
  if (chance.percent(30))
    text += fmt::format("  self_cure = minutes({}),\n", chance.between(1, 600));
  if (chance.percent(40))
    text += fmt::format("  opening = {{ spread = minutes({}), apart = hours({}){} }},\n",
                        chance.between(1, 90), chance.between(1, 40),
                        chance.percent(30) ? ", others = \"drop\"" : "");
  if (chance.percent(30)) text += "  packs = { \"FR\", \"US\", \"PL\" },\n";
  return text;
}

std::string contact_text(Chance& chance, const std::vector<std::string>& flows) {
  std::string text = "return contact {\n";
  if (chance.percent(60)) text += "  windows = { sms = between(\"09:00\", \"21:00\"),\n";
  if (text.ends_with(",\n"))
    text += chance.percent(50) ? "    email = between(\"07:00\", \"22:00\") },\n" : "  },\n";
  if (chance.percent(70))
    text += fmt::format(
        "  caps = {{ {{ channel = any_channel, at_most = {}, per = days({}) }},\n"
        "    {{ channel = \"sms\", at_most = 1, per = days(1) }} }},\n",
        chance.between(1, 5), chance.between(1, 5));
  if (chance.percent(60)) text += fmt::format("  gap = minutes({}),\n", chance.between(1, 600));
  if (chance.percent(70)) text += "  suppress = { \"opted_out\" },\n";
  std::string order;
  for (const std::string& flow : flows) order += (order.empty() ? "\"" : ", \"") + flow + "\"";
  if (chance.percent(50)) text += "  priority = { " + order + " },\n";
  text += exclusions_text(chance, flows);
  return text + places_text(chance) + "}\n";
}

}  // namespace

BundleSources make_random_bundle(uint64_t number) {
  Chance chance(number, "bundle");
  BundleSources sources;
  std::vector<std::string> flows;
  std::vector<const Subject*> about;
  const int64_t count = chance.between(1, 4);
  for (int64_t i = 0; i < count; ++i) {
    // Flows about one thing meet at the same customer more often.
    about.push_back(&subjects()[chance.percent(60) ? 0 : chance.below(subjects().size())]);
    flows.push_back(fmt::format("flow_{}", i + 1));
  }
  for (size_t i = 0; i < flows.size(); ++i) {
    std::vector<std::string> later;
    for (size_t j = i + 1; j < flows.size(); ++j)
      if (about[j] == about[i]) later.push_back(flows[j]);
    sources[flows[i] + ".lua"] = FlowText(chance, flows[i], *about[i], std::move(later)).text();
  }
  sources["policies/either.lua"] = kEither;
  sources["policies/later.lua"] = kLater;
  sources["bundle.lua"] = bundle_text();
  sources["contact.lua"] = contact_text(chance, flows);
  sources["templates/note.email.en.mustache"] =
      "Subject: About {{controller}}\nHello {{customer.first_name}}, see {{link}}\n";
  sources["templates/note.sms.en.mustache"] = "See {{link}}\n";
  return sources;
}

}  // namespace relance
