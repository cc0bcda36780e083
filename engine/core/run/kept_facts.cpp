#include "core/run/kept_facts.h"

#include <array>

namespace relance {
namespace {

constexpr std::array<FactField, 14> kFields = {{
    {"orders", DocType::integer, "how many were placed"},
    {"last_order_at", DocType::instant, "when the last one was placed"},
    {"last_order_id", DocType::text, "of the last one"},
    {"last_order_amount", DocType::money, "of the last one"},
    {"last_order_category", DocType::text, "of the last one: order.placed's `category`"},
    {"last_order_status", DocType::text,
     "of the last one: placed, paid, dispatched, delivered, cancelled or returned"},
    {"last_order_returned", DocType::boolean, "a return of the last one was approved"},
    {"returns", DocType::integer, "how many were approved"},
    {"failed_payments", DocType::integer, "how many there were"},
    {"opens", DocType::integer, "e-mails that he opened"},
    {"last_opened_at", DocType::instant, "when he last did"},
    {"clicks", DocType::integer, "links that he followed"},
    {"last_clicked_at", DocType::instant, "when he last did"},
    {"last_replied_at", DocType::instant, "when he last answered or wrote"},
}};

struct StatusOf {
  std::string_view type, status;
};
constexpr std::array<StatusOf, 5> kStatus = {{{"order.paid", "paid"},
                                              {"order.dispatched", "dispatched"},
                                              {"delivery.done", "delivered"},
                                              {"order.cancelled", "cancelled"},
                                              {"return.processed", "returned"}}};

using Changes = std::vector<std::pair<std::string, Doc>>;

struct Event {
  DocView facts;
  std::string_view type;
  Instant time;
  DocView data;
  Changes changes;

  Instant last(std::string_view field) const {
    return facts.find(field).instant().value_or(Instant::beginning());
  }
  void count(std::string_view field) {
    changes.emplace_back(field, Doc::integer(facts.find(field).integer().value_or(0) + 1));
  }
  void note(std::string_view field) {
    if (time > last(field)) changes.emplace_back(field, Doc::instant(time));
  }
  void copy(std::string_view field, std::string_view from) {
    changes.emplace_back(field, Doc(data.find(from)));
  }

  void order_placed() {
    count("orders");
    if (time <= last("last_order_at")) return;
    note("last_order_at");
    copy("last_order_id", "order_id");
    copy("last_order_amount", "amount");
    copy("last_order_category", "category");
    changes.emplace_back("last_order_status", Doc::text("placed"));
    changes.emplace_back("last_order_returned", Doc::boolean(false));
  }

  // Does it tell of the last order? One that names none tells of the last.
  bool of_last_order() const {
    const DocView id = data.find("order_id");
    return !facts.find("last_order_at").is_null() &&
           (id.is_null() || id == facts.find("last_order_id"));
  }

  void read() {
    if (type == "order.placed") return order_placed();
    if (type == "payment.failed") return count("failed_payments");
    if (type == "email.opened") return count("opens"), note("last_opened_at");
    if (type == "link.clicked") return count("clicks"), note("last_clicked_at");
    if (type == "email.replied" || type == "sms.replied" || type == "message.received")
      return note("last_replied_at");
    const bool approved = type == "return.approved";
    if (approved) count("returns");
    if (!of_last_order()) return;
    if (approved || type == "return.rejected")
      changes.emplace_back("last_order_returned", Doc::boolean(approved));
    for (const StatusOf& one : kStatus)
      if (type == one.type) changes.emplace_back("last_order_status", Doc::text(one.status));
  }
};

}  // namespace

std::span<const FactField> fact_fields() { return kFields; }

std::optional<Doc> facts_after(DocView facts, std::string_view type, Instant time, DocView data) {
  Event event{facts, type, time, data, {}};
  event.read();
  if (event.changes.empty()) return std::nullopt;
  return Doc::merged(facts, Doc::record(event.changes));
}

}  // namespace relance
