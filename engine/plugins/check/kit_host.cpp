#include "plugins/check/kit_host.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <chrono>

#include "plugins/c_text.h"
#include "plugins/check/leftovers.h"

namespace relance::conformance {
namespace {

constexpr int64_t kMonday = 1767600000000;  // 2026-01-05T08:00:00Z
constexpr size_t kBusyFor = 3;              // requests that a busy host refuses
constexpr std::chrono::seconds kRealPatience{2};

Completed completed_of(rl_op op, const rl_result& c) {
  Completed one;
  one.op = op;
  one.struct_size = c.struct_size;
  one.status = c.status;
  one.word = text(c.word);
  one.reason = text(c.reason);
  one.data = text(c.data);
  for (size_t i = 0; i < c.refs_count; ++i) one.refs.push_back(text(c.refs[i]));
  one.cost = c.cost;
  one.again_at = c.again_at;
  one.again_scope = c.again_scope;
  one.reserved = c.reserved;
  return one;
}

SentRequest request_of(rl_op op, uint64_t tag, const rl_http& c) {
  SentRequest one;
  one.op = op;
  one.tag = tag;
  one.struct_size = c.struct_size;
  one.flags = c.flags;
  one.auth = c.auth;
  one.timeout_ms = c.timeout_ms;
  one.method = text(c.method);
  one.url = text(c.url);
  one.body = text(c.body);
  for (size_t i = 0; i < c.headers_count; ++i)
    one.headers.emplace_back(text(c.headers[i].name), text(c.headers[i].value));
  one.secret = text(c.secret);
  one.auth_name = text(c.auth_name);
  return one;
}

SentRequest request_of(rl_op op, uint64_t tag, const rl_mail& c) {
  SentRequest one;
  one.op = op;
  one.tag = tag;
  one.mail = true;
  one.struct_size = c.struct_size;
  one.flags = c.flags;
  one.timeout_ms = c.timeout_ms;
  one.method = "MAIL";
  one.url = text(c.url);
  one.body = text(c.message);
  one.headers.emplace_back("from", text(c.from));
  for (size_t i = 0; i < c.to_count; ++i) one.headers.emplace_back("to", text(c.to[i]));
  one.secret = text(c.secret);
  one.auth_name = text(c.user);
  return one;
}

size_t sign(uint32_t algorithm, std::string_view secret, std::string_view data, uint8_t* out) {
  const EVP_MD* digest = algorithm == RL_SHA256   ? EVP_sha256()
                         : algorithm == RL_SHA1   ? EVP_sha1()
                         : algorithm == RL_SHA512 ? EVP_sha512()
                                                  : nullptr;
  if (!digest) return 0;
  const std::string key = "secret of " + std::string(secret);
  unsigned int length = 0;
  HMAC(digest, key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(data.data()), data.size(), out, &length);
  return length;
}

}  // namespace

KitHost::KitHost(const Scene& scene, OnIo on_io, OnTimer on_timer)
    : scene_(scene), on_io_(std::move(on_io)), on_timer_(std::move(on_timer)), now_(kMonday) {
  table_.struct_size = sizeof table_;
  table_.abi = RL_ABI;
  table_.context = this;
  fill_requests();
  fill_rest();
}

KitHost::~KitHost() {
  for (std::thread& one : early_) one.join();
}

int64_t KitHost::now() const {
  const std::lock_guard lock(mutex_);
  return now_;
}

Seen KitHost::seen() const {
  const std::lock_guard lock(mutex_);
  return seen_;
}

bool KitHost::ended(rl_op op) const {
  const std::lock_guard lock(mutex_);
  return seen_.endings(op) > 0;
}

std::string KitHost::last_mac() const {
  const std::lock_guard lock(mutex_);
  return last_mac_;
}

void KitHost::forget() {
  const std::lock_guard lock(mutex_);
  seen_ = {};
  requests_ = refused_ = 0;
}

void KitHost::about(const std::string& key, const std::string& address,
                    const std::string& callback_url) {
  about_ = {{"{{key}}", key}, {"{{address}}", address}, {"{{callback_url}}", callback_url}};
}

void KitHost::at(int64_t when, std::function<void()> work) {
  const std::lock_guard lock(mutex_);
  due_.emplace(std::max(when, now_), std::move(work));
  changed_.notify_all();
}

void KitHost::note(const char* service) {
  const std::lock_guard lock(mutex_);
  seen_.services.emplace_back(service);
  changed_.notify_all();
}

bool KitHost::take_due(int64_t until, std::function<void()>& work) {
  const std::lock_guard lock(mutex_);
  if (due_.empty() || due_.begin()->first > until) return false;
  now_ = std::max(now_, due_.begin()->first);
  work = std::move(due_.begin()->second);
  due_.erase(due_.begin());
  return true;
}

void KitHost::run_for(int64_t duration_ms) {
  const int64_t until = now() + duration_ms;
  do {
    for (std::function<void()> work; take_due(until, work);) work();
  } while (wait_for_threads(until));
  const std::lock_guard lock(mutex_);
  now_ = std::max(now_, until);
}

void KitHost::begun(rl_op op) {
  const std::lock_guard lock(mutex_);
  open_.insert(op);
}

// Only the plugin's own threads can still end what nothing is due for. True: something is due
// again.
bool KitHost::wait_for_threads(int64_t until) {
  if (thread_count() == 1) return false;
  std::unique_lock lock(mutex_);
  const auto due = [&] { return !due_.empty() && due_.begin()->first <= until; };
  changed_.wait_for(lock, kRealPatience, [&] { return open_.empty() || due(); });
  return due();
}

void KitHost::reply(const SentRequest& request, const CannedReply& canned) {
  std::vector<rl_header> headers;
  for (const auto& [name, value] : canned.headers) headers.push_back({c_str(name), c_str(value)});
  rl_reply c{};
  c.struct_size = sizeof c;
  c.wire = canned.wire;
  c.status = canned.status;
  c.headers = headers.data();
  c.headers_count = headers.size();
  c.body = c_str(canned.body);
  c.problem = c_str(canned.problem);
  on_io_(request.op, request.tag, c);
}

// Gives up waiting where the plugin holds a lock of its own meanwhile: then the reply is only
// early, not inside.
void KitHost::reply_early(const SentRequest& request, const CannedReply& canned) {
  const auto over = std::make_shared<bool>(false);
  std::unique_lock lock(mutex_);
  early_.emplace_back([this, request, canned, over] {
    reply(request, canned);
    const std::lock_guard inside(mutex_);
    *over = true;
    changed_.notify_all();
  });
  changed_.wait_for(lock, std::chrono::milliseconds(100), [&] { return *over; });
}

int32_t KitHost::begin(SentRequest request) {
  Weather here = Weather::fine;
  {
    const std::lock_guard lock(mutex_);
    if (seen_.endings(request.op) > 0) return RL_GONE;
    if (weather == Weather::busy && refused_ < kBusyFor) {
      ++refused_;
      return RL_BUSY;
    }
    if (requests_++ >= weather_from) here = weather;
    request.before = urls_;
    urls_.push_back(request.url);
    seen_.requests.push_back(request);
  }
  const CannedReply canned = weather_reply(request, here);
  if (here == Weather::early && concurrent) {
    reply_early(request, canned);
    return RL_OK;
  }
  const int64_t when = now() + (here == Weather::early ? 0 : canned.delay_ms);
  at(when, [this, request, canned] { reply(request, canned); });
  // Nobody is told again of what is over.
  if (canned.times > 1)
    at(when, [this, request, canned] {
      if (!ended(request.op)) reply(request, canned);
    });
  return RL_OK;
}

void KitHost::fill_requests() {
  table_.http = [](const rl_host* h, rl_op op, uint64_t tag, const rl_http* c) {
    of(h).note("http");
    return of(h).begin(request_of(op, tag, *c));
  };
  table_.smtp = [](const rl_host* h, rl_op op, uint64_t tag, const rl_mail* c) {
    of(h).note("smtp");
    return of(h).begin(request_of(op, tag, *c));
  };
  table_.abort_io = [](const rl_host* h, rl_op) { of(h).note("abort_io"); };
  table_.effect = [](const rl_host* h, rl_op op, uint32_t wire) {
    of(h).note("effect");
    const std::lock_guard lock(of(h).mutex_);
    of(h).seen_.effects.emplace_back(op, wire);
  };
  table_.timer = [](const rl_host* h, uint64_t tag, int64_t when) -> int32_t {
    of(h).note("timer");
    of(h).at(when, [&self = of(h), tag] { self.on_timer_(tag); });
    return RL_OK;
  };
  table_.now = [](const rl_host* h) {
    of(h).note("now");
    return of(h).now();
  };
}

void KitHost::fill_rest() {
  table_.complete = [](const rl_host* h, rl_op op, const rl_result* result) {
    of(h).note("complete");
    Completed one = completed_of(op, *result);
    const std::lock_guard lock(of(h).mutex_);
    one.at = of(h).now_;
    of(h).seen_.completed.push_back(std::move(one));
    of(h).open_.erase(op);
    of(h).changed_.notify_all();
  };
  table_.emit = [](const rl_host* h, rl_op op, const rl_event* e) -> int32_t {
    of(h).note("emit");
    const std::lock_guard lock(of(h).mutex_);
    of(h).seen_.emitted.push_back({op, e->struct_size, e->kind, text(e->id), text(e->ref),
                                   text(e->address), text(e->subject), text(e->word), text(e->type),
                                   text(e->data)});
    return RL_OK;
  };
  table_.answer = [](const rl_host* h, rl_op op, const rl_answer* a) {
    of(h).note("answer");
    const std::lock_guard lock(of(h).mutex_);
    of(h).seen_.answered.push_back({op, a->struct_size, a->status, text(a->body)});
    of(h).open_.erase(op);
  };
  table_.heard = [](const rl_host* h, const rl_heard* t) -> int32_t {
    of(h).note("heard");
    const std::lock_guard lock(of(h).mutex_);
    of(h).seen_.heard.push_back({t->call, t->struct_size, t->kind, t->turn});
    return RL_OK;
  };
  table_.log = [](const rl_host* h, uint32_t, rl_str) { of(h).note("log"); };
  table_.hmac = [](const rl_host* h, uint32_t algorithm, rl_str secret, uint32_t version,
                   rl_str data, uint8_t out[64]) -> size_t {
    of(h).note("hmac");
    if (version != 0) return 0;
    const size_t length = sign(algorithm, view(secret), view(data), out);
    const std::lock_guard lock(of(h).mutex_);
    of(h).last_mac_.assign(reinterpret_cast<const char*>(out), length);
    return length;
  };
}

}  // namespace relance::conformance
