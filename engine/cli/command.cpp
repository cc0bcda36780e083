#include "cli/command.h"

#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "base/process.h"

namespace relance::cli {

std::unique_ptr<PluginLibrary> Program::library() const {
  std::vector<std::string> directories = plugin_directories;
  const auto home = std::filesystem::path(executable).parent_path().parent_path();
  directories.push_back((home / "lib/relance/plugins").string());
  return open_plugin_library(std::move(directories));
}

CLI::App* add_command(Program& program, const std::string& name, const std::string& summary,
                      const std::string& example) {
  CLI::App* command = program.app.add_subcommand(name, summary);
  command->footer("Example:\n  " + example);
  command->add_option("--plugins", program.plugin_directories, "more directories with plugins");
  return command;
}

void print_error(const Error& error) { std::fprintf(stderr, "%s\n", error.text().c_str()); }

void print_errors(const std::vector<Error>& errors) {
  for (const Error& error : errors) print_error(error);
}

std::shared_ptr<const Bundle> load(Program& program, PluginLibrary& library,
                                   const std::string& directory, bool sandbox) {
  auto sources = read_bundle(directory);
  if (!sources) {
    print_error(sources.error());
    program.exit = kWrongCall;
    return nullptr;
  }
  LoadedBundle loaded = load_bundle(*sources, directory, load_options(library, sandbox));
  for (const Finding& finding : loaded.findings) {
    if (finding.severity == Severity::error || !loaded.bundle) print_error(finding.error);
  }
  if (!loaded.bundle) program.exit = kProblems;
  return loaded.bundle;
}

bool colours() { return isatty(STDOUT_FILENO) != 0 && !SystemProcess().environment("NO_COLOR"); }

std::string store_url(const std::string& option) {
  if (!option.empty()) return option;
  return SystemProcess().environment("RELANCE_STORE").value_or("relance.db");
}

}  // namespace relance::cli
