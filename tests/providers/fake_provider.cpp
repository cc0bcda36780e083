#include "providers/fake_provider.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "base/text.h"
#include "providers/callback_post.h"

namespace relance {
namespace {

constexpr std::chrono::seconds kPatience{20};

struct KnownRoute {
  std::string method;
  std::vector<std::string> path;  // segments
  FakeProvider::Route answer;
};

std::vector<std::string> segments(std::string_view path) {
  std::vector<std::string> made;
  for (const std::string_view one : split(path, '/')) made.emplace_back(one);
  return made;
}

// Fills in what stands for each '*', where it matches.
bool matches(const KnownRoute& route, FakeRequest& request) {
  const std::vector<std::string> path = segments(request.path());
  if (route.method != request.method || route.path.size() != path.size()) return false;
  std::vector<std::string> parts;
  for (size_t i = 0; i < path.size(); ++i) {
    if (route.path[i] == "*")
      parts.push_back(percent_decode(path[i]));
    else if (route.path[i] != path[i])
      return false;
  }
  request.parts = std::move(parts);
  return true;
}

ServerAnswer html_page() {
  ServerAnswer page;
  page.content_type = "text/html; charset=utf-8";
  page.body = "<!DOCTYPE html><html><head><title>One moment</title></head><body></body></html>";
  return page;
}

ServerAnswer no_answer() {
  ServerAnswer none;
  none.status = 0;
  return none;
}

}  // namespace

struct FakeProvider::Inside {
  struct Spoiled {
    ServerAnswer answer;
    Effects effects;
  };

  explicit Inside(FakeProvider& of) : fake(of), later([this] { answer_late(); }) {}

  void serve(ServerRequest request, HttpServer::Respond respond) {
    FakeRequest asked;
    static_cast<ServerRequest&>(asked) = std::move(request);
    std::optional<Spoiled> spoiled;
    Route route;
    Duration wait;
    {
      const std::lock_guard lock(mutex);
      for (const KnownRoute& known : routes)
        if (matches(known, asked)) route = known.answer;
      requests.push_back(asked);
      spoiled = next_spoiled();
      wait = delay;
    }
    ServerAnswer answer;
    if (!spoiled || spoiled->effects == Effects::done)
      answer = route ? route(asked) : fake.answer(asked);
    if (spoiled) answer = std::move(spoiled->answer);
    changed.notify_all();
    if (wait <= Duration{}) return respond(std::move(answer));
    const std::lock_guard lock(mutex);
    late.emplace(clock.now() + wait,
                 [respond = std::move(respond), answer = std::move(answer)] { respond(answer); });
    changed.notify_all();
  }

  std::optional<Spoiled> next_spoiled() {
    if (to_spare > 0) {
      --to_spare;
      return std::nullopt;
    }
    if (spoil.empty()) return std::nullopt;
    Spoiled next = std::move(spoil.front());
    spoil.pop_front();
    return next;
  }

  void answer_late() {
    std::unique_lock lock(mutex);
    while (!over) {
      const Duration early = late.empty() ? seconds(60) : late.begin()->first - clock.now();
      if (early > Duration{}) {
        changed.wait_for(lock, std::chrono::milliseconds(early.ms));
        continue;
      }
      const std::function<void()> answer = std::move(late.begin()->second);
      late.erase(late.begin());
      lock.unlock();
      answer();
      lock.lock();
    }
  }

