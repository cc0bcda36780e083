#include "providers/callback_post.h"

#include <curl/curl.h>

#include <algorithm>

namespace relance {
namespace {

constexpr long kPatienceMs = 10'000;

size_t take_answer(char* bytes, size_t size, size_t count, void* to) {
  static_cast<std::string*>(to)->append(bytes, size * count);
  return size * count;
}

void perform(Callback& callback, const std::string& method) {
  const std::unique_ptr<CURL, void (*)(CURL*)> easy(curl_easy_init(), curl_easy_cleanup);
  curl_slist* headers = nullptr;
  for (const auto& [name, value] : callback.headers)
    headers = curl_slist_append(headers, (name + ": " + value).c_str());
  curl_easy_setopt(easy.get(), CURLOPT_URL, callback.url.c_str());
  curl_easy_setopt(easy.get(), CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(easy.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy.get(), CURLOPT_TIMEOUT_MS, kPatienceMs);
  curl_easy_setopt(easy.get(), CURLOPT_SSL_VERIFYPEER, 0L);  // whatever the test has made
  curl_easy_setopt(easy.get(), CURLOPT_SSL_VERIFYHOST, 0L);
  curl_easy_setopt(easy.get(), CURLOPT_WRITEFUNCTION, take_answer);
  curl_easy_setopt(easy.get(), CURLOPT_WRITEDATA, &callback.answer);
  if (method != "GET") {
    curl_easy_setopt(easy.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(callback.body.size()));
    curl_easy_setopt(easy.get(), CURLOPT_POSTFIELDS, callback.body.data());
    curl_easy_setopt(easy.get(), CURLOPT_CUSTOMREQUEST, method.c_str());
  }
  long status = 0;
  if (curl_easy_perform(easy.get()) == CURLE_OK)
    curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
  callback.status = static_cast<int>(status);
  curl_slist_free_all(headers);
}

}  // namespace

CallbackPost::CallbackPost(std::function<void()> changed)
    : changed_(std::move(changed)), thread_([this] { work(); }) {}

void CallbackPost::end() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  woken_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void CallbackPost::send(const Callback& callback, const std::string& method) {
  {
    const std::lock_guard lock(mutex_);
    for (int i = 0; i < copies_; ++i)
      waiting_.push_back({callback, method, clock_.now() + delay_ * (i + 1)});
  }
  woken_.notify_all();
}

std::vector<Callback> CallbackPost::sent() const {
  const std::lock_guard lock(mutex_);
  return sent_;
}

void CallbackPost::copies(int count) {
  const std::lock_guard lock(mutex_);
  copies_ = count;
}

void CallbackPost::delay(Duration delay) {
  const std::lock_guard lock(mutex_);
  delay_ = delay;
}

void CallbackPost::hold() {
  const std::lock_guard lock(mutex_);
  held_ = true;
}

void CallbackPost::release(bool last_first) {
  {
    const std::lock_guard lock(mutex_);
    held_ = false;
    if (last_first) std::reverse(waiting_.begin(), waiting_.end());
  }
  woken_.notify_all();
}

// false: it is over.
bool CallbackPost::wait_for_next(std::unique_lock<std::mutex>& lock) {
  while (!over_) {
    if (held_ || waiting_.empty()) {
      woken_.wait(lock);
      continue;
    }
    const Duration early = waiting_.front().at - clock_.now();
    if (early <= Duration{}) return true;
    woken_.wait_for(lock, std::chrono::milliseconds(early.ms));
  }
  return false;
}

void CallbackPost::work() {
  std::unique_lock lock(mutex_);
  while (wait_for_next(lock)) {
    Waiting next = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    perform(next.callback, next.method);
    lock.lock();
    sent_.push_back(std::move(next.callback));
    lock.unlock();
    changed_();
    lock.lock();
  }
}

}  // namespace relance
