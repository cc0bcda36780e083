// Any HTTP request at all to the webhooks of the shipped plugins: one answer each, nothing told
// that was not signed, and no harm.
//
// The first byte names the plugin. The second says whether the sender knows the secret: then every
// HMAC is zeros, which a request can carry; else it is one that nobody can guess.
#include <dlfcn.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "abi/relance/host.h"
#include "abi/relance/inbound.h"
#include "abi/relance/plugin.h"
#include "net/request_reader.h"

namespace {

using namespace relance;

constexpr int64_t kNow = 1'763'700'100'000, kAnswerWithin = 10'000;

rl_str str(std::string_view text) { return {text.data(), text.size()}; }
std::string_view view(rl_str text) { return {text.ptr, text.len}; }

struct Shipped {
  const char *id = nullptr, *config = nullptr;
  const rl_plugin* plugin = nullptr;
};

Shipped shipped[] = {
    {"relance.source.stripe", R"({"signing_secret":"KEY"})"},
    {"relance.source.shopify", R"({"signing_secret":"KEY"})"},
    {"relance.source.woocommerce", R"({"signing_secret":"KEY"})"},
    {"relance.source.logistics", R"({"signing_secret":"KEY","format":"generic"})"},
    {"relance.source.logistics", R"({"signing_secret":"KEY","format":"easypost"})"},
    {"relance.source.logistics", R"({"signing_secret":"KEY","format":"aftership"})"},
    {"relance.sms.twilio", R"({"account_sid":"AC1","auth_token":"KEY","from":"+15005550006"})"},
    {"relance.voice.twilio", R"({"account_sid":"AC1","auth_token":"KEY","from":"+15005550006"})"},
    {"relance.sms.kannel", R"({"url":"http://127.0.0.1:9/","username":"u","from":"ACME",
       "password":"KEY","inbound_secret":"KEY","currency":"EUR","prices":{"default":80000}})"},
    {"relance.email.http", R"({"url":"http://127.0.0.1:9/","secret":"KEY",
       "from":"hello@shop.example","mailbox_secret":"KEY"})"},
};

// What one request led to.
struct Desk {
  rl_host table{};
  bool secret_known = false;
  int64_t now = kNow;
  std::multimap<int64_t, uint64_t> timers;
  int answers = 0, status = 0, told = 0;

  static Desk& of(const rl_host* host) { return *static_cast<Desk*>(host->context); }
  Desk() {
    table.struct_size = sizeof table;
    table.abi = RL_ABI;
    table.context = this;
    table.complete = [](const rl_host*, rl_op, const rl_result*) {};
    table.http = [](const rl_host*, rl_op, uint64_t, const rl_http*) { return int32_t{RL_WRONG}; };
    table.smtp = [](const rl_host*, rl_op, uint64_t, const rl_mail*) { return int32_t{RL_WRONG}; };
    table.abort_io = [](const rl_host*, rl_op) {};
    table.effect = [](const rl_host*, rl_op, uint32_t) {};
    table.timer = [](const rl_host* host, uint64_t tag, int64_t at) {
      of(host).timers.emplace(at, tag);
      return int32_t{RL_OK};
    };
    table.now = [](const rl_host* host) { return of(host).now; };
    table.emit = [](const rl_host* host, rl_op, const rl_event* event) {
      ++of(host).told;
      RELANCE_ASSERT(event->kind != 0);
      return int32_t{RL_OK};
    };
    table.answer = [](const rl_host* host, rl_op, const rl_answer* answer) {
      ++of(host).answers;
      of(host).status = answer->status;
    };
    table.heard = [](const rl_host* host, const rl_heard*) {
      ++of(host).told;
      return int32_t{RL_OK};
    };
    table.log = [](const rl_host*, uint32_t, rl_str) {};
    table.hmac = [](const rl_host* host, uint32_t algorithm, rl_str, uint32_t version, rl_str data,
                    uint8_t* out) {
      if (version > 0) return size_t{0};
      const size_t length = algorithm == RL_SHA512 ? 64 : algorithm == RL_SHA1 ? 20 : 32;
      std::memset(out, 0, length);
      if (of(host).secret_known) return length;
      size_t hash =
          std::hash<std::string_view>()("nobody knows") ^ std::hash<std::string_view>()(view(data));
      for (size_t i = 0; i < length; ++i, hash = hash * 6364136223846793005u + 1442695040888963407u)
        out[i] = static_cast<uint8_t>(hash >> 56);
      return length;
    };
  }
};

const rl_plugin& loaded(Shipped& one) {
  if (one.plugin) return *one.plugin;
  const std::string path = std::string(RELANCE_BUILD_DIR "/lib/relance/plugins/") + one.id + ".so";
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) std::fprintf(stderr, "%s\n", dlerror());
  RELANCE_ASSERT(library);
  one.plugin = reinterpret_cast<rl_entry>(dlsym(library, RL_ENTRY))(RL_ABI);
  RELANCE_ASSERT(one.plugin);
  return *one.plugin;
}

void ask(Shipped& one, Desk& desk, const ServerRequest& request) {
  const rl_plugin& plugin = loaded(one);
  std::string problem;
  const rl_out out{&problem, [](void* to, const char* bytes, size_t length) {
                     static_cast<std::string*>(to)->append(bytes, length);
                   }};
  void* self = plugin.create(&desk.table, str(one.config), &out);
  if (!self) std::fprintf(stderr, "%s: %s\n", one.id, problem.c_str());
  RELANCE_ASSERT(self);
  std::vector<rl_header> headers;
  for (const auto& [name, value] : request.headers) headers.push_back({str(name), str(value)});
  rl_request asked{};
  asked.struct_size = sizeof asked;
  asked.method = str(request.method);
  asked.path = str(request.path());
  asked.query = str(request.query());
  const std::string url = "https://shop.example" + request.target;
  asked.url = str(url);
  asked.headers = headers.data();
  asked.headers_count = headers.size();
  asked.body = str(request.body);
  static_cast<const rl_inbound*>(plugin.get_interface(RL_INBOUND))->on_request(self, 1, &asked);
  while (!desk.timers.empty() && desk.timers.begin()->first <= kNow + kAnswerWithin) {
    const auto [at, tag] = *desk.timers.begin();
    desk.timers.erase(desk.timers.begin());
    desk.now = std::max(desk.now, at);
    plugin.on_timer(self, tag);
  }
  plugin.destroy(self);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  if (size < 2) return 0;
  Shipped& one = shipped[bytes[0] % std::size(shipped)];
  RequestReader reader(16u << 10, 64u << 10);
  std::string_view sent(reinterpret_cast<const char*>(bytes) + 2, size - 2);
  while (!sent.empty() && reader.state() < RequestReader::State::done) {
    const std::span<char> room = reader.room();
    const size_t count = std::min(room.size(), sent.size());
    std::memcpy(room.data(), sent.data(), count);
    sent.remove_prefix(count);
    reader.take(count);
  }
  if (reader.state() != RequestReader::State::done) return 0;
  Desk desk;
  desk.secret_known = bytes[1] & 1;
  ask(one, desk, reader.request());
  RELANCE_ASSERT(desk.answers == 1);
  RELANCE_ASSERT(desk.status >= 200 && desk.status <= 599);
  if (!desk.secret_known) RELANCE_ASSERT(desk.told == 0 && desk.status >= 400);
  return 0;
}
