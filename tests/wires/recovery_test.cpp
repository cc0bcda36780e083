// The recovery of failed payments over real connections, a minute for weeks. `./dev demo --wires`
// runs it and shows what each provider received.
#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>

#include "base/doc.h"
#include "channels/email/shared/mime_read.h"
#include "wires/stage.h"

using namespace relance;
using namespace relance::test;
using twilio_fake::Callee;

namespace {

const WiresCustomer kAnn{"ann", "Ann", "+33639980001"}, kBen{"ben", "Ben", "+33639980002"},
    kCleo{"cleo", "Cleo", "+33639980003"};

stripe_fake::Attempt declined(const std::string& code) {
  stripe_fake::Attempt attempt;
  attempt.decline_code = code;
  return attempt;
}

// She says who she is and why, wants the link, and listens on.
Callee talks() {
  Callee callee;
  callee.answers = {twilio_fake::words("yes"), twilio_fake::words("no money on the account"),
                    twilio_fake::words("send me the link")};
  return callee;
}
Callee machine() {
  Callee callee;
  callee.picks = Callee::Picks::machine;
  return callee;
}

std::string header_of(const std::string& mail, const std::string& name) {
  return email::read_entity(mail).header(name);
}

std::vector<std::string> heard_by(Wires& wires, const std::string& phone) {
  const std::vector<Form> calls = wires.twilio.calls();
  for (size_t i = 0; i < calls.size(); ++i)
    if (field(calls[i], "To") == phone) return wires.twilio.call(i).heard;
  return {};
}

bool calls_are_over(Wires& wires) {
  for (size_t i = 0; i < wires.twilio.calls().size(); ++i)
    if (wires.twilio.call(i).status != "completed") return false;
  return true;
}

bool all_ended(Wires& wires, size_t runs) {
  const std::string told = wires.told("runs --json");
  size_t ended = 0;
  for (size_t at = told.find("\"ended_at\":\""); at != std::string::npos;
       at = told.find("\"ended_at\":\"", at + 1))
    ++ended;
  return ended >= runs;
}

void show(const std::string& who, const std::vector<std::string>& lines) {
  fmt::print("\n{} received {}\n", who, lines.size());
  for (const std::string& line : lines) fmt::print("  {}\n", line);
}

std::vector<std::string> lines_of(const EffectLedger& ledger) {
  std::vector<std::string> lines;
  for (const ProviderEffect& effect : ledger.all())
    lines.push_back(fmt::format("{} {} {}", format_instant(effect.at), effect.what, effect.to));
  return lines;
}

void show_all(Wires& wires) {
  show("Stripe", lines_of(wires.stripe.ledger()));
  std::vector<std::string> mails;
  for (const auto& mail : wires.mail.messages())
    mails.push_back(mail.to + "  " + header_of(mail.text, "subject"));
  show("the mail server", mails);
  show("Kannel's SMSC", wires.kannel.sent());
  show("Twilio", lines_of(wires.twilio.ledger()));
  fmt::print("\n{}\n", wires.told("status"));
}

// What the CRM's file holds of the contacts with one customer: "call no_answer".
std::vector<std::string> told_to_crm(const Wires& wires, const std::string& customer) {
  std::ifstream file(wires.path("bundle/customers.csv.outcomes.jsonl"));
  std::vector<std::string> told;
  for (std::string line; std::getline(file, line);) {
    const Doc written = from_json(line).value();
    if (written.view().find("operation").text() != "touch_outcome") continue;
    if (written.view().find("customer").text() != customer) continue;
    const auto text = [&](const char* path) {
      return std::string(written.view().find_path(path).text().value_or(""));
    };
    told.push_back(text("data.step") + " " + text("data.outcome") + " " + text("data.touch"));
  }
  std::sort(told.begin(), told.end());
  return told;
}
bool has(const std::vector<std::string>& told, const std::string& begin) {
  return std::any_of(told.begin(), told.end(),
                     [&](const std::string& one) { return one.starts_with(begin); });
}
bool each_once(const std::vector<std::string>& told) {
  return std::adjacent_find(told.begin(), told.end()) == told.end();
}

void prepare(Wires& wires) {
  wires.stripe.add_invoice("in-ann", "ann", 4900);
  wires.stripe.add_invoice("in-ben", "ben", 9900);
  wires.stripe.add_invoice("in-cleo", "cleo", 49900);
  wires.stripe.script("ann", {declined("insufficient_funds")});  // the next one is paid
  wires.twilio.callee(kBen.phone, machine());
  wires.twilio.callee(kCleo.phone, talks());
}

void fail_all(Wires& wires) {
  wires.payment_fails(kAnn, "in-ann", 4900, "insufficient_funds");
  wires.payment_fails(kBen, "in-ben", 9900, "expired_card");
  wires.payment_fails(kCleo, "in-cleo", 49900, "expired_card");
}

// She pays as soon as she has the link of the text.
bool cleo_pays(Wires& wires) {
  if (!wires.until([&] { return !wires.texts_to(kCleo.phone).empty(); })) return false;
  wires.stripe.pay_elsewhere("in-cleo");
  return true;
}

}  // namespace

