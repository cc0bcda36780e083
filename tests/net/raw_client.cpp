#include "net/raw_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <cstring>

namespace relance::test {
namespace {

constexpr timeval kPatience{20, 0};

int connect_to(const std::string& address) {
  sockaddr_storage where{};
  socklen_t length = 0;
  if (address.starts_with("unix:")) {
    auto& local = reinterpret_cast<sockaddr_un&>(where);
    local.sun_family = AF_UNIX;
    std::strcpy(local.sun_path, address.c_str() + 5);
    length = sizeof local;
  } else {
    auto& inet = reinterpret_cast<sockaddr_in&>(where);
    inet.sin_family = AF_INET;
    inet.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    inet.sin_port = htons(static_cast<uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
    length = sizeof inet;
  }
  const int made = socket(where.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  REQUIRE(made >= 0);
  setsockopt(made, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
  setsockopt(made, SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof kPatience);
  REQUIRE(connect(made, reinterpret_cast<sockaddr*>(&where), length) == 0);
  return made;
}

}  // namespace

RawClient::RawClient(const std::string& address, bool tls) : socket_(connect_to(address)) {
  if (!tls) return;
  context_.reset(SSL_CTX_new(TLS_client_method()));
  tls_.reset(SSL_new(context_.get()));
  SSL_set_fd(tls_.get(), socket_);
  greeted_ = SSL_connect(tls_.get()) == 1;
}

RawClient::~RawClient() { close(socket_); }

bool RawClient::send(std::string_view bytes) {
  if (tls_) return SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size())) > 0;
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

bool RawClient::read_some() {
  char bytes[16384];
  const ssize_t length =
      tls_ ? SSL_read(tls_.get(), bytes, sizeof bytes) : recv(socket_, bytes, sizeof bytes, 0);
  if (length <= 0) return false;
  read_.append(bytes, static_cast<size_t>(length));
  return true;
}

bool RawClient::read_until_head() {
  while (read_.find("\r\n\r\n") == std::string::npos)
    if (!read_some()) return false;
  return true;
}

std::string RawClient::read_head() {
  if (!read_until_head()) return std::move(read_);
  std::string head = read_.substr(0, read_.find("\r\n\r\n") + 4);
  read_.erase(0, head.size());
  return head;
}

std::string RawClient::read_answer() {
  std::string answer = read_head();
  const size_t field = answer.find("Content-Length: ");
  if (field == std::string::npos) return answer;
  const auto length = static_cast<size_t>(std::stoul(answer.substr(field + 16)));
  while (read_.size() < length && read_some()) {
  }
  answer += read_.substr(0, length);
  read_.erase(0, length);
  return answer;
}

bool RawClient::closed() {
  errno = 0;
  return read_.empty() && !read_some() && errno != EAGAIN;
}

}  // namespace relance::test
