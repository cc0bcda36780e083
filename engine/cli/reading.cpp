#include "cli/reading.h"

#include "node/derived.h"

namespace relance::cli {

Result<std::unique_ptr<Store>> open_to_read(const std::string& url) {
  StoreOptions how;
  how.read_only = true;
  how.derive = entry_deriver();
  return open_store(store_url(url), std::move(how));
}

std::optional<Reading> open_reading(Program& program, const std::string& url) {
  auto store = open_to_read(url);
  auto archive = store ? Archive::open(**store) : Result<std::unique_ptr<Archive>>(store.error());
  if (!archive) {
    print_error(archive.error());
    program.exit = kCannotOpen;
    return std::nullopt;
  }
  return Reading{std::move(*store), std::move(*archive)};
}

std::optional<Casebook> read_book(Program& program, Reading& reading) {
  auto book = make_casebook(*reading.archive);
  if (book) return std::move(*book);
  print_error(book.error());
  program.exit = kCannotOpen;
  return std::nullopt;
}

}  // namespace relance::cli
