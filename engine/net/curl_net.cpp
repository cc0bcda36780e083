// The network over libcurl: one loop for all HTTP, and a few lanes for each mail server, loops with
// one mail at a time: libcurl stands still until a mail server has said its last word on a message,
// and would hold up everybody else.
#include <algorithm>
#include <atomic>

#include "net/transfer_loop.h"

namespace relance {
namespace {

constexpr size_t kHttpAtOnce = 1u << 16;
constexpr size_t kMailLanes = 8;

class CurlNet final : public Net {
 public:
  explicit CurlNet(const NetOptions& options)
      : options_(options), circuits_(options.circuit), http_(share(), kHttpAtOnce) {}

  uint64_t http(HttpRequest request, Reply reply) override {
    return add(http_, make_http_transfer(std::move(request), std::move(reply)));
  }

  uint64_t mail(MailRequest request, Reply reply) override {
    auto transfer = make_mail_transfer(std::move(request), std::move(reply));
    const std::lock_guard lock(mutex_);
    TransferLoop& lane = free_lane(mail_[transfer->host()]);
    return add(lane, std::move(transfer));
  }

  void cancel(uint64_t ticket) override {
    http_.cancel(ticket);
    const std::lock_guard lock(mutex_);
    for (auto& [host, lanes] : mail_)
      for (auto& lane : lanes) lane->cancel(ticket);
  }

 private:
  using Lanes = std::vector<std::unique_ptr<TransferLoop>>;

  LoopShare share() { return {options_, circuits_, replying_}; }

  uint64_t add(TransferLoop& loop, std::unique_ptr<Transfer> transfer) {
    const uint64_t ticket = transfer->ticket = ++tickets_;
    loop.add(std::move(transfer));
    return ticket;
  }

  // The lane with the least to do; a new one where all are busy and there may be more.
  TransferLoop& free_lane(Lanes& lanes) {
    const auto least = std::min_element(lanes.begin(), lanes.end(),
                                        [](auto& a, auto& b) { return a->load() < b->load(); });
    if (least != lanes.end() && ((*least)->load() == 0 || lanes.size() == kMailLanes))
      return **least;
    return *lanes.emplace_back(std::make_unique<TransferLoop>(share(), 1));
  }

  const NetOptions options_;
  Circuits circuits_;
  std::mutex replying_;
  std::atomic<uint64_t> tickets_ = 0;
  TransferLoop http_;
  std::mutex mutex_;
  std::map<std::string, Lanes> mail_;
};

}  // namespace

std::unique_ptr<Net> make_curl_net(const NetOptions& options) {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(ready);
  return std::make_unique<CurlNet>(options);
}

}  // namespace relance
