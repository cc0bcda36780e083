#include "wires/stage.h"

#include <fmt/format.h>
#include <poll.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "support/free_port.h"

namespace fs = std::filesystem;

namespace relance::test {
namespace {

const fs::path kBundle = fs::path(RELANCE_SOURCE_DIR) / "tests/wires/bundle";
const std::string kProgram = RELANCE_BUILD_DIR "/bin/relance";
constexpr int kStartMs = 30'000;

std::string text_of(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

void put_in(std::string& text, const std::string& word, const std::string& value) {
  for (size_t at = text.find(word); at != std::string::npos; at = text.find(word, at))
    text.replace(at, word.size(), value), at += value.size();
}

}  // namespace

Wires::Wires(const std::string& name, const std::vector<WiresCustomer>& customers)
    : folder_((fs::path(RELANCE_BUILD_DIR) / "tests/wires" / name).string()), port_(free_port()) {
  fs::remove_all(folder_);
  fs::create_directories(folder_);
  kannel.connect_smsc();
  stripe.send_webhooks_to(url("/v1/hooks/payments"));
  write_bundle(customers);
}

Wires::~Wires() { serve_.reset(); }

std::string Wires::url(const std::string& path) const {
  return fmt::format("http://127.0.0.1:{}{}", port_, path);
}

void Wires::write_bundle(const std::vector<WiresCustomer>& customers) {
  fs::copy(kBundle, path("bundle"), fs::copy_options::recursive);
  for (const char* shipped : {"scripts", "templates"})  // what is said and written is the same
    fs::copy(fs::path(RELANCE_SOURCE_DIR) / "flows" / shipped, path("bundle/") + shipped,
             fs::copy_options::recursive);
  std::string bundle = text_of(kBundle / "bundle.lua");
  put_in(bundle, "\"STRIPE\"", '"' + stripe.url() + '"');
  put_in(bundle, "\"TWILIO\"", '"' + twilio.url() + '"');
  put_in(bundle, "\"TWILIO_SID\"", std::string("\"") + FakeTwilio::kAccount + '"');
  put_in(bundle, "\"SMTP\"", '"' + mail.url() + '"');
  put_in(bundle, "\"KANNEL\"", '"' + kannel.send_url() + '"');
  std::ofstream(path("bundle/bundle.lua")) << bundle;
  std::ofstream list(path("bundle/customers.csv"));
  list << "id,email,phone,timezone,locale,segment,first_name,country\n";
  for (const WiresCustomer& customer : customers)
    list << fmt::format("{},{},{},Europe/Paris,en,loyal,{},FR\n", customer.id, customer.email(),
                        customer.phone, customer.first_name);
}

void Wires::start() {
  ChildProcess::Options options;
  options.log = path("log");
  options.environment = {std::string("STRIPE_KEY=") + FakeStripe::kApiKey,
                         std::string("STRIPE_SIGNING=") + FakeStripe::kWebhookSecret,
                         std::string("TWILIO_TOKEN=") + FakeTwilio::kToken,
                         std::string("KANNEL_PASSWORD=") + RealKannel::kPassword};
  serve_ = std::make_unique<ChildProcess>(
      std::vector<std::string>{kProgram, "serve", path("bundle"), "--store", path("shop.db"),
                               "--listen", fmt::format("127.0.0.1:{}", port_)},
      options);
  const bool ready =
      until([&] { return web_.ask("GET", url("/readyz")).status == 200; }, kStartMs / 1000);
  INFO(text_of(path("log")));
  REQUIRE(ready);
}

void Wires::kill() {
  serve_->kill();
  serve_.reset();
}

int Wires::stop() {
  serve_->signal(SIGTERM);
  REQUIRE(serve_->ends_within(kStartMs));
  const int exit = serve_->exit();
  serve_.reset();
  return exit;
}

void Wires::payment_fails(const WiresCustomer& customer, const std::string& invoice, int64_t minor,
                          const std::string& code, const std::string& context) {
  const std::string body = fmt::format(
      R"({{"specversion":"1.0","id":"evt-{}","source":"/shop/billing","type":"payment.failed",)"
      R"("time":"{}","subject":"{}","data":{{"invoice_id":"{}","context":"{}","amount":)"
      R"({{"minor":{},"currency":"EUR"}},"decline":{{"provider":"stripe","raw_code":"{}"}}}}}})",
      ++events_, format_instant(SystemClock().now()), customer.id, invoice, context, minor, code);
  const HttpReply reply =
      web_.ask("POST", url("/v1/events"), body, {{"Content-Type", "application/cloudevents+json"}});
  INFO(reply.body);
  REQUIRE(reply.status == 202);
}

bool Wires::until(const std::function<bool()>& holds, int within_s) {
  const SystemClock clock;
  const Duration end = clock.since_boot() + seconds(within_s);
  while (!holds()) {
    if (clock.since_boot() > end) return false;
    ::poll(nullptr, 0, 20);  // other programs tell nobody
  }
  return true;
}

std::string Wires::told(const std::string& arguments) {
  const std::string out = path("told");
  const std::string command = fmt::format("{} {} --store {} > {} 2>> {}", kProgram, arguments,
                                          path("shop.db"), out, path("log"));
  REQUIRE(std::system(command.c_str()) == 0);
  return text_of(out);
}

double Wires::memory_mib(const std::string& field) const {
  std::ifstream status(fmt::format("/proc/{}/status", serve_->pid()));
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(field + ":")) return std::stod(line.substr(field.size() + 1)) / 1024;
  return 0;
}

size_t Wires::handles() const {
  const fs::directory_iterator all(fmt::format("/proc/{}/fd", serve_->pid()));
  return static_cast<size_t>(std::distance(begin(all), end(all)));
}

double Wires::figure(const std::string& name) {
  const std::string text = web_.ask("GET", url("/metrics")).body;
  const size_t at = text.find("\n" + name + " ");
  return at == std::string::npos ? -1 : std::stod(text.substr(at + name.size() + 2));
}

std::vector<std::string> Wires::texts_to(const std::string& phone) {
  std::vector<std::string> found;
  for (const std::string& line : kannel.sent())
    if (line.find(phone) != std::string::npos) found.push_back(line);
  return found;
}

}  // namespace relance::test
