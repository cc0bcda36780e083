// The intake over real HTTP, with a real store: what a shop and a provider meet.
#include <sys/resource.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>

#include "base/id.h"
#include "script/bundle.h"
#include "script/load.h"
#include "serve/handles.h"
#include "serve/serving.h"
#include "support/web.h"

namespace fs = std::filesystem;
using namespace relance;

namespace {

fs::path folder_of(const std::string& name) {
  const fs::path folder = fs::path(RELANCE_BUILD_DIR) / "tests/serve" / name;
  fs::remove_all(folder);
  fs::create_directories(folder);
  return folder;
}

// A shop that serves its shipped flows, everything outside played.
class Served {
 public:
  explicit Served(const std::string& name, ServeOptions options = {}) : folder(folder_of(name)) {
    library_ = open_plugin_library({RELANCE_BUILD_DIR "/lib/relance/plugins"});
    auto sources = read_bundle(RELANCE_SOURCE_DIR "/flows");
    REQUIRE(sources);
    bundle_ = load_bundle(*sources, "flows", load_options(*library_, true)).bundle;
    REQUIRE(bundle_);
    options_ = std::move(options);
    options_.http.listen = "127.0.0.1:0";
    options_.installation.store = (folder / "shop.db").string();
    options_.installation.sandbox.on = true;
    start();
  }

  void start() {
    std::vector<Error> errors;
    auto made = Serving::make(bundle_, *library_, options_, errors);
    for (const Error& error : errors) UNSCOPED_INFO(error.text());
    REQUIRE(made);
    serving = std::move(*made);
  }
  void stop() {
    const auto stopped = serving->stop(seconds(5));
    REQUIRE(stopped);
    serving.reset();
  }

  std::string url(const std::string& path) const { return "http://" + serving->address() + path; }
  HttpReply send(const std::string& body, const std::string& type = "application/cloudevents+json",
                 Web::Headers more = {}) {
    more.emplace_back("Content-Type", type);
    return web.ask("POST", url("/v1/events"), body, std::move(more));
  }
  uint64_t kept() const { return serving->installation().node().store().statistics().entries; }

  const fs::path folder;
  Web web;
  std::unique_ptr<Serving> serving;

 private:
  std::unique_ptr<PluginLibrary> library_;
  std::shared_ptr<const Bundle> bundle_;
  ServeOptions options_;
};

std::string event(const std::string& id, const std::string& type = "payment.failed") {
  return R"({"specversion":"1.0","id":")" + id + R"(","source":"/shop","type":")" + type +
         R"(","time":"2026-01-05T08:00:00Z","subject":"c-)" + id + R"(","data":{"invoice_id":"i-)" +
         id + R"(","amount":{"minor":4900,"currency":"EUR"},"decline":{"raw_code":"51"}}})";
}

}  // namespace

TEST_CASE("an event is answered 202 once it is kept, and a repeat the same") {
  Served shop("repeat");
  const HttpReply first = shop.send(event("1"));
  CHECK(first.status == 202);
  CHECK(first.body == R"({"accepted":1})");
  const uint64_t entries = shop.kept();
  CHECK(entries > 0);
  const HttpReply again = shop.send(event("1"));
  CHECK(again.status == first.status);
  CHECK(again.body == first.body);
  CHECK(shop.serving->installation().duplicates() == 1);
  shop.stop();
  shop.start();  // what was acknowledged is known to the next start
  CHECK(shop.send(event("1")).status == 202);
  CHECK(shop.serving->installation().duplicates() == 1);
}

TEST_CASE("a batch is taken whole") {
  Served shop("batch");
  const std::string type = "application/cloudevents-batch+json; charset=utf-8";
  const HttpReply reply = shop.send("[" + event("1") + "," + event("2") + "]", type);
  CHECK(reply.status == 202);
  CHECK(reply.body == R"({"accepted":2})");
  CHECK(shop.send("[]", type).body == R"({"accepted":0})");

  const uint64_t before = shop.kept();
  const HttpReply half =
      shop.send("[" + event("3") + "," + event("4", "no.such.event") + "]", type);
  CHECK(half.status == 400);
  CHECK(half.body.find(R"("event":1)") != std::string::npos);
  CHECK(half.body.find("E0306") != std::string::npos);
  CHECK(shop.kept() == before);  // nothing of it was taken
}

