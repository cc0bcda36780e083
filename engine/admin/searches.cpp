#include "admin/searches.h"

namespace relance {

Result<std::map<std::string, Search>> searches_in(Archive& archive) {
  std::map<std::string, Search> searches;
  auto read = archive.each_entry([&](const StoredEntry&, const Entry& entry) {
    for (const Record& record : entry.records)
      if (const auto* moved = std::get_if<SearchMoved>(&record))
        searches[moved->search.flow] = moved->search;
    return true;
  });
  if (!read) return read.error();
  return searches;
}

std::string_view search_state(const Search& search) {
  if (search.failures > 0) return "troubled";
  return search.running ? "searching" : "waiting";
}

std::string search_json(const Search& search) {
  const auto number = [](uint64_t n) { return Doc::integer(static_cast<int64_t>(n)); };
  return to_json(Doc::record({{"flow", Doc::text(search.flow)},
                              {"round", number(search.round)},
                              {"state", Doc::text(search_state(search))},
                              {"began_at", Doc::instant(search.began_at)},
                              {"looked_at", number(search.looked_at)},
                              {"found", number(search.found)},
                              {"next_at", Doc::instant(search.next_at)},
                              {"failures", number(search.failures)},
                              {"trouble", Doc::text(search.trouble)}}));
}

}  // namespace relance
