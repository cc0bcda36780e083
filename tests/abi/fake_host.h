// A plugin loaded as the engine would load it, and a host small enough to see through: operations
// end in a map, timers wait for `advance`, events and turns are lists. One thread; but operations
// may end, act and log on a plugin's own.
#pragma once

#include <dlfcn.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "abi/relance/channel.h"
#include "abi/relance/connector.h"
#include "abi/relance/conversation.h"
#include "abi/relance/generate.h"
#include "abi/relance/host.h"
#include "abi/relance/inbound.h"
#include "abi/relance/policy.h"

namespace abi {

inline rl_str str(std::string_view text) { return {text.data(), text.size()}; }
inline std::string copy(rl_str text) { return text.ptr ? std::string(text.ptr, text.len) : ""; }

struct Result {
  uint32_t status = 0;
  std::string word, reason, data;
  std::vector<std::string> refs;
  rl_cost cost{};
  int64_t again_at = 0;
  uint32_t again_scope = 0;
};

struct Event {
  uint32_t kind = 0;
  std::string id, subject, address, word, type, data;
  std::string key;  // 16 bytes
  int64_t at = 0;
};

struct Heard {
  uint32_t kind = 0, turn = 0;
  rl_op call = 0;
  std::string text, word;
};

struct Answer {
  int32_t status = 0;
  std::string content_type, body;
};

class FakeHost {
 public:
  FakeHost() {
    table_.struct_size = sizeof table_;
    table_.abi = RL_ABI;
    table_.context = this;
    table_.complete = [](const rl_host* h, rl_op op, const rl_result* r) { of(h).take(op, *r); };
    table_.http = [](const rl_host* h, rl_op op, uint64_t tag, const rl_http* request) {
      return of(h).http ? of(h).http(op, tag, *request) : int32_t{RL_WRONG};
    };
    table_.smtp = [](const rl_host*, rl_op, uint64_t, const rl_mail*) { return int32_t{RL_WRONG}; };
    table_.abort_io = [](const rl_host*, rl_op) {};
    table_.effect = [](const rl_host* h, rl_op op, uint32_t wire) {
      const std::lock_guard lock(of(h).mutex_);
      of(h).wires[op] = wire;
    };
    table_.timer = [](const rl_host* h, uint64_t tag, int64_t at) {
      of(h).timers_.emplace(at, tag);
      return int32_t{RL_OK};
    };
    table_.now = [](const rl_host* h) { return of(h).now; };
    table_.emit = [](const rl_host* h, rl_op, const rl_event* event) {
      if (of(h).emit_says == RL_OK) of(h).take(*event);
      return of(h).emit_says;
    };
    table_.answer = [](const rl_host* h, rl_op op, const rl_answer* a) { of(h).take(op, *a); };
    table_.heard = [](const rl_host* h, const rl_heard* turn) {
      of(h).heard.push_back(
          {turn->kind, turn->turn, turn->call, copy(turn->text), copy(turn->word)});
      return int32_t{RL_OK};
    };
    table_.log = [](const rl_host* h, uint32_t, rl_str text) {
      const std::lock_guard lock(of(h).mutex_);
      of(h).log.push_back(copy(text));
    };
    table_.hmac = [](const rl_host* h, uint32_t algorithm, rl_str secret, uint32_t version,
                     rl_str data, uint8_t* out) {
      return of(h).hmac ? of(h).hmac(algorithm, copy(secret), version, copy(data), out) : size_t{0};
    };
  }
  FakeHost(const FakeHost&) = delete;
  FakeHost& operator=(const FakeHost&) = delete;

  const rl_host* table() const { return &table_; }

  bool ended(rl_op op) const {
    const std::lock_guard lock(mutex_);
    return results.contains(op);
  }
  // For a plugin with a thread of its own; false: it has not ended after 20 s.
  bool wait(rl_op op) const {
    std::unique_lock lock(mutex_);
    return ended_.wait_for(lock, std::chrono::seconds(20), [&] { return results.contains(op); });
  }
  const Result& result(rl_op op) const {
    const std::lock_guard lock(mutex_);
    INFO("operation " << op);
    REQUIRE(results.contains(op));
    return results.at(op);
  }

  // The timer that is due next, if one is due by `until`; moves the clock to it.
  bool next_timer(int64_t until, uint64_t& tag) {
    if (timers_.empty() || timers_.begin()->first > until) return false;
    now = std::max(now, timers_.begin()->first);
    tag = timers_.begin()->second;
    timers_.erase(timers_.begin());
    return true;
  }

