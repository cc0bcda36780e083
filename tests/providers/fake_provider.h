// Base of the fakes of providers: real HTTP on loopback, a ledger of effects, and everything that
// can be wrong with a provider, as knobs that may be turned while it works.
//
//   class FakeBank : public FakeProvider {
//    public:
//     FakeBank() { route("POST", "/v1/pay/*", [this](const FakeRequest& r) { return pay(r); }); }
//     ~FakeBank() override { close(); }  // each derived class: before its members go
//   };
//
// Threads: any. Routes are called on the server's thread, one at a time.
// Waits by polling with a deadline; gives up after 20 s.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "net/http_server.h"
#include "providers/effect_ledger.h"
#include "providers/forms.h"

namespace relance {

struct FakeRequest : ServerRequest {
  std::vector<std::string> parts;  // what stood for each '*' of the route, percent-decoded
};

// A call back to the engine, and what it answered.
struct Callback {
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  int status = 0;  // 0: no answer
  std::string answer;
};

class FakeProvider {
 public:
  using Route = std::function<ServerAnswer(const FakeRequest&)>;
  struct Options {
    std::string ledger_file;  // empty: the ledger ends with the fake
    std::string listen = "127.0.0.1:0";
    std::string certificate_file, key_file;  // PEM; empty: no TLS
  };

  FakeProvider();
  explicit FakeProvider(
      const Options& options);  // throws std::runtime_error where it cannot listen
  virtual ~FakeProvider();
  FakeProvider(const FakeProvider&) = delete;
  FakeProvider& operator=(const FakeProvider&) = delete;

  std::string url() const;  // "http://127.0.0.1:41873", without a slash at its end
  EffectLedger& ledger() { return ledger_; }
  std::vector<FakeRequest> requests() const;  // all that came, in order

  // Knobs. How long each answer waits; its effect does not.
  void answer_after(Duration delay);
  // Does the effect of a request whose answer is spoiled happen all the same?
  enum class Effects { none, done };
  // The next `count` requests get this instead, whatever they ask for.
  void answer_next(int count, int status, std::string body, Effects effects = Effects::none);
  void answer_next(int count, const ServerAnswer& answer, Effects effects = Effects::none);
  void html_next(int count, Effects effects = Effects::none);  // 200 and a page of HTML
  void drop_next(int count, Effects effects);                  // closes without an answer
  // Requests to come that are left alone before the spoiling begins.
  void spare_next(int count);
  // How long an effect is not yet found by look_up().
  void index_lag(Duration lag);
  // Callbacks: sent `copies` times each, each so much later; held back until released, in order or
  // the last first.
  void copy_callbacks(int copies);
  void callback_after(Duration delay);
  void hold_callbacks();
  void release_callbacks(bool last_first = false);

  // Calls back on a thread of its own, one after the other: POST unless `method` says otherwise.
  void post(std::string url, std::vector<std::pair<std::string, std::string>> headers,
            std::string body, const std::string& method = "POST");
  std::vector<Callback> callbacks() const;  // those that were sent, in order

  // Waits for a condition over requests, effects or callbacks; false: it did not come true.
  bool wait_until(const std::function<bool()>& holds) const;
  // Ends the server and the callbacks' thread. What is held back is never sent.
  void close();

 protected:
  // '*' stands for one segment of the path. The latest route that matches is taken.
  void route(std::string method, const std::string& path, Route route);
  // A request that no route takes; 404 unless a fake says otherwise.
  virtual ServerAnswer answer(const FakeRequest& request);
  // What a provider's own search finds: an effect that is older than the lag of its index.
  std::optional<ProviderEffect> look_up(std::string_view key) const;

 private:
  struct Inside;
  EffectLedger ledger_;
  std::unique_ptr<Inside> inside_;
};

}  // namespace relance