TEST_CASE("weeks of recovery in a minute: charged, mailed, called, texted, paid in the call",
          "[S0-17][S1-47][S2-20][S2-28]") {
  Wires wires("recovery", {kAnn, kBen, kCleo});
  prepare(wires);
  wires.start();
  fail_all(wires);
  REQUIRE(cleo_pays(wires));
  const bool ended = wires.until([&] { return all_ended(wires, 3) && calls_are_over(wires); }, 90);
  CHECK(wires.stop() == 0);
  show_all(wires);
  REQUIRE(ended);

  CHECK(wires.stripe.charges() == 1);  // of Ann; Cleo paid on the page
  CHECK(wires.stripe.ledger().doubled() == 0);
  CHECK(wires.mail.messages().size() == 3);  // Ben's two, Cleo's one; Ann's charge came through
  CHECK(wires.twilio.calls().size() == 2);
  CHECK(wires.texts_to(kBen.phone).size() == 1);
  CHECK(wires.texts_to(kCleo.phone).size() == 1);
  CHECK(wires.told("status --json").find(R"("started":3)") != std::string::npos);
  // The payment arrived while she was on the line, and she was told.
  const std::vector<std::string> heard = heard_by(wires, kCleo.phone);
  REQUIRE_FALSE(heard.empty());
  CHECK(heard.front().find("This is an automated assistant. Hello") == 0);
  CHECK(heard.back().find("your payment has just arrived") != std::string::npos);

  const std::vector<std::string> ben = told_to_crm(wires, "ben"), cleo = told_to_crm(wires, "cleo");
  CHECK(ben.size() >= 4);  // two mails, a call, a text
  CHECK(has(ben, "call voicemail"));
  CHECK(has(cleo, "email delivered"));
  CHECK(each_once(ben));
  CHECK(each_once(cleo));
  CHECK(told_to_crm(wires, "ann").empty());  // a charge is no contact
}

TEST_CASE("kill -9 in the middle doubles nothing at any provider", "[S0-21][S1-47]") {
  Wires wires("killed", {kAnn, kBen, kCleo});
  prepare(wires);
  wires.start();
  fail_all(wires);
  for (int i = 0; i < 4; ++i) {
    wires.until([] { return false; }, 2);
    wires.kill();
    wires.start();
  }
  wires.until([&] { return !wires.texts_to(kCleo.phone).empty(); }, 20);
  wires.stripe.pay_elsewhere("in-cleo");
  const bool ended = wires.until([&] { return all_ended(wires, 3); }, 120);
  CHECK(wires.stop() == 0);
  show_all(wires);
  CHECK(ended);
  CHECK(wires.stripe.ledger().doubled() == 0);
  CHECK(wires.twilio.ledger().doubled() == 0);
  CHECK(wires.texts_to(kBen.phone).size() <= 1);
  CHECK(wires.texts_to(kCleo.phone).size() <= 2);  // in the call, and the last notice
  std::map<std::string, int> mails;
  for (const auto& mail : wires.mail.messages()) ++mails[header_of(mail.text, "message-id")];
  for (const auto& [id, count] : mails) CHECK(count == 1);
  for (const char* customer : {"ben", "cleo"}) {
    const std::vector<std::string> told = told_to_crm(wires, customer);
    CHECK(has(told, "email delivered"));
    CHECK(each_once(told));
  }
}