  int64_t now = 1767600000000;  // 2026-01-05T08:00:00Z, a Monday
  std::map<rl_op, Result> results;
  std::map<rl_op, uint32_t> wires;
  std::vector<Event> events;
  std::vector<Heard> heard;
  std::vector<std::string> log;
  std::map<rl_op, Answer> answers;  // to webhooks
  int32_t emit_says = RL_OK;

  // Without them there is no network, and no secret.
  std::function<int32_t(rl_op, uint64_t, const rl_http&)> http;
  std::function<size_t(uint32_t, const std::string&, uint32_t, const std::string&, uint8_t*)> hmac;

 private:
  static FakeHost& of(const rl_host* host) { return *static_cast<FakeHost*>(host->context); }

  void take(rl_op op, const rl_result& r) {
    const std::lock_guard lock(mutex_);
    INFO("operation " << op << " completed twice");
    REQUIRE_FALSE(results.contains(op));
    Result result{r.status, copy(r.word), copy(r.reason), copy(r.data),
                  {},       r.cost,       r.again_at,     r.again_scope};
    for (size_t i = 0; i < r.refs_count; ++i) result.refs.push_back(copy(r.refs[i]));
    results[op] = result;
    ended_.notify_all();
  }

  void take(rl_op op, const rl_answer& a) {
    INFO("operation " << op << " answered twice");
    REQUIRE_FALSE(answers.contains(op));
    answers[op] = {a.status, copy(a.content_type), copy(a.body)};
  }

  void take(const rl_event& e) {
    events.push_back({e.kind, copy(e.id), copy(e.subject), copy(e.address), copy(e.word),
                      copy(e.type), copy(e.data),
                      std::string(reinterpret_cast<const char*>(e.key.bytes), 16), e.at});
  }

  rl_host table_{};
  mutable std::mutex mutex_;
  mutable std::condition_variable ended_;
  std::multimap<int64_t, uint64_t> timers_;
};

// One instance of a shipped plugin. Fails the test when there is none or it refuses.
class Instance {
 public:
  Instance(FakeHost& host, const std::string& id, const std::string& config) : host_(host) {
    plugin_ = load(id);
    self_ = plugin_->create(host.table(), str(config), problem_out());
    INFO(problem_);
    REQUIRE(self_ != nullptr);
    if (plugin_->start != nullptr) {
      const rl_op op = next_op();
      plugin_->start(self_, op);
      host.wait(op);
      started_ = host.result(op);
    }
  }
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;
  ~Instance() { plugin_->destroy(self_); }

  static const rl_plugin* load(const std::string& id) {
    const std::string path = RELANCE_BUILD_DIR "/lib/relance/plugins/" + id + ".so";
    void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    const char* problem = library == nullptr ? dlerror() : "";
    INFO(path << ": " << problem);
    REQUIRE(library != nullptr);
    const auto entry = reinterpret_cast<rl_entry>(dlsym(library, RL_ENTRY));
    REQUIRE(entry != nullptr);
    const rl_plugin* plugin = entry(RL_ABI);
    REQUIRE(plugin != nullptr);
    return plugin;
  }

  const Result& started() const { return started_; }
  const rl_plugin& plugin() const { return *plugin_; }
  void* self() const { return self_; }
  rl_op next_op() { return ++last_op_; }

  template <class Table>
  const Table& table(const char* id) const {
    const void* found = plugin_->get_interface(id);
    REQUIRE(found != nullptr);
    return *static_cast<const Table*>(found);
  }

  // Runs the timers until `duration_ms` from now.
  void advance(int64_t duration_ms) {
    const int64_t until = host_.now + duration_ms;
    for (uint64_t tag = 0; host_.next_timer(until, tag);) plugin_->on_timer(self_, tag);
    host_.now = until;
  }

 private:
  const rl_out* problem_out() {
    out_.context = &problem_;
    out_.put = append;
    return &out_;
  }

 public:
  static void append(void* context, const char* bytes, size_t len) {
    static_cast<std::string*>(context)->append(bytes, len);
  }

 private:
  FakeHost& host_;
  const rl_plugin* plugin_ = nullptr;
  void* self_ = nullptr;
  std::string problem_;
  rl_out out_{};
  Result started_;
  // Ops rise over all instances of a host, so that a map of results serves them all.
  inline static rl_op last_op_ = 0;
};

// Asks a policy; the answer as JSON text.
inline std::string decide(Instance& policy, uint32_t kind, const std::string& question) {
  rl_policy_in in{};
  in.struct_size = sizeof in;
  in.kind = kind;
  in.json = str(question);
  std::string answer;
  const rl_out out{&answer, Instance::append};
  policy.table<rl_policy>(RL_POLICY).decide(policy.self(), &in, &out);
  return answer;
}

}  // namespace abi
