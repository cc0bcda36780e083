// `relance report`: figures over what a real run left behind; holdout.
#include <catch2/catch.hpp>
#include <set>

#include "cli/program.h"

namespace fs = std::filesystem;
using namespace relance;
using namespace relance::test;

namespace {

constexpr int kCustomers = 60;

// The small bundle with half of its customers held out, and runs that wait for the money.
fs::path half_held_out(const fs::path& home) {
  const fs::path bundle = home / "bundle";
  fs::copy(kSource / "tests/cli/bundles/small", bundle, fs::copy_options::recursive);
  std::string flow = read(bundle / "small.lua");
  const std::string after = "purpose = \"recovery\",";
  REQUIRE(flow.find(after) != std::string::npos);
  flow.replace(flow.find(after), after.size(), after + " holdout = { percent = 50 },");
  flow.insert(flow.find("ignore {"), "f.rest = wait { days(5) }\n");
  write(bundle / "small.lua", flow);
  std::string customers = "id,email,phone,timezone,locale,first_name\n";
  for (int n = 0; n < kCustomers; ++n)
    customers += "c" + std::to_string(n) + ",c" + std::to_string(n) +
                 "@example.com,+33639980001,Europe/Paris,en,Ann\n";
  write(bundle / "sample/customers.csv", customers);
  return bundle;
}

std::string paid(int n) {
  return R"({"specversion":"1.0","id":"p)" + std::to_string(n) +
         R"(","source":"/shop","type":"payment.succeeded","time":"2026-01-07T09:00:00Z",)" +
         R"("subject":"c)" + std::to_string(n) + R"(","data":{"invoice_id":"i-)" +
         std::to_string(n) + R"(","amount":{"amount":"49.00","currency":"EUR"}}})" + "\n";
}

// Everybody fails to pay; every third one pays by himself.
std::string store_of(const fs::path& home, const fs::path& bundle) {
  std::string events;
  for (int n = 0; n < kCustomers; ++n)
    events += failed_payment(std::to_string(n), "c" + std::to_string(n));
  for (int n = 0; n < kCustomers; n += 3) events += paid(n);
  write(home / "events.jsonl", events);
  const std::string store = home / "store.db";
  const Answer ran = command({"run", bundle, "--events", home / "events.jsonl", "--store", store,
                              "--clock", "virtual", "--sandbox"});
  INFO(ran.err);
  REQUIRE(ran.exit == 0);
  return store;
}

Doc report(const std::string& what, const std::string& store) {
  const Answer answer = command({"report", what, "--store", store, "--json"});
  INFO(answer.err);
  REQUIRE(answer.exit == 0);
  return json(answer.out);
}

int64_t whole(DocView row, const std::string& field) {
  INFO(field);
  REQUIRE(row.find(field).integer());
  return *row.find(field).integer();
}

std::set<std::string> contacted(const std::string& store) {
  std::set<std::string> customers;
  for (const std::string& line : lines_of(command({"touches", "--store", store, "--json"}).out))
    customers.insert(std::string(json(line).view().find("customer").text().value_or("")));
  return customers;
}

}  // namespace

TEST_CASE("who is held out is not contacted, stays so, and shows what comes back by itself",
          "[S0-29]") {
  const fs::path home = fresh_directory("report_holdout");
  const fs::path bundle = half_held_out(home);
  const std::string store = store_of(home, bundle);
  const Doc made = report("recovery", store);
  const auto rows = made.view().find_path("sheets.holdout");
  REQUIRE(rows.size() == 1);
  for (const auto& [place, row] : rows.items()) {
    const int64_t treated = whole(row, "runs"), held_out = whole(row, "held_out");
    CHECK(treated + held_out == kCustomers);
    CHECK(held_out > kCustomers / 4);
    CHECK(treated > kCustomers / 4);
    CHECK(static_cast<int64_t>(contacted(store).size()) == treated);
    const int64_t back = whole(row, "came_back");
    int64_t recovered = 0;
    for (const auto& [at, flow] : made.view().find_path("sheets.flows").items())
      recovered += whole(flow, "recovered");
    CHECK(back + recovered == kCustomers / 3);
    CHECK(back > 0);
  }
  const fs::path again = fresh_directory("report_holdout_again");
  CHECK(contacted(store_of(again, bundle)) == contacted(store));
}

TEST_CASE("the coverage of a run's store adds up to everybody who came in", "[S0-22]") {
  const fs::path home = fresh_directory("report_coverage");
  const Doc made = report("coverage", store_of(home, half_held_out(home)));
  int64_t cases = 0;
  double share = 0;
  for (const auto& [place, row] : made.view().find_path("sheets.coverage").items()) {
    if (row.find("state").text() == "all") {
      CHECK(whole(row, "cases") == kCustomers);
      continue;
    }
    cases += whole(row, "cases");
    share += row.find("share").number().value_or(0);
  }
  CHECK(cases == kCustomers);
  CHECK(share == Approx(1));
}

TEST_CASE("reports are made for people, spreadsheets and programs, from a date on") {
  const fs::path home = fresh_directory("report_shapes");
  const std::string store = store_of(home, half_held_out(home));
  for (const std::string what : {"recovery", "coverage", "contacts", "cost"}) {
    INFO(what);
    const Answer text = command({"report", what, "--store", store});
    CHECK(text.exit == 0);
    CHECK(text.out.starts_with(what + ", from the beginning to 2026-"));
    const Answer csv = command({"report", what, "--store", store, "--csv"});
    CHECK(csv.exit == 0);
    CHECK(csv.out.starts_with("sheet,"));
    CHECK(report(what, store).view().find("report").text() == what);
  }
  const Answer later =
      command({"report", "recovery", "--store", store, "--since", "2026-02-01", "--json"});
  CHECK(json(later.out).view().find_path("sheets.flows").size() == 0);
  const Answer wrong = command({"report", "cost", "--store", store, "--since", "yesterday"});
  CHECK(wrong.exit == 2);
  CHECK(wrong.err.find("2026-01-05T08:00:00Z") != std::string::npos);
  CHECK(command({"report", "cost", "--store", store, "--json", "--csv"}).exit == 2);
}
