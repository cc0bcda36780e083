// A server of bytes on loopback: a test says what each connection gets. Threads: one a connection;
// what `serve` touches is the test's to guard.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace relance {

// One connection of a peer; every call ends when the peer, or the server, goes.
class RawPeer {
 public:
  explicit RawPeer(int socket) : socket_(socket) {}

  bool say(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<size_t>(sent));
    }
    return true;
  }
  // Up to and with `end`; what came where the peer went before.
  std::string hear(std::string_view end) {
    while (true) {
      if (const size_t at = kept_.find(end); at != std::string::npos) {
        std::string heard = kept_.substr(0, at + end.size());
        kept_.erase(0, heard.size());
        return heard;
      }
      char bytes[4096];
      const ssize_t length = ::recv(socket_, bytes, sizeof bytes, 0);
      if (length <= 0) return std::exchange(kept_, {});
      kept_.append(bytes, static_cast<size_t>(length));
    }
  }
  // Says nothing until the peer has gone.
  void hang() {
    char bytes[4096];
    while (::recv(socket_, bytes, sizeof bytes, 0) > 0) {
    }
  }
  // Goes without a goodbye: whatever is on its way is lost.
  void reset() const {
    const linger now{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  }

 private:
  int socket_;
  std::string kept_;
};

class RawServer {
 public:
  explicit RawServer(std::function<void(RawPeer&)> serve) : serve_(std::move(serve)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    REQUIRE(::bind(listener_, reinterpret_cast<sockaddr*>(&address), length) == 0);
    REQUIRE(::listen(listener_, 64) == 0);
    REQUIRE(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length) == 0);
    port_ = ntohs(address.sin_port);
    accepting_ = std::thread([this] { accept_all(); });
  }
  ~RawServer() {
    ::shutdown(listener_, SHUT_RDWR);
    accepting_.join();
    {
      const std::lock_guard lock(mutex_);
      for (const int peer : peers_) ::shutdown(peer, SHUT_RDWR);
    }
    for (std::thread& thread : threads_) thread.join();
    ::close(listener_);
  }

  std::string url(const std::string& scheme) const {
    return scheme + "://127.0.0.1:" + std::to_string(port_);
  }
  int connections() const { return connections_; }

 private:
  void accept_all() {
    for (int peer = 0; (peer = ::accept(listener_, nullptr, nullptr)) >= 0;) {
      ++connections_;
      const std::lock_guard lock(mutex_);
      peers_.push_back(peer);
      threads_.emplace_back([this, peer] {
        RawPeer connection(peer);
        serve_(connection);
        const std::lock_guard closing(mutex_);
        std::erase(peers_, peer);
        ::close(peer);
      });
    }
  }

  const std::function<void(RawPeer&)> serve_;
  int listener_ = -1, port_ = 0;
  std::atomic<int> connections_ = 0;
  std::mutex mutex_;
  std::vector<int> peers_;
  std::vector<std::thread> threads_;
  std::thread accepting_;
};

}  // namespace relance
