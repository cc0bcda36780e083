// What `cmake --install` leaves, as who installs it meets it: under a prefix that nobody knew when
// it was built, moved afterwards, with nothing in the environment.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <regex>
#include <set>

#include "cli/program.h"

namespace fs = std::filesystem;
using namespace relance;
using namespace relance::test;

namespace {

// The tree, installed once and then moved away from where it was put.
const fs::path& installed() {
  static const fs::path prefix = [] {
    const fs::path home = fresh_directory("package");
    const std::string install = "cmake --install " + kBuild.string() + " --prefix " +
                                (home / "first").string() + " >" + (home / "log").string();
    REQUIRE(std::system(install.c_str()) == 0);
    fs::rename(home / "first", home / "moved");
    return home / "moved";
  }();
  return prefix;
}

// A script of bash in an empty folder, with the installed programs on its PATH.
Answer bash(const std::string& script) {
  const fs::path folder = fresh_directory("package_work");
  write(folder / "script", script);
  const std::string line = "cd " + folder.string() + " && env -i PREFIX=" + installed().string() +
                           " PATH=" + (installed() / "bin").string() +
                           ":/usr/bin:/bin bash ./script >out 2>err";
  const int status = std::system(line.c_str());
  return {WEXITSTATUS(status), read(folder / "out"), read(folder / "err")};
}

std::set<std::string> words_like(const std::string& text, const std::regex& like) {
  std::set<std::string> found;
  for (std::sregex_iterator it(text.begin(), text.end(), like), end; it != end; ++it)
    found.insert((*it)[1]);
  return found;
}

// Of the program and of each command: those that its help lists below "Subcommands:".
std::set<std::string> commands_in(const std::string& help) {
  const size_t begins = help.find("Subcommands:");
  if (begins == std::string::npos) return {};
  const std::string list = help.substr(begins, help.find("\n\n", begins) - begins);
  return words_like(list, std::regex("\n  ([a-z]+) "));
}

std::set<std::string> options_in(const std::string& help) {
  return words_like(help, std::regex("\n  (?:-[a-z],)?(--[a-z-]+)"));
}

std::string unzipped(const std::string& page) {
  return bash("gunzip -c $PREFIX/share/man/man1/" + page + ".1.gz").out;
}

}  // namespace

TEST_CASE("an installed tree works from any prefix, and after it was moved") {
  const Answer version = bash("relance --version");
  CHECK(version.exit == 0);
  CHECK(std::regex_match(version.out, std::regex("relance \\d+\\.\\d+\\.\\d+ \\(.*\\)\n")));
  const Answer checked = bash("relance check $PREFIX/share/relance/flows");
  INFO(checked.err);
  CHECK(checked.exit == 0);
  const Answer ran = bash(
      "cp $PREFIX/share/relance/flows/sample/failed_payments.jsonl . && "
      "head -n 40 failed_payments.jsonl >few.jsonl && relance run $PREFIX/share/relance/flows "
      "--events few.jsonl --clock virtual --sandbox --store shop.db --json");
  INFO(ran.err);
  CHECK((ran.exit == 0 || ran.exit == 4));  // 4: of the sample's lines some are malformed
  CHECK(json(ran.out).view().find("runs").find("started").integer().value_or(0) > 0);
}

TEST_CASE("an installed program finds the plugins that came with it") {
  std::set<std::string> files;
  for (const auto& entry : fs::directory_iterator(installed() / "lib/relance/plugins"))
    files.insert(entry.path().stem().string());
  CHECK(files.size() > 20);
  const Answer listed = bash("relance plugin list --json");
  CHECK(listed.exit == 0);
  for (const std::string& id : files) {
    INFO(id);
    CHECK(listed.out.find('"' + id + '"') != std::string::npos);
  }
  CHECK(fs::exists(installed() / "bin/relance-plugin-host"));  // of isolated ones
}

TEST_CASE("every command and option stands in the manual") {
  const std::string all = bash("relance --help").out;
  const std::string first = unzipped("relance");
  REQUIRE(commands_in(all).size() > 15);
  for (const std::string& name : commands_in(all)) {
    INFO(name);
    CHECK(first.find("relance\\-" + name) != std::string::npos);
    const std::string page = unzipped("relance-" + name);
    std::string help = bash("relance " + name + " --help").out;
    for (const std::string& below : commands_in(help))
      help += bash("relance " + name + " " + below + " --help").out;
    for (const std::string& option : options_in(help)) {
      INFO(option);
      CHECK(page.find(std::regex_replace(option, std::regex("-"), "\\-")) != std::string::npos);
    }
  }
}

TEST_CASE("bash completes commands, commands below them, and options") {
  const auto complete = [](const std::string& words, int at) {
    return bash("source $PREFIX/share/bash-completion/completions/relance\nCOMP_WORDS=(" + words +
                ") COMP_CWORD=" + std::to_string(at) + "\n_relance\necho \"${COMPREPLY[*]}\"")
        .out;
  };
  CHECK(complete("relance ru", 1) == "run runs\n");
  CHECK(complete("relance touches se", 2) == "settle\n");
  CHECK(complete("relance run flows --ev", 3) == "--events\n");
  CHECK(complete("relance plugin new acme --ki", 4) == "--kind\n");
  CHECK(complete("relance check flow", 2) == "\n");  // a file: for bash itself to complete
}

TEST_CASE("what a package needs lies where it is looked for") {
  for (const char* path :
       {"bin/relance", "include/relance/plugin.h", "lib/cmake/RelancePlugin/plugin.map",
        "lib/systemd/system/relance.service", "share/relance/flows/bundle.lua",
        "share/relance/lua/meta/flow.lua", "share/doc/relance/operating.md",
        "share/doc/relance/copyright"}) {
    INFO(path);
    CHECK(fs::exists(installed() / path));
  }
  // Nothing that a run leaves beside its sources is packed with them.
  CHECK_FALSE(fs::exists(installed() / "share/relance/flows/sample/one_week.jsonl"));
}

TEST_CASE("the service may do nothing but its work") {
  const std::string unit = read(installed() / "lib/systemd/system/relance.service");
  for (const char* line :
       {"User=relance", "NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes",
        "PrivateTmp=yes", "CapabilityBoundingSet=", "MemoryDenyWriteExecute=yes",
        "SystemCallFilter=@system-service", "StateDirectory=relance", "UMask=0027"}) {
    INFO(line);
    CHECK(unit.find("\n" + std::string(line) + "\n") != std::string::npos);
  }
  // What it starts, it starts with options that exist.
  std::smatch found;
  REQUIRE(std::regex_search(unit, found, std::regex("\nExecStart=(relance \\w+)")));
  CHECK(bash(found[1].str() + " --help").exit == 0);
}
