// relance manual: manual pages and shell completion of all commands, for packages.
#include <filesystem>
#include <fstream>

#include "cli/command.h"
#include "cli/manual_pages.h"
#include "cli/version.h"

namespace relance::cli {
namespace {

namespace fs = std::filesystem;

bool write_below(const fs::path& path, const std::string& text) {
  std::error_code problem;
  fs::create_directories(path.parent_path(), problem);
  std::ofstream out(path, std::ios::trunc);
  if (out << text) return true;
  print_error({Code::file_unreadable,
               "cannot write " + path.string(),
               {},
               "give a directory that may be written"});
  return false;
}

int write_manual(const CLI::App& program, const fs::path& directory) {
  for (const auto& [name, page] : manual_pages(program, version_text()))
    if (!write_below(directory / "man/man1" / name, page)) return kWrongCall;
  const fs::path completion = directory / "bash-completion/completions/relance";
  return write_below(completion, bash_completion(program)) ? kDone : kWrongCall;
}

}  // namespace

void add_manual(Program& program) {
  CLI::App* command = add_command(program, "manual", "write manual pages and shell completion",
                                  "relance manual /usr/local/share");
  auto directory = std::make_shared<std::string>();
  command->add_option("directory", *directory, "gets man/man1 and bash-completion/completions")
      ->required();
  command->callback(
      [&program, directory] { program.exit = write_manual(program.app, *directory); });
}

}  // namespace relance::cli
