#include "cli/operator.h"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include "net/local_client.h"
#include "serve/admin.h"

namespace relance::cli {
namespace {

constexpr Duration kLongest = minutes(10);

std::string_view text_of(DocView record, std::string_view field) {
  return record.find(field).text().value_or("");
}

void print_refusal(DocView problem) {
  const DocView errors = problem.find("errors");
  for (const auto& [key, one] : errors.items()) {
    const std::string_view file = text_of(one, "file"), hint = text_of(one, "hint");
    const std::string where =
        file.empty() ? "" : fmt::format("{}:{}: ", file, one.find("line").integer().value_or(0));
    fmt::print(stderr, "{}error {}: {}\n", where, text_of(one, "code"), text_of(one, "message"));
    if (!hint.empty()) fmt::print(stderr, "  {}\n", hint);
  }
  if (errors.is_null()) {
    fmt::print(stderr, "error {}: {}\n", text_of(problem, "code"), text_of(problem, "detail"));
    if (const auto remedy = text_of(problem, "remedy"); !remedy.empty())
      fmt::print(stderr, "  {}\n", remedy);
  }
}

}  // namespace

void add_operator_options(CLI::App& command, OperatorOptions& options) {
  command.add_option("--store", options.store,
                     "of the engine that runs: sqlite:PATH, PATH (default $RELANCE_STORE)");
  command.add_option("--author", options.author, "who does it (default: who is logged in)");
  command.add_option("--reason", options.reason, "why, for those who look later");
  command.add_flag("--json", options.json, "one JSON object");
}

std::string author_of(const OperatorOptions& options) {
  if (!options.author.empty()) return options.author;
  const passwd* user = getpwuid(getuid());
  return user ? user->pw_name : std::to_string(getuid());
}

bool engine_runs(const OperatorOptions& options) {
  return ask_locally(admin_socket(store_url(options.store)), "GET", "/v1/admin/generation", "",
                     kLongest)
      .ok();
}

std::optional<Doc> ask_engine(const OperatorOptions& options, const std::string& method,
                              const std::string& path, const Doc& asked, int& exit) {
  const std::string socket = admin_socket(store_url(options.store));
  auto reply = ask_locally(socket, method, path, to_json(asked), kLongest);
  if (!reply) {
    print_error(reply.error());
    exit = kCannotOpen;
    return std::nullopt;
  }
  auto told = from_json(reply->body);
  if (!told) {
    print_error(told.error());
    exit = kCannotOpen;
    return std::nullopt;
  }
  if (reply->status == 200) return std::move(*told);
  if (options.json)
    fmt::print("{}\n", reply->body);
  else
    print_refusal(*told);
  exit = kProblems;
  return std::nullopt;
}

}  // namespace relance::cli