TEST_CASE("attributes may stand in headers, and the body is data only") {
  Served shop("binary");
  const Web::Headers attributes = {{"ce-specversion", "1.0"},
                                   {"ce-id", "7"},
                                   {"ce-source", "/shop"},
                                   {"ce-type", "payment.failed"},
                                   {"ce-time", "2026-01-05T08:00:00Z"},
                                   {"ce-subject", "c%C3%A9line"}};
  CHECK(shop.send(R"({"invoice_id":"i-7","amount":{"minor":100,"currency":"EUR"}})",
                  "application/json", attributes)
            .status == 202);
  // A body that closes the object would bring attributes of its own.
  const HttpReply forged = shop.send(R"({},"subject":"c-other")", "application/json", attributes);
  CHECK(forged.status == 400);
  Web::Headers twice = attributes;
  twice.emplace_back("ce-data", "{}");
  CHECK(shop.send(R"({"invoice_id":"i-7"})", "application/json", twice).status == 202);
}

TEST_CASE("what is malformed is refused with a code, a place and a remedy") {
  Served shop("malformed");
  const HttpReply no_json = shop.send("{\"specversion\":");
  CHECK(no_json.status == 400);
  CHECK(no_json.body.find("E0301") != std::string::npos);
  std::string wrong = event("1");
  wrong.replace(wrong.find("4900"), 4, "\"x\"");
  const HttpReply field = shop.send(wrong);
  CHECK(field.status == 400);
  CHECK(field.body.find("E0305") != std::string::npos);
  CHECK(field.body.find("data.amount") != std::string::npos);
  CHECK(shop.send("<event/>", "text/xml").status == 415);
  CHECK(shop.send(std::string(300u << 10, ' ')).status == 413);
  CHECK(shop.send(std::string(2u << 20, ' ')).status == 413);
  CHECK(shop.web.ask("GET", shop.url("/v1/events")).status == 405);
  CHECK(shop.web.ask("GET", shop.url("/v2")).status == 404);
}

TEST_CASE("where there are tokens, nobody sends events without one") {
  const fs::path tokens = folder_of("token_file") / "tokens.txt";
  const auto token = Tokens::add(tokens.string(), "shop");
  REQUIRE(token);
  ServeOptions options;
  options.tokens = tokens.string();
  Served shop("tokens", options);
  CHECK(shop.send(event("1")).status == 401);
  CHECK(shop.send(event("1"), "application/json", {{"Authorization", "Bearer rl_no"}}).status ==
        401);
  const Web::Headers mine = {{"Authorization", "Bearer " + *token}};
  CHECK(shop.send(event("1"), "application/json", mine).status == 202);
  // At rest there is only its hash; deleting the line takes it back at once.
  std::ifstream file(tokens);
  const std::string kept((std::istreambuf_iterator<char>(file)), {});
  CHECK(kept.find(*token) == std::string::npos);
  CHECK(kept.find(sha256_hex(*token)) != std::string::npos);
  std::ofstream(tokens) << "";
  CHECK(shop.send(event("2"), "application/json", mine).status == 401);
}

TEST_CASE("an address that others reach needs tokens") {
  ServeOptions options;
  options.http.listen = "0.0.0.0:0";
  options.installation.store = "memory:";
  std::vector<Error> errors;
  const auto library = open_plugin_library({});
  CHECK_FALSE(Serving::make(nullptr, *library, options, errors));
  REQUIRE(errors.size() == 1);
  CHECK(errors[0].message.find("0.0.0.0:0") != std::string::npos);
  CHECK(errors[0].hint.find("--tokens") != std::string::npos);
}

TEST_CASE("once it is stopping, senders are told to come back") {
  Served shop("stopping");
  CHECK(shop.web.ask("GET", shop.url("/readyz")).status == 200);
  shop.serving->interrupt();
  const HttpReply later = shop.send(event("1"));
  CHECK(later.status == 503);
  const auto retry = std::find_if(later.headers.begin(), later.headers.end(),
                                  [](const auto& header) { return header.first == "retry-after"; });
  CHECK(retry != later.headers.end());
  CHECK(shop.web.ask("GET", shop.url("/readyz")).status == 503);
  CHECK(shop.web.ask("GET", shop.url("/healthz")).status == 200);
}

