#include "scenarios/source.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "base/clock.h"
#include "base/doc.h"
#include "core/customer/decide.h"

namespace relance::test {
namespace {

constexpr size_t kEventsOfACustomer = 3;

}  // namespace

void Source::make() {
  const size_t number = events_.size();
  const std::string id = fmt::format("e-{}", number),
                    subject = fmt::format("c-{}", number / kEventsOfACustomer);
  Event event;
  event.line = fmt::format(
      R"({{"specversion":"1.0","id":"{}","source":"/storm","type":"payment.failed","time":"{}",)"
      R"("subject":"{}","data":{{"invoice_id":"i-{}","amount":{{"minor":900,"currency":"EUR"}},)"
      R"("context":"recurring","attempt_no":1,)"
      R"("decline":{{"provider":"stripe","raw_code":"expired_card"}}}}}})"
      "\n",
      id, format_instant(SystemClock().now()), subject, number);
  event.hash = event_hash("storm", subject, "/storm", id);
  events_.push_back(std::move(event));
}

void Source::start_over() {
  look();
  again_.clear();
  for (size_t i = 0; i < events_.size(); ++i)
    if (!events_[i].acknowledged) again_.push_back(i);
}

void Source::give_all_again() {
  look();
  for (Event& event : events_) event.kept = event.acknowledged = false;
  acknowledged_ = 0;
}

std::string Source::next() {
  if (again_.empty()) {
    make();
    return events_.back().line;
  }
  const size_t number = again_.front();
  again_.pop_front();
  return events_[number].line;
}

void Source::look() {
  std::ifstream file(acks_);
  file.seekg(static_cast<std::streamoff>(read_));
  for (std::string line; std::getline(file, line) && !file.eof();) {
    read_ += line.size() + 1;
    const auto ack = from_json(line);
    REQUIRE(ack);
    const std::string word(ack->view().find("ack").text().value_or(""));
    const std::string id(ack->view().find("id").text().value_or(""));
    REQUIRE(id.starts_with("e-"));
    Event& event = events_.at(std::stoul(id.substr(2)));
    if (word == "refused") {
      ++refused_;
      continue;
    }
    kept_twice_ += word == "kept" && event.kept;
    event.kept = event.kept || word == "kept";
    acknowledged_ += !event.acknowledged;
    event.acknowledged = true;
  }
}

std::set<uint64_t> Source::hashes(bool acknowledged_only) const {
  std::set<uint64_t> hashes;
  for (const Event& event : events_)
    if (event.acknowledged || !acknowledged_only) hashes.insert(event.hash);
  return hashes;
}

}  // namespace relance::test
