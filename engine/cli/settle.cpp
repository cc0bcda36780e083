// relance touches settle: a person tells what became of a touch that no machine can settle.
#include <fmt/format.h>

#include "admin/rows.h"
#include "cli/command.h"
#include "node/derived.h"
#include "node/store_at_rest.h"

namespace relance::cli {
namespace {

constexpr size_t kShortestKey = 6;  // characters of a key that may stand for the whole

struct Options {
  std::string store, key, word, author, clock = "real";
  bool sandbox = false, json = false;
};

Error wrong_call(std::string what, std::string hint = {}) {
  return {Code::usage, std::move(what), {}, std::move(hint)};
}

// The touches of a store as they are now.
struct Ledger {
  std::unique_ptr<Archive> archive;
  Casebook book;
};

Result<Ledger> read_ledger(Store& store) {
  auto archive = Archive::open(store);
  if (!archive) return archive.error();
  auto book = make_casebook(**archive);
  if (!book) return book.error();
  return Ledger{std::move(*archive), std::move(*book)};
}

std::string state_of(const Touch& touch) {
  if (touch.state == TouchState::done) return "its outcome is '" + touch.outcome.str() + "'";
  return "it is " + std::string(touch_state_name(touch.state));
}

// By its key, or the first characters of it. Fails where there is none, or nothing to settle.
Result<const TouchRow*> open_touch(const Casebook& book, const std::string& key) {
  const TouchRow* found = nullptr;
  for (const TouchRow& row : book.touches) {
    if (row.verdict != "sent" || key.size() < kShortestKey) continue;
    if (row.touch.key.text().compare(0, key.size(), key) != 0) continue;
    if (found) return wrong_call("several touches begin with '" + key + "'", "give the whole key");
    found = &row;
  }
  if (!found)
    return Error{Code::run_not_found,
                 "there is no touch '" + key + "'",
                 {},
                 "see `relance touches --outcome parked`"};
  const TouchState state = found->touch.state;
  if (state != TouchState::parked && state != TouchState::unknown)
    return wrong_call(
        "touch " + found->touch.key.text() + " cannot be settled: " + state_of(found->touch),
        "only parked and unknown ones wait for a person");
  return found;
}

// Before the store is taken: a slip is told also while another process has it open.
Result<TouchRow> find_touch(const std::string& url, const std::string& key) {
  StoreOptions how;
  how.read_only = true;
  how.derive = entry_deriver();
  auto store = open_store(url, std::move(how));
  if (!store) return store.error();
  auto ledger = read_ledger(**store);
  if (!ledger) return ledger.error();
  auto touch = open_touch(ledger->book, key);
  if (!touch) return touch.error();
  return **touch;
}

void print(const Ledger& ledger, const Options& options, const Key& key) {
  const auto same = [&](const TouchRow& one) {
    return one.verdict == "sent" && one.touch.key == key;
  };
  const auto& touches = ledger.book.touches;
  const auto row = std::find_if(touches.begin(), touches.end(), same);
  if (options.json) {
    fmt::print("{}\n", touch_json(*row, *ledger.archive));
    return;
  }
  fmt::print("{} of {}, {}.{} try {}: {} ({})\n", row->touch.channel, row->subject, row->touch.flow,
             row->touch.step_name, row->touch.try_no, row->touch.outcome, row->reason);
  const RunRow* run = ledger.book.find_run(row->touch.run);
  if (!run) return;
  if (run->waiting_for.empty())
    fmt::print("its run {}: {}\n", run->run.text(), run->status);
  else
    fmt::print("its run {}: {}; goes on with the next `relance run`\n", run->run.text(),
               run->waiting_for);
}

int exit_of(const Error& error) {
  return error.code == Code::usage || error.code == Code::run_not_found ? kWrongCall : kCannotOpen;
}

int refuse(const Error& error) {
  print_error(error);
  return exit_of(error);
}

int settle(Program& program, Options options) {
  const std::string url = store_url(options.store);
  const auto touch = find_touch(url, options.key);
  if (!touch) return refuse(touch.error());
  const auto library = program.library();
  std::vector<Error> errors;
  auto at_rest =
      StoreAtRest::open({url, options.sandbox, options.clock == "virtual"}, *library, errors);
  if (!at_rest) {
    print_errors(errors);
    return kCannotOpen;
  }
  if (options.author.empty())
    options.author = SystemProcess().environment("USER").value_or("somebody");
  CommandInput command;
  command.command = "settle";
  command.author = options.author;
  command.touch = touch->touch.key;
  command.word = options.word;
  const auto entry = (*at_rest)->command(touch->customer, command);
  if (!entry) return refuse(entry.error());
  if (entry->records.empty())
    return refuse(wrong_call("touch " + command.touch.text() + " was settled meanwhile"));
  const auto ledger = read_ledger((*at_rest)->store());
  if (!ledger) return refuse(ledger.error());
  print(*ledger, options, command.touch);
  return kDone;
}

}  // namespace

void add_settle(Program& program) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.app.get_subcommand("touches")->add_subcommand(
      "settle", "tell what became of a parked touch; its run goes on with the next `relance run`");
  command->footer("Example:\n  relance touches settle 4tq7ad done --store shop.db");
  command->add_option("key", options->key, "of the touch, or its first characters")->required();
  command
      ->add_option("word", options->word,
                   "done: it happened; absent: it never did (a charge then counts as failed)")
      ->required()
      ->check(CLI::IsMember({"done", "absent"}));
  command->add_option("--store", options->store,
                      "sqlite:PATH or PATH (default $RELANCE_STORE, else relance.db)");
  command->add_option("--author", options->author, "who says so (default $USER)");
  command
      ->add_option("--clock", options->clock, "as `run` had it; virtual: the store's last instant")
      ->check(CLI::IsMember({"real", "virtual"}));
  command->add_flag("--sandbox", options->sandbox, "as `run` had it");
  command->add_flag("--json", options->json, "the touch as `relance touches --json` shows it");
  command->add_option("--plugins", program.plugin_directories, "more directories with plugins");
  command->callback([&program, options] { program.exit = settle(program, *options); });
}

}  // namespace relance::cli
