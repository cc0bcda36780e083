// relance handoff: the human queues. Items are read from the store; what a person does with one
// goes to the engine that runs on it, else into the store itself.
#include <fmt/format.h>

#include <algorithm>

#include "admin/items.h"
#include "base/text.h"
#include "cli/handoff_text.h"
#include "cli/operator.h"
#include "cli/reading.h"
#include "node/derived.h"
#include "node/store_at_rest.h"

namespace relance::cli {
namespace {

constexpr size_t kShortestItem = 6;  // characters of an item's key that may stand for the whole

struct Options {
  OperatorOptions by;  // store, author, json
  std::string queue, item, word, clock = "real";
  std::vector<std::string> data;
  bool sandbox = false;
};

int refuse(const Error& error) {
  print_error(error);
  const bool wrong = error.code == Code::usage || error.code == Code::item_not_found ||
                     error.code == Code::item_word;
  return wrong ? kWrongCall : error.code == Code::item_taken ? kProblems : kCannotOpen;
}

// By its key, or the first characters of it.
Result<ItemRow> find_item(std::vector<ItemRow> rows, const std::string& key) {
  std::vector<ItemRow> found;
  for (ItemRow& row : rows)
    if (key.size() >= kShortestItem && row.item.text().starts_with(key))
      found.push_back(std::move(row));
  if (found.empty())
    return Error{Code::item_not_found,
                 "there is no item '" + key + "' in a queue",
                 {},
                 "see `relance handoff list`; a person may have ended it"};
  if (found.size() > 1)
    return Error{Code::usage, "several items begin with '" + key + "'", {}, "give the whole key"};
  return std::move(found.front());
}

Result<ItemRow> item_in(Archive& archive, const std::string& key) {
  auto rows = items_in(archive);
  if (!rows) return rows.error();
  return find_item(std::move(*rows), key);
}

void list(Program& program, const Options& options) {
  auto reading = open_reading(program, options.by.store);
  if (!reading) return;
  auto rows = items_in(*reading->archive);
  if (!rows) {
    program.exit = refuse(rows.error());
    return;
  }
  if (!options.queue.empty())
    std::erase_if(*rows, [&](const ItemRow& row) { return row.lease.queue != options.queue; });
  if (!options.by.json) return print_items(*rows);
  for (const ItemRow& row : *rows) fmt::print("{}\n", item_json(row, false));
}

void show(Program& program, const Options& options) {
  auto reading = open_reading(program, options.by.store);
  if (!reading) return;
  const auto row = item_in(*reading->archive, options.item);
  if (!row) {
    program.exit = refuse(row.error());
    return;
  }
  if (options.by.json) {
    fmt::print("{}\n", item_json(*row, true));
    return;
  }
  const auto book = read_book(program, *reading);
  if (book) print_item(*row, *book);
}

// "method=transfer" -> {method: "transfer"}
Result<Doc> data_of(const std::vector<std::string>& pairs) {
  std::vector<std::pair<std::string, Doc>> fields;
  for (const std::string& pair : pairs) {
    const size_t sign = pair.find('=');
    if (sign == std::string::npos || sign == 0)
      return Error{Code::usage, "'" + pair + "' is no NAME=VALUE", {}, "--set method=transfer"};
    fields.emplace_back(pair.substr(0, sign), Doc::text(pair.substr(sign + 1)));
  }
  return fields.empty() ? Doc{} : Doc::record(fields);
}

// Why the engine will not do it: told before it is asked.
Status may(const ItemRow& row, const CommandInput& command) {
  const std::string& by = row.lease.by;
  if (!by.empty() && by != command.author)
    return Error{Code::item_taken,
                 fmt::format("{} has item {} until {}", by, row.item.text(),
                             format_instant(row.lease.until)),
                 {},
                 "ask for it, or wait until the lease is over"};
  const std::vector<std::string> words = row.outcomes();
  const bool ends = command.command == "resolve" && row.lease.packet.empty();
  if (ends && std::find(words.begin(), words.end(), command.word) == words.end())
    return Error{Code::item_word,
                 fmt::format("item {} cannot be ended with '{}'", row.item.text(), command.word),
                 {},
                 fmt::format("one of {}; or `relance handoff return`", join(words, ", "))};
  return {};
}

// Before the store is taken: a slip is told also while another process has it open.
Result<ItemRow> look_up(const std::string& url, const std::string& key) {
  StoreOptions how;
  how.read_only = true;
  how.derive = entry_deriver();
  auto store = open_store(url, std::move(how));
  if (!store) return store.error();
  auto archive = Archive::open(**store);
  if (!archive) return archive.error();
  return item_in(**archive, key);
}

Status write_at_rest(Program& program, const Options& options, const ItemRow& row,
                     const CommandInput& command) {
  const auto library = program.library();
  std::vector<Error> errors;
  auto at_rest = StoreAtRest::open(
      {store_url(options.by.store), options.sandbox, options.clock == "virtual"}, *library, errors);
  if (!at_rest) return errors.empty() ? at_rest.error() : errors.front();
  const auto entry = (*at_rest)->command(row.customer, command);
  if (!entry) return entry.error();
  if (entry->records.empty())
    return Error{Code::item_not_found, "item " + row.item.text() + " was ended meanwhile", {}, ""};
  return {};
}

// False: it was refused, which has been printed.
bool tell_engine(const Options& options, const ItemRow& row, const CommandInput& command,
                 int& exit) {
  std::vector<std::pair<std::string, Doc>> asked{{"item", Doc::text(row.item.text())},
                                                 {"customer", Doc::text(row.customer.text())},
                                                 {"command", Doc::text(command.command)},
                                                 {"author", Doc::text(command.author)},
                                                 {"word", Doc::text(command.word)}};
  if (!command.data.is_null()) asked.emplace_back("data", command.data);
  return ask_engine(options.by, "POST", "/v1/admin/handoff", Doc::record(asked), exit).has_value();
}

int work_on(Program& program, const Options& options, const std::string& command_word) {
  const auto row = look_up(store_url(options.by.store), options.item);
  if (!row) return refuse(row.error());
  const auto data = data_of(options.data);
  if (!data) return refuse(data.error());
  CommandInput command;
  command.command = command_word;
  command.author = author_of(options.by);
  command.item = row->item;
  command.word = options.word;
  command.data = *data;
  if (const auto allowed = may(*row, command); !allowed) return refuse(allowed.error());
  if (engine_runs(options.by)) {
    int exit = kDone;
    if (!tell_engine(options, *row, command, exit)) return exit;
  } else if (const auto done = write_at_rest(program, options, *row, command); !done) {
    return refuse(done.error());
  }
  print_done(*row, command, options.by.json);
  return kDone;
}

CLI::App* add(CLI::App* to, const std::string& name, const std::string& summary,
              const std::string& example, const std::shared_ptr<Options>& options) {
  CLI::App* command = to->add_subcommand(name, summary);
  command->footer("Example:\n  " + example);
  command->add_option("--store", options->by.store,
                      "sqlite:PATH or PATH (default $RELANCE_STORE, else relance.db)");
  command->add_flag("--json", options->by.json, "one object, or one a line");
  return command;
}

CLI::App* add_work(Program& program, CLI::App* to, const std::string& name,
                   const std::string& summary, const std::string& example,
                   const std::shared_ptr<Options>& options) {
  CLI::App* command = add(to, name, summary, example, options);
  command->add_option("item", options->item, "its key, or the first characters of it")->required();
  command->add_option("--author", options->by.author, "who does it (default: who is logged in)");
  command->add_option("--plugins", program.plugin_directories, "more directories with plugins");
  command
      ->add_option("--clock", options->clock, "as `run` had it; virtual: the store's last instant")
      ->check(CLI::IsMember({"real", "virtual"}));
  command->add_flag("--sandbox", options->sandbox, "as `run` had it");
  return command;
}

}  // namespace

void add_handoff(Program& program) {
  CLI::App* handoff = add_command(program, "handoff", "what lies with people, and what they do",
                                  "relance handoff list --store shop.db");
  handoff->require_subcommand(1);
  const auto options = std::make_shared<Options>();
  CLI::App* listing = add(handoff, "list", "every item that waits for a person, oldest first",
                          "relance handoff list --queue billing", options);
  listing->add_option("--queue", options->queue, "only of this queue");
  listing->callback([&program, options] { list(program, *options); });
  CLI::App* one = add(handoff, "show", "the packet of an item, and what automation has pending",
                      "relance handoff show 4tq7ad", options);
  one->add_option("item", options->item, "its key, or the first characters of it")->required();
  one->callback([&program, options] { show(program, *options); });
  CLI::App* take = add_work(program, handoff, "take", "have an item, for the queue's lease",
                            "relance handoff take 4tq7ad --author lea", options);
  take->callback([&program, options] { program.exit = work_on(program, *options, "take"); });
  CLI::App* done = add_work(program, handoff, "done", "end an item; its run goes on with the word",
                            "relance handoff done 4tq7ad paid --set method=transfer", options);
  done->add_option("word", options->word, "one of the step's outcomes")->required();
  done->add_option("--set", options->data, "NAME=VALUE: what the run should know");
  done->callback([&program, options] { program.exit = work_on(program, *options, "resolve"); });
  CLI::App* back = add_work(program, handoff, "return", "hand an item back to automation",
                            "relance handoff return 4tq7ad --set why=wants_link", options);
  back->add_option("--set", options->data, "NAME=VALUE: what the run should know");
  back->callback([&program, options] { program.exit = work_on(program, *options, "return"); });
}

}  // namespace relance::cli
