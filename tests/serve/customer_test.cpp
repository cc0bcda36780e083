// What a customer asks about his data, told to an engine that runs: it acts before the next
// contact, waits for what is on its way, and names nobody in log and metrics.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <thread>

#include "admin/customer_data.h"
#include "base/text.h"
#include "net/local_client.h"
#include "node/derived.h"
#include "serve/serving.h"
#include "support/web.h"

namespace fs = std::filesystem;
using namespace relance;

namespace {

constexpr const char* kPersonal[] = {"ann@example.com", "Annabel", "i-ann"};

class Shop {
 public:
  explicit Shop(const std::string& name)
      : folder_(fs::path(RELANCE_BUILD_DIR) / "tests/serve" / name),
        store_((folder_ / "shop.db").string()) {
    fs::remove_all(folder_);
    fs::create_directories(folder_ / "shop/templates");
    // A mail is answered a while after it was taken: it is on its way for that long.
    file("bundle.lua",
         "return bundle { name = 'shop', currency = 'EUR', zone = 'Europe/Paris', locale = 'en', "
         "controller = 'Shop',\n"
         "  channels = { email = plugin 'relance.sandbox' { as = 'email', class = 'keyed',\n"
         "    delay_ms = 2, answer_after_ms = 400, react = { open = 0, stop = 0 } } },\n"
         "  crm = plugin 'relance.crm.csv' { file = 'customers.csv' } }\n");
    file("customers.csv",
         "id,email,first_name\nann,ann@example.com,Annabel\nben,ben@example.com,Ben\n");
    file("contact.lua", "return contact {}\n");
    file("note.lua",
         "local f = flow 'note' { start = event 'payment.failed', key = 'invoice_id', "
         "purpose = 'recovery', expire = minutes(5) }\n"
         "f.first = send { via = 'email', template = 'hello' }\n"
         "f.second = send { after = f.first.otherwise, via = 'email', template = 'hello' }\n"
         "ignore { f.first.opted_out, f.second }\nreturn f\n");
    file("templates/hello.email.en.mustache", "Subject: Hello\nHello {{first_name}}\n");
    library_ = open_plugin_library({RELANCE_BUILD_DIR "/lib/relance/plugins"});
    start();
  }

  void start() {
    auto sources = read_bundle((folder_ / "shop").string());
    REQUIRE(sources);
    const auto loaded =
        load_bundle(*sources, (folder_ / "shop").string(), load_options(*library_, true));
    for (const Finding& finding : loaded.findings) UNSCOPED_INFO(finding.error.text());
    REQUIRE(loaded.bundle);
    ServeOptions options;
    options.http.listen = "127.0.0.1:0";
    options.installation.store = store_;
    options.installation.sandbox = {true, "", 1};
    std::vector<Error> errors;
    auto made = Serving::make(loaded.bundle, *library_, std::move(options), errors);
    for (const Error& error : errors) UNSCOPED_INFO(error.text());
    REQUIRE(made);
    serving_ = std::move(*made);
  }
  void stop() {
    REQUIRE(serving_->stop(seconds(10)));
    serving_.reset();
  }

  int event(const std::string& id, const std::string& who) {
    const std::string text = R"({"specversion":"1.0","id":")" + id +
                             R"(","source":"/shop","type":"payment.failed","time":")" +
                             format_instant(SystemClock().now()) + R"(","subject":")" + who +
                             R"(","data":{"invoice_id":"i-)" + who +
                             R"(","amount":{"minor":4900,"currency":"EUR"}}})";
    return web_
        .ask("POST", "http://" + serving_->address() + "/v1/events", text,
             {{"Content-Type", "application/cloudevents+json"}})
        .status;
  }
  std::string metrics() {
    return web_.ask("GET", "http://" + serving_->address() + "/metrics", "", {}).body;
  }
  HttpReply ask(const std::string& command, const Key& customer, const std::string& data = "{}") {
    auto reply = ask_locally(admin_socket(store_), "POST", "/v1/admin/customer",
                             R"({"customer":")" + customer.text() + R"(","command":")" + command +
                                 R"(","author":"lea","data":)" + data + "}",
                             minutes(1));
    REQUIRE(reply);
    return std::move(*reply);
  }
  // As the store has him at this instant.
  CustomerData data(const Key& customer) const {
    StoreOptions how;
    how.read_only = true;
    how.derive = entry_deriver();
    auto store = open_store(store_, std::move(how));
    REQUIRE(store);
    auto archive = Archive::open(**store);
    REQUIRE(archive);
    auto data = customer_data(**archive, customer);
    REQUIRE(data);
    return std::move(*data);
  }
  template <class Yes>
  bool becomes(const Key& customer, const Yes& yes) const {
    const Instant end = SystemClock().now() + seconds(20);
    while (!yes(data(customer))) {
      if (SystemClock().now() > end) return false;
      std::this_thread::yield();
    }
    return true;
  }
  const std::string& store() const { return store_; }

 private:
  void file(const std::string& path, const std::string& text) const {
    std::ofstream(folder_ / "shop" / path) << text;
  }
  const fs::path folder_;
  const std::string store_;
  Web web_;
  std::unique_ptr<PluginLibrary> library_;
  std::unique_ptr<Serving> serving_;
};

