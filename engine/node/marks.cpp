#include "node/marks.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>

#include "base/codec.h"
#include "base/crash_point.h"
#include "base/sum.h"
#include "store/beside.h"

namespace relance {
namespace {

constexpr size_t kSlots = 4096;
constexpr size_t kSlotBytes = 128;
constexpr size_t kBytes = kSlotBytes * (kSlots + 1);
constexpr char kMagic[8] = {'r', 'l', 'm', 'a', 'r', 'k', 's', '2'};
constexpr uint8_t kFree = 0, kBegun = 0x5a,
                  kAnswered = 0xa5;  // a changed bit makes none of another

// A provider that took our key as its own id gives it back: it is not written again.
constexpr uint64_t kOwnKey = 1;

std::string encode(const Key& touch, const OperationResult& result) {
  std::string out;
  Writer writer(out);
  writer.byte(static_cast<uint8_t>(result.status));
  writer.byte(static_cast<uint8_t>(result.wire));
  writer.text(result.word);
  writer.text(result.reason);
  writer.zigzag(result.cost_micro);
  writer.text(result.cost_currency.text());
  writer.instant(result.acted_at);
  writer.boolean(result.again_at.is_never());
  if (!result.again_at.is_never()) writer.instant(result.again_at);
  writer.varint(result.refs.size());
  for (const std::string& ref : result.refs) {
    const bool own = ref == touch.text();
    writer.varint(own ? kOwnKey : 0);
    if (!own) writer.text(ref);
  }
  return out;
}

std::optional<OperationResult> decode(const Key& touch, std::string_view bytes) {
  Reader reader(bytes);
  OperationResult result;
  result.status = static_cast<OperationStatus>(reader.byte());
  result.wire = static_cast<Wire>(reader.byte());
  result.word = reader.text();
  result.reason = reader.text();
  result.cost_micro = reader.zigzag();
  if (auto currency = Currency::parse(reader.text())) result.cost_currency = *currency;
  result.acted_at = reader.instant();
  if (!reader.boolean()) result.again_at = reader.instant();
  const uint64_t refs = reader.varint();
  for (uint64_t i = 0; i < refs && reader.ok(); ++i)
    result.refs.push_back(reader.varint() == kOwnKey ? touch.text() : std::string(reader.text()));
  const bool known = result.status <= OperationStatus::absent && result.wire <= Wire::answered;
  if (!reader.ok() || !reader.at_end() || !known) return std::nullopt;
  return result;
}

}  // namespace

std::string marks_path(const std::string& store) { return beside_store(store, "-marks"); }

struct Marks::Header {
  char magic[8];
  char boot_id[48];
  char installation[40];
  uint64_t epoch;
  int64_t since_ms;  // every touch that was begun after this has a mark; INT64_MAX: none is sure
  uint32_t sum;      // of all above

  std::string_view summed() const { return {magic, offsetof(Header, sum)}; }
  void sure_since(int64_t ms) {
    since_ms = ms;
    sum = sum_of(summed());
  }
};

struct Marks::Slot {
  Key key;
  uint32_t key_sum;  // 0: free
  uint32_t answer_sum;
  uint8_t state;  // written last: a mark is whole or not there
  uint8_t size;
  char answer[kSlotBytes - 26];

