#include "admin/items.h"

#include <algorithm>

#include "core/run/human_item.h"

namespace relance {
namespace {

class Items {
 public:
  void take(const Entry& entry) {
    customer_ = entry.customer;
    for (const Record& record : entry.records) std::visit([&](const auto& r) { on(r); }, record);
  }

  std::vector<ItemRow> rows() {
    std::vector<ItemRow> rows;
    for (auto& [item, row] : standing_) {
      row.subject = subjects_[row.customer];
      rows.push_back(std::move(row));
    }
    std::stable_sort(rows.begin(), rows.end(), [](const ItemRow& a, const ItemRow& b) {
      return a.lease.opened_at < b.lease.opened_at;
    });
    return rows;
  }

 private:
  template <class Other>
  void on(const Other&) {}

  void on(const CustomerMet& r) {
    subjects_[customer_] = opened(customer_, r.subject).view().find("subject").text().value_or("");
  }

  // The step has its packet before its item stands.
  void on(const StepMoved& r) {
    if (r.state.phase == Phase::human)
      packets_[item_key(customer_, r.run, r.state.step)] = r.state.data;
  }

  void on(const LeaseChanged& r) {
    if (r.lease.call) return;
    const Key item = item_key(customer_, r.lease.run, r.lease.step);
    const auto packet = packets_.find(item);
    if (!r.held) {
      standing_.erase(item);
      if (packet != packets_.end()) packets_.erase(packet);
      return;
    }
    ItemRow& row = standing_[item];
    row.item = item;
    row.customer = customer_;
    row.lease = r.lease;
    if (row.packet.is_null() && packet != packets_.end())
      row.packet = opened(customer_, packet->second);
  }

  void on(const CustomerErased&) {
    std::erase_if(standing_, [&](const auto& one) { return one.second.customer == customer_; });
  }

  Key customer_;
  std::map<Key, std::string> subjects_;
  std::map<Key, Sealed> packets_;
  std::map<Key, ItemRow> standing_;
};

}  // namespace

std::string ItemRow::text(std::string_view field) const {
  return std::string(packet.view().find(field).text().value_or(""));
}

std::vector<std::string> ItemRow::outcomes() const {
  std::vector<std::string> words;
  for (const auto& [place, word] : packet.view().find("outcomes").items())
    words.emplace_back(word.text().value_or(""));
  return words;
}

Result<std::vector<ItemRow>> items_in(Archive& archive) {
  Items items;
  auto read = archive.each_entry([&](const StoredEntry&, const Entry& entry) {
    items.take(entry);
    return true;
  });
  if (!read) return read.error();
  return items.rows();
}

std::string item_json(const ItemRow& row, bool whole) {
  std::vector<std::pair<std::string, Doc>> fields{{"item", Doc::text(row.item.text())},
                                                  {"queue", Doc::text(row.lease.queue)},
                                                  {"customer", Doc::text(row.subject)},
                                                  {"flow", Doc::text(row.flow())},
                                                  {"step", Doc::text(row.step())},
                                                  {"why", Doc::text(row.why())},
                                                  {"opened_at", Doc::instant(row.lease.opened_at)},
                                                  {"by", Doc::text(row.lease.by)},
                                                  {"follow_up", Doc::boolean(row.lease.follow_up)}};
  if (!row.lease.until.is_never()) fields.emplace_back("until", Doc::instant(row.lease.until));
  if (whole) fields.emplace_back("packet", row.packet);
  return to_json(Doc::record(fields));
}

}  // namespace relance
