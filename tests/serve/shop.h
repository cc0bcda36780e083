// A shop that serves over its socket, with a flow of two mails, its files in a folder of its own.
#pragma once

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "net/local_client.h"
#include "serve/serving.h"
#include "support/replay.h"
#include "support/web.h"

namespace relance::test {

namespace fs = std::filesystem;

class Shop {
 public:
  explicit Shop(const std::string& name)
      : folder(fs::path(RELANCE_BUILD_DIR) / "tests/serve" / name) {
    fs::remove_all(folder);
    fs::create_directories(folder / "shop/templates");
    configure("5");
    file("contact.lua", "return contact {}\n");
    file("note.lua", flow("1"));
    text("Good morning");
    library_ = open_plugin_library({RELANCE_BUILD_DIR "/lib/relance/plugins"});
    start();
  }

  static std::string flow(const std::string& least) {
    return "local f = flow 'note' { start = event 'payment.failed', key = 'invoice_id', "
           "purpose = 'recovery', expire = minutes(5) }\n"
           "f.first = send { via = 'email', template = 'hello',\n"
           "  when = function(run) return run.event.amount >= eur '" +
           least +
           "' end }\n"
           "f.second = send { after = f.first.otherwise, via = 'email', template = 'hello' }\n"
           "ignore { f.first.opted_out, f.first.skipped, f.second }\n"
           "return f\n";
  }
  void configure(const std::string& answers_after_ms) const {
    file("bundle.lua",
         "return bundle { name = 'shop', currency = 'EUR', zone = 'Europe/Paris', locale = 'en', "
         "controller = 'Shop',\n"
         "  channels = { email = plugin 'relance.sandbox' { as = 'email', class = 'keyed',\n"
         "    delay_ms = 2, answer_after_ms = " +
             answers_after_ms +
             ", react = { open = 0, stop = 0 } } },\n"
             "  crm = plugin 'relance.sandbox' { as = 'crm', class = 'keyed' } }\n");
  }
  void file(const std::string& path, const std::string& text) const {
    std::ofstream(folder / "shop" / path) << text;
  }
  void text(const std::string& words) const {
    file("templates/hello.email.en.mustache", "Subject: Hello\n" + words + "\n");
  }

  void start() {
    auto sources = read_bundle((folder / "shop").string());
    REQUIRE(sources);
    const auto bundle =
        load_bundle(*sources, (folder / "shop").string(), load_options(*library_, true)).bundle;
    REQUIRE(bundle);
    ServeOptions options;
    options.http.listen = "127.0.0.1:0";
    options.installation.store = (folder / "shop.db").string();
    options.installation.sandbox = {true, (folder / "effects.jsonl").string(), 1};
    options.watch = watch;
    std::vector<Error> errors;
    auto made = Serving::make(bundle, *library_, std::move(options), errors);
    for (const Error& error : errors) UNSCOPED_INFO(error.text());
    REQUIRE(made);
    serving = std::move(*made);
  }

  HttpReply ask(const std::string& path, const std::string& body) const {
    auto reply = ask_locally(admin_socket((folder / "shop.db").string()),
                             body.empty() ? "GET" : "POST", "/v1/admin/" + path, body, minutes(1));
    REQUIRE(reply);
    return std::move(*reply);
  }
  uint64_t live() const { return serving->installation().generations().live()->number(); }

  int send(Web& web, const std::string& id) const {
    const std::string event = R"({"specversion":"1.0","id":")" + id +
                              R"(","source":"/shop","type":"payment.failed","time":")" +
                              format_instant(SystemClock().now()) + R"(","subject":"c-)" + id +
                              R"(","data":{"invoice_id":"i-)" + id +
                              R"(","amount":{"minor":4900,"currency":"EUR"}}})";
    return web
        .ask("POST", "http://" + serving->address() + "/v1/events", event,
             {{"Content-Type", "application/cloudevents+json"}})
        .status;
  }
  // Everything is done, and the store is closed; then what it tells.
  History finish() {
    REQUIRE(
        serving->installation().run_until_idle(serving->installation().clock().now() + minutes(2)));
    REQUIRE(serving->stop(seconds(10)));
    return replay(serving->installation().node().store());
  }

  const fs::path folder;
  bool watch = false;
  std::unique_ptr<Serving> serving;

 private:
  std::unique_ptr<PluginLibrary> library_;
};

}  // namespace relance::test