  void set(uint8_t to) { std::atomic_ref(state).store(to, std::memory_order_release); }
  void clear() {
    set(kFree);
    std::atomic_ref(key_sum).store(0, std::memory_order_release);
  }
  bool free() const { return state == kFree && key_sum == 0; }
  // False: it is not known whose mark it is.
  bool whole() const { return free() || (state != kFree && key_sum == sum_of(key.view())); }
  std::string_view answered() const {
    const std::string_view bytes(answer, std::min<size_t>(size, sizeof answer));
    return state == kAnswered && answer_sum == sum_of(bytes) ? bytes : std::string_view();
  }
};

Marks::Slot* Marks::slot_at(size_t index) const {
  static_assert(sizeof(Slot) == kSlotBytes && sizeof(Header) <= kSlotBytes);
  return reinterpret_cast<Slot*>(memory_ + kSlotBytes * (index + 1));
}

Result<std::unique_ptr<Marks>> Marks::open(const Owner& owner) {
  const auto fails = [&](const char* what) {
    return Error{
        Code::file_unreadable, owner.path + ": " + what + ": " + std::strerror(errno), {}, ""};
  };
  const int file = ::open(owner.path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return fails("cannot be opened");
  // Really there: a page that a full disk had no room for would end the process when it is written.
  if (const int failed = ::posix_fallocate(file, 0, kBytes); failed != 0) {
    errno = failed;
    const Error error = fails("cannot be made");
    ::close(file);
    return error;
  }
  void* memory = ::mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  ::close(file);
  if (memory == MAP_FAILED) return fails("cannot be mapped");
  std::unique_ptr<Marks> marks(new Marks());
  marks->memory_ = static_cast<char*>(memory);
  marks->adopt(owner);
  return marks;
}

Marks::~Marks() {
  if (memory_) ::munmap(memory_, kBytes);
}

void Marks::adopt(const Owner& owner) {
  auto& header = *reinterpret_cast<Header*>(memory_);
  const auto same = [](const char* kept, size_t size, const std::string& mine) {
    return mine.size() < size && std::string_view(kept, strnlen(kept, size)) == mine;
  };
  const bool mine = std::memcmp(header.magic, kMagic, sizeof kMagic) == 0 &&
                    !owner.boot_id.empty() &&
                    same(header.boot_id, sizeof header.boot_id, owner.boot_id) &&
                    same(header.installation, sizeof header.installation, owner.installation) &&
                    header.epoch >= owner.last_worked && header.epoch < owner.epoch &&
                    header.sum == sum_of(header.summed());
  if (!mine) {
    std::memset(memory_, 0, kBytes);
    crash_point(CrashPoint::marks_half_made);
    owner.boot_id.copy(header.boot_id, sizeof header.boot_id - 1);
    owner.installation.copy(header.installation, sizeof header.installation - 1);
    header.since_ms = owner.now.ms;
    std::memcpy(header.magic, kMagic, sizeof kMagic);
  }
  header.epoch = owner.epoch;
  for (size_t i = kSlots; i-- > 0;) {
    Slot& slot = *slot_at(i);
    if (!slot.whole()) {
      header.since_ms = INT64_MAX;
      slot.clear();
    }
    if (slot.free())
      free_.push_back(i);
    else
      earlier_[slot.key] = i;
  }
  header.sure_since(header.since_ms);
}

// The touch's own, also one that an earlier process left; else a free one.
std::optional<size_t> Marks::slot_for(const Key& touch) {
  if (const auto mine = used_.find(touch); mine != used_.end()) return mine->second;
  size_t index = 0;
  if (const auto left = earlier_.find(touch); left != earlier_.end()) {
    index = left->second;
    earlier_.erase(left);
  } else {
    if (free_.empty()) return std::nullopt;
    index = free_.back();
    free_.pop_back();
  }
  used_[touch] = index;
  return index;
}

void Marks::begin(const Key& touch, Instant now) {
  const std::lock_guard lock(mutex_);
  auto& header = *reinterpret_cast<Header*>(memory_);
  const std::optional<size_t> index = slot_for(touch);
  if (!index) return header.sure_since(INT64_MAX);
  if (header.since_ms == INT64_MAX) header.sure_since(now.ms);
  Slot& slot = *slot_at(*index);
  slot.clear();
  slot.key = touch;
  slot.key_sum = sum_of(touch.view());
  crash_point(CrashPoint::mark_half_begun);
  slot.set(kBegun);
  crash_point(CrashPoint::mark_begun);
}

void Marks::answer(const Key& touch, const OperationResult& result) {
  if (result.data.view().size() > 0) return;
  const std::string bytes = encode(touch, result);
  if (bytes.size() > sizeof Slot::answer) return;
  const std::lock_guard lock(mutex_);
  const auto known = used_.find(touch);
  if (known == used_.end()) return;
  Slot& slot = *slot_at(known->second);
  bytes.copy(slot.answer, bytes.size());
  slot.size = static_cast<uint8_t>(bytes.size());
  slot.answer_sum = sum_of(bytes);
  crash_point(CrashPoint::mark_half_answered);
  slot.set(kAnswered);
}

void Marks::release(const Key& touch) {
  const std::lock_guard lock(mutex_);
  for (auto* marks : {&used_, &earlier_}) {
    const auto known = marks->find(touch);
    if (known == marks->end()) continue;
    slot_at(known->second)->clear();
    free_.push_back(known->second);
    marks->erase(known);
    crash_point(CrashPoint::mark_released);
  }
}

void Marks::forget_earlier() {
  const std::lock_guard lock(mutex_);
  for (const auto& [touch, index] : earlier_) {
    slot_at(index)->clear();
    free_.push_back(index);
  }
  earlier_.clear();
  crash_point(CrashPoint::earlier_marks_freed);
}

Marks::Found Marks::found(const Key& touch, Instant intended_at) const {
  const std::lock_guard lock(mutex_);
  const auto known = earlier_.find(touch);
  if (known == earlier_.end()) {
    const bool sure = intended_at.ms > reinterpret_cast<const Header*>(memory_)->since_ms;
    return {sure ? Said::never_begun : Said::nothing, {}};
  }
  const std::string_view answer = slot_at(known->second)->answered();
  if (answer.empty()) return {Said::begun, {}};
  auto result = decode(touch, answer);
  if (!result) return {Said::begun, {}};
  return {Said::answered, std::move(*result)};
}

}  // namespace relance
