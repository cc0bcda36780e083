// `relance serve` and `relance token`.
#include <fmt/format.h>
#include <poll.h>

#include <cerrno>

#include "cli/command.h"
#include "cli/reading.h"
#include "node/stop_request.h"
#include "serve/serving.h"

namespace relance::cli {
namespace {

constexpr Duration kPatience = seconds(5), kStopWithin = seconds(15);

struct Options {
  std::string bundle, store, effects;
  ServeOptions serve;
  bool sandbox = false, json = false;
};

void wait_for(const StopRequest& stop) {
  pollfd asked{stop.handle(), POLLIN, 0};
  while (poll(&asked, 1, -1) < 0 && errno == EINTR) {
  }
}

void say_where(const Serving& serving, bool json) {
  if (json)
    fmt::print("{{\"listening\": \"{}\", \"public_url\": \"{}\"}}\n", serving.address(),
               serving.public_url());
  else
    fmt::print("listening on {}; providers call back {}\n", serving.address(),
               serving.public_url());
  std::fflush(stdout);
}

// The files have errors, which were printed: what was active last goes on.
std::shared_ptr<const Bundle> last_active(Program& program, PluginLibrary& library,
                                          const Options& options) {
  const auto store = open_to_read(options.store);
  if (!store) return nullptr;
  const auto reader = (*store)->reader();
  const auto generations = reader->generations();
  if (!generations || generations->empty()) return nullptr;
  const auto sources = stored_bundle(*reader, generations->front());
  if (!sources) return nullptr;
  auto loaded =
      load_bundle(*sources, options.bundle, load_options(library, options.sandbox)).bundle;
  if (!loaded) return nullptr;
  std::fprintf(stderr,
               "generation %s of the store goes on; mend the files, then `relance reload`\n",
               std::to_string(generations->front().number).c_str());
  program.exit = kDone;
  return loaded;
}

int serve(Program& program, Options options) {
  StopRequest stop(kStopWithin, StopRequest::Hangup::is_told);
  const auto library = program.library();
  auto bundle = load(program, *library, options.bundle, options.sandbox);
  if (!bundle) bundle = last_active(program, *library, options);
  if (!bundle) return program.exit;
  InstallationOptions& how = options.serve.installation;
  how.store = store_url(options.store);
  how.sandbox = {options.sandbox, options.effects, 1};
  bool lost = false;
  how.failed = [&] {
    lost = true;
    stop.ask();
  };
  std::vector<Error> errors;
  auto serving = Serving::make(bundle, *library, std::move(options.serve), errors);
  if (!serving) {
    print_errors(errors);
    return errors.front().code == Code::usage ? kWrongCall : kCannotOpen;
  }
  stop.on_hangup([&admin = (*serving)->admin()] { admin.reload_soon({"SIGHUP", "", {}}); });
  say_where(**serving, options.json);
  wait_for(stop);
  stop.on_hangup({});
  if (auto stopped = (*serving)->stop(kPatience); !stopped) {
    print_error(stopped.error());
    return kCannotOpen;
  }
  std::fprintf(stderr, "stopped; everything acknowledged is kept, the next start goes on\n");
  return lost ? kCannotOpen : kDone;
}

int make_token(const std::string& name, const std::string& file) {
  auto token = Tokens::add(file, name);
  if (!token) {
    print_error(token.error());
    return kCannotOpen;
  }
  fmt::print("{}\n", *token);
  std::fprintf(stderr, "shown once; %s keeps only its hash\n", file.c_str());
  return kDone;
}

}  // namespace

void add_serve(Program& program) {
  auto options = std::make_shared<Options>();
  ServeOptions& serve_options = options->serve;
  CLI::App* command =
      add_command(program, "serve", "take events and webhooks over HTTP, until stopped",
                  "relance serve flows --store relance.db --listen 127.0.0.1:8080");
  command->add_option("bundle", options->bundle, "directory with bundle.lua")->required();
  command->add_option("--store", options->store,
                      "sqlite:PATH, PATH or memory: (default $RELANCE_STORE, else relance.db)");
  command->add_option("--listen", serve_options.http.listen,
                      "HOST:PORT (default 127.0.0.1:8080; port 0: any free one)");
  command->add_option("--public-url", serve_options.public_url,
                      "where providers reach it, e.g. https://relance.shop.example");
  command->add_option("--socket", serve_options.socket, "a Unix socket beside it, of mode 0600");
  command->add_option("--tokens", serve_options.tokens,
                      "file with who may send events; needed beyond this machine");
  command->add_option("--tls-cert", serve_options.http.certificate_file, "PEM; default: no TLS");
  command->add_option("--tls-key", serve_options.http.key_file, "PEM");
  command->add_flag("--watch", serve_options.watch,
                    "reload when the bundle's files change: for development");
  command->add_option("--workers", serve_options.installation.node.workers, "threads that decide")
      ->check(CLI::Range(1, 256));
  command->add_option("--effects", options->effects, "file in which the sandbox notes each effect");
  command->add_flag("--sandbox", options->sandbox,
                    "channels and connectors are played; nothing leaves the machine");
  command->add_flag("--json", options->json, "say where it listens as one JSON object");
  command->callback([&program, options] { program.exit = serve(program, *options); });
}

void add_token(Program& program) {
  CLI::App* command = add_command(program, "token", "who may send events to `relance serve`",
                                  "relance token new shop --tokens tokens.txt");
  command->require_subcommand(1);
  CLI::App* make = command->add_subcommand("new", "make a token; the file keeps only its hash");
  auto name = std::make_shared<std::string>(), file = std::make_shared<std::string>("tokens.txt");
  make->add_option("name", *name, "whose it is")->required();
  make->add_option("--tokens", *file, "file it is added to");
  make->callback([&program, name, file] { program.exit = make_token(*name, *file); });
}

}  // namespace relance::cli