const Key kAnn = customer_key("shop", "ann"), kBen = customer_key("shop", "ben");

bool is_erased(const CustomerData& data) { return !data.state.privacy->erased_at.is_never(); }
size_t contacts(const CustomerData& data) { return data.told.view().find("contacts").size(); }
bool is_on_its_way(const CustomerData& data) { return data.on_the_wire > 0; }

}  // namespace

TEST_CASE("a running engine erases a customer once what is on its way is settled", "[S0-33]") {
  Shop shop("customer_erase");
  REQUIRE(shop.event("e-1", "ann") == 202);
  REQUIRE(shop.becomes(kAnn, is_on_its_way));
  const HttpReply asked = shop.ask("erase", kAnn);
  INFO(asked.body);
  REQUIRE(asked.status == 200);
  CHECK(asked.body.find(R"("changed":true)") != std::string::npos);
  REQUIRE(shop.becomes(kAnn, is_erased));
  const CustomerData left = shop.data(kAnn);
  CHECK(contacts(left) == 1);                              // the second never left
  CHECK(left.state.touches[0].state == TouchState::done);  // taken back, or delivered
  const std::string told = to_json(left.told) + shop.metrics();
  for (const char* personal : kPersonal) {
    INFO(personal);
    CHECK(told.find(personal) == std::string::npos);
  }
  CHECK(shop.ask("erase", kAnn).body.find(R"("changed":false)") != std::string::npos);
  shop.stop();
  for (const char* part : {"", "-wal", "-marks", "-erased"}) {
    const auto bytes = read_file(shop.store() + part);
    for (const char* personal : kPersonal) {
      INFO(part << " " << personal);
      CHECK((!bytes || bytes->find(personal) == std::string::npos));
    }
  }
  shop.start();  // nothing of him is in the way of a start
  REQUIRE(shop.event("e-2", "ben") == 202);
  CHECK(shop.becomes(kBen, is_on_its_way));
  shop.stop();
}

TEST_CASE("a running engine holds back and lets go on the next contact at a customer's word",
          "[S0-33]") {
  Shop shop("customer_restrict");
  REQUIRE(shop.event("e-1", "ann") == 202);
  REQUIRE(shop.becomes(kAnn, is_on_its_way));
  REQUIRE(shop.ask("restrict", kAnn).status == 200);
  REQUIRE(shop.becomes(kAnn, [](const CustomerData& data) { return data.on_the_wire == 0; }));
  REQUIRE(shop.event("e-2", "ben") == 202);
  REQUIRE(shop.becomes(kBen, [](const CustomerData& data) { return contacts(data) == 2; }));
  CHECK(contacts(shop.data(kAnn)) == 1);
  REQUIRE(shop.ask("rectify", kAnn, R"({"email":"anna@example.org"})").status == 200);
  REQUIRE(shop.ask("lift", kAnn).status == 200);
  REQUIRE(shop.becomes(kAnn, [](const CustomerData& data) { return contacts(data) == 2; }));
  const CustomerData data = shop.data(kAnn);
  const DocView told = data.told.view().find("contacts");
  std::string to;
  for (const auto& [place, contact] : told.items()) to = contact.find("to").text().value_or("");
  CHECK(to == "anna@example.org");
  shop.stop();
}

TEST_CASE("a running engine refuses what is no command about a customer") {
  Shop shop("customer_refused");
  CHECK(shop.ask("forget", kAnn).status == 400);
  CHECK(shop.ask("rectify", kAnn, R"("ann@example.com")").status == 400);
  const HttpReply unknown = shop.ask("erase", kAnn);
  CHECK(unknown.status == 200);
  CHECK(unknown.body.find(R"("changed":false)") != std::string::npos);
  shop.stop();
}
