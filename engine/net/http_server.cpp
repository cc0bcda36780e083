// One event loop a thread; a connection belongs to one loop for its whole life, so nothing in it is
// locked. What others may touch is posted to its loop.
//
// A connection owns nothing that outlives it: who answers late holds it weakly. A loop ends when
// its last connection has, which is why closing ends connections and never stops a loop.
#include "net/http_server.h"

#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

#include "base/clock.h"
#include "base/log.h"
#include "net/answer_text.h"
#include "net/listen_address.h"
#include "net/request_reader.h"

namespace relance {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Protocol = asio::generic::stream_protocol;
using Socket = Protocol::socket;
using State = RequestReader::State;

constexpr Duration kLinger = seconds(1);              // for the client to read why it was cut off
constexpr Duration kAcceptAgain = milliseconds(100);  // where the process is out of descriptors

class Connection;

struct Loop {
  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> guard{context.get_executor()};
  std::set<std::shared_ptr<Connection>> connections;  // the loop's own
  std::thread thread;
};

// What all connections of a server need. Immutable but for the counters.
struct Common {
  ServerOptions options;
  HttpServer::Handler handler;
  bool local = false;
  std::optional<asio::ssl::context> tls;
  SystemClock clock;
  std::atomic<bool> closing = false;
  std::atomic<size_t> open = 0, bytes_waiting = 0;
  std::mutex mutex;
  std::condition_variable fewer_open;

  void left() {
    const std::lock_guard lock(mutex);
    --open;
    fewer_open.notify_all();
  }
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(std::shared_ptr<Common> common, std::shared_ptr<Loop> loop, Socket socket)
      : common_(std::move(common)),
        loop_(std::move(loop)),
        socket_(std::move(socket)),
        timer_(loop_->context),
        reader_(common_->options.most_header_bytes, common_->options.most_body_bytes) {
    if (common_->tls) tls_.emplace(socket_, *common_->tls);
    ++common_->open;
  }

  // The rest on the loop's thread.
  void start() {
    loop_->connections.insert(shared_from_this());
    if (common_->closing) return end();
    within(common_->options.header_time);
    if (!tls_) return read();
    tls_->async_handshake(asio::ssl::stream_base::server,
                          [self = shared_from_this()](const error_code& wrong) {
                            wrong ? self->end() : self->read();
                          });
  }

  // The server takes nothing new: what was begun may still end.
  void close_if_idle() {
    if (stage_ == Stage::reading && reader_.state() == State::idle) end();
  }

  void end() {
    if (stage_ == Stage::ended) return;
    stage_ = Stage::ended;
    error_code ignored;
    timer_.cancel(ignored);
    socket_.close(ignored);
    hold(0);
    loop_->connections.erase(shared_from_this());
    common_->left();
  }

 private:
  enum class Stage { reading, answering, writing, lingering, ended };

  template <class Act>
  void on_stream(Act act) {
    tls_ ? act(*tls_) : act(socket_);
  }

  void read() {
    if (stage_ == Stage::ended) return;
    stage_ = Stage::reading;
    const std::span<char> room = reader_.room();
    on_stream([&](auto& stream) {
      stream.async_read_some(asio::buffer(room.data(), room.size()),
                             [self = shared_from_this()](const error_code& wrong, size_t bytes) {
                               if (wrong) return self->end();
                               self->come(bytes);
                             });
    });
  }

  void come(size_t bytes) {
    if (stage_ != Stage::reading) return;  // cut off in the meantime
    const State before = reader_.state();
    const State now = reader_.take(bytes);
    hold(reader_.bytes_held());
    if (held_ > 0 && common_->bytes_waiting > common_->options.most_bytes_waiting)
      return refuse(503, "too much is being sent at once");
    go_on(before, now);
  }

  void hold(size_t bytes) {
    common_->bytes_waiting += bytes - held_;
    held_ = bytes;
  }

  // The limits of time begin with each part, not with each byte.
  void go_on(State before, State now) {
    if (now == State::done) return hand_over();
    if (now == State::wrong) return refuse(reader_.status(), reader_.reason());
    if (now != before)
      within(now == State::body ? common_->options.body_time : common_->options.header_time);
    if (now == State::body && before != State::body && reader_.waits_for_continue())
      return write("HTTP/1.1 100 Continue\r\n\r\n", [](Connection& self) { self.read(); });
    read();
  }

  void hand_over() {
    stage_ = Stage::answering;
    keep_ = reader_.keeps_alive();
    within(common_->options.answer_time);
    ServerRequest request = reader_.request();
    request.local = common_->local;
    head_ = request.method == "HEAD";
    common_->handler(
        std::move(request), [weak = weak_from_this(), asked = ++asked_](ServerAnswer answer) {
          const auto self = weak.lock();
          if (!self) return;
          asio::dispatch(self->loop_->context, [weak, asked, answer = std::move(answer)] {
            if (const auto there = weak.lock()) there->answered(asked, answer);
          });
        });
  }

