// relance report: what came back, whom it reached, how often, what it cost; who consented.
#include "admin/report.h"

#include <cstdio>

#include "cli/reading.h"

namespace relance::cli {
namespace {

struct Options {
  std::string store, since;
  bool json = false, csv = false;
};

using Make = Report (*)(const Casebook&, Instant);

// An instant, or a date: its midnight in UTC.
Result<Instant> since_of(const std::string& text) {
  if (text.empty()) return Instant::beginning();
  if (const auto date = parse_date(text)) return Zone::utc().instant(*date, 0);
  return parse_instant(text);
}

void report(Program& program, const Options& options, Make make) {
  const auto since = since_of(options.since);
  if (!since) {
    print_error(Error{since.error().code,
                      "--since is no instant and no date: '" + options.since + "'",
                      {},
                      "2026-01-05 or 2026-01-05T08:00:00Z"});
    program.exit = kWrongCall;
    return;
  }
  auto reading = open_reading(program, options.store);
  const auto book = reading ? read_book(program, *reading) : std::nullopt;
  if (!book) return;
  const Report made = make(*book, *since);
  const std::string text = options.json  ? report_json(made)
                           : options.csv ? report_csv(made)
                                         : report_text(made, colours());
  std::fwrite(text.data(), 1, text.size(), stdout);
}

}  // namespace

void add_report(Program& program) {
  CLI::App* all = add_command(program, "report", "recovery, coverage, contacts, cost; consents",
                              "relance report recovery --since 2026-01-01 --store shop.db");
  all->require_subcommand(1);
  const auto add = [&](const char* name, const char* summary, Make make) {
    auto options = std::make_shared<Options>();
    CLI::App* command = all->add_subcommand(name, summary);
    command->add_option("--store", options->store,
                        "sqlite:PATH or PATH (default $RELANCE_STORE, else relance.db)");
    command->add_option("--since", options->since,
                        "what began at this date or instant, or later (default: everything)");
    CLI::Option* json = command->add_flag("--json", options->json, "for programs");
    command->add_flag("--csv", options->csv, "for spreadsheets")->excludes(json);
    command->callback([&program, options, make] { report(program, *options, make); });
  };
  add("recovery", "what came back: per flow, channels, week; what is open; held out",
      recovery_report);
  add("coverage", "contacted, waiting or excluded, and why: 100 %; persons; delays",
      coverage_report);
  add("contacts", "contacts per customer, what was not sent, answers, objections", contacts_report);
  add("cost", "what channels and recoveries cost", cost_report);
  add("consents", "what each customer allowed or withdrew, with where it comes from",
      consents_report);
}

}  // namespace relance::cli
