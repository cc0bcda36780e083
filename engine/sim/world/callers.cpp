#include "sim/world/callers.h"

namespace relance {
namespace {

constexpr Duration kLongestCall = minutes(20);

}  // namespace

void Callers::later(const Key& touch, Duration after, std::function<void(Call&)> work) {
  const uint64_t number = calls_[touch].number;
  agenda_.at(clock_.true_now() + after, [this, touch, number, work = std::move(work)] {
    const auto call = calls_.find(touch);
    if (call != calls_.end() && call->second.number == number) work(call->second);
  });
}

void Callers::begin(const Key& customer, const Key& touch, Inbox& inbox, Ended ended) {
  calls_[touch] = {++calls_begun_, customer, &inbox, std::move(ended)};
  HeardInput somebody;
  somebody.touch = touch;
  inbox.deliver(customer, std::move(somebody));
  const bool patient = chance_.percent(60);
  later(touch, patient ? kLongestCall : chance_.span(seconds(1), minutes(2)),
        [this, touch](Call&) { end(touch, "hung_up"); });
}

bool Callers::end(const Key& touch, const std::string& word) {
  const auto call = calls_.find(touch);
  if (call == calls_.end()) return false;
  const Ended ended = std::move(call->second.ended);
  calls_.erase(call);
  ended(word);
  return true;
}

void Callers::perform(const Perform& turn) {
  if (!calls_.contains(turn.touch)) return;
  const Key touch = turn.touch;
  if (turn.action == "end")
    return later(touch, seconds(2), [this, touch](Call&) { end(touch, "delivered"); });
  later(touch, chance_.span(milliseconds(10), seconds(20)),
        [heard = reply(turn)](Call& call) { call.inbox->deliver(call.customer, heard); });
}

HeardInput Callers::reply(const Perform& turn) {
  HeardInput heard;
  heard.touch = turn.touch;
  heard.turn = turn.turn;
  if (turn.action == "say" || turn.action == "play") return heard;
  if (turn.action == "transfer") {
    heard.word = chance_.percent(70) ? "accepted" : "declined";
  } else if (chance_.percent(15)) {
    heard.silent = true;
  } else if (chance_.percent(60) && !turn.expects.empty()) {
    heard.word = chance_.pick(turn.expects);
  } else {
    heard.text = "well";
  }
  return heard;
}

void Callers::understand(const Understand& question, Inbox& inbox) {
  UnderstoodInput understood;
  understood.touch = question.touch;
  understood.turn = question.turn;
  understood.answers = Doc::empty_record();
  if (!question.expects.empty() && chance_.percent(70))
    understood.word = chance_.pick(question.expects);
  const Key touch = question.touch;
  if (!calls_.contains(touch)) return inbox.deliver(question.customer, std::move(understood));
  later(touch, chance_.span(milliseconds(1), seconds(3)),
        [understood = std::move(understood)](Call& call) {
          call.inbox->deliver(call.customer, understood);
        });
}

}  // namespace relance
