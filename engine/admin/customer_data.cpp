#include "admin/customer_data.h"

#include <algorithm>
#include <set>

#include "core/run/frozen.h"
#include "core/state/apply.h"

namespace relance {
namespace {

constexpr std::string_view kAddress = "address:";  // of the actor that an address is

using Fields = std::vector<std::pair<std::string, Doc>>;

std::string subject_in(const Key& customer, const Sealed& sealed) {
  const Doc record = opened(customer, sealed);
  return std::string(record.view().find("subject").text().value_or(""));
}

// As whom an entry meets its customer; empty: it does not.
std::string met_as(const Entry& entry) {
  for (const Record& record : entry.records) {
    if (const auto* met = std::get_if<CustomerMet>(&record))
      return subject_in(entry.customer, met->subject);
    const auto* base = std::get_if<Base>(&record);
    auto whole = base ? decode_snapshot(base->snapshot) : Result<Customer>(Error{});
    if (whole) return subject_in(entry.customer, whole->subject);
  }
  return {};
}

void add(Fields& fields, const char* name, std::string_view text) {
  if (!text.empty()) fields.emplace_back(name, Doc::text(text));
}
void add(Fields& fields, const char* name, Doc value) {
  if (!value.is_null() && !(value.view().type() == DocType::record && value.view().size() == 0))
    fields.emplace_back(name, std::move(value));
}
void add(Fields& fields, const char* name, Instant at) {
  if (!at.is_never() && at != Instant::beginning()) fields.emplace_back(name, Doc::instant(at));
}

class Teller {
 public:
  Teller(Archive& archive, const Key& customer) : archive_(archive) { customer_.id = customer; }

  void take(const StoredEntry& stored, const Entry& entry) {
    at_ = entry.at;
    Applying where{entry.at, nullptr};
    for (const Record& record : entry.records) {
      std::visit([&](const auto& r) { on(r); }, record);
      if (const auto* event = std::get_if<EventTaken>(&record)) where.event = event;
      apply(customer_, record, where);
    }
    finish_entry(customer_, entry.at, stored.body);
  }

  CustomerData all() && {
    Fields fields{{"pseudonym", Doc::text(customer_.id.text())},
                  {"restricted", Doc::boolean(customer_.privacy->restricted)}};
    add(fields, "customer", subject_in(customer_.id, customer_.subject));
    add(fields, "erased_at", customer_.privacy->erased_at);
    add(fields, "profile", open(customer_.profile));
    add(fields, "profile_read_at", customer_.profile_at);
    add(fields, "corrected", open(customer_.privacy->corrected));
    add(fields, "supplemented", open(customer_.privacy->added));
    add(fields, "orders_and_reactions", open(customer_.lookout->facts));
    fields.emplace_back("consents", consents());
    fields.emplace_back("remembered", remembered());
    fields.emplace_back("runs", runs());
    for (auto& [name, items] : lists_) fields.emplace_back(name, Doc::list(items));
    CustomerData data{std::move(customer_), Doc::record(fields), 0};
    for (const Touch& touch : data.state.touches) data.on_the_wire += touch.open() ? 1 : 0;
    return data;
  }

 private:
  Doc open(const Sealed& sealed) const { return opened(customer_.id, sealed); }
  void keep(const char* list, Fields fields) {
    fields.emplace_back("at", Doc::instant(at_));
    lists_[list].push_back(Doc::record(fields));
  }
  void add_step(Fields& fields, const Key& id, StepIndex step) const {
    const Run* run = customer_.find_run(id);
    if (!run) return;
    add(fields, "flow", run->flow);
    add(fields, "step", archive_.step_name(run->version, step));
  }

  template <class Other>
  void on(const Other&) {}

