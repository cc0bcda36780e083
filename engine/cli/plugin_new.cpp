#include "cli/plugin_new.h"

#include <filesystem>
#include <fstream>
#include <map>

#include "base/clock.h"

namespace relance::cli {
namespace {

namespace fs = std::filesystem;

struct Asked {
  std::string name, kind, language = "c", in = ".";
};

// What stands for what in the files, without the @.
using Marks = std::map<std::string, std::string>;

bool is_letter(char c) { return c >= 'a' && c <= 'z'; }

// A word, or an id of words joined by dots; each begins with a letter.
bool is_name(const std::string& name) {
  bool begins = true;
  for (const char c : name) {
    if (begins ? !is_letter(c)
               : !is_letter(c) && c != '.' && c != '_' && c != '-' && !(c >= '0' && c <= '9'))
      return false;
    begins = c == '.';
  }
  return !begins && name.size() <= 64;
}

// acme -> acme.sms; acme.sms.fast is an id already.
std::string id_of(const Asked& asked) {
  if (asked.name.find('.') != std::string::npos) return asked.name;
  return asked.name + "." + (asked.kind == "channel" ? "sms" : asked.kind);
}

std::string line_of(const std::string& kind, const std::string& id) {
  const std::string plugin = "plugin \"" + id + "\" {}";
  if (kind == "channel") return "channels = { sms = " + plugin + " },";
  if (kind == "policy") return "policies = { evening = " + plugin + " },";
  return "crm = " + plugin + ",";
}

// Beside this program, built or installed.
fs::path package_of(const Program& program) {
  return fs::path(program.executable).parent_path().parent_path() / "lib/cmake/RelancePlugin";
}

std::string filled(std::string_view text, const Marks& marks) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const size_t mark = text.find('@', at);
    const size_t end = mark == text.npos ? mark : text.find('@', mark + 1);
    if (end == text.npos) return out.append(text.substr(at));
    const auto known = marks.find(std::string(text.substr(mark + 1, end - mark - 1)));
    out.append(text.substr(at, mark - at));
    out.append(known == marks.end() ? text.substr(mark, end - mark) : known->second);
    at = known == marks.end() ? end : end + 1;
  }
  return out;
}

Marks marks_of(const Program& program, const Asked& asked) {
  const std::string id = id_of(asked);
  Marks marks{
      {"ID", id},
      {"NAME", asked.name},
      {"KIND", asked.kind},
      {"LANG", asked.language},
      {"LANGUAGE", asked.language == "c" ? "C" : "CXX"},
      {"EXTENSION", asked.language == "c" ? "c" : "cpp"},
      {"LINE", line_of(asked.kind, id)},
      {"CLOCK", asked.kind == "policy" ? "--clock virtual --sandbox" : "--clock real"},
      {"PACKAGE", package_of(program).string()},
      {"NOW", format_instant(SystemClock().now())},
  };
  for (const StarterFile& file : starter_files())
    if (file.path == asked.kind + "/next.md") marks["NEXT"] = filled(file.text, marks);
  return marks;
}

// Where a file of plugin_new/ goes in the project; empty: it is for another kind or language.
std::string place_of(std::string_view path, const Asked& asked) {
  const size_t slash = path.find('/');
  const std::string_view of = path.substr(0, slash), rest = path.substr(slash + 1);
  if (of != "all" && of != asked.kind) return {};
  if (rest == "next.md") return {};
  if (rest.starts_with("plugin.") && rest != (asked.language == "c" ? "plugin.c" : "plugin.cpp"))
    return {};
  return std::string(rest);
}

int wrong(std::string what, std::string hint) {
  print_error({Code::usage, std::move(what), {}, std::move(hint)});
  return kWrongCall;
}

int write_project(const Program& program, const Asked& asked) {
  if (!is_name(asked.name))
    return wrong("'" + asked.name + "' is no name for a plugin",
                 "use small letters, digits, - and _: acme; or a whole id: acme.sms.fast");
  const fs::path folder = fs::path(asked.in) / asked.name;
  if (fs::exists(folder))
    return wrong(folder.string() + " is there already",
                 "choose another name, or another place with --in");
  const Marks marks = marks_of(program, asked);
  for (const StarterFile& file : starter_files()) {
    const std::string place = place_of(file.path, asked);
    if (place.empty()) continue;
    std::error_code problem;
    fs::create_directories((folder / place).parent_path(), problem);
    if (!(std::ofstream(folder / place) << filled(file.text, marks)).flush()) {
      print_error({Code::file_unreadable, "cannot write " + (folder / place).string(), {}, ""});
      return kWrongCall;
    }
    std::printf("%s\n", (folder / place).c_str());
  }
  std::printf("\nThe next four commands stand in %s.\n", (folder / "README.md").c_str());
  return kDone;
}

}  // namespace

void add_plugin_new(CLI::App& plugin, Program& program) {
  auto asked = std::make_shared<Asked>();
  CLI::App* command = plugin.add_subcommand(
      "new", "a plugin's project, which builds, passes `check` and runs as it is");
  command->footer("Example:\n  relance plugin new acme --kind channel --lang c");
  command->add_option("name", asked->name, "a word, or the plugin's whole id: acme.sms.fast")
      ->required();
  command->add_option("--kind", asked->kind, "what it will be")
      ->required()
      ->check(CLI::IsMember({"channel", "crm", "policy"}));
  command->add_option("--lang", asked->language, "c (default) or c++")
      ->check(CLI::IsMember({"c", "c++"}));
  command->add_option("--in", asked->in, "directory in which the project's folder is made");
  command->callback([&program, asked] { program.exit = write_project(program, *asked); });
}

}  // namespace relance::cli
