// relance meta: the editor's annotations of the language, for LuaLS.
#include <cstdio>
#include <fstream>

#include "cli/command.h"
#include "script/reference.h"

namespace relance::cli {

void add_meta(Program& program) {
  auto file = std::make_shared<std::string>();
  CLI::App* command =
      add_command(program, "meta", "editor annotations of what is installed (LuaLS)",
                  "relance meta --output .luals/relance.lua");
  command->add_option("--output", *file, "file to write; else the terminal");
  command->callback([&program, file] {
    if (file->empty()) {
      std::printf("%s", meta_files().c_str());
      return;
    }
    std::ofstream out(*file, std::ios::trunc);
    if (out << meta_files()) return;
    print_error({Code::file_unreadable, "cannot write " + *file, {}, ""});
    program.exit = kWrongCall;
  });
}

}  // namespace relance::cli
