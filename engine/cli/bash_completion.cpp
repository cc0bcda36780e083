#include <fmt/format.h>

#include "cli/manual_pages.h"

namespace relance::cli {
namespace {

constexpr std::string_view kBegin = R"(# Bash completion of relance, made by `relance manual`.
_relance() {
  local path=relance i words=
  for ((i = 1; i < COMP_CWORD; ++i)); do
    case "$path ${COMP_WORDS[i]}" in
)";
constexpr std::string_view kBetween = R"(        path+=" ${COMP_WORDS[i]}" ;;
    esac
  done
  case $path in
)";
constexpr std::string_view kEnd = R"(  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}")
}
complete -o default -F _relance relance
)";

struct Script {
  std::string paths;  // that are commands: alternatives of a pattern
  std::string cases;  // what may follow each of them
};

void add(const CLI::App& app, const std::string& path, Script& script) {
  std::string words;
  const auto below =
      app.get_subcommands([](const CLI::App* one) { return !one->get_group().empty(); });
  for (const CLI::App* command : below) words += " " + command->get_name();
  for (const CLI::Option* option : app.get_options({}))
    for (const std::string& name : option->get_lnames()) words += " --" + name;
  script.cases += fmt::format("    '{}') words='{}' ;;\n", path, words.substr(1));
  for (const CLI::App* command : below) {
    const std::string deeper = path + " " + command->get_name();
    script.paths += fmt::format("{}'{}'", script.paths.empty() ? "" : " | ", deeper);
    add(*command, deeper, script);
  }
}

}  // namespace

std::string bash_completion(const CLI::App& program) {
  Script script;
  add(program, "relance", script);
  return fmt::format("{}      {})\n{}{}{}", kBegin, script.paths, kBetween, script.cases, kEnd);
}

}  // namespace relance::cli