  // Only the first answer to the request that is waited for counts.
  void answered(uint64_t asked, const ServerAnswer& answer) {
    if (stage_ != Stage::answering || asked != asked_) return;
    if (answer.status == 0) return end();
    keep_ = keep_ && !common_->closing;
    write(answer_text(answer, {keep_, head_, common_->clock.now()}), [](Connection& self) {
      if (!self.keep_) return self.linger();
      self.within(self.common_->options.header_time);
      self.stage_ = Stage::reading;
      const State now = self.reader_.next();
      if (now == State::idle && self.common_->closing) return self.end();
      self.go_on(State::idle, now);
    });
  }

  void refuse(int status, std::string_view why) {
    keep_ = false;
    hold(0);  // nothing of it is read any more
    write(answer_text(error_answer(status, why), {false, false, common_->clock.now()}),
          [](Connection& self) { self.linger(); });
  }

  void write(std::string text, void (*then)(Connection&)) {
    stage_ = Stage::writing;
    out_ = std::move(text);
    within(common_->options.body_time);
    on_stream([&](auto& stream) {
      asio::async_write(stream, asio::buffer(out_),
                        [self = shared_from_this(), then](const error_code& wrong, size_t) {
                          if (wrong) return self->end();
                          if (self->stage_ != Stage::ended) then(*self);
                        });
    });
  }

  // Closing with bytes unread would take the answer from the client: what he still sends is
  // thrown away for a while.
  void linger() {
    stage_ = Stage::lingering;
    error_code ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
    within(kLinger);
    out_.resize(16u << 10);
    drain();
  }

  void drain() {
    socket_.async_read_some(asio::buffer(out_),
                            [self = shared_from_this()](const error_code& wrong, size_t bytes) {
                              self->drained_ += bytes;
                              const size_t most = 4 * self->common_->options.most_body_bytes;
                              wrong || self->drained_ > most ? self->end() : self->drain();
                            });
  }

  // Sets the time limit of what happens now. A timer that rings too early is wound up again, so
  // that most requests do not touch it.
  void within(Duration limit) {
    limit_at_ = common_->clock.since_boot() + limit;
    if (rings_at_ > limit_at_) wind_up(limit);
  }

  void wind_up(Duration in) {
    rings_at_ = common_->clock.since_boot() + in;
    timer_.expires_after(std::chrono::milliseconds(in.ms));
    timer_.async_wait([self = shared_from_this()](const error_code& cancelled) {
      if (!cancelled) self->ring();
    });
  }

  void ring() {
    if (stage_ == Stage::ended) return;
    const Duration left = limit_at_ - common_->clock.since_boot();
    if (left > Duration{}) return wind_up(left);
    rings_at_ = kNever;
    if (stage_ == Stage::answering) return answered(asked_, error_answer(503, "no answer in time"));
    if (stage_ != Stage::reading || reader_.state() == State::idle) return end();
    refuse(408,
           reader_.state() == State::body ? "the body took too long" : "the header took too long");
  }

  static constexpr Duration kNever{INT64_MAX};

  const std::shared_ptr<Common> common_;
  const std::shared_ptr<Loop> loop_;  // before what lives in it
  Socket socket_;
  std::optional<asio::ssl::stream<Socket&>> tls_;
  asio::steady_timer timer_;
  Duration limit_at_, rings_at_ = kNever;
  RequestReader reader_;
  Stage stage_ = Stage::reading;
  uint64_t asked_ = 0;  // requests handed over
  bool keep_ = true, head_ = false;
  std::string out_;
  size_t drained_ = 0, held_ = 0;
};

class Server final : public HttpServer {
 public:
  using Acceptor = asio::basic_socket_acceptor<Protocol>;

  explicit Server(std::shared_ptr<Common> common) : common_(std::move(common)) {
    for (int i = 0; i < std::max(1, common_->options.threads); ++i)
      loops_.push_back(std::make_shared<Loop>());
    acceptor_.emplace(loops_[0]->context);
    again_.emplace(loops_[0]->context);
  }
  ~Server() override { close(Duration{}); }

  // Throws boost::system::system_error.
  void listen(const ListenAddress& where) {
    if (where.local()) {
      acceptor_->open(asio::local::stream_protocol());
      fchmod(acceptor_->native_handle(), 0600);  // the file is made with it: nobody is quicker
      acceptor_->bind(asio::local::stream_protocol::endpoint(where.path));
      socket_file_ = where.path;
      address_ = common_->options.listen;
    } else {
      const asio::ip::tcp::endpoint endpoint(asio::ip::make_address(where.host), where.port);
      acceptor_->open(endpoint.protocol());
      acceptor_->set_option(asio::socket_base::reuse_address(true));
      acceptor_->bind(endpoint);
      address_ = host_and_port(endpoint.address().to_string(), bound_port());
    }
    acceptor_->listen();
  }

