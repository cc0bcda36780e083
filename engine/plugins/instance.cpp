#include "plugins/instance.h"

#include <openssl/hmac.h>

#include <chrono>
#include <condition_variable>

#include "base/crash_point.h"
#include "base/log.h"
#include "core/graph/vocabulary.h"
#include "plugins/c_text.h"
#include "plugins/isolation/isolated_plugin.h"

namespace relance {
namespace {

constexpr Duration kStartLimit = seconds(10);

OperationStatus status_of(uint32_t status) {
  switch (status) {
    case RL_DONE: return OperationStatus::done;
    case RL_REFUSED: return OperationStatus::refused;
    case RL_NOT_NOW: return OperationStatus::not_now;
    case RL_FAILED: return OperationStatus::failed;
    case RL_CANCELLED: return OperationStatus::cancelled;
    case RL_ABSENT: return OperationStatus::absent;
    default: return OperationStatus::unknown;  // a number of a later contract: it may have happened
  }
}

Wire wire_of(uint32_t wire) {
  return wire == RL_NOT_SENT ? Wire::not_sent : wire == RL_ANSWERED ? Wire::answered : Wire::maybe;
}

bool nothing_happened(OperationStatus status) {
  return status == OperationStatus::not_now || status == OperationStatus::failed ||
         status == OperationStatus::cancelled;
}

}  // namespace

struct Instance::Begun {
  std::mutex mutex;
  std::condition_variable changed;
  bool answered = false;
  std::string trouble;  // empty: none
};

Instance::Instance(const LoadedPlugin& plugin, const InstanceSpec& spec, const HostPorts& ports,
                   Operations& operations, std::function<void(Duration)> watch)
    : plugin_(plugin),
      spec_(spec),
      ports_(ports),
      operations_(operations),
      watch_(std::move(watch)),
      begun_(std::make_shared<Begun>()) {
  fill_services();
}

Instance::~Instance() {
  door_->close();  // what comes later goes nowhere; the net itself may be gone already
  if (!self_) return;
  if (plugin_.isolated)  // waits for a thread of its own, which may be calling just now
    plugin_.descriptor->destroy(self_);
  else
    call([&] { plugin_.descriptor->destroy(self_); });
}

Status Instance::create() {
  Out problem;
  call([&] {
    self_ = plugin_.isolated
                ? create_isolated(plugin_, &host_, c_str(config_), problem.c(), [this] { begin(); })
                : plugin_.descriptor->create(&host_, c_str(config_), problem.c());
  });
  if (!self_) {
    return Error{Code::plugin_refused,
                 "plugin '" + spec_.plugin + "' as '" + spec_.name + "' makes no instance: " +
                     (problem.text().empty() ? "it gives no reason" : problem.text()),
                 spec_.where, ""};
  }
  return {};
}

Status Instance::start() {
  if (auto made = create(); !made) return made;
  begin();
  return {};
}

void Instance::begin() {
  ++counts_.begun;
  if (!plugin_.descriptor->start) return;
  Operation operation;
  operation.done = [name = spec_.name, begun = begun_](OperationResult result) {
    const bool well = result.status == OperationStatus::done;
    if (!well) log::warn("plugins", "'{}' did not start: {}", name, result.reason);
    {
      const std::lock_guard lock(begun->mutex);
      begun->answered = true;
      if (!well) begun->trouble = result.reason.empty() ? "it gives no reason" : result.reason;
    }
    begun->changed.notify_all();
  };
  run(std::move(operation), kStartLimit,
      [&](uint64_t id) { plugin_.descriptor->start(self_, id); });
}

Status Instance::begun_within(Duration patience) const {
  if (!plugin_.descriptor->start || !self_) return {};
  std::unique_lock lock(begun_->mutex);
  begun_->changed.wait_for(lock, std::chrono::milliseconds(patience.ms),
                           [&] { return begun_->answered; });
  if (begun_->trouble.empty()) return {};
  return Error{
      Code::plugin_refused,
      "plugin '" + spec_.plugin + "' as '" + spec_.name + "' did not start: " + begun_->trouble,
      spec_.where, ""};
}

void Instance::threw() const {
  ++counts_.threw;
  log::error("plugins", "plugin '{}' as '{}' threw an exception across the C contract",
             spec_.plugin, spec_.name);
}

const rl_word* Instance::word(std::string_view name) const {
  if (!plugin_.channel) return nullptr;
  const rl_channel_caps* caps = plugin_.channel->caps;
  if (plugin_.channel->caps_for)
    if (const auto* mine = plugin_.channel->caps_for(c_str(config_))) caps = mine;
  for (size_t i = 0; i < caps->words_count; ++i)
    if (name == caps->words[i]->word) return caps->words[i];
  return nullptr;
}

// A word of the plugin's own falls back to the engine's word it names; words of a script pass
// through.
std::string Instance::standard_word(std::string_view name, bool conversation) const {
  if (name.empty() || conversation) return std::string(name);
  const rl_word* known = word(name);
  return known && known->as && *known->as ? std::string(known->as) : std::string(name);
}

OperationResult Instance::result_of(const rl_result& c) const {
  OperationResult result;
  result.status = status_of(c.status);
  result.word = text(c.word);
  result.reason = text(c.reason);
  result.data = record_of(c.data);
  for (size_t i = 0; i < c.refs_count; ++i) result.refs.push_back(text(c.refs[i]));
  result.cost_micro = c.cost.micro;
  if (auto currency = Currency::parse({c.cost.currency, 3})) result.cost_currency = *currency;
  result.again_at = c.again_at == 0 ? Instant::never() : Instant{c.again_at};
  result.acted_at = ports_.clock.now();
  return result;
}

void Instance::complete(uint64_t id, OperationResult result, bool channel_scope) {
  auto operation = operations_.take(id);
  if (!operation) {
    log::warn("plugins", "'{}' completed operation {} again; the first answer stands", spec_.name,
              id);
    return;
  }
  result.wire = operation->wire;
  if (operation->acts && operation->wire == Wire::maybe && nothing_happened(result.status)) {
    result.reason = "said '" + std::string(operation_status_name(result.status)) +
                    "' after bytes may have left";
    result.status = OperationStatus::unknown;
  }
  ++counts_.ended[static_cast<size_t>(result.status)];
  result.word = standard_word(result.word, operation->conversation);
  if (channel_scope && !result.again_at.is_never()) ports_.inbox.pace(spec_.name, result.again_at);
  crash_point(CrashPoint::plugin_completed);
  if (operation->done) operation->done(std::move(result));
}

void Instance::give_up(uint64_t id) {
  ++counts_.overdue;
  OperationResult result;
  result.status = OperationStatus::unknown;
  result.reason = "no answer in time";
  result.acted_at = ports_.clock.now();
  complete(id, std::move(result), false);
}

void Instance::take_heard(const rl_heard& c) {
  const auto about = operations_.about(c.call);
  if (!about || c.kind == RL_HEARD_HUNG_UP || c.kind == RL_HEARD_MACHINE)
    return;  // the call's own answer tells
  HeardInput heard;
  heard.touch = about->second;
  heard.turn = c.kind == RL_HEARD_PICKED_UP ? 0 : static_cast<int>(c.turn);
  if (c.kind == RL_HEARD_KEYS)
    heard.keys = text(c.text);
  else
    heard.text = text(c.text);
  heard.word = text(c.word);
  heard.answers = record_of(c.data);
  heard.silent = c.kind == RL_HEARD_SILENCE;
  ports_.inbox.deliver(about->first, std::move(heard));
}

size_t Instance::sign(uint32_t algorithm, std::string_view secret, uint32_t version,
                      std::string_view data, uint8_t* out) const {
  const EVP_MD* digest = algorithm == RL_SHA256   ? EVP_sha256()
                         : algorithm == RL_SHA1   ? EVP_sha1()
                         : algorithm == RL_SHA512 ? EVP_sha512()
                                                  : nullptr;
  const auto key = ports_.process.environment(version == 0 ? std::string(secret)
                                                           : std::string(secret) + "_PREVIOUS");
  if (!digest || !key) return 0;
  unsigned int length = 0;
  HMAC(digest, key->data(), static_cast<int>(key->size()),
       reinterpret_cast<const unsigned char*>(data.data()), data.size(), out, &length);
  return length;
}

void Instance::fill_services() {
  host_.struct_size = sizeof host_;
  host_.abi = RL_ABI;
  host_.context = this;
  host_.complete = [](const rl_host* h, rl_op op, const rl_result* result) {
    Instance& self = mine(h);
    self.complete(op, self.result_of(*result), result->again_scope == RL_SCOPE_CHANNEL);
  };
  host_.http = [](const rl_host* h, rl_op op, uint64_t tag, const rl_http* request) {
    return mine(h).begin_http(op, tag, *request);
  };
  host_.smtp = [](const rl_host* h, rl_op op, uint64_t tag, const rl_mail* mail) {
    return mine(h).begin_mail(op, tag, *mail);
  };
  host_.abort_io = [](const rl_host* h, rl_op op) { mine(h).abort_io(op); };
  host_.effect = [](const rl_host* h, rl_op op, uint32_t wire) {
    mine(h).operations_.mark(op, wire_of(wire));
  };
  host_.timer = [](const rl_host* h, uint64_t tag, int64_t at) -> int32_t {
    Instance& self = mine(h);
    if (!self.plugin_.descriptor->on_timer) return RL_WRONG;
    self.ports_.alarms.call_at({at}, [door = self.door_, tag] {
      door->enter([tag](Instance& open) {
        open.call([&] { open.plugin_.descriptor->on_timer(open.self_, tag); });
      });
    });
    return RL_OK;
  };
  host_.now = [](const rl_host* h) { return of(h).ports_.clock.now().ms; };
  host_.emit = [](const rl_host* h, rl_op op, const rl_event* event) {
    return mine(h).emit(op, *event);
  };
  host_.answer = [](const rl_host* h, rl_op op, const rl_answer* answer) {
    Instance& self = mine(h);
    const auto call = self.inbound_call(op);
    if (!call) return;  // it is over, or no request
    call->say(*answer);
    OperationResult over;
    over.status = OperationStatus::done;
    self.complete(op, std::move(over), false);
  };
  host_.heard = [](const rl_host* h, const rl_heard* heard) -> int32_t {
    mine(h).take_heard(*heard);
    return RL_OK;
  };
  host_.log = [](const rl_host* h, uint32_t level, rl_str line) {
    const log::Level as = level >= RL_LOG_ERROR     ? log::Level::error
                          : level == RL_LOG_WARNING ? log::Level::warn
                          : level == RL_LOG_INFO    ? log::Level::info
                                                    : log::Level::debug;
    if (log::enabled(as)) log::write(as, of(h).spec_.name, view(line));
  };
  host_.hmac = [](const rl_host* h, uint32_t algorithm, rl_str secret, uint32_t version,
                  rl_str data, uint8_t out[64]) {
    return of(h).sign(algorithm, view(secret), version, view(data), out);
  };
}

}  // namespace relance
