#include "net/transfer_loop.h"

namespace relance {
namespace {

constexpr int kSleepMs = 60'000;  // woken by every new request
constexpr long kMostConnections = 1024, kKeptConnections = 256;

}  // namespace

TransferLoop::TransferLoop(const LoopShare& share) : share_(share), multi_(curl_multi_init()) {
  curl_multi_setopt(multi_, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_MULTIPLEX));
  curl_multi_setopt(multi_, CURLMOPT_MAX_HOST_CONNECTIONS,
                    static_cast<long>(share.options.most_connections_per_host));
  curl_multi_setopt(multi_, CURLMOPT_MAX_TOTAL_CONNECTIONS, kMostConnections);
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, kKeptConnections);
  thread_ = std::thread([this] { loop(); });
}

TransferLoop::~TransferLoop() {
  stopping_ = true;
  curl_multi_wakeup(multi_);
  sockets_.shut_down();
  thread_.join();
  for (auto& [ticket, transfer] : running_) curl_multi_remove_handle(multi_, transfer->easy());
  running_.clear();
  curl_multi_cleanup(multi_);
}

void TransferLoop::add(std::unique_ptr<Transfer> transfer) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(transfer));
  }
  curl_multi_wakeup(multi_);
}

void TransferLoop::cancel(uint64_t ticket) {
  {
    const std::lock_guard lock(mutex_);
    cancelled_.push_back(ticket);
  }
  curl_multi_wakeup(multi_);
}

void TransferLoop::loop() {
  while (take_new()) {
    int running = 0;
    curl_multi_perform(multi_, &running);
    if (stopping_) return;
    finish_done();
    curl_multi_poll(multi_, nullptr, 0, kSleepMs, nullptr);
  }
}

bool TransferLoop::take_new() {
  std::vector<std::unique_ptr<Transfer>> fresh;
  std::vector<uint64_t> cancelled;
  if (stopping_) return false;
  {
    const std::lock_guard lock(mutex_);
    fresh.swap(waiting_);
    cancelled.swap(cancelled_);
  }
  for (auto& transfer : fresh) begin(std::move(transfer));
  for (const uint64_t ticket : cancelled)
    if (running_.contains(ticket)) finish(ticket, CURLE_ABORTED_BY_CALLBACK);
  return true;
}

void TransferLoop::begin(std::unique_ptr<Transfer> transfer) {
  const std::string& host = transfer->host();
  const Duration closed = share_.circuits.closed_for(host, clock_.since_boot());
  CURL* easy = closed > Duration{} ? nullptr : transfer->prepare(share_.options, sockets_);
  if (!easy) {
    const std::lock_guard one(share_.replying);
    return transfer->refuse(closed > Duration{}
                                ? host + " took no connection; no other is tried for " +
                                      std::to_string(closed.ms) + " ms"
                                : "no memory for a request");
  }
  curl_multi_add_handle(multi_, easy);
  running_[transfer->ticket] = std::move(transfer);
}

void TransferLoop::finish_done() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    Transfer* transfer = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
    finish(transfer->ticket, message->data.result);
  }
}

void TransferLoop::finish(uint64_t ticket, CURLcode result) {
  const std::unique_ptr<Transfer> transfer = std::move(running_[ticket]);
  running_.erase(ticket);
  curl_multi_remove_handle(multi_, transfer->easy());
  if (const auto connected = transfer->connected(result)) {
    if (*connected)
      share_.circuits.connected(transfer->host());
    else
      share_.circuits.failed(transfer->host(), clock_.since_boot());
  }
  const std::lock_guard one(share_.replying);
  transfer->end(result);
}

}  // namespace relance
