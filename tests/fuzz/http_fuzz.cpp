// Any bytes at all as what a client sends, cut into pieces anywhere: requests and at most one
// refusal, always within their limits, and the same ones however they are cut.
#include <algorithm>
#include <cstring>
#include <string_view>
#include <vector>

#include "net/request_reader.h"

namespace {

using namespace relance;
using State = RequestReader::State;

constexpr size_t kMostHeader = 2048, kMostBody = 1000;

struct Read {
  std::vector<std::string> requests;
  int refused = 0;
};

std::string text_of(const ServerRequest& request) {
  std::string text = request.method + ' ' + request.target;
  size_t header = text.size();
  for (const auto& [name, value] : request.headers) {
    text += '\n' + name + ':' + value;
    header += name.size() + value.size();
  }
  RELANCE_ASSERT(!request.method.empty() && header <= kMostHeader);
  RELANCE_ASSERT(request.body.size() <= kMostBody);
  RELANCE_ASSERT(request.path().size() + request.query().size() <= request.target.size());
  return text + '\n' + request.body;
}

Read read_all(std::string_view bytes, size_t piece) {
  RequestReader reader(kMostHeader, kMostBody);
  Read read;
  while (!bytes.empty()) {
    const std::span<char> room = reader.room();
    RELANCE_ASSERT(!room.empty());
    const size_t count = std::min({room.size(), bytes.size(), piece});
    std::memcpy(room.data(), bytes.data(), count);
    bytes.remove_prefix(count);
    State state = reader.take(count);
    for (; state == State::done; state = reader.next()) {
      static_cast<void>(reader.keeps_alive());
      read.requests.push_back(text_of(reader.request()));
    }
    if (state == State::wrong) {
      read.refused = reader.status();
      RELANCE_ASSERT(read.refused == 400 || read.refused == 413 || read.refused == 431);
      RELANCE_ASSERT(!reader.reason().empty());
      return read;
    }
    static_cast<void>(reader.waits_for_continue());
  }
  return read;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  if (size == 0) return 0;
  const std::string_view sent(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  const Read whole = read_all(sent, SIZE_MAX);
  const Read cut = read_all(sent, 1 + bytes[0]);
  RELANCE_ASSERT(whole.requests == cut.requests);
  return 0;
}