  void on(const EventTaken& r) {
    Fields fields{{"type", Doc::text(r.type)}, {"time", Doc::instant(r.time)}};
    const Doc envelope = open(r.envelope);
    add(fields, "id", Doc(envelope.view().find("id")));
    add(fields, "source", Doc(envelope.view().find("source")));
    add(fields, "data", open(r.data));
    keep("events", std::move(fields));
  }
  void on(const StepEnded& r) {
    Fields fields{{"outcome", Doc::text(r.outcome)}};
    add_step(fields, r.run, r.step);
    add(fields, "reason", r.reason);
    add(fields, "data", open(r.data));
    keep("decisions", std::move(fields));
  }
  void on(const Decided& r) {
    Fields fields{{"what", Doc::text(r.what)}};
    add_step(fields, r.run, r.step);
    add(fields, "choice", r.choice);
    add(fields, "facts", r.facts);
    keep("decisions", std::move(fields));
  }
  void on(const TouchJudged& r) {
    Fields fields{{"what", Doc::text(r.verdict)}, {"channel", Doc::text(r.channel)}};
    add_step(fields, r.run, r.step);
    add(fields, "reason", r.reason);
    add(fields, "facts", r.facts);
    keep("decisions", std::move(fields));
  }
  void on(const TouchIntended& r) {
    Fields fields{{"touch", Doc::text(r.touch.key.text())},
                  {"channel", Doc::text(r.touch.channel)},
                  {"flow", Doc::text(r.touch.flow)},
                  {"step", Doc::text(r.touch.step_name)}};
    const Doc frozen = frozen_of(customer_, r.touch);
    add(fields, "to", Doc(frozen.view().find("to")));
    add(fields, "data", Doc(frozen.view().find("data")));
    Fields parts;
    for (const Part& part : archive_.render(frozen)) add(parts, part.role.c_str(), part.text);
    if (!parts.empty()) add(fields, "said", Doc::record(parts));
    keep(r.touch.reaches_customer() ? "contacts" : "operations", std::move(fields));
  }
  void on(const TouchSettled& r) {
    Fields fields{{"touch", Doc::text(r.key.text())}};
    add(fields, "outcome", r.outcome);
    add(fields, "reason", r.reason);
    add(fields, "data", open(r.data));
    add(fields, "provider_ids", open(r.refs));
    keep("answers", std::move(fields));
  }
  void on(const CommandTaken& r) {
    Fields fields{{"command", Doc::text(r.command)}};
    add(fields, "author", r.author);
    add(fields, "detail", r.detail);
    keep("commands", std::move(fields));
  }

  Doc consents() const {
    std::vector<Doc> all;
    for (const Consent& one : customer_.consents) {
      Fields fields{{"purpose", Doc::text(purpose_name(one.purpose))},
                    {"given", Doc::boolean(one.given)}};
      add(fields, "channel", one.channel);
      add(fields, "at", one.at);
      add(fields, "basis", one.basis);
      add(fields, "source", one.source);
      add(fields, "text_version", one.text_version);
      add(fields, "expires_at", one.expires_at);
      add(fields, "proof", one.evidence);
      all.push_back(Doc::record(fields));
    }
    return Doc::list(all);
  }
  Doc remembered() const {
    constexpr const char* kKinds[] = {"said", "promised", "asked", "told"};
    std::vector<Doc> all;
    for (const Memory& one : customer_.memory)
      all.push_back(Doc::record({{"kind", Doc::text(kKinds[static_cast<size_t>(one.kind)])},
                                 {"word", Doc::text(one.word)},
                                 {"at", Doc::instant(one.at)}}));
    return Doc::list(all);
  }
  Doc runs() const {
    std::vector<Doc> all;
    for (const Run& run : customer_.runs) {
      Fields fields{{"flow", Doc::text(run.flow)}, {"began_at", Doc::instant(run.started_at)}};
      add(fields, "event", open(run.event));
      all.push_back(Doc::record(fields));
    }
    return Doc::list(all);
  }

  Archive& archive_;
  Customer customer_;
  Instant at_;
  std::map<std::string, std::vector<Doc>> lists_;
};

}  // namespace

Result<std::optional<Key>> find_customer(Archive& archive, const std::string& who) {
  const auto pseudonym = Key::parse(who);
  std::optional<Key> found;
  const auto read = archive.each_entry([&](const StoredEntry&, const Entry& entry) {
    if ((pseudonym && entry.customer == *pseudonym) || met_as(entry) == who) found = entry.customer;
    return !found;
  });
  if (!read) return read.error();
  return found;
}

Result<CustomerData> customer_data(Archive& archive, const Key& customer) {
  Teller teller(archive, customer);
  const auto read =
      archive.each_entry_of(customer, [&](const StoredEntry& stored, const Entry& entry) {
        teller.take(stored, entry);
        return true;
      });
  if (!read) return read.error();
  return std::move(teller).all();
}

Result<std::vector<Key>> kept_beside(Archive& archive, const Key& customer) {
  const auto data = customer_data(archive, customer);
  if (!data) return data.error();
  std::set<std::string> addresses;
  for (const auto& [place, contact] : data->told.view().find("contacts").items())
    addresses.emplace(contact.find("to").text().value_or(""));
  for (const char* field : {"email", "phone"})
    addresses.emplace(data->told.view().find("profile").find(field).text().value_or(""));
  addresses.erase("");
  std::set<Key> beside;
  // The second half of a touch's key is the first of its customer's.
  const auto is_his = [&](const Key& touch) { return touch && touch.low() == customer.high(); };
  const auto read = archive.each_entry([&](const StoredEntry&, const Entry& entry) {
    if (entry.customer == customer) return true;
    const std::string name = met_as(entry);
    if (name.starts_with(kAddress) && addresses.contains(name.substr(kAddress.size())))
      beside.insert(entry.customer);
    for (const Record& record : entry.records)
      if (const auto* waited = std::get_if<EventWaited>(&record); waited && is_his(waited->touch))
        beside.insert(entry.customer);
    return true;
  });
  if (!read) return read.error();
  return std::vector<Key>(beside.begin(), beside.end());
}

}  // namespace relance