  FakeProvider& fake;
  SystemClock clock;
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<KnownRoute> routes;
  std::vector<FakeRequest> requests;
  std::deque<Spoiled> spoil;
  int to_spare = 0;
  Duration delay, lag;
  std::multimap<Instant, std::function<void()>> late;
  bool over = false, tls = false;
  std::unique_ptr<HttpServer> server;
  std::string address;
  CallbackPost post{[this] { changed.notify_all(); }};
  std::thread later;
};

FakeProvider::FakeProvider() : FakeProvider(Options()) {}

FakeProvider::FakeProvider(const Options& options)
    : ledger_(options.ledger_file), inside_(std::make_unique<Inside>(*this)) {
  ServerOptions how;
  how.listen = options.listen;
  how.certificate_file = options.certificate_file;
  how.key_file = options.key_file;
  how.answer_time = minutes(10);  // being slow is a knob of its own
  inside_->tls = !options.certificate_file.empty();
  auto server = start_http_server(
      how, [in = inside_.get()](ServerRequest request, HttpServer::Respond respond) {
        in->serve(std::move(request), std::move(respond));
      });
  if (!server) {
    close();
    throw std::runtime_error(server.error().text());
  }
  inside_->address = (*server)->address();
  inside_->server = std::move(*server);
}

FakeProvider::~FakeProvider() { close(); }

void FakeProvider::close() {
  inside_->server.reset();
  {
    const std::lock_guard lock(inside_->mutex);
    inside_->over = true;
  }
  inside_->changed.notify_all();
  if (inside_->later.joinable()) inside_->later.join();
  inside_->post.end();
}

std::string FakeProvider::url() const {
  return (inside_->tls ? "https://" : "http://") + inside_->address;
}

std::vector<FakeRequest> FakeProvider::requests() const {
  const std::lock_guard lock(inside_->mutex);
  return inside_->requests;
}

void FakeProvider::answer_after(Duration delay) {
  const std::lock_guard lock(inside_->mutex);
  inside_->delay = delay;
}

void FakeProvider::answer_next(int count, int status, std::string body, Effects effects) {
  answer_next(count, json_answer(status, std::move(body)), effects);
}

void FakeProvider::answer_next(int count, const ServerAnswer& answer, Effects effects) {
  const std::lock_guard lock(inside_->mutex);
  for (int i = 0; i < count; ++i) inside_->spoil.push_back({answer, effects});
}

void FakeProvider::html_next(int count, Effects effects) {
  answer_next(count, html_page(), effects);
}
void FakeProvider::drop_next(int count, Effects effects) {
  answer_next(count, no_answer(), effects);
}

void FakeProvider::spare_next(int count) {
  const std::lock_guard lock(inside_->mutex);
  inside_->to_spare = count;
}

void FakeProvider::index_lag(Duration lag) {
  const std::lock_guard lock(inside_->mutex);
  inside_->lag = lag;
}

void FakeProvider::copy_callbacks(int copies) { inside_->post.copies(copies); }
void FakeProvider::callback_after(Duration delay) { inside_->post.delay(delay); }
void FakeProvider::hold_callbacks() { inside_->post.hold(); }
void FakeProvider::release_callbacks(bool last_first) { inside_->post.release(last_first); }

void FakeProvider::post(std::string url, std::vector<std::pair<std::string, std::string>> headers,
                        std::string body, const std::string& method) {
  inside_->post.send({std::move(url), std::move(headers), std::move(body), 0, {}}, method);
}

std::vector<Callback> FakeProvider::callbacks() const { return inside_->post.sent(); }

bool FakeProvider::wait_until(const std::function<bool()>& holds) const {
  const Instant end = inside_->clock.now() + seconds(kPatience.count());
  while (!holds()) {
    if (inside_->clock.now() > end) return false;
    std::unique_lock lock(inside_->mutex);
    inside_->changed.wait_for(lock, std::chrono::milliseconds(5));
  }
  return true;
}

void FakeProvider::route(std::string method, const std::string& path, Route route) {
  const std::lock_guard lock(inside_->mutex);
  inside_->routes.push_back({std::move(method), segments(path), std::move(route)});
}

ServerAnswer FakeProvider::answer(const FakeRequest&) {
  return json_answer(404, R"({"error": "there is nothing here"})");
}

std::optional<ProviderEffect> FakeProvider::look_up(std::string_view key) const {
  Duration lag;
  {
    const std::lock_guard lock(inside_->mutex);
    lag = inside_->lag;
  }
  return ledger_.find(key, lag);
}

}  // namespace relance
