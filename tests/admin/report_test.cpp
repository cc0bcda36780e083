// Reports over casebooks made by hand: each figure is one that a person can work out.
#include <catch2/catch.hpp>

#include "admin/tally.h"

using namespace relance;

namespace {

const Currency kEuro = *Currency::parse("EUR");
const Instant kMonday = *parse_instant("2026-01-05T08:00:00Z");

Key key_of(int n) { return derive_key({"report", std::to_string(n)}); }

// A shop's few days, told run by run.
struct Book {
  Casebook book;
  int touches = 0;

  Book() { book.from = kMonday, book.to = kMonday + days(10); }

  RunRow& run(int n, const std::string& status, int64_t minor = 10'000) {
    RunRow row;
    row.run = key_of(n);
    row.customer = key_of(1000 + n);
    row.flow = "recovery";
    row.key = "i-" + std::to_string(n);
    row.status = status;
    row.segment = "vip";
    row.amount = {minor, kEuro};
    row.started_at = row.event_at = kMonday;
    row.expire_at = kMonday + days(14);
    if (status != "running") row.ended_at = kMonday + days(3);
    return book.runs.emplace_back(std::move(row));
  }

  TouchRow& touch(int run, const std::string& kind, const std::string& outcome, int64_t micro = 0) {
    TouchRow row;
    row.customer = key_of(1000 + run);
    row.verdict = "sent";
    row.at = kMonday + minutes(run);
    row.touch.key = key_of(5000 + ++touches);
    row.touch.run = key_of(run);
    row.touch.flow = "recovery";
    row.touch.what = kind == "retry" ? TouchWhat::charge : TouchWhat::message;
    row.touch.channel = row.touch.channel_kind = kind;
    row.touch.state = TouchState::done;
    row.touch.outcome = outcome;
    row.touch.cost_micro = micro;
    row.touch.cost_currency = kEuro;
    return book.touches.emplace_back(std::move(row));
  }

  void refused(int run, const std::string& verdict, const std::string& reason) {
    TouchRow& row = touch(run, "voice", "");
    row.verdict = verdict;
    row.reason = reason;
    row.touch.channel_kind = {};
  }

  void not_started(int n, RunEnd how, const std::string& reason, bool came_back = false) {
    NotStartedRow row;
    row.flow = "recovery";
    row.reason = reason;
    row.how = how;
    row.customer = key_of(1000 + n);
    row.key = "i-" + std::to_string(n);
    row.at = row.until = kMonday;
    row.came_back = came_back;
    book.not_started.push_back(row);
  }
};

const Sheet& sheet(const Report& report, const std::string& name) {
  for (const Sheet& one : report.sheets)
    if (one.name == name) return one;
  FAIL("no sheet " << name);
  return report.sheets.front();
}

// "recovery | EUR | 4"
std::vector<std::string> lines(const Sheet& sheet) {
  std::vector<std::string> lines;
  for (const auto& row : sheet.rows) {
    CHECK(row.size() == sheet.columns.size());
    std::string& line = lines.emplace_back();
    for (const Figure& figure : row) line += (line.empty() ? "" : " | ") + figure.text;
  }
  return lines;
}

using Lines = std::vector<std::string>;

}  // namespace

// The examples of Newcombe (Statistics in Medicine 17, 1998), first and second paper.
TEST_CASE("a share has Wilson's interval, a difference the one that follows from two of them") {
  const Share share{81, 263};
  CHECK(share.low() == Approx(0.2553).margin(0.0001));
  CHECK(share.high() == Approx(0.3662).margin(0.0001));
  CHECK(Share{0, 20}.low() == 0);
  CHECK(Share{0, 20}.high() == Approx(0.1611).margin(0.0001));
  CHECK(Share{1, 1}.high() == 1);
  const Difference more = difference({56, 70}, {48, 80});
  CHECK(more.value == Approx(0.2).margin(0.0001));
  CHECK(more.low == Approx(0.0524).margin(0.0001));
  CHECK(more.high == Approx(0.3339).margin(0.0001));
}

