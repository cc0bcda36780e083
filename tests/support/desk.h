// A desk for one customer: feeds decide() by hand, keeps the entries it wrote, grants slots at once
// or not, and proves after every input that the records alone rebuild the customer byte for byte.
#pragma once

#include <catch2/catch.hpp>

#include "core/customer/decide.h"
#include "core/state/apply.h"
#include "core/state/redact.h"
#include "support/fake_rules.h"

namespace relance::test {

struct NoSuppression final : Suppression {
  std::set<uint64_t> suppressed;
  std::string reason(uint64_t address) const override {
    return suppressed.contains(address) ? "opted_out" : "";
  }
};

struct OpenSlots final : Slots {
  bool open = true;
  bool take(const Want&) override { return open; }
};

class Desk {
 public:
  explicit Desk(FakeRules& rules) : rules_(rules) { customer.id = customer_key("shop", "c-1"); }

  Customer customer;
  Instant now = *parse_instant("2026-01-05T10:00:00Z");
  std::optional<int64_t> since_boot;  // as the wall clock where nothing is said
  OpenSlots slots;
  NoSuppression suppression;
  std::optional<Pauses> pauses;
  std::vector<Entry> entries;
  std::vector<Effect> effects;  // of the last input

  Decision& feed(const Input& input, bool duplicate = false) {
    const Context context{
        now,     since_boot.value_or(now.ms), installation_, rules_, suppression, slots, duplicate,
        nullptr, pauses ? &*pauses : nullptr};
    decide(customer, input, context, decision_);
    effects = decision_.effects;
    if (decision_.entry.records.empty()) return decision_;
    const std::string bytes = encode_entry(decision_.entry);
    finish_entry(customer, now, bytes);
    if (erases(decision_.entry))
      for (std::string& earlier : bytes_) earlier = redacted(earlier);
    bytes_.push_back(bytes);
    entries.push_back(decision_.entry);
    check_rebuild();
    return decision_;
  }

  Decision& event(std::string type, Doc data, std::string id = "") {
    if (id.empty()) id = "e-" + std::to_string(++events_);
    EventInput input{id,
                     "test",
                     std::move(type),
                     "c-1",
                     now,
                     std::move(data),
                     event_hash("shop", "c-1", "test", id),
                     {}};
    return feed(input);
  }
  Decision& failed_payment(std::string invoice = "i-1", std::string id = "") {
    return event(
        "payment.failed",
        Doc::record({{"invoice_id", Doc::text(invoice)}, {"amount", Doc::money({4900, eur()})}}),
        id);
  }
  Decision& paid(std::string invoice = "i-1") {
    return event("payment.succeeded", Doc::record({{"invoice_id", Doc::text(invoice)}}));
  }
  // The open touch of a step answers.
  Decision& answer(const std::string& step, OperationStatus status, std::string word = "",
                   Doc data = {}) {
    OperationResult result;
    result.status = status;
    result.word = std::move(word);
    result.data = std::move(data);
    result.acted_at = now;
    return feed(ResultInput{open_touch(step).key, result});
  }
  Decision& profile(Doc data) {
    OperationResult result;
    result.status = OperationStatus::done;
    result.data = std::move(data);
    for (const Run& run : customer.runs)
      for (const StepState& state : run.steps)
        if (state.phase == Phase::reading) return feed(ReadInput{state.touch, result});
    FAIL("nothing is being read");
    return decision_;
  }
  Decision& profile() {
    return profile(Doc::record({{"email", Doc::text("ann@example.com")},
                                {"phone", Doc::text("+33639980001")},
                                {"timezone", Doc::text("UTC")},
                                {"first_name", Doc::text("Ann")}}));
  }
  // Moves time to the next due instant, or to `at`.
  Decision& due(Instant at = Instant::never()) {
    now = at.is_never() ? customer.next_due() : at;
    return feed(DueInput{});
  }

  const Touch& open_touch(const std::string& step) const {
    for (const Touch& touch : customer.touches)
      if (touch.step_name == step && touch.state != TouchState::done) return touch;
    FAIL("no open touch of step " << step);
    return customer.touches.front();
  }
  template <class T>
  size_t count(const std::vector<Effect>& of) const {
    return std::count_if(of.begin(), of.end(),
                         [](const Effect& e) { return std::holds_alternative<T>(e); });
  }
  template <class T>
  std::vector<T> records() const {
    std::vector<T> found;
    for (const Entry& entry : entries)
      for (const Record& record : entry.records)
        if (const T* one = std::get_if<T>(&record)) found.push_back(*one);
    return found;
  }
  // How the only run ended; "" while it lives.
  std::string ended() const {
    const auto ends = records<RunEnding>();
    return ends.empty() || !customer.runs.empty() ? "" : std::string(run_end_name(ends.back().how));
  }
  std::string outcome(std::string_view step_name) const {
    for (const auto& end : records<StepEnded>())
      if (rules_.active().front()->steps[end.step].name == step_name) return end.outcome;
    return "";
  }

  // His entries as the store holds them.
  const std::vector<std::string>& stored() const { return bytes_; }

  static Currency eur() { return *Currency::parse("EUR"); }

 private:
  // What a store makes of an entry before the one that erases.
  std::string redacted(const std::string& bytes) const {
    auto entry = decode_entry(bytes);
    REQUIRE(entry.ok());
    entry->customer = customer.id;
    redact(*entry);
    return encode_entry(*entry);
  }
  void check_rebuild() {
    Customer rebuilt;
    rebuilt.id = customer.id;
    for (size_t i = 0; i < bytes_.size(); ++i) {
      auto entry = decode_entry(bytes_[i]);
      REQUIRE(entry.ok());
      apply_entry(rebuilt, *entry, bytes_[i]);
    }
    const std::string snapshot = encode_snapshot(customer);
    REQUIRE(encode_snapshot(rebuilt) == snapshot);
    auto again = decode_snapshot(snapshot);
    REQUIRE(again.ok());
    REQUIRE(*again == customer);
  }

  FakeRules& rules_;
  std::string installation_ = "test";
  Decision decision_;
  std::vector<std::string> bytes_;
  int events_ = 0;
};

}  // namespace relance::test
