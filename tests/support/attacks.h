// Attacks on the sandbox: scripts in tests/attacks/*.lua, each one case.
//
//   --- NAME | PLACE | ENDING
//   body
//
// PLACE says where the body stands (places below). ENDING is what must come of it: "stopped CODE"
// (its call fails; "CODE or CODE" where either limit may be met first), "refused CODE" (its file
// does not load), "harmless" (it loads, and its call gives a value or fails; nobody else notices).
// The error stands at the line of the body that ends in `--!`, or anywhere in the body where no
// line does. A line `--* N text` stands for the text N times, without an end of the line; a @ in it
// for 1, 2, 3 ... Threads: one.
#pragma once

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <string>
#include <vector>

#include "base/text.h"

namespace relance {

struct Attack {
  std::string file, name, place, ending, body;
  int marked_line = 0;  // of the body, from 1; 0: none is marked

  std::string title() const { return file + ": " + name + " (" + place + ")"; }
  int lines() const { return static_cast<int>(std::count(body.begin(), body.end(), '\n')); }
};

inline std::string trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(" \t") - first + 1));
}

// "--* 3 f(@) " stands for "f(1) f(2) f(3) ", without an end of the line.
inline bool add_repeated(Attack& attack, std::string_view line) {
  if (!line.starts_with("--* ")) return false;
  line.remove_prefix(4);
  const size_t space = line.find(' ');
  const int count = std::stoi(std::string(line.substr(0, space)));
  const std::vector<std::string_view> parts = split(line.substr(space + 1), '@');
  for (int i = 1; i <= count; ++i) {
    attack.body += parts[0];
    for (size_t part = 1; part < parts.size(); ++part)
      attack.body.append(std::to_string(i)).append(parts[part]);
  }
  return true;
}

inline void add_line(Attack& attack, std::string_view line) {
  if (add_repeated(attack, line)) return;
  if (line.ends_with("--!")) attack.marked_line = attack.lines() + 1;
  attack.body.append(line).append("\n");
}

inline std::vector<Attack> read_attacks() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(RELANCE_SOURCE_DIR "/tests/attacks"))
    if (entry.path().extension() == ".lua") paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<Attack> attacks;
  for (const std::filesystem::path& path : paths) {
    const std::string text = *read_file(path.string());
    bool begun = false;  // what stands above the first case is the file's own comment
    for (std::string_view line : split(std::string_view(text).substr(0, text.size() - 1), '\n')) {
      if (line.starts_with("--- ")) {
        const std::vector<std::string_view> parts = split(line.substr(4), '|');
        RELANCE_ASSERT(parts.size() == 3);
        attacks.push_back(
            {path.stem().string(), trimmed(parts[0]), trimmed(parts[1]), trimmed(parts[2]), "", 0});
        begun = true;
      } else if (begun) {
        add_line(attacks.back(), line);
      }
    }
  }
  return attacks;
}

// All of them, by file and in the order in which they stand there.
inline const std::vector<Attack>& all_attacks() {
  static const std::vector<Attack> all = read_attacks();
  return all;
}

// A file in which the body takes the place of `@`, alone on its line.
inline std::string with_body(std::string_view around, const Attack& attack, int& first_line) {
  const size_t at = around.find("@\n");
  RELANCE_ASSERT(at != std::string_view::npos);
  first_line = 1 + static_cast<int>(std::count(around.begin(), around.begin() + long(at), '\n'));
  std::string text(around.substr(0, at));
  return text.append(attack.body).append(around.substr(at + 2));
}

// Processor time of the whole process in seconds: what an attack burns, however busy the machine.
inline double processor_seconds() {
  return static_cast<double>(std::clock()) / static_cast<double>(CLOCKS_PER_SEC);
}

// Sanitizers make everything slower by about so much.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr double kSlowness = 20;
#else
inline constexpr double kSlowness = 1;
#endif

}  // namespace relance