  void start() {
    accept();
    for (auto& loop : loops_) loop->thread = std::thread([&loop] { loop->context.run(); });
  }

  void close(Duration patience) override {
    const std::lock_guard lock(closing_);
    if (loops_.empty()) return;
    common_->closing = true;
    asio::post(loops_[0]->context, [this] { stop_accepting(); });
    on_connections(&Connection::close_if_idle);
    {
      std::unique_lock waiting(common_->mutex);
      common_->fewer_open.wait_for(waiting, std::chrono::milliseconds(patience.ms),
                                   [this] { return common_->open == 0; });
    }
    on_connections(&Connection::end);
    for (auto& loop : loops_) loop->guard.reset();
    for (auto& loop : loops_)
      if (loop->thread.joinable()) loop->thread.join();
    acceptor_.reset();
    again_.reset();
    loops_.clear();
  }

  std::string address() const override { return address_; }

 private:
  uint16_t bound_port() {
    asio::ip::tcp::endpoint bound;
    const Protocol::endpoint any = acceptor_->local_endpoint();
    std::memcpy(bound.data(), any.data(), any.size());
    return bound.port();
  }

  void on_connections(void (Connection::*act)()) {
    for (const auto& loop : loops_)
      asio::post(loop->context, [loop, act] {
        const auto all = loop->connections;  // each takes itself out
        for (const auto& connection : all) ((*connection).*act)();
      });
  }

  void accept() {
    const auto& loop = loops_[next_loop_++ % loops_.size()];
    acceptor_->async_accept(loop->context, [this, loop](const error_code& wrong, Socket socket) {
      if (common_->closing) return;
      if (wrong) return accept_later(wrong);
      take(loop, std::move(socket));
      accept();
    });
  }

  void accept_later(const error_code& wrong) {
    log::warn("http", "connections on {} wait: {}", address_, wrong.message());
    again_->expires_after(std::chrono::milliseconds(kAcceptAgain.ms));
    again_->async_wait([this](const error_code& cancelled) {
      if (!cancelled) accept();
    });
  }

  void take(const std::shared_ptr<Loop>& loop, Socket socket) {
    error_code ignored;
    if (common_->open >= common_->options.most_connections) {
      const std::string text = answer_text(error_answer(503, "too many connections"),
                                           {false, false, common_->clock.now()});
      socket.non_blocking(true, ignored);
      if (!common_->tls) socket.write_some(asio::buffer(text), ignored);
      return;
    }
    if (!common_->local) socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    const auto connection = std::make_shared<Connection>(common_, loop, std::move(socket));
    asio::post(loop->context, [connection] { connection->start(); });
  }

  // The file goes first: whoever finds no file listens himself, and his is not taken away.
  void stop_accepting() {
    error_code ignored;
    if (!socket_file_.empty()) unlink(socket_file_.c_str());
    acceptor_->close(ignored);
    again_->cancel(ignored);
  }

  const std::shared_ptr<Common> common_;
  std::mutex closing_;
  std::vector<std::shared_ptr<Loop>> loops_;
  std::optional<Acceptor> acceptor_;
  std::optional<asio::steady_timer> again_;
  size_t next_loop_ = 0;
  std::string socket_file_, address_;
};

Status prepare_tls(Common& common) {
  const ServerOptions& options = common.options;
  if (options.certificate_file.empty()) return {};
  using Tls = asio::ssl::context;
  Tls& tls = common.tls.emplace(Tls::tls_server);
  tls.set_options(Tls::default_workarounds | Tls::no_sslv2 | Tls::no_sslv3 | Tls::no_tlsv1 |
                  Tls::no_tlsv1_1);
  error_code wrong;
  const auto failed = [&](const std::string& file) {
    return listen_error(options.listen, file + ": " + wrong.message());
  };
  if (tls.use_certificate_chain_file(options.certificate_file, wrong); wrong)
    return failed(options.certificate_file);
  if (tls.use_private_key_file(options.key_file, Tls::pem, wrong); wrong)
    return failed(options.key_file);
  return {};
}

}  // namespace

Result<std::unique_ptr<HttpServer>> start_http_server(ServerOptions options,
                                                      HttpServer::Handler handler) {
  const std::string listen = options.listen;
  Result<ListenAddress> where = parse_listen_address(listen);
  if (!where) return where.error();
  if (where->local()) {
    if (const Status free = remove_stale_socket(where->path); !free) return free.error();
    options.certificate_file.clear();  // its file's mode protects it
  }
  auto common = std::make_shared<Common>();
  common->options = std::move(options);
  common->handler = std::move(handler);
  common->local = where->local();
  if (const Status tls = prepare_tls(*common); !tls) return tls.error();
  try {
    auto server = std::make_unique<Server>(std::move(common));
    server->listen(*where);
    server->start();
    return std::unique_ptr<HttpServer>(std::move(server));
  } catch (const boost::system::system_error& wrong) {
    return listen_error(listen, wrong.what());
  }
}

}  // namespace relance
