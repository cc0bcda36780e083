// relance status, runs, touches, segments, journal, explain: what a store holds, for people and
// programs. They only read.
#include <fmt/format.h>

#include <cstdio>

#include "admin/funnel.h"
#include "admin/rows.h"
#include "admin/searches.h"
#include "admin/story.h"
#include "cli/reading.h"
#include "core/state/apply.h"
#include "node/node_core.h"

namespace relance::cli {
namespace {

struct Options {
  std::string store, flow, status, customer, channel, outcome, who, at;
  bool json = false;
  size_t limit = 50;
};

// The hash that `run` printed, from the chains of all customers.
std::string journal_hash(Store& store) {
  std::map<Key, Key> chains;
  auto reader = store.reader();
  auto read = reader->entries(1, UINT64_MAX, [&](const StoredEntry& entry) {
    const auto decoded = decode_entry(entry.body);
    Key& chain = chains[entry.customer];
    if (decoded) chain = chain_after(chain, *decoded, entry.body);
    return decoded.ok();
  });
  std::string all;
  for (const auto& [customer, chain] : chains) all.append(customer.view()).append(chain.view());
  return read ? sha256_hex(all) : "";
}

void status(Program& program, const Options& options) {
  auto reading = open_reading(program, options.store);
  if (!reading) return;
  const auto book = read_book(program, *reading);
  if (!book) return;
  const FunnelEnd end{0, journal_hash(*reading->store)};
  const Funnel funnel = make_funnel(*book);
  std::printf("%s", options.json ? (funnel_json(funnel, end) + "\n").c_str()
                                 : funnel_table(funnel, end, colours()).c_str());
}

void runs(Program& program, const Options& options) {
  auto reading = open_reading(program, options.store);
  const auto book = reading ? read_book(program, *reading) : std::nullopt;
  if (!book) return;
  size_t shown = 0;
  if (!options.json)
    fmt::print("{:<27}{:<18}{:<14}{:<15}{:<11}{:<25}{}\n", "run", "flow", "key", "customer",
               "status", "started", "waits for");
  for (const RunRow& row : book->runs) {
    if (!options.flow.empty() && row.flow != options.flow) continue;
    if (!options.status.empty() && row.status != options.status) continue;
    if (!options.customer.empty() && row.subject != options.customer) continue;
    if (options.json)
      fmt::print("{}\n", run_json(row));
    else if (++shown <= options.limit)
      fmt::print("{:<27}{:<18}{:<14}{:<15}{:<11}{:<25}{}\n", row.run.text(), row.flow, row.key,
                 row.subject, row.status, format_instant(row.started_at), row.waiting_for);
  }
  if (shown > options.limit)
    fmt::print("... {} more; --limit N shows them\n", shown - options.limit);
}

std::string outcome_of(const TouchRow& row) {
  if (row.verdict != "sent") return row.verdict;
  if (row.touch.state == TouchState::done) return row.touch.outcome;
  return std::string(touch_state_name(row.touch.state));
}

void print_touch(const TouchRow& row) {
  const std::string key = row.verdict == "sent" ? row.touch.key.text() : "";
  fmt::print("{:<27}{:<25}{:<9}{:<15}{:<18}{:<10}{:>3}  {:<14}{}\n", key, format_instant(row.at),
             row.touch.channel, row.subject, row.touch.flow, row.touch.step_name, row.touch.try_no,
             outcome_of(row), row.reason);
}

void touches(Program& program, const Options& options) {
  auto reading = open_reading(program, options.store);
  const auto book = reading ? read_book(program, *reading) : std::nullopt;
  if (!book) return;
  size_t shown = 0;
  if (!options.json)
    fmt::print("{:<27}{:<25}{:<9}{:<15}{:<18}{:<10}{:>3}  {:<14}{}\n", "key", "at", "channel",
               "customer", "flow", "step", "try", "outcome", "reason");
  for (const TouchRow& row : book->touches) {
    if (!options.channel.empty() && row.touch.channel != options.channel) continue;
    if (!options.customer.empty() && row.subject != options.customer) continue;
    if (!options.outcome.empty() && outcome_of(row) != options.outcome) continue;
    if (options.json)
      fmt::print("{}\n", touch_json(row, *reading->archive));
    else if (++shown <= options.limit)
      print_touch(row);
  }
  if (shown > options.limit)
    fmt::print("... {} more; --limit N shows them\n", shown - options.limit);
}

void segments(Program& program, const Options& options) {
  auto reading = open_reading(program, options.store);
  if (!reading) return;
  const auto searches = searches_in(*reading->archive);
  if (!searches) {
    print_error(searches.error());
    program.exit = kCannotOpen;
    return;
  }
  if (!options.json)
    fmt::print("{:<18}{:>6}  {:<11}{:<25}{:>10}{:>9}  {:<25}{}\n", "flow", "round", "state",
               "began", "looked at", "found", "next", "trouble");
  for (const auto& [flow, search] : *searches) {
    if (options.json)
      fmt::print("{}\n", search_json(search));
    else
      fmt::print("{:<18}{:>6}  {:<11}{:<25}{:>10}{:>9}  {:<25}{}\n", flow, search.round,
                 search_state(search), format_instant(search.began_at), search.looked_at,
                 search.found, format_instant(search.next_at), search.trouble);
  }
}

// A run by its id or by the first characters of it.
std::optional<Key> run_of(const Casebook& book, const std::string& who) {
  for (const RunRow& row : book.runs)
    if (who.size() >= 6 && row.run.text().compare(0, who.size(), who) == 0) return row.run;
  return std::nullopt;
}

void journal(Program& program, const Options& options) {
  auto reading = open_reading(program, options.store);
  const auto book = reading ? read_book(program, *reading) : std::nullopt;
  if (!book) return;
  const auto run = run_of(*book, options.who);
  auto lines = run ? journal_of(*reading->archive, *run)
                   : Error{Code::run_not_found,
                           "there is no run '" + options.who + "'",
                           {},
                           "see `relance runs`"};
  if (!lines) {
    print_error(lines.error());
    program.exit = kProblems;
    return;
  }
  for (const std::string& line : *lines) fmt::print("{}\n", line);
}

void explain(Program& program, const Options& options) {
  auto reading = open_reading(program, options.store);
  const auto book = reading ? read_book(program, *reading) : std::nullopt;
  if (!book) return;
  std::optional<Key> customer;
  for (const RunRow& row : book->runs)
    if (row.subject == options.who) customer = row.customer;
  for (const TouchRow& row : book->touches)  // of runs that are summed up nothing else is told
    if (!customer && row.subject == options.who) customer = row.customer;
  if (const auto run = run_of(*book, options.who); !customer && run)
    customer = book->find_run(*run)->customer;
  auto until = options.at.empty() ? Result<Instant>(Instant::never()) : parse_instant(options.at);
  auto story = !until ? Result<Story>(until.error())
               : customer
                   ? tell_story(*reading->archive, *customer, *until)
                   : Result<Story>(Error{Code::run_not_found,
                                         "no customer and no run is called '" + options.who + "'",
                                         {},
                                         "see `relance runs`"});
  if (!story) {
    print_error(story.error());
    program.exit = kProblems;
    return;
  }
  std::printf("%s", options.json ? (story_json(*story) + "\n").c_str()
                                 : story_text(*story, colours()).c_str());
}

using Work = void (*)(Program&, const Options&);

CLI::App* add(Program& program, const std::string& name, const std::string& summary,
              const std::string& example, Work work, const std::shared_ptr<Options>& options) {
  CLI::App* command = add_command(program, name, summary, example);
  command->add_option("--store", options->store,
                      "sqlite:PATH or PATH (default $RELANCE_STORE, else relance.db)");
  command->add_flag("--json", options->json, "for programs");
  command->callback([&program, command, options, work] {
    if (command->get_subcommands().empty()) work(program, *options);
  });
  return command;
}

}  // namespace

void add_inspect(Program& program) {
  auto options = std::make_shared<Options>();
  add(program, "status", "what the store holds: events, runs, touches, money",
      "relance status --store shop.db", status, options);
  CLI::App* list = add(program, "runs", "runs, what they wait for and how they ended",
                       "relance runs --status running", runs, options);
  list->add_option("--flow", options->flow, "of this flow");
  list->add_option("--status", options->status,
                   "running, goal, completed, stopped, expired or failed");
  list->add_option("--customer", options->customer, "of this customer");
  list->add_option("--limit", options->limit, "rows of the table");
  CLI::App* ledger =
      add(program, "touches", "every touch made, put off or refused, with its reason",
          "relance touches --channel voice", touches, options);
  ledger->add_option("--channel", options->channel, "over this channel");
  ledger->add_option("--customer", options->customer, "of this customer");
  ledger->add_option("--outcome", options->outcome, "that ended so, or are parked, held, denied");
  ledger->add_option("--limit", options->limit, "rows of the table");
  add(program, "segments", "where the searches of flows that start by a segment stand",
      "relance segments", segments, options);
  add(program, "journal", "every record of a run, one JSON object a line", "relance journal 4tq7ad",
      journal, options)
      ->add_option("run", options->who, "run id, or its first characters")
      ->required();
  CLI::App* story = add(program, "explain",
                        "a customer's timeline over all flows, with why, why not and when next",
                        "relance explain customer-0335", explain, options);
  story->add_option("who", options->who, "customer or run")->required();
  story->add_option("--at", options->at, "as it was at this instant");
}

}  // namespace relance::cli
