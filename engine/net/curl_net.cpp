// The network over libcurl: one loop for all HTTP, and one for each mail server, because libcurl
// waits for the answer to QUIT, and a server that hangs there would hold up everybody else.
#include <atomic>

#include "net/transfer_loop.h"

namespace relance {
namespace {

class CurlNet final : public Net {
 public:
  explicit CurlNet(const NetOptions& options)
      : options_(options), circuits_(options.circuit), http_(share()) {}

  uint64_t http(HttpRequest request, Reply reply) override {
    return add(http_, make_http_transfer(std::move(request), std::move(reply)));
  }

  uint64_t mail(MailRequest request, Reply reply) override {
    auto transfer = make_mail_transfer(std::move(request), std::move(reply));
    TransferLoop& loop = mail_loop(transfer->host());
    return add(loop, std::move(transfer));
  }

  void cancel(uint64_t ticket) override {
    http_.cancel(ticket);
    const std::lock_guard lock(mutex_);
    for (auto& [host, loop] : mail_) loop->cancel(ticket);
  }

 private:
  LoopShare share() { return {options_, circuits_, replying_}; }

  uint64_t add(TransferLoop& loop, std::unique_ptr<Transfer> transfer) {
    const uint64_t ticket = transfer->ticket = ++tickets_;
    loop.add(std::move(transfer));
    return ticket;
  }

  TransferLoop& mail_loop(const std::string& host) {
    const std::lock_guard lock(mutex_);
    auto& loop = mail_[host];
    if (!loop) loop = std::make_unique<TransferLoop>(share());
    return *loop;
  }

  const NetOptions options_;
  Circuits circuits_;
  std::mutex replying_;
  std::atomic<uint64_t> tickets_ = 0;
  TransferLoop http_;
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<TransferLoop>> mail_;
};

}  // namespace

std::unique_ptr<Net> make_curl_net(const NetOptions& options) {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(ready);
  return std::make_unique<CurlNet>(options);
}

}  // namespace relance
