// What the shared suite runs on: one kind of store at a time, with the means to crash it, to fence
// it and to send it back in time.
#pragma once

#include <sqlite3.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <string>

#include "base/codec.h"
#include "store/faulty_store.h"
#include "store/memory_store.h"
#include "store/sqlite_schema.h"
#include "store/store.h"

namespace relance::store_test {

// Bodies of test entries carry what is derived from them, then any text.
inline std::string body_of(const Derived& derived, std::string_view text) {
  std::string body;
  Writer out(body);
  out.varint(derived.seen.size());
  for (uint64_t hash : derived.seen) out.fixed64(hash);
  out.varint(derived.references.size());
  for (const Derived::Reference& reference : derived.references) {
    out.fixed64(reference.hash);
    out.key(reference.customer);
    out.key(reference.touch);
  }
  out.varint(derived.addresses.size());
  for (const Derived::Address& address : derived.addresses) {
    out.fixed64(address.hash);
    out.text(address.state);
  }
  out.raw(text);
  return body;
}

inline Derived derive(const Key&, std::string_view body) {
  Reader in(body);
  Derived derived;
  for (uint64_t n = in.varint(); n > 0 && in.ok(); --n) derived.seen.push_back(in.fixed64());
  for (uint64_t n = in.varint(); n > 0 && in.ok(); --n) {
    const uint64_t hash = in.fixed64();
    const Key customer = in.key();
    derived.references.push_back({hash, customer, in.key()});
  }
  for (uint64_t n = in.varint(); n > 0 && in.ok(); --n) {
    const uint64_t hash = in.fixed64();
    derived.addresses.push_back({hash, std::string(in.text())});
  }
  return derived;
}

inline Key key_of(std::string_view name) { return derive_key({"test", name}); }
inline uint64_t hash_of(std::string_view name) { return derive_hash({"test", name}); }
inline Instant at_hour(int64_t n) { return Instant{0} + hours(n); }

inline StoreOptions options_for_test() {
  StoreOptions options;
  options.installation_seed = "test";
  options.derive = derive;
  return options;
}

inline StoreOptions merging_at_once() {
  StoreOptions options = options_for_test();
  options.late_entries = options.late_customers = 1;
  return options;
}

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "relance-store-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  std::string file(const char* name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

// Each has: open(options); crash_copy(), what would be found after a loss of power now; remember()
// and go_back() to what was remembered; raise_epoch(), as another writer would; kSmallest, a size
// that a store of a few entries does not reach and one of a thousand does.
class MemoryFixture {
 public:
  static constexpr uint64_t kSmallest = 64'000;

  Result<std::unique_ptr<Store>> open(StoreOptions options) {
    return open_memory_store(disk_, std::move(options));
  }
  std::unique_ptr<MemoryFixture> crash_copy() {
    auto copy = std::make_unique<MemoryFixture>();
    copy->disk_ = disk_->copy();
    return copy;
  }
  void remember() { remembered_ = disk_->copy(); }
  void go_back() { disk_->go_back_to(*remembered_); }
  void raise_epoch() { disk_->raise_epoch(); }

 private:
  std::shared_ptr<MemoryDisk> disk_ = std::make_shared<MemoryDisk>();
  std::shared_ptr<MemoryDisk> remembered_;
};

class SqliteFixture {
 public:
  static constexpr uint64_t kSmallest = 128 * 1024;

  Result<std::unique_ptr<Store>> open(StoreOptions options) {
    return open_store("sqlite:" + path(), std::move(options));
  }
  // Without the index of the log (-shm), which a crash leaves in an unknown state.
  std::unique_ptr<SqliteFixture> crash_copy() {
    auto copy = std::make_unique<SqliteFixture>();
    copy_files(path(), copy->path());
    return copy;
  }
  void remember() { copy_files(path(), directory_.file("remembered.db")); }
  // Only while no store has the file open.
  void go_back() {
    std::filesystem::remove(path() + "-shm");
    std::filesystem::remove(path() + "-wal");
    copy_files(directory_.file("remembered.db"), path());
  }
  void raise_epoch() {
    change_meta([](Meta& meta) { ++meta.epoch, ++meta.commits; });
  }
  // As another writer would.
  template <class Change>
  void change_meta(Change change) {
    Connection connection(path(), {.flags = SQLITE_OPEN_READWRITE});
    const Meta known = read_meta(connection);
    Meta next = known;
    change(next);
    MetaUpdate(connection).run(next, known.epoch, known.commits);
  }

  void run(const char* sql) {
    Connection connection(path(), {.flags = SQLITE_OPEN_READWRITE});
    connection.run(sql);
  }
  std::string path() const { return directory_.file("store.db"); }

 private:
  static void copy_files(const std::string& from, const std::string& to) {
    for (const char* part : {"", "-wal"}) {
      if (!std::filesystem::exists(from + part)) continue;
      std::filesystem::copy_file(from + part, to + part,
                                 std::filesystem::copy_options::overwrite_existing);
    }
  }

  TemporaryDirectory directory_;
};

// The wrapper with an empty plan changes nothing.
template <class Below>
class FaultyFixture {
 public:
  static constexpr uint64_t kSmallest = Below::kSmallest;

  Result<std::unique_ptr<Store>> open(StoreOptions options) {
    Result<std::unique_ptr<Store>> store = below_->open(std::move(options));
    if (!store) return store.error();
    return make_faulty_store(std::move(store).value(), plan_);
  }
  std::unique_ptr<FaultyFixture> crash_copy() {
    auto copy = std::make_unique<FaultyFixture>();
    copy->below_ = below_->crash_copy();
    return copy;
  }
  void remember() { below_->remember(); }
  void go_back() { below_->go_back(); }
  void raise_epoch() { below_->raise_epoch(); }

 private:
  std::unique_ptr<Below> below_ = std::make_unique<Below>();
  std::shared_ptr<FaultPlan> plan_ = std::make_shared<FaultPlan>();
};

using FaultyMemoryFixture = FaultyFixture<MemoryFixture>;
using FaultySqliteFixture = FaultyFixture<SqliteFixture>;

// A test of the shared suite: run on every kind of store, as TestType.
#define STORE_TEST(name)                                                                 \
  TEMPLATE_TEST_CASE(name, "[store]", MemoryFixture, SqliteFixture, FaultyMemoryFixture, \
                     FaultySqliteFixture)

}  // namespace relance::store_test
