// `relance generations`: who changed what, when and why; from the store alone.
#include <fmt/format.h>

#include "cli/command.h"
#include "cli/reading.h"
#include "node/difference.h"
#include "node/generation.h"

namespace relance::cli {
namespace {

struct Options {
  std::string store;
  uint64_t difference = 0;  // of this one to the one before
  size_t limit = 20;
  bool json = false;
};

std::string changes_of(const std::vector<Differing>& all) {
  std::string words;
  for (const Differing& one : all)
    if (one.kind != "file" || all.size() < 4)
      words += fmt::format("{}{} {} {}", words.empty() ? "" : ", ", one.kind, one.name,
                           how_name(one.how));
  return words;
}

Doc to_doc(const Generation& one, const std::vector<Differing>& changes) {
  std::vector<Doc> told;
  for (const Differing& change : changes)
    told.push_back(Doc::record({{"how", Doc::text(how_name(change.how))},
                                {"kind", Doc::text(change.kind)},
                                {"name", Doc::text(change.name)}}));
  return Doc::record({{"generation", Doc::integer(static_cast<int64_t>(one.number))},
                      {"at", Doc::instant(one.at)},
                      {"author", Doc::text(one.author)},
                      {"reason", Doc::text(one.reason)},
                      {"bundle", Doc::text(bundle_hash_of(one))},
                      {"instead_of", Doc::text(set_aside_by(one))},
                      {"difference", Doc::list(told)}});
}

void print_list(const std::vector<Generation>& all, const Options& options) {
  for (size_t i = 0; i < all.size() && i < options.limit; ++i) {
    const Generation& one = all[i];
    const auto changes = difference(i + 1 < all.size() ? all[i + 1].manifest : "{}", one.manifest);
    if (options.json) {
      fmt::print("{}\n", to_json(to_doc(one, changes)));
      continue;
    }
    fmt::print("{:>5}  {}  {:<12} {}\n", one.number, format_instant(one.at), one.author,
               one.reason);
    if (i + 1 < all.size()) fmt::print("       {}\n", changes_of(changes));
  }
}

// Of every file that differs.
int print_difference(StoreReader& reader, const std::vector<Generation>& all, uint64_t number) {
  for (size_t i = 0; i < all.size(); ++i) {
    if (all[i].number != number) continue;
    const bool first = i + 1 == all.size();
    auto after = stored_bundle(reader, all[i]);
    auto before =
        first ? Result<BundleSources>(BundleSources{}) : stored_bundle(reader, all[i + 1]);
    if (!after || !before) {
      print_error(after ? before.error() : after.error());
      return kCannotOpen;
    }
    BundleSources paths = *before;
    paths.insert(after->begin(), after->end());
    for (const auto& [path, text] : paths) {
      const std::string lines = line_difference((*before)[path], (*after)[path]);
      if (!lines.empty()) fmt::print("--- {0}\n+++ {0}\n{1}", path, lines);
    }
    return kDone;
  }
  print_error({Code::no_generation,
               "the store has no generation " + std::to_string(number),
               {},
               "see `relance generations`"});
  return kWrongCall;
}

int generations(const Options& options) {
  auto store = open_to_read(options.store);
  if (!store) {
    print_error(store.error());
    return kCannotOpen;
  }
  const auto reader = (*store)->reader();
  const auto all = reader->generations();
  if (!all) {
    print_error(all.error());
    return kCannotOpen;
  }
  if (options.difference != 0) return print_difference(*reader, *all, options.difference);
  print_list(*all, options);
  return kDone;
}

}  // namespace

void add_generations(Program& program) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      add_command(program, "generations", "which bundle was active from when on, by whom, and why",
                  "relance generations --store relance.db --diff 7");
  command->add_option("--store", options->store, "sqlite:PATH, PATH (default $RELANCE_STORE)");
  command->add_option("--diff", options->difference, "what this one changed, line by line");
  command->add_option("--limit", options->limit, "how many (default 20)");
  command->add_flag("--json", options->json, "one JSON object a line");
  command->callback([&program, options] { program.exit = generations(*options); });
}

}  // namespace relance::cli
