// What a node does for flows that search for their segments (core/customer/search.h).
#include <atomic>

#include "core/customer/search.h"
#include "node/node_core.h"

namespace relance {
namespace {

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
  for (const Flow* flow : active->active())
    if (flow->segment)
      deliver(customer_key(active->tenant(), search_actor(flow->name)),
              SearchInput{flow->name, true});
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
  ports_.alarms->call_at(
      later.at,
      [this, actor = later.customer, flow = later.flow] {
        deliver(actor, SearchInput{flow, false});
      },
      later.idle);
}

}  // namespace relance
