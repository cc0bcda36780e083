// relance store: what a store is, whether it is whole, copies of it, and one put back.
#include <fmt/format.h>

#include "base/clock.h"
#include "base/doc.h"
#include "cli/command.h"
#include "cli/progress.h"
#include "node/compaction.h"
#include "node/derived.h"
#include "node/rebuild_check.h"
#include "store/backup.h"

namespace relance::cli {
namespace {

struct Options {
  std::string store, file;
  int keep_days = 400;
  bool replace = false, rebuild = false, json = false;
};

int refuse(const Error& error) {
  print_error(error);
  return error.code == Code::usage || error.code == Code::store_there ? kWrongCall : kCannotOpen;
}

Result<std::unique_ptr<Store>> look_at(const std::string& store) {
  StoreOptions how;
  how.read_only = true;
  how.derive = entry_deriver();
  return open_store(store_url(store), std::move(how));
}

Doc number(uint64_t n) { return Doc::integer(static_cast<int64_t>(n)); }

using Fields = std::vector<std::pair<std::string, Doc>>;

int print_json(const Fields& fields) {
  fmt::print("{}\n", to_json(Doc::record(fields)));
  return kDone;
}

int check(const Options& options) {
  const auto store = look_at(options.store);
  if (!store) return refuse(store.error());
  Status whole;
  {
    ProgressLine line("checking entries");
    whole = (*store)->check(line.progress());
    if (whole.ok() && options.rebuild) whole = check_rebuild(**store, line.progress());
  }
  const uint64_t entries = (*store)->opened().next_position - 1;
  if (options.json)
    print_json({{"whole", Doc::boolean(whole.ok())},
                {"entries", number(entries)},
                {"found", whole.ok() ? Doc() : Doc::text(whole.error().message)}});
  else if (whole.ok())
    fmt::print("whole: {} entries, their chains, lookups, snapshots and sums\n", entries);
  if (!whole.ok()) print_error(whole.error());
  return whole.ok() ? kDone : kProblems;
}

Fields fields_of(const StoreCopy& copy) {
  return {{"path", Doc::text(copy.path)},
          {"installation", Doc::text(copy.installation)},
          {"entries", number(copy.entries)},
          {"bytes", number(copy.bytes)},
          {"last_commit_at", Doc::instant(copy.last_commit_at)}};
}

int back_up(const Options& options) {
  ProgressLine line("copying and checking");
  const auto copy = relance::back_up(store_url(options.store), options.file, SystemClock().now(),
                                     entry_deriver(), line.progress());
  if (!copy) return refuse(copy.error());
  if (options.json) return print_json(fields_of(*copy));
  fmt::print("{}: {} entries, {} bytes, as of {}; checked\n", copy->path, copy->entries,
             copy->bytes, format_instant(copy->last_commit_at));
  return kDone;
}

int restore(const Options& options) {
  ProgressLine line("copying and checking");
  const auto restored = restore_store(options.file, store_url(options.store), options.replace,
                                      SystemClock().now(), entry_deriver(), line.progress());
  if (!restored) return refuse(restored.error());
  const auto& [store, replaced] = *restored;
  if (options.json) {
    Fields fields = fields_of(store);
    fields.emplace_back("replaced", replaced.empty() ? Doc() : Doc::text(replaced));
    return print_json(fields);
  }
  fmt::print("{} is as of {}: {} entries, checked\n", store.path,
             format_instant(store.last_commit_at), store.entries);
  if (!replaced.empty()) fmt::print("the store before is kept as {}\n", replaced);
  fmt::print(
      "its sends are held: start the engine, give it the events since then again, and then\n"
      "`relance resume --sends --store {}`\n",
      store.path);
  return kDone;
}

int compact(const Options& options) {
  ProgressLine line("summing up");
  const auto done =
      compact_history(store_url(options.store), days(options.keep_days), line.progress());
  if (!done) return refuse(done.error());
  if (options.json)
    return print_json({{"entries_removed", number(done->entries_removed)},
                       {"customers", number(done->customers)},
                       {"bytes_before", number(done->bytes_before)},
                       {"bytes_after", number(done->bytes_after)}});
  fmt::print("{} entries of {} customers are summed up; {} bytes, before {}\n",
             done->entries_removed, done->customers, done->bytes_after, done->bytes_before);
  return kDone;
}

std::string text_of(const std::optional<SendHold>& hold) {
  if (!hold) return "free";
  const bool known = hold->from != Instant::beginning();
  const std::string since = known ? format_instant(hold->from) : "an unknown instant";
  if (!hold->released()) return "held: " + hold->why + "; nothing is known after " + since;
  return "released at " + format_instant(hold->released_at) + "; " + hold->why;
}

int info(const Options& options) {
  const auto store = look_at(options.store);
  if (!store) return refuse(store.error());
  const Opened& opened = (*store)->opened();
  const StoreStatistics statistics = (*store)->statistics();
  const auto generations = (*store)->reader()->generations();
  if (!generations) return refuse(generations.error());
  const uint64_t tail = opened.next_position - opened.horizon;
  const std::string last = format_instant(opened.last_commit_at);
  if (options.json)
    return print_json({{"installation", Doc::text(opened.installation)},
                       {"epoch", number(opened.epoch)},
                       {"commits", number(statistics.commits)},
                       {"last_commit_at", Doc::text(last)},
                       {"entries", number(statistics.entries)},
                       {"tail", number(tail)},
                       {"bytes", number(statistics.bytes_on_disk)},
                       {"generations", number(generations->size())},
                       {"sends", Doc::text(text_of(opened.hold))}});
  fmt::print(
      "installation  {}\nlast commit   {}\ncommits       {} (epoch {})\n"
      "entries       {}, {} of them behind the snapshots\nbytes         {}\n"
      "generations   {}\nsends         {}\n",
      opened.installation, last, statistics.commits, opened.epoch, statistics.entries, tail,
      statistics.bytes_on_disk, generations->size(), text_of(opened.hold));
  return kDone;
}

struct Subcommand {
  const char *name, *summary, *example;
  int (*run)(const Options&);
  const char* file = nullptr;  // what it is, where it takes one
};

constexpr Subcommand kSubcommands[] = {
    {"check", "whether everything in it fits together; also beside a running engine",
     "relance store check --store shop.db", check},
    {"info", "what is in it", "relance store info --store shop.db", info},
    {"backup", "copy it into one file, also beside a running engine, and check the copy",
     "relance store backup /var/backups/relance --store shop.db", back_up,
     "a new file, or a directory"},
    {"restore", "make it what a backup holds; its sends are held until `relance resume --sends`",
     "relance store restore shop-20260105T030000Z.db --store shop.db", restore, "a backup"},
    {"compact", "sum up old history, and give its room back; while no engine runs",
     "relance store compact --keep-days 400 --store shop.db", compact},
};

}  // namespace

void add_store(Program& program) {
  CLI::App* command = add_command(program, "store", "look after a store: check, back up, restore",
                                  "relance store check --store shop.db");
  command->require_subcommand(1);
  for (const Subcommand& one : kSubcommands) {
    auto options = std::make_shared<Options>();
    CLI::App* sub = command->add_subcommand(one.name, one.summary);
    sub->footer(std::string("Example:\n  ") + one.example);
    sub->add_option("--store", options->store,
                    "sqlite:PATH or PATH (default $RELANCE_STORE, else relance.db)");
    if (one.file) sub->add_option("file", options->file, one.file)->required();
    if (one.run == restore)
      sub->add_flag("--replace", options->replace, "a store that is there is kept beside");
    if (one.run == check)
      sub->add_flag("--rebuild", options->rebuild,
                    "also make everybody anew from his entries, and compare");
    if (one.run == compact)
      sub->add_option("--keep-days", options->keep_days,
                      "of history, record by record, back from the last commit (default 400)")
          ->check(CLI::Range(1, 36'500));
    sub->add_flag("--json", options->json, "for programs");
    sub->callback([&program, options, run = one.run] { program.exit = run(*options); });
  }
}

}  // namespace relance::cli
