// A command to the engine that runs on a store, through the socket beside it (serve/admin.h).
#pragma once

#include "base/doc.h"
#include "cli/command.h"

namespace relance::cli {

struct OperatorOptions {
  std::string store, author, reason;
  bool json = false;
};
// --store, --author, --reason, --json.
void add_operator_options(CLI::App& command, OperatorOptions& options);
// --author, else who is logged in.
std::string author_of(const OperatorOptions& options);

bool engine_runs(const OperatorOptions& options);

// What it answers; nullopt: it was refused, which has been printed, and `exit` is set.
std::optional<Doc> ask_engine(const OperatorOptions& options, const std::string& method,
                              const std::string& path, const Doc& asked, int& exit);

}  // namespace relance::cli
