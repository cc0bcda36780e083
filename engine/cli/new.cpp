// relance new: a working start for a bundle or a flow, which passes `check` and `test` at once.
#include <filesystem>
#include <fstream>

#include "cli/command.h"
#include "cli/new_texts.h"

namespace relance::cli {
namespace {

namespace fs = std::filesystem;

std::string with_name(std::string_view text, const std::string& name) {
  std::string filled(text);
  for (size_t at = 0; (at = filled.find("@NAME@", at)) != std::string::npos; at += name.size())
    filled.replace(at, 6, name);
  return filled;
}

// Never writes over what is there.
bool write_new(Program& program, const fs::path& path, const std::string& text) {
  if (fs::exists(path)) {
    print_error({Code::usage, path.string() + " is there already", {}, "choose another name"});
    program.exit = kWrongCall;
    return false;
  }
  std::error_code problem;
  fs::create_directories(path.parent_path(), problem);
  std::ofstream out(path);
  if (out << text) {
    std::printf("%s\n", path.c_str());
    return true;
  }
  print_error({Code::file_unreadable, "cannot write " + path.string(), {}, ""});
  program.exit = kWrongCall;
  return false;
}

bool is_name(const std::string& name) {
  return !name.empty() &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos &&
         name[0] >= 'a';
}

bool write_flow(Program& program, const fs::path& directory, const std::string& name) {
  if (!is_name(name)) {
    print_error({Code::usage,
                 "'" + name + "' is no name for a flow",
                 {},
                 "use small letters, digits and _"});
    program.exit = kWrongCall;
    return false;
  }
  return write_new(program, directory / (name + ".lua"), with_name(kNewFlow, name)) &&
         write_new(program, directory / (name + "_test.lua"), with_name(kNewFlowTest, name)) &&
         write_new(program, directory / "templates" / (name + ".email.en.mustache"),
                   with_name(kNewTemplate, name));
}

void bundle(Program& program, const std::string& directory) {
  const fs::path path(directory);
  const std::string name =
      path.filename().empty() ? path.parent_path().filename().string() : path.filename().string();
  if (!write_new(program, path / "bundle.lua", with_name(kNewBundle, name))) return;
  if (!write_new(program, path / "contact.lua", std::string(kNewContact))) return;
  if (!write_new(program, path / "sample/customers.csv", std::string(kNewCustomers))) return;
  if (!write_new(program, path / "sample/events.jsonl", std::string(kNewEvents))) return;
  write_flow(program, path, "first_flow");
}

}  // namespace

void add_new(Program& program) {
  CLI::App* command =
      add_command(program, "new", "a working start: a bundle, or a flow in a bundle",
                  "relance new bundle my_shop && relance test my_shop");
  command->require_subcommand(1);
  auto name = std::make_shared<std::string>();
  auto in = std::make_shared<std::string>(".");
  CLI::App* whole = command->add_subcommand(
      "bundle", "a directory with a first flow, its test, and events to try");
  whole->add_option("directory", *name, "must not hold a bundle yet")->required();
  whole->callback([&program, name] { bundle(program, *name); });
  CLI::App* flow = command->add_subcommand("flow", "a flow, its test and its template");
  flow->add_option("name", *name, "small letters, digits and _")->required();
  flow->add_option("--in", *in, "directory of the bundle");
  flow->callback([&program, name, in] { write_flow(program, *in, *name); });
}

}  // namespace relance::cli
