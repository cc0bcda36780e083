// The network over libcurl: one multi loop on one thread, asleep when nothing is under way.
#include <curl/curl.h>

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "net/net.h"

namespace relance {
namespace {

constexpr long kConnectMs = 10'000;
constexpr int kSleepMs = 60'000;  // woken by every new request

struct Transfer {
  uint64_t ticket = 0;
  HttpRequest request;
  Net::Reply reply;
  HttpReply answer;
  CURL* easy = nullptr;
  curl_slist* headers = nullptr;

  ~Transfer() {
    if (easy) curl_easy_cleanup(easy);
    curl_slist_free_all(headers);
  }
};

size_t take_body(char* bytes, size_t size, size_t count, void* to) {
  auto& transfer = *static_cast<Transfer*>(to);
  const size_t length = size * count;
  // Returning less than was given makes libcurl end the transfer with an error: the limit.
  if (transfer.answer.body.size() + length > transfer.request.most_bytes) return 0;
  transfer.answer.body.append(bytes, length);
  return length;
}

size_t take_header(char* bytes, size_t size, size_t count, void* to) {
  auto& transfer = *static_cast<Transfer*>(to);
  std::string_view line(bytes, size * count);
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos) return line.size();
  std::string name(line.substr(0, colon));
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  std::string_view value = line.substr(colon + 1);
  while (!value.empty() && std::isspace(static_cast<unsigned char>(value.front())))
    value.remove_prefix(1);
  while (!value.empty() && std::isspace(static_cast<unsigned char>(value.back())))
    value.remove_suffix(1);
  transfer.answer.headers.emplace_back(std::move(name), value);
  return line.size();
}

void prepare(Transfer& transfer) {
  const HttpRequest& request = transfer.request;
  CURL* easy = transfer.easy = curl_easy_init();
  for (const auto& [name, value] : request.headers)
    transfer.headers = curl_slist_append(transfer.headers, (name + ": " + value).c_str());
  curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer.headers);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, kConnectMs);
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.ms));
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_PRIVATE, &transfer);
  if (!request.body.empty()) {
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data());
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, static_cast<long>(request.body.size()));
  }
  if (!request.basic.first.empty()) {
    curl_easy_setopt(easy, CURLOPT_USERNAME, request.basic.first.c_str());
    curl_easy_setopt(easy, CURLOPT_PASSWORD, request.basic.second.c_str());
  }
}

// Did bytes of the request leave? An answer says so; so does a request that was begun.
Wire wire_of(CURL* easy, CURLcode result) {
  if (result == CURLE_OK) return Wire::answered;
  long sent = 0;
  curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &sent);
  return sent > 0 ? Wire::maybe : Wire::not_sent;
}

class CurlNet final : public Net {
 public:
  CurlNet() : multi_(curl_multi_init()), thread_([this] { loop(); }) {}

  ~CurlNet() override {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    curl_multi_wakeup(multi_);
    thread_.join();
    for (auto& [ticket, transfer] : running_) curl_multi_remove_handle(multi_, transfer->easy);
    running_.clear();
    curl_multi_cleanup(multi_);
  }

  uint64_t http(HttpRequest request, Reply reply) override {
    auto transfer = std::make_unique<Transfer>();
    transfer->request = std::move(request);
    transfer->reply = std::move(reply);
    uint64_t ticket = 0;
    {
      const std::lock_guard lock(mutex_);
      ticket = transfer->ticket = ++tickets_;
      waiting_.push_back(std::move(transfer));
    }
    curl_multi_wakeup(multi_);
    return ticket;
  }

  void cancel(uint64_t ticket) override {
    {
      const std::lock_guard lock(mutex_);
      cancelled_.push_back(ticket);
    }
    curl_multi_wakeup(multi_);
  }

 private:
  void loop() {
    while (take_new()) {
      int running = 0;
      curl_multi_perform(multi_, &running);
      finish_done();
      curl_multi_poll(multi_, nullptr, 0, kSleepMs, nullptr);
    }
  }

  bool take_new() {
    std::vector<std::unique_ptr<Transfer>> fresh;
    std::vector<uint64_t> cancelled;
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return false;
      fresh.swap(waiting_);
      cancelled.swap(cancelled_);
    }
    for (auto& transfer : fresh) {
      prepare(*transfer);
      curl_multi_add_handle(multi_, transfer->easy);
      running_[transfer->ticket] = std::move(transfer);
    }
    for (uint64_t ticket : cancelled)
      if (running_.contains(ticket)) finish(ticket, CURLE_ABORTED_BY_CALLBACK);
    return true;
  }

  void finish_done() {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      Transfer* transfer = nullptr;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
      finish(transfer->ticket, message->data.result);
    }
  }

  void finish(uint64_t ticket, CURLcode result) {
    const std::unique_ptr<Transfer> transfer = std::move(running_[ticket]);
    running_.erase(ticket);
    HttpReply& answer = transfer->answer;
    answer.wire = wire_of(transfer->easy, result);
    if (result == CURLE_OK) {
      long status = 0;
      curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
      answer.status = static_cast<int>(status);
    } else {
      answer.error = curl_easy_strerror(result);
    }
    curl_multi_remove_handle(multi_, transfer->easy);
    transfer->reply(std::move(answer));
  }

  CURLM* multi_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Transfer>> waiting_;
  std::vector<uint64_t> cancelled_;
  uint64_t tickets_ = 0;
  bool stopping_ = false;
  std::map<uint64_t, std::unique_ptr<Transfer>> running_;  // the loop's own
  std::thread thread_;
};

}  // namespace

std::unique_ptr<Net> make_curl_net() {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(ready);
  return std::make_unique<CurlNet>();
}

}  // namespace relance
