// state_corpus DIRECTORY: entries and snapshots of a customer's life, one file each, as state_fuzz
// takes them.
#include <cstdio>
#include <fstream>

#include "fuzz/fuzz_shop.h"

int main(int count, char** words) {
  if (count != 2) {
    std::fputs("state_corpus DIRECTORY\n", stderr);
    return 2;
  }
  const relance::test::Life life;
  const auto write = [&](const std::string& name, char kind, const std::string& bytes) {
    std::ofstream(std::string(words[1]) + "/" + name, std::ios::binary) << kind << bytes;
  };
  for (size_t i = 0; i < life.entries.size(); ++i) {
    write("entry-" + std::to_string(i), static_cast<char>(1 + i % 4 * 2), life.entries[i]);
    write("snapshot-" + std::to_string(i), static_cast<char>(i % 4 * 2), life.snapshots[i]);
  }
  return 0;
}
