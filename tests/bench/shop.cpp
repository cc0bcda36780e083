#include "bench/shop.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <filesystem>

#include "base/id.h"
#include "bench/bench.h"

namespace relance::bench {
namespace {

constexpr const char* kBundle = R"(return bundle {{
  name = "bench", currency = "EUR", zone = "Europe/Paris", locale = "en", controller = "A shop",
  channels = {{ mail = plugin "bench.quick" {{ board = "{}"{} }} }},
  crm = plugin "bench.quick" {{}},
}})";
constexpr const char* kEvents =
    R"(local fields = { order_id = text, amount = money, note = text }
return events { ["order.placed"] = fields, ["cart.left"] = fields })";
// A guard and a data function in Lua, and a text of 300 bytes, in each of three steps.
constexpr const char* kSendFlow = R"(
local f = flow "order" { start = event "order.placed", key = "order_id", purpose = "service",
  when = function(run) return run.event.amount > eur "1" end, expire = days(1) }
local function mail(after)
  return send { after = after, via = "mail", template = "news",
    data = function(run) return { place = run.event.order_id } end }
end
f.first  = mail(nil)
f.second = mail(f.first.delivered)
f.third  = mail(f.second.delivered)
ignore { f.first.otherwise, f.first.opted_out, f.second.otherwise, f.second.opted_out, f.third }
return f
)";
constexpr const char* kWaitFlow = R"(
local f = flow "cart" { start = event "cart.left", key = "order_id", purpose = "service",
  expire = days(3) }
f.pause = wait { days(1) }
return f
)";
constexpr const char* kTemplate =
    "Subject: News of your order {{place}}\n\nDear {{first_name}},\n\nyour order {{place}} has "
    "reached its next station. There is nothing that you have to do; we write again as soon as it "
    "is on its way. If anything is not as you expect it, answer this message: a person reads it. "
    "Thank you for buying with us.\n";

// As a shop has many: a wait, a message and a decision by Lua.
constexpr const char* kOtherFlow = R"(
local f = flow "other_{0}" {{ start = event "cart.left" {{ where = function(e) return false end }},
  key = "order_id", purpose = "service", expire = days(3),
  when = function(run) return run.event.amount > eur "{1}" end }}
f.pause = wait {{ days(1) }}
f.mail = send {{ after = f.pause, via = "mail", template = "news",
  data = function(run) return {{ place = run.event.order_id }} end }}
ignore {{ f.mail }}
return f
)";

}  // namespace

std::unique_ptr<Shop> Shop::open(ShopOptions options) {
  std::unique_ptr<Shop> shop(new Shop(std::move(options)));
  if (!shop->map_board()) return nullptr;
  shop->library_ = open_plugin_library({RELANCE_BUILD_DIR "/bench/plugins"});
  const LoadedBundle loaded =
      load_bundle(shop->sources(1), "bench", load_options(*shop->library_, false));
  for (const Finding& finding : loaded.findings) fmt::print("  {}\n", finding.error.text());
  shop->bundle_ = loaded.bundle;
  if (!shop->bundle_) return nullptr;
  InstallationOptions how;
  how.store = shop->options_.store;
  how.node = shop->options_.node;
  std::vector<Error> errors;
  auto made = Installation::make(shop->bundle_, *shop->library_, std::move(how), errors);
  for (const Error& error : errors) fmt::print("  {}\n", error.text());
  if (!made) return nullptr;
  shop->installation_ = std::move(*made);
  return shop;
}

Shop::~Shop() {
  if (installation_) {
    if (auto stopped = installation_->stop(seconds(10)); !stopped)
      fmt::print("  {}\n", stopped.error().text());
    installation_.reset();
  }
  if (board_) munmap(board_, board_bytes_);
  if (!folder_.empty()) std::filesystem::remove_all(folder_);
}

BundleSources Shop::sources(size_t number) const {
  const char* where = options_.isolated ? ", isolation = \"process\"" : "";
  std::string guard = kSendFlow;
  guard.replace(guard.find("\"1\""), 3, '"' + std::to_string(number % 40 + 1) + '"');
  BundleSources all{{"bundle.lua", fmt::format(kBundle, folder_ + "/board", where)},
                    {"events.lua", kEvents},
                    {"contact.lua", "return contact {}"},
                    {"order.lua", guard},
                    {"cart.lua", kWaitFlow},
                    {"templates/news.email.en.mustache", kTemplate}};
  for (size_t i = 0; i < options_.more_flows; ++i)
    all[fmt::format("other_{}.lua", i)] = fmt::format(kOtherFlow, i, number);
  return all;
}

bool Shop::reload(size_t number) {
  std::vector<Error> errors;
  Generations& generations = installation_->generations();
  auto next = generations.prepare(sources(number), errors);
  if (!next) {
    for (const Error& error : errors) fmt::print("  {}\n", error.text());
    return false;
  }
  const auto active = generations.activate(std::move(*next), {"bench", "", ""});
  generations.sweep();
  return active.ok();
}

bool Shop::map_board() {
  std::string folder = (std::filesystem::temp_directory_path() / "relance-bench-XXXXXX").string();
  if (!mkdtemp(folder.data())) return false;
  folder_ = folder;
  board_bytes_ = offsetof(board, first_step) + kPlacesOnBoard * sizeof(int64_t);
  const int file = ::open((folder_ + "/board").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0 || ftruncate(file, static_cast<off_t>(board_bytes_)) != 0) return false;
  void* mapped = mmap(nullptr, board_bytes_, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  if (mapped == MAP_FAILED) return false;
  board_ = static_cast<board*>(mapped);
  return true;
}

void Shop::place_order(size_t index, AcceptedBy done) {
  const size_t customer = derive_hash({std::to_string(index)}) % options_.customers;
  take("order.placed", fmt::format("o-{}", index), fmt::format("c-{}", customer), std::move(done));
}

void Shop::leave_cart(size_t index, AcceptedBy done) {
  take("cart.left", fmt::format("w-{}", index), fmt::format("v-{}", index), std::move(done));
}

void Shop::take(std::string_view type, const std::string& id, const std::string& subject,
                AcceptedBy done) {
  const int64_t now = installation_->clock().now().ms;
  line_ = fmt::format(R"({{"specversion":"1.0","id":"e-{0}","source":"/shop","type":"{1}",)"
                      R"("time":"{2}","subject":"{3}","data":{{"order_id":"{0}",)"
                      R"("amount":{{"minor":4900,"currency":"EUR"}},"note":")",
                      id, type, format_instant({now}), subject);
  line_.resize(std::max<size_t>(line_.size(), 252), 'x');
  line_ += "\"}}";
  auto parsed = parse_event(line_, bundle_->events, bundle_->tenant);
  if (!parsed) {
    fmt::print("  {}\n", parsed.error().text());
    return;
  }
  installation_->accept(std::move(parsed->event), std::move(done));
}

void Shop::finish() {
  if (auto done = installation_->run_until_idle(installation_->clock().now() + minutes(10)); !done)
    fmt::print("  {}\n", done.error().text());
}

uint64_t Shop::ended() const { return __atomic_load_n(&board_->sent[2], __ATOMIC_ACQUIRE); }

int64_t Shop::first_step_at(size_t index) const {
  return __atomic_load_n(&board_->first_step[index % kPlacesOnBoard], __ATOMIC_RELAXED);
}

}  // namespace relance::bench
