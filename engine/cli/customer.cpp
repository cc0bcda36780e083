// relance customer: what a customer may ask about the data kept of him. It goes to the engine that
// runs on the store, else into the store itself.
#include <fmt/format.h>

#include "admin/customer_data.h"
#include "base/text.h"
#include "cli/operator.h"
#include "cli/reading.h"
#include "node/store_at_rest.h"

namespace relance::cli {
namespace {

struct Options {
  OperatorOptions by;  // store, author, json
  std::string who, file, clock = "real";
  std::vector<std::string> set;
  bool lift = false, sandbox = false;
};

int refuse(const Error& error) {
  print_error(error);
  if (error.code == Code::customer_unknown) return kProblems;
  return error.code == Code::usage ? kWrongCall : kCannotOpen;
}

// "first_name=Bea" -> {first_name: "Bea"}; those of a file are laid below.
Result<Doc> data_of(const Options& options) {
  Doc data = Doc::empty_record();
  if (!options.file.empty()) {
    const auto text = read_file(options.file);
    auto read = text ? from_json(*text) : Result<Doc>(text.error());
    if (!read) return read.error();
    if (read->view().type() != DocType::record)
      return Error{Code::usage, options.file + " holds no JSON object", {}, ""};
    data = std::move(*read);
  }
  std::vector<std::pair<std::string, Doc>> fields;
  for (const std::string& pair : options.set) {
    const size_t sign = pair.find('=');
    if (sign == std::string::npos || sign == 0)
      return Error{Code::usage, "one of --set is no NAME=VALUE", {}, "--set email=ann@example.com"};
    fields.emplace_back(pair.substr(0, sign), Doc::text(pair.substr(sign + 1)));
  }
  if (!fields.empty()) data = Doc::merged(data, Doc::record(fields));
  if (data.view().size() > 0) return data;
  return Error{Code::usage, "nothing is said of him", {}, "--set NAME=VALUE, or --data FILE"};
}

Error nobody(const std::string& who) {
  return {Code::customer_unknown,
          "nothing is kept about '" + who + "'",
          {},
          "give the subject of his events, or his pseudonym"};
}

Result<Reading> read_store(const Options& options) {
  auto store = open_to_read(options.by.store);
  if (!store) return store.error();
  auto archive = Archive::open(**store);
  if (!archive) return archive.error();
  return Reading{std::move(*store), std::move(*archive)};
}

// Who it is about: he himself, and with `beside` what is kept of him under other names.
Result<std::vector<Key>> look_up(const Options& options, bool beside) {
  auto reading = read_store(options);
  if (!reading) return reading.error();
  const auto found = find_customer(*reading->archive, options.who);
  if (!found) return found.error();
  if (!*found) return nobody(options.who);
  auto others = beside ? kept_beside(*reading->archive, **found) : std::vector<Key>();
  if (!others) return others.error();
  others->insert(others->begin(), **found);
  return others;
}

Status write_at_rest(Program& program, const Options& options, const std::vector<Key>& customers,
                     const CommandInput& command) {
  const auto library = program.library();
  std::vector<Error> errors;
  auto at_rest = StoreAtRest::open(
      {store_url(options.by.store), options.sandbox, options.clock == "virtual"}, *library, errors);
  if (!at_rest) return errors.empty() ? at_rest.error() : errors.front();
  for (const Key& customer : customers)
    if (const auto entry = (*at_rest)->command(customer, command); !entry) return entry.error();
  return {};
}

// False: it was refused, which has been printed.
bool tell_engine(const Options& options, const std::vector<Key>& customers,
                 const CommandInput& command, int& exit) {
  for (const Key& customer : customers) {
    std::vector<std::pair<std::string, Doc>> asked{{"customer", Doc::text(customer.text())},
                                                   {"command", Doc::text(command.command)},
                                                   {"author", Doc::text(command.author)}};
    if (!command.data.is_null()) asked.emplace_back("data", command.data);
    if (!ask_engine(options.by, "POST", "/v1/admin/customer", Doc::record(asked), exit))
      return false;
  }
  return true;
}

void print(const Options& options, const CommandInput& command, const CustomerData& data) {
  const Customer& customer = data.state;
  if (command.command == "export") return fmt::print("{}\n", to_json(data.told));
  const bool erased = !customer.privacy->erased_at.is_never() && customer.subject.empty();
  const std::string key = customer.id.text();
  if (options.by.json)
    return fmt::print("{}\n",
                      to_json(Doc::record(
                          {{"pseudonym", Doc::text(key)},
                           {"restricted", Doc::boolean(customer.privacy->restricted)},
                           {"erased", Doc::boolean(erased)},
                           {"waits_for", Doc::integer(static_cast<int64_t>(data.on_the_wire))}})));
  if (erased) return fmt::print("erased; what is left of him is called {}\n", key);
  if (customer.privacy->erasing)
    return fmt::print(
        "{} of his touches are on their way and are settled first; then he is erased. Nothing more "
        "leaves.\n",
        data.on_the_wire);
  fmt::print("{}: {}\n", options.who,
             customer.privacy->restricted ? "his data is kept and not used"
                                          : "done; it holds from the next contact on");
}

int work(Program& program, const Options& options, const std::string& word) {
  CommandInput command;
  command.command = word == "restrict" && options.lift ? "lift" : word;
  command.author = author_of(options.by);
  if (word == "rectify" || word == "supplement") {
    auto data = data_of(options);
    if (!data) return refuse(data.error());
    command.data = std::move(*data);
  }
  const auto customers = look_up(options, word == "erase");
  if (!customers) return refuse(customers.error());
  if (engine_runs(options.by)) {
    int exit = kDone;
    if (!tell_engine(options, *customers, command, exit)) return exit;
  } else if (const auto done = write_at_rest(program, options, *customers, command); !done) {
    return refuse(done.error());
  }
  auto reading = read_store(options);
  if (!reading) return refuse(reading.error());
  const auto data = customer_data(*reading->archive, customers->front());
  if (!data) return refuse(data.error());
  print(options, command, *data);
  return kDone;
}

struct Subcommand {
  const char *name, *summary, *example;
  bool data = false;
};

constexpr Subcommand kSubcommands[] = {
    {"export", "everything that is kept about a customer, as one JSON object",
     "relance customer export customer-0335"},
    {"erase", "forget him: his decisions stay, under a pseudonym",
     "relance customer erase customer-0335"},
    {"rectify", "what holds in place of what the CRM tells",
     "relance customer rectify customer-0335 --set email=ann@example.com", true},
    {"supplement", "what holds where the CRM tells nothing",
     "relance customer supplement customer-0335 --set phone=+33612345678", true},
    {"restrict", "keep his data and do not use it: nothing leaves until it is lifted",
     "relance customer restrict customer-0335"},
};

}  // namespace

void add_customer(Program& program) {
  CLI::App* customer =
      add_command(program, "customer", "what a customer may ask: export, erase, rectify, ...",
                  "relance customer export customer-0335 --store shop.db");
  customer->require_subcommand(1);
  for (const Subcommand& one : kSubcommands) {
    auto options = std::make_shared<Options>();
    CLI::App* command = customer->add_subcommand(one.name, one.summary);
    command->footer(std::string("Example:\n  ") + one.example);
    command->add_option("who", options->who, "the subject of his events, or his pseudonym")
        ->required();
    command->add_option("--store", options->by.store,
                        "sqlite:PATH or PATH (default $RELANCE_STORE, else relance.db)");
    command->add_option("--author", options->by.author, "who does it (default: who is logged in)");
    command->add_flag("--json", options->by.json, "one JSON object");
    command->add_option("--plugins", program.plugin_directories, "more directories with plugins");
    command
        ->add_option("--clock", options->clock,
                     "as `run` had it; virtual: the store's last instant")
        ->check(CLI::IsMember({"real", "virtual"}));
    command->add_flag("--sandbox", options->sandbox, "as `run` had it");
    if (one.data) {
      command->add_option("--set", options->set, "NAME=VALUE of his record");
      command->add_option("--data", options->file, "a JSON file with such fields");
    }
    if (std::string_view(one.name) == "restrict")
      command->add_flag("--lift", options->lift, "end the restriction");
    command->callback(
        [&program, options, name = one.name] { program.exit = work(program, *options, name); });
  }
}

}  // namespace relance::cli
