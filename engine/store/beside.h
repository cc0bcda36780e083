// Files that lie beside a store.
#pragma once

#include <string>
#include <string_view>

namespace relance {

// Of the store with this URL: its path and the suffix. Empty for one that lies in no file.
inline std::string beside_store(const std::string& store, std::string_view suffix) {
  constexpr std::string_view kSqlite = "sqlite:";
  if (store == "memory:") return {};
  if (store.starts_with(kSqlite)) return store.substr(kSqlite.size()).append(suffix);
  return store.find("://") == std::string::npos ? store + std::string(suffix) : std::string();
}

}  // namespace relance
