#include "net/transfer_loop.h"

#include <algorithm>

namespace relance {
namespace {

constexpr long kMostConnections = 1024, kKeptConnections = 256;

}  // namespace

TransferLoop::TransferLoop(const LoopShare& share, size_t at_once)
    : share_(share), at_once_(at_once), multi_(curl_multi_init()), events_(multi_) {
  curl_multi_setopt(multi_, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_MULTIPLEX));
  curl_multi_setopt(multi_, CURLMOPT_MAX_HOST_CONNECTIONS,
                    static_cast<long>(share.options.most_connections_per_host));
  curl_multi_setopt(multi_, CURLMOPT_MAX_TOTAL_CONNECTIONS, kMostConnections);
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, kKeptConnections);
  thread_ = std::thread([this] { loop(); });
}

TransferLoop::~TransferLoop() {
  stopping_ = true;
  events_.wake();
  sockets_.shut_down();
  thread_.join();
  for (auto& [ticket, transfer] : running_) curl_multi_remove_handle(multi_, transfer->easy());
  running_.clear();
  curl_multi_cleanup(multi_);
}

void TransferLoop::add(std::unique_ptr<Transfer> transfer) {
  ++load_;
  transfer->added = clock_.since_boot();
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(transfer));
  }
  events_.wake();
}

// While libcurl waits for a mail server's last word it heeds nothing else; the end of the
// connection it does.
void TransferLoop::cancel(uint64_t ticket) {
  {
    const std::lock_guard lock(mutex_);
    cancelled_.push_back(ticket);
  }
  if (only_ == ticket) sockets_.shut_down();
  events_.wake();
}

void TransferLoop::loop() {
  while (take_new()) {
    if (load_ > running_.size() && running_.size() < at_once_)
      events_.wake();  // the next may begin
    events_.act();
    if (stopping_) return;
    finish_done();
  }
}

bool TransferLoop::take_new() {
  std::vector<std::unique_ptr<Transfer>> fresh, void_before;
  std::vector<uint64_t> cancelled;
  {
    const std::lock_guard lock(mutex_);
    cancelled.swap(cancelled_);
    for (const uint64_t ticket : cancelled) {
      const auto it = std::find_if(waiting_.begin(), waiting_.end(),
                                   [&](const auto& one) { return one->ticket == ticket; });
      if (it == waiting_.end()) continue;
      void_before.push_back(std::move(*it));
      waiting_.erase(it);
    }
    while (!waiting_.empty() && running_.size() + fresh.size() < at_once_) {
      fresh.push_back(std::move(waiting_.front()));
      waiting_.pop_front();
    }
  }
  if (stopping_) return false;
  for (auto& transfer : void_before) refuse(std::move(transfer), "cancelled");
  for (auto& transfer : fresh) begin(std::move(transfer));
  for (const uint64_t ticket : cancelled)
    if (running_.contains(ticket)) finish(ticket, CURLE_ABORTED_BY_CALLBACK);
  return true;
}

void TransferLoop::refuse(std::unique_ptr<Transfer> transfer, const std::string& why) {
  --load_;
  const std::lock_guard one(share_.replying);
  transfer->refuse(why);
}

void TransferLoop::begin(std::unique_ptr<Transfer> transfer) {
  if (!events_.ok()) return refuse(std::move(transfer), "no file handle is left for its socket");
  const Duration now = clock_.since_boot();
  if (now - transfer->added > transfer->timeout())
    return refuse(std::move(transfer), "it waited longer than its time limit for others");
  const std::string host = transfer->host();
  if (const Duration closed = share_.circuits.closed_for(host, now); closed > Duration{})
    return refuse(std::move(transfer), host + " took no connection; no other is tried for " +
                                           std::to_string(closed.ms) + " ms");
  CURL* easy = transfer->prepare(share_.options, sockets_);
  if (!easy) return refuse(std::move(transfer), "no memory for a request");
  if (at_once_ == 1) only_ = transfer->ticket;
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
  only_ = 0;
  --load_;
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
