#include "serve/tokens.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "base/id.h"
#include "base/log.h"
#include "base/random.h"

namespace relance {
namespace {

constexpr std::string_view kBearer = "Bearer ";
constexpr size_t kHashDigits = 64;

Error unreadable(const std::string& path) {
  return {Code::file_unreadable,
          "the tokens cannot be read",
          {path, 0},
          "make one with `relance token new NAME --tokens FILE`"};
}

bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

bool is_hash(std::string_view text) {
  return text.size() == kHashDigits &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

int64_t changed_at_ns(const std::string& path) {
  struct stat file {};
  if (stat(path.c_str(), &file) != 0) return 0;
  return file.st_mtim.tv_sec * 1'000'000'000 + file.st_mtim.tv_nsec;
}

}  // namespace

Result<std::unique_ptr<Tokens>> Tokens::open(const std::string& path) {
  std::unique_ptr<Tokens> tokens(new Tokens(path));
  if (auto read = tokens->read(); !read) return read.error();
  return tokens;
}

Status Tokens::read() {
  const int64_t changed = changed_at_ns(path_);
  std::ifstream file(path_);
  if (!file) return unreadable(path_);
  std::vector<Entry> entries;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    if (line.empty() || line[0] == '#') continue;
    Entry entry;
    std::istringstream words(line);
    words >> entry.name >> entry.hash;
    if (!is_hash(entry.hash))
      return Error{Code::file_unreadable,
                   "this line is no token",
                   {path_, number},
                   "a line is: NAME SHA-256-IN-HEX"};
    entries.push_back(std::move(entry));
  }
  entries_ = std::move(entries);
  read_at_ns_ = changed;
  return {};
}

std::string Tokens::allows(std::string_view authorization) {
  if (!authorization.starts_with(kBearer)) return {};
  const std::string hash = sha256_hex(authorization.substr(kBearer.size()));
  const std::lock_guard lock(mutex_);
  if (changed_at_ns(path_) != read_at_ns_)
    if (auto read_again = read(); !read_again)
      log::error("serve", "{}; the tokens read before hold", read_again.error().text());
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const Entry& entry) { return same(entry.hash, hash); });
  return found == entries_.end() ? std::string() : found->name;
}

Result<std::string> Tokens::add(const std::string& path, const std::string& name) {
  SystemRandom random;
  const std::string token = fmt::format("rl_{:016x}{:016x}", random.next(), random.next());
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (file < 0) return unreadable(path);
  const std::string line = name + " " + sha256_hex(token) + "\n";
  const bool written = write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size());
  close(file);
  if (!written) return unreadable(path);
  return token;
}

}  // namespace relance
