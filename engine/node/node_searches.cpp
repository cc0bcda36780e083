// What a node does for flows that search for their segments (core/customer/search.h).
#include <atomic>

#include "base/log.h"
#include "core/customer/search.h"
#include "node/node_core.h"

namespace relance {
namespace {

constexpr size_t kRousedAtOnce = 2000;

// A page under way: everyone on it is looked at, and when the last of it is durable, `done`.
struct PageUnderWay {
  explicit PageUnderWay(size_t count) : left(count) {}
  std::atomic<size_t> left;
  std::atomic<bool> lost = false;  // the store took something not: the page is read again
};

}  // namespace

void NodeCore::begin_searches() {
  if (!ports_.alarms) return;
  const auto active = rules();
  bool absences = false;
  for (const Flow* flow : active->active()) {
    absences = absences || flow->absence;
    if (flow->segment || flow->absence)
      deliver(customer_key(active->tenant(), search_actor(flow->name)),
              SearchInput{flow->name, true});
  }
  if (!absences) return;
  // Who is in memory need not have a row yet by which he would be roused.
  each_hot([&](const Customer& customer) {
    if (!customer.lookout->watches.empty()) deliver(customer.id, DueInput{});
  });
}

// In slices, so that neither the mailboxes nor the other customers feel it.
void NodeCore::rouse(const Rouse& all, const DueCustomer& after) {
  const auto use = store_->use();
  auto reader = store_->reader();
  if (!reader) return;
  (*reader)->refresh();
  const auto slice = (*reader)->due(0, 0, Instant{INT64_MAX - 1}, kRousedAtOnce, after);
  if (!slice) return log::error("store", "{}", slice.error().text());
  if (slice->empty()) return deliver(all.customer, EnteredInput{all.operation, {}, 0, 0});
  const auto page = std::make_shared<PageUnderWay>(slice->size());
  const AcceptedBy done = [this, page, all, last = slice->back()](Accepted how) {
    if (how == Accepted::refused) page->lost = true;
    if (--page->left > 0 || page->lost || !ports_.alarms) return;
    ports_.alarms->call_at(
        ports_.clock.now(), [this, all, last] { rouse(all, last); }, false);
  };
  for (const DueCustomer& one : *slice) post({one.customer, DueInput{}, done});
}

void NodeCore::let_enter(Enter enter) {
  const std::string tenant = rules()->tenant();
  const std::string round = std::to_string(enter.round);
  const auto page = std::make_shared<PageUnderWay>(enter.found.size());
  const EnteredInput entered{enter.operation, enter.cursor, enter.looked_at, enter.found.size()};
  const AcceptedBy done = [this, page, actor = enter.customer, entered](Accepted how) {
    if (how == Accepted::refused) page->lost = true;
    if (--page->left == 0 && !page->lost) deliver(actor, entered);
  };
  for (Enter::Found& one : enter.found) {
    FoundInput found;
    found.flow = enter.flow;
    found.hash = event_hash(tenant, one.subject, "segment:" + enter.flow, round);
    found.data = Doc::record({{kRoundField, Doc::integer(static_cast<int64_t>(enter.round))}});
    found.record = std::move(one.record);
    const Key customer = customer_key(tenant, one.subject);
    found.subject = std::move(one.subject);
    post({customer, std::move(found), done});
  }
}

void NodeCore::search_later(SearchLater later) {
  if (!ports_.alarms) return;
  // Engine time may be ahead of the clock by which alarms are set.
  ports_.alarms->call_at(
      ports_.clock.now() + (later.at - committer_->engine_time()),
      [this, actor = later.customer, flow = later.flow] {
        deliver(actor, SearchInput{flow, false});
      },
      later.idle);
}

}  // namespace relance
