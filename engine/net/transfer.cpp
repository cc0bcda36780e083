#include "net/transfer.h"

#include <sys/socket.h>
#include <unistd.h>

namespace relance {
namespace {

std::string part_of(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, CURLU_DEFAULT_PORT) != CURLUE_OK) return {};
  std::string copy(text);
  curl_free(text);
  return copy;
}

}  // namespace

std::string host_of(const std::string& url) {
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> read(curl_url(), curl_url_cleanup);
  if (!read || curl_url_set(read.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) return url;
  return part_of(read.get(), CURLUPART_SCHEME) + "://" + part_of(read.get(), CURLUPART_HOST) + ":" +
         part_of(read.get(), CURLUPART_PORT);
}

curl_socket_t Sockets::open(const curl_sockaddr* address) {
  const int made = ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  if (made < 0) return CURL_SOCKET_BAD;
  const std::lock_guard lock(mutex_);
  open_.insert(made);
  return made;
}

int Sockets::close(curl_socket_t socket) {
  const std::lock_guard lock(mutex_);
  open_.erase(socket);
  return ::close(socket);
}

void Sockets::shut_down() {
  const std::lock_guard lock(mutex_);
  for (const curl_socket_t socket : open_) ::shutdown(socket, SHUT_RDWR);
}

Transfer::~Transfer() {
  if (easy_) curl_easy_cleanup(easy_);
  curl_slist_free_all(lines_);
}

CURL* Transfer::prepare(const NetOptions& options, Sockets& sockets) {
  easy_ = curl_easy_init();
  if (!easy_) return nullptr;
  sockets_ = &sockets;
  set(CURLOPT_PRIVATE, this);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_ERRORBUFFER, error_);
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, 2L);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!options.ca_file.empty()) set(CURLOPT_CAINFO, options.ca_file.c_str());
  set(CURLOPT_OPENSOCKETDATA, this);
  set(
      CURLOPT_OPENSOCKETFUNCTION, +[](void* to, curlsocktype, curl_sockaddr* address) {
        auto& self = *static_cast<Transfer*>(to);
        self.opened_ = true;
        return self.sockets_->open(address);
      });
  // A connection outlives its transfer, and so does what closes it.
  set(CURLOPT_CLOSESOCKETDATA, &sockets);
  set(
      CURLOPT_CLOSESOCKETFUNCTION,
      +[](void* of, curl_socket_t socket) { return static_cast<Sockets*>(of)->close(socket); });
  set_options(options);
  return easy_;
}

void Transfer::end(CURLcode result) {
  read_answer(result);
  if (answer_.status == 0) {
    answer_.body.clear();
    answer_.headers.clear();
    answer_.error = !problem_.empty() ? problem_
                    : error_[0] != 0  ? std::string(error_)
                                      : std::string(curl_easy_strerror(result));
  }
  reply_(std::move(answer_));
}

void Transfer::refuse(const std::string& why) {
  answer_.error = why;
  reply_(std::move(answer_));
}

std::optional<bool> Transfer::connected(CURLcode result) const {
  curl_off_t asked = 0;
  curl_easy_getinfo(easy_, CURLINFO_PRETRANSFER_TIME_T, &asked);
  if (asked > 0) return true;
  switch (result) {
    case CURLE_OK: return true;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION: return false;
    // Without a socket of its own it only waited for somebody else's connection.
    case CURLE_OPERATION_TIMEDOUT: return opened_ ? std::optional(false) : std::nullopt;
    default: return std::nullopt;
  }
}

}  // namespace relance
