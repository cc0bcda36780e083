// The kit's host: everything a plugin may ask for, played by a script on a virtual clock.
//
// It trusts nothing and changes nothing: what the plugin did is written down as it came, for the
// rules to judge. Replies come as the weather says; timers and replies wait until `run_for` lets
// time pass; a plugin that works on a thread of its own is given real time too. hmac knows the
// secret "secret of NAME" for every name, and no earlier version. Threads: the services may be
// called from any; the rest belongs to the test's. Blocks: an early reply until it has been taken,
// at most a tenth of a second; run_for, while a thread of the plugin's owes the end of an
// operation, at most two seconds.
#pragma once

#include <relance/channel.h>
#include <relance/conversation.h>
#include <relance/inbound.h>

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "plugins/check/scene.h"
#include "plugins/check/seen.h"

namespace relance::conformance {

// How the outside world answers requests.
enum class Weather : uint8_t {
  fine,           // as the scene says, else 200 with a plausible object
  slow,           // the same after 25 seconds
  never,          // no answer until the time-out: bytes left
  twice,          // the reply comes again, unless the operation is over
  reset_before,   // refused: nothing left
  reset_after,    // cut off: bytes left
  bad_request,    // 400
  unauthorized,   // 401
  not_found,      // 404
  conflict,       // 409
  unprocessable,  // 422
  too_many,       // 429 with Retry-After
  broken,         // 500
  unavailable,    // 503
  html,           // 200 with a page
  empty,          // 200 without a body
  cut,            // 200 with half of a JSON object
  busy,           // the host takes no request at first: RL_BUSY
  early           // the reply comes before the call that began it has returned (RL_CONCURRENT)
};
constexpr int kWeathers = 19;
std::string_view weather_name(Weather weather);

class KitHost {
 public:
  using OnIo = std::function<void(rl_op, uint64_t tag, const rl_reply&)>;
  using OnTimer = std::function<void(uint64_t tag)>;

  KitHost(const Scene& scene, OnIo on_io, OnTimer on_timer);
  ~KitHost();
  KitHost(const KitHost&) = delete;

  const rl_host* table() const { return &table_; }

  Weather weather = Weather::fine;
  size_t weather_from = 0;  // requests before this one meet fine weather
  bool concurrent = false;  // `early` replies come on a thread of their own

  int64_t now() const;
  // Lets this much virtual time pass; delivers what falls due, in order.
  void run_for(int64_t duration_ms);
  void forget();         // what has been seen; what is due stays
  void begun(rl_op op);  // it has an end to come

  // What {{key}} and the like mean in replies from now on.
  void about(const std::string& key, const std::string& address, const std::string& callback_url);

  // What the plugin did so far; a copy.
  Seen seen() const;
  bool ended(rl_op op) const;
  // The last code that hmac gave, for the inbound rules.
  std::string last_mac() const;

 private:
  static KitHost& of(const rl_host* host) { return *static_cast<KitHost*>(host->context); }
  void fill_requests();
  void fill_rest();
  int32_t begin(SentRequest request);
  void reply(const SentRequest& request, const CannedReply& canned);
  void reply_early(const SentRequest& request, const CannedReply& canned);
  CannedReply weather_reply(const SentRequest& request, Weather here) const;
  CannedReply sunny(const SentRequest& request) const;
  void at(int64_t when, std::function<void()> work);
  void note(const char* service);
  bool take_due(int64_t until, std::function<void()>& work);
  bool wait_for_threads(int64_t until);

  const Scene& scene_;
  OnIo on_io_;
  OnTimer on_timer_;
  rl_host table_{};
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  Seen seen_;
  std::set<rl_op> open_;  // begun and not ended
  std::multimap<int64_t, std::function<void()>> due_;
  std::vector<std::thread> early_;
  std::vector<std::string> urls_;
  Headers about_;  // placeholders of replies
  int64_t now_ = 0;
  size_t requests_ = 0, refused_ = 0;
  std::string last_mac_;
};

}  // namespace relance::conformance
