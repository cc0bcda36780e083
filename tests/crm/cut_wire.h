// A wire to a server on loopback that can be cut at the worst moment: just before the words of a
// client go over, or just after the server has answered them.
//
// Threads: any. One thread a connection; each ends when either side goes.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace relance {

class CutWire {
 public:
  enum class Cut : uint8_t { no, before, after };

  explicit CutWire(int server_port) : server_port_(server_port) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback(0);
    socklen_t length = sizeof address;
    REQUIRE(::bind(listener_, reinterpret_cast<sockaddr*>(&address), length) == 0);
    REQUIRE(::listen(listener_, 8) == 0);
    REQUIRE(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length) == 0);
    port_ = ntohs(address.sin_port);
    accepting_ = std::thread([this] { accept_all(); });
  }
  ~CutWire() {
    over_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    accepting_.join();
    for (std::thread& one : relays_) one.join();
    ::close(listener_);
  }
  CutWire(const CutWire&) = delete;
  CutWire& operator=(const CutWire&) = delete;

  int port() const { return port_; }
  // Once, at the next words of a client that contain these.
  void cut_at(const std::string& words, Cut how) {
    const std::lock_guard lock(mutex_);
    words_ = words;
    cut_ = how;
  }

 private:
  static sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<uint16_t>(port));
    return address;
  }

  void accept_all() {
    for (int client = 0; (client = ::accept(listener_, nullptr, nullptr)) >= 0;)
      relays_.emplace_back([this, client] { relay(client); });
  }

  Cut take_cut(const std::string& said) {
    const std::lock_guard lock(mutex_);
    if (cut_ == Cut::no || said.find(words_) == std::string::npos) return Cut::no;
    return std::exchange(cut_, Cut::no);
  }

  void relay(int client) {
    const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(server_port_);
    const bool there =
        ::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    while (there && !over_ && carry(client, server)) {
    }
    ::close(client);
    ::close(server);
  }

  // What either side says goes over; false: the connection is over.
  bool carry(int client, int server) {
    pollfd sides[] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
    if (::poll(sides, 2, 20) <= 0) return true;
    for (const int side : {0, 1}) {
      if (sides[side].revents == 0) continue;
      char bytes[65536];
      const ssize_t length = ::recv(sides[side].fd, bytes, sizeof bytes, 0);
      if (length <= 0) return false;
      const std::string said(bytes, static_cast<size_t>(length));
      const Cut cut = side == 0 ? take_cut(said) : Cut::no;
      if (cut == Cut::before) return false;
      const int other = side == 0 ? server : client;
      ::send(other, said.data(), said.size(), MSG_NOSIGNAL);
      if (cut == Cut::after) {
        ::recv(server, bytes, sizeof bytes, 0);  // it has been done, and nobody hears of it
        return false;
      }
    }
    return true;
  }

  int server_port_, listener_ = -1, port_ = 0;
  std::atomic<bool> over_ = false;
  std::thread accepting_;
  std::vector<std::thread> relays_;
  std::mutex mutex_;
  std::string words_;
  Cut cut_ = Cut::no;
};

}  // namespace relance