TEST_CASE("hooks without an instance or with a forged key go nowhere") {
  Served shop("hooks");
  CHECK(shop.web.ask("POST", shop.url("/v1/hooks/nobody"), "{}").status == 404);
  CHECK(shop.web.ask("POST", shop.url("/v1/hooks/email/k/abc.def"), "{}").status == 404);
  const CallbackUrls& urls = *shop.serving->installation().callbacks();
  const std::string url = urls.url("email", derive_key({"touch"}));
  CHECK(url.starts_with(shop.serving->public_url() + "/v1/hooks/email/k/"));
  const std::string path = url.substr(shop.serving->public_url().size());
  const auto read = urls.read(path + "/status");
  REQUIRE(read);
  CHECK(read->instance == "email");
  CHECK(read->touch == derive_key({"touch"}));
  CHECK(read->rest == "/status");
  std::string forged = path;
  forged.back() = forged.back() == '0' ? '1' : '0';
  CHECK_FALSE(urls.read(forged));
  std::string other = path;
  other.replace(other.find("email"), 5, "voice");
  CHECK_FALSE(urls.read(other));
}

TEST_CASE("the secret of callback addresses stays the same over restarts") {
  const fs::path folder = folder_of("secret");
  const std::string store = (folder / "shop.db").string();
  const SimulatedProcess nothing_set;
  const auto first = callback_secret(store, nothing_set);
  REQUIRE(first);
  CHECK(first->size() >= 32);
  CHECK(*callback_secret(store, nothing_set) == *first);
  const fs::perms mode = fs::status(store + "-callback-secret").permissions();
  CHECK(mode == (fs::perms::owner_read | fs::perms::owner_write));
}

TEST_CASE("a secret that could not be kept whole is not kept, and the next start makes one") {
  const fs::path folder = folder_of("secret_cut_off");
  const std::string store = (folder / "shop.db").string();
  const SimulatedProcess nothing_set;
  rlimit room{};
  REQUIRE(getrlimit(RLIMIT_FSIZE, &room) == 0);
  const rlimit little{4, room.rlim_max};  // bytes of a file
  const auto before = signal(SIGXFSZ, SIG_IGN);
  REQUIRE(setrlimit(RLIMIT_FSIZE, &little) == 0);
  const bool kept = callback_secret(store, nothing_set).ok();
  REQUIRE(setrlimit(RLIMIT_FSIZE, &room) == 0);
  signal(SIGXFSZ, before);
  CHECK_FALSE(kept);
  CHECK(fs::is_empty(folder));
  CHECK(callback_secret(store, nothing_set));
}

TEST_CASE("file handles are raised to the connections, or there are fewer connections") {
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_NOFILE, &before) == 0);
  rlimit scarce = before;
  scarce.rlim_cur = 256;
  REQUIRE(setrlimit(RLIMIT_NOFILE, &scarce) == 0);
  const size_t wanted = 1024;
  rlimit now{};
  const size_t all = connections_with_handles(wanted);
  REQUIRE(getrlimit(RLIMIT_NOFILE, &now) == 0);
  const bool enough = now.rlim_cur >= wanted + kHandlesBeside;
  CHECK(all == (enough ? wanted : std::min<size_t>(wanted, now.rlim_cur / 2)));
  CHECK(now.rlim_cur == std::min<rlim_t>(wanted + kHandlesBeside, before.rlim_max));
  const size_t most = connections_with_handles(before.rlim_max);  // more than can ever be granted
  CHECK(most < before.rlim_max);
  CHECK(most > 0);
  REQUIRE(setrlimit(RLIMIT_NOFILE, &before) == 0);
}

TEST_CASE("the figures are what Prometheus reads") {
  Served shop("metrics");
  shop.send(event("1"));
  const std::string text = shop.web.ask("GET", shop.url("/metrics")).body;
  CHECK(text.find(R"(relance_events_accepted_total{from="events"} 1)") != std::string::npos);
  CHECK(text.find(R"(relance_http_answers_total{route="/v1/events",status="202"} 1)") !=
        std::string::npos);
  CHECK(text.find("relance_event_durable_seconds_count 1") != std::string::npos);
}