TEST_CASE("the recovery rate is told per flow and per mix of channels, with its interval",
          "[S2-01][S0-30][S0-03]") {
  Book b;
  b.run(1, "goal");
  b.touch(1, "retry", "recovered");
  b.run(2, "goal", 5'000);
  b.touch(2, "retry", "declined");
  b.touch(2, "email", "delivered");
  b.run(3, "completed");
  b.touch(3, "email", "delivered");
  b.touch(3, "retry", "declined");
  b.run(4, "running", 7'000).segment = "new";
  b.run(5, "goal").has_goal = false;  // of a flow that seeks none: nothing to recover
  const Report report = recovery_report(b.book, Instant::beginning());
  CHECK(lines(sheet(report, "flows")) ==
        Lines{"recovery | EUR | 4 | 2 | 50.0 % | 15.0 % | 85.0 % | 320.00 | 150.00 | 70.00 | "
              "100.00"});
  CHECK(lines(sheet(report, "mixes")) ==
        Lines{"recovery | email+retry | 2 | 1 | 50.0 % | 9.5 % | 90.5 %",
              "recovery | none | 1 | 0 | 0.0 % | 0.0 % | 79.3 %",
              "recovery | retry | 1 | 1 | 100.0 % | 20.7 % | 100.0 %"});
  CHECK(lines(sheet(report, "cohorts")) ==
        Lines{"recovery | 2026-01-05 | EUR | 4 | 2 | 150.00 | 170.00"});
  CHECK(lines(sheet(report, "open")) == Lines{"recovery | new | EUR | 1 | 70.00"});
}

TEST_CASE("the funnel tells what each channel caught of what the one before had missed",
          "[S2-10]") {
  Book b;
  for (int n = 1; n <= 4; ++n) b.touch(n, "retry", n == 1 ? "recovered" : "declined");
  for (int n = 2; n <= 4; ++n) b.touch(n, "email", "delivered");
  for (int n = 3; n <= 4; ++n) b.touch(n, "voice", "no_answer");
  for (int n = 1; n <= 5; ++n) b.run(n, n <= 3 ? "goal" : "completed");
  CHECK(lines(sheet(recovery_report(b.book, Instant::beginning()), "funnel")) ==
        Lines{"recovery | none | 5 | 0 | 5", "recovery | retry | 4 | 1 | 3",
              "recovery | email | 3 | 1 | 2", "recovery | voice | 2 | 1 | 1"});
}

TEST_CASE("who was held out says what would have come back without us", "[S0-29]") {
  Book b;
  for (int n = 0; n < 70; ++n) b.run(n, n < 56 ? "goal" : "completed");
  for (int n = 100; n < 180; ++n) b.not_started(n, RunEnd::holdout, "holdout", n < 148);
  b.not_started(100, RunEnd::holdout, "holdout");  // the second failure of one invoice
  CHECK(lines(sheet(recovery_report(b.book, Instant::beginning()), "holdout")) ==
        Lines{"recovery | 70 | 80.0 % | 80 | 48 | 60.0 % | 20.0 % | 5.2 % | 33.4 % | 14.0"});
}

TEST_CASE("a recovery counts for the touch that is credited, else for a person, else for nobody",
          "[S0-29]") {
  Book b;
  b.run(1, "goal").by = key_of(5001);
  b.touch(1, "email", "delivered");
  b.run(2, "goal").handed_off = true;
  b.run(3, "goal");
  CHECK(lines(sheet(recovery_report(b.book, Instant::beginning()), "credit")) ==
        Lines{"recovery | email | EUR | 1 | 100.00", "recovery | human | EUR | 1 | 100.00",
              "recovery | self | EUR | 1 | 100.00"});
}

TEST_CASE("everybody was contacted, waits until a date, or is left out for a reason: 100 %",
          "[S0-22]") {
  Book b;
  b.run(1, "completed");
  b.touch(1, "email", "delivered");
  b.run(2, "running").next_at = kMonday + days(1);
  b.refused(2, "held", "outside_window");
  b.run(3, "goal");  // paid before anybody was asked
  b.run(4, "completed");
  b.refused(4, "denied", "no_consent");
  b.run(5, "running");  // no instant of its own: until it ends by itself
  b.not_started(6, RunEnd::excluded, "when");
  b.not_started(6, RunEnd::excluded, "when");
  b.not_started(7, RunEnd::holdout, "holdout");
  b.not_started(1, RunEnd::excluded, "once_per_key");  // had its run
  CHECK(lines(sheet(coverage_report(b.book, Instant::beginning()), "coverage")) ==
        Lines{"recovery | contacted |  | 1 | 14.3 % | 2026-01-05T08:01:00Z | 2026-01-05T08:01:00Z",
              "recovery | excluded | holdout | 1 | 14.3 % | 2026-01-05T08:00:00Z | "
              "2026-01-05T08:00:00Z",
              "recovery | excluded | no_consent | 1 | 14.3 % | 2026-01-08T08:00:00Z | "
              "2026-01-08T08:00:00Z",
              "recovery | excluded | recovered | 1 | 14.3 % | 2026-01-08T08:00:00Z | "
              "2026-01-08T08:00:00Z",
              "recovery | excluded | when | 1 | 14.3 % | 2026-01-05T08:00:00Z | "
              "2026-01-05T08:00:00Z",
              "recovery | waiting |  | 1 | 14.3 % | 2026-01-19T08:00:00Z | 2026-01-19T08:00:00Z",
              "recovery | waiting | outside_window | 1 | 14.3 % | 2026-01-06T08:00:00Z | "
              "2026-01-06T08:00:00Z",
              "recovery | all |  | 7 | 100.0 % | - | -"});
}

TEST_CASE("what needed no person is counted per flow and by the reason that was given",
          "[S0-19][S0-31][S1-19]") {
  Book b;
  for (int n = 1; n <= 3; ++n) {
    b.run(n, "completed");
    TouchRow& call = b.touch(n, "voice", "promised");
    call.data = Doc::record({{"reason", Doc::text(n == 1 ? "other" : "no_funds")}});
  }
  b.book.runs[1].with_person = true;
  b.book.runs[1].person_for = minutes(12);
  const Report report = coverage_report(b.book, Instant::beginning());
  CHECK(lines(sheet(report, "containment")) ==
        Lines{"recovery | 3 | 2 | 66.7 % | 20.8 % | 93.9 % | 12.0"});
  CHECK(lines(sheet(report, "reasons")) ==
        Lines{"recovery | no_funds | 2 | 1 | 50.0 %", "recovery | other | 1 | 1 | 100.0 %"});
}

TEST_CASE("the delay from the event to the first contact is told, and who came too late",
          "[S1-11]") {
  Book b;
  for (int n = 1; n <= 100; ++n) {
    b.run(n, "completed");
    b.touch(n, "voice", "confirmed");  // after n minutes
  }
  b.refused(3, "late", "deadline_passed");
  CHECK(lines(sheet(coverage_report(b.book, Instant::beginning()), "delays")) ==
        Lines{"recovery | 100 | 3000.0 | 5940.0 | 1"});
}

TEST_CASE("contacts are told per customer, and what was kept from them by reason", "[S1-73]") {
  Book b;
  for (int n = 1; n <= 4; ++n) b.run(n, "completed");
  b.touch(1, "email", "delivered").answered_at = kMonday + hours(1);
  b.touch(1, "email", "delivered").complained = true;
  b.touch(2, "email", "failed");  // reached nobody
  b.touch(3, "email", "delivered").opted_out = true;
  b.refused(4, "held", "cap_reached");
  b.refused(4, "held", "cap_reached");  // the same touch, asked about again
  b.refused(3, "denied", "gap_too_short");
  const Report report = contacts_report(b.book, Instant::beginning());
  CHECK(lines(sheet(report, "per_customer")) ==
        Lines{"0 | 2 | 50.0 %", "1 | 1 | 25.0 %", "2 | 1 | 25.0 %"});
  CHECK(lines(sheet(report, "blocked")) == Lines{"recovery | voice | cap_reached | 1 | 0",
                                                 "recovery | voice | gap_too_short | 0 | 1"});
  CHECK(lines(sheet(report, "responses")) ==
        Lines{"email | 2026-01-05 | 3 | 1 | 33.3 % | 6.1 % | 79.2 %"});
  CHECK(lines(sheet(report, "objections")) == Lines{"recovery | 3 | 1 | 33.3 % | 1 | 33.3 %"});
}

TEST_CASE("cost is told per channel, and per recovery by flow, segment and mix of channels",
          "[S2-25][S2-32]") {
  Book b;
  b.run(1, "goal").by = key_of(5001);
  b.touch(1, "voice", "promised", 300'000);
  b.run(2, "completed");
  b.touch(2, "voice", "no_answer", 100'000);
  b.run(3, "goal");
  const Report report = cost_report(b.book, Instant::beginning());
  CHECK(lines(sheet(report, "channels")) == Lines{"self | EUR | 0 | 0.000 | 1 | 100.00 | 0.000",
                                                  "voice | EUR | 2 | 0.400 | 1 | 100.00 | 0.400"});
  CHECK(lines(sheet(report, "recoveries")) ==
        Lines{"recovery | vip | none | EUR | 1 | 0.000 | 1 | 100.00 | 0.000",
              "recovery | vip | voice | EUR | 2 | 0.400 | 1 | 100.00 | 0.400"});
}

TEST_CASE("consents are exported with where they come from, and with what became of them",
          "[S0-34]") {
  Book b;
  const auto said = [&](const char* who, const char* channel, bool given, Instant at) -> Consent& {
    b.book.consents.push_back({who, at, {channel, Purpose::marketing, given, at, "consent"}});
    return b.book.consents.back().consent;
  };
  Consent& first = said("ann", "email", true, kMonday);
  first.source = "checkout";
  first.text_version = "v3";
  first.evidence = "log-1";
  said("ann", "email", false, kMonday + days(1));
  said("ann", "", true, kMonday + days(1));
  said("bob", "sms", true, kMonday + days(2)).expires_at = kMonday + days(3);
  const Sheet made = sheet(consents_report(b.book, Instant::beginning()), "consents");
  REQUIRE(made.rows.size() == 4);
  const auto row = [&](size_t n) {
    std::string text;
    for (const Figure& figure : made.rows[n]) text += (text.empty() ? "" : " | ") + figure.text;
    return text;
  };
  CHECK(row(0) ==
        "ann | email | marketing | yes | 2026-01-05T08:00:00Z | 2026-01-05T08:00:00Z | - | "
        "consent | checkout | v3 | log-1 | replaced");
  CHECK(made.rows[1].back().text == "withdrawn");
  CHECK(made.rows[2].back().text == "stands");
  CHECK(made.rows[2][1].text == "any");
  CHECK(made.rows[3].back().text == "expired");
}

TEST_CASE("a report begins where it is told to, for runs and for contacts") {
  Book b;
  b.run(1, "goal").started_at = kMonday - days(1);
  b.touch(1, "email", "delivered").at = kMonday - days(1);
  b.run(2, "goal");
  CHECK(sheet(recovery_report(b.book, kMonday), "flows").rows[0][2].text == "1");
  CHECK(lines(sheet(contacts_report(b.book, kMonday), "per_customer")) == Lines{"0 | 1 | 100.0 %"});
}

TEST_CASE("a report reads as text, as JSON and as CSV") {
  const Report report{"cost", kMonday, kMonday, {{"channels", {"channel", "cost"}, {}}}};
  Report full = report;
  full.sheets[0].rows = {{words("a \"b\", c"), cost(1'500'000, kEuro)}, {words("sms"), none()}};
  CHECK(report_csv(full) ==
        "sheet,channel,cost\r\nchannels,\"a \"\"b\"\", c\",1.500\r\nchannels,sms,\r\n");
  const Doc read = *from_json(report_json(full));
  size_t rows = 0;
  for (const auto& [place, row] : read.view().find_path("sheets.channels").items())
    if (++rows == 1) CHECK(row.find("cost").integer() == 1'500'000);
  CHECK(rows == 2);
  CHECK(report_text(full, false).find("  a \"b\", c 1.500\n") != std::string::npos);
  CHECK(report_text(report, false).find("(nothing)") != std::string::npos);
}
