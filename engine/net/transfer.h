// One request or mail on its way through libcurl: its options, what it received, its reply.
// Internal to this room. Threads: made on any, then the loop's.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "net/net.h"

namespace relance {

// The open sockets of a loop. libcurl waits for the answer to a mail server's QUIT even while it
// ends; a socket that is shut down lets it go on. Threads: any.
class Sockets {
 public:
  curl_socket_t open(const curl_sockaddr* address);
  int close(curl_socket_t socket);
  void shut_down();

 private:
  std::mutex mutex_;
  std::set<curl_socket_t> open_;
};

class Transfer {
 public:
  Transfer(std::string host, Duration timeout, Net::Reply reply)
      : host_(std::move(host)), timeout_(timeout), reply_(std::move(reply)) {}
  virtual ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  // The handle with all its options; nullptr: libcurl has no memory.
  CURL* prepare(const NetOptions& options, Sockets& sockets);
  CURL* easy() const { return easy_; }
  const std::string& host() const { return host_; }
  Duration timeout() const { return timeout_; }
  // Calls back; the last call.
  void end(CURLcode result);
  // The same for one that never began.
  void refuse(const std::string& why);
  // Did the host take a connection? For the circuit breaker: nullopt says nothing of the host.
  std::optional<bool> connected(CURLcode result) const;

  uint64_t ticket = 0;
  Duration added;  // since boot

 protected:
  virtual void set_options(const NetOptions& options) = 0;
  // Fills in answer_ but for the error.
  virtual void read_answer(CURLcode result) = 0;

  template <class Value>
  void set(CURLoption option, Value value) {
    curl_easy_setopt(easy_, option, value);
  }
  void add(const std::string& line) { lines_ = curl_slist_append(lines_, line.c_str()); }

  CURL* easy_ = nullptr;
  curl_slist* lines_ = nullptr;  // headers, recipients
  HttpReply answer_;
  std::string problem_;  // ours, where libcurl's would not be clear

 private:
  std::string host_;  // "https://api.example:443"
  Duration timeout_;
  Net::Reply reply_;
  Sockets* sockets_ = nullptr;
  bool opened_ = false;  // a connection of its own was tried
  char error_[CURL_ERROR_SIZE] = {};
};

std::unique_ptr<Transfer> make_http_transfer(HttpRequest request, Net::Reply reply);
std::unique_ptr<Transfer> make_mail_transfer(MailRequest request, Net::Reply reply);

// "https://api.example:443"; the URL itself where it cannot be read.
std::string host_of(const std::string& url);

}  // namespace relance
