#include "cli/program.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

namespace fs = std::filesystem;

namespace relance::test {

Answer command(const std::vector<std::string>& arguments, const std::string& input) {
  const fs::path home = kBuild / "tests/cli";
  fs::create_directories(home);
  const std::string in = home / "stdin", out = home / "stdout", err = home / "stderr";
  write(in, input);
  std::vector<std::string> words{kBuild / "bin/relance"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (std::string& one : words) pointers.push_back(one.data());
  pointers.push_back(nullptr);
  constexpr int kNew = O_WRONLY | O_CREAT | O_TRUNC;
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, in.c_str(), O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, out.c_str(), kNew, 0600);
  posix_spawn_file_actions_addopen(&files, STDERR_FILENO, err.c_str(), kNew, 0600);
  pid_t child = 0;
  char* none[] = {nullptr};  // an environment of nothing: no test depends on whose it is
  REQUIRE(posix_spawn(&child, pointers[0], &files, nullptr, pointers.data(), none) == 0);
  posix_spawn_file_actions_destroy(&files);
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status), read(out), read(err)};
}

fs::path fresh_directory(const std::string& name) {
  const fs::path path = kBuild / "tests/cli" / name;
  fs::remove_all(path);
  fs::create_directories(path);
  return path;
}

void write(const fs::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  REQUIRE(file.good());
}

std::string read(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

Doc json(const std::string& text) {
  INFO(text);
  auto doc = from_json(text);
  REQUIRE(doc);
  return std::move(*doc);
}

std::string failed_payment(const std::string& id, const std::string& customer,
                           const std::string& time) {
  return fmt::format(
      R"({{"specversion":"1.0","id":"{}","source":"/shop","type":"payment.failed","time":"{}",)"
      R"("subject":"{}","data":{{"invoice_id":"i-{}",)"
      R"("amount":{{"amount":"49.00","currency":"EUR"}},)"
      R"("decline":{{"provider":"stripe","raw_code":"insufficient_funds"}}}}}})"
      "\n",
      id, time, customer, id);
}

}  // namespace relance::test
