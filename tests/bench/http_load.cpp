#include "bench/http_load.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string_view>

#include "bench/bench.h"

namespace relance::bench {
namespace {

class Client {
 public:
  explicit Client(const HttpLoad& load) : load_(load), next_(load.first) {
    epoll_ = epoll_create1(EPOLL_CLOEXEC);
    for (size_t i = 0; i < load.connections; ++i) open();
  }
  ~Client() {
    for (const Connection& one : connections_) close(one.socket);
    close(epoll_);
  }

  HttpLoadResult run() {
    const double start = wall_seconds();
    for (size_t i = 0; i < connections_.size(); ++i) ask(i);
    std::array<epoll_event, 64> ready{};
    while (open_ > 0) {
      const int count = epoll_wait(epoll_, ready.data(), static_cast<int>(ready.size()), -1);
      for (int i = 0; i < count; ++i) take(ready[static_cast<size_t>(i)].data.u64);
    }
    result_.seconds = wall_seconds() - start;
    return std::move(result_);
  }

 private:
  struct Connection {
    int socket = -1;
    double asked_at = 0;
    std::string read;
  };

  void open() {
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const std::string port = load_.address.substr(load_.address.rfind(':') + 1);
    where.sin_port = htons(static_cast<uint16_t>(std::atoi(port.c_str())));
    const int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(made, reinterpret_cast<sockaddr*>(&where), sizeof where) != 0) std::abort();
    const int yes = 1;
    setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = connections_.size();
    epoll_ctl(epoll_, EPOLL_CTL_ADD, made, &event);
    connections_.push_back({made, 0, {}});
  }

  // A request is smaller than a socket's buffer, so it is sent at once.
  void ask(size_t index) {
    Connection& on = connections_[index];
    if (next_ == load_.first + load_.count) return;
    request_.clear();
    load_.write(next_++, request_);
    on.asked_at = wall_seconds();
    ++open_;
    if (send(on.socket, request_.data(), request_.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(request_.size()))
      lose(on);
  }

  void take(size_t index) {
    Connection& on = connections_[index];
    char bytes[4096];
    const ssize_t length = recv(on.socket, bytes, sizeof bytes, 0);
    if (length <= 0) return lose(on);
    on.read.append(bytes, static_cast<size_t>(length));
    if (!whole(on.read)) return;
    result_.waited_ms.push_back((wall_seconds() - on.asked_at) * 1e3);
    if (on.read.compare(9, 3, "202") != 0) ++result_.others;
    on.read.clear();
    --open_;
    ask(index);
  }

  static bool whole(const std::string& answer) {
    constexpr std::string_view kLength = "Content-Length: ";
    const size_t end = answer.find("\r\n\r\n");
    if (end == std::string::npos) return false;
    const size_t field = answer.find(kLength);
    if (field == std::string::npos) return true;
    const auto body = std::strtoul(answer.c_str() + field + kLength.size(), nullptr, 10);
    return answer.size() >= end + 4 + body;
  }

  void lose(Connection& on) {
    epoll_ctl(epoll_, EPOLL_CTL_DEL, on.socket, nullptr);
    ++result_.others;
    --open_;
  }

  const HttpLoad& load_;
  int epoll_ = -1;
  std::vector<Connection> connections_;
  size_t next_, open_ = 0;  // the next request; requests under way
  std::string request_;
  HttpLoadResult result_;
};

}  // namespace

HttpLoadResult run_http_load(const HttpLoad& load) { return Client(load).run(); }

}  // namespace relance::bench
