#include "sim/life.h"

#include <algorithm>
#include <set>

namespace relance {
namespace {

constexpr Duration kLasts = days(28);
constexpr Duration kEventsFor = days(18);  // what follows from them has time to happen

const std::vector<std::string> kDeclines = {"insufficient_funds", "expired_card", "do_not_honor",
                                            "lost_card", "processing_error"};
const std::vector<std::string> kTexts = {"STOP", "thank you", "START"};

template <class T>
const T& pick(const std::vector<T>& from, Dice& dice) {
  return from[dice.below(from.size())];
}

}  // namespace

uint64_t Dice::next() {  // splitmix64
  uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

Duration Dice::span(Duration most) {
  int64_t top = most.ms;
  while (top > 1000 && percent(50)) top /= 4;
  return {static_cast<int64_t>(below(static_cast<uint64_t>(top) + 1))};
}

LifeMaker::LifeMaker(const Bundle& bundle) : bundle_(bundle) {
  for (const CompiledFlow& compiled : bundle.flows) {
    const Flow& flow = compiled.flow;
    for (const EventPattern& one : flow.start) add(one.type, 12);
    if (flow.absence) add(flow.absence->type, 12);
    for (const auto* patterns : {&flow.goal, &flow.stop, &flow.updates})
      for (const EventPattern& one : *patterns) add(one.type, 2);
    add_words(flow);
  }
  for (const MarkerRule& marker : bundle.contact.exclusions.markers)
    for (const auto* types : {&marker.opens, &marker.closes})
      for (const std::string& type : *types) add(type, 6);
  for (const char* type : {"consent.given", "consent.withdrawn", "message.received"}) add(type, 2);
  if (bundle.contact.exclusions.responded_leaves) add("link.clicked", 8);
}

void LifeMaker::add_words(const Flow& flow) {
  for (const Step& step : flow.steps) {
    if (const auto* await = std::get_if<AwaitStep>(&step.body))
      for (const EventPattern& one : await->events) add(one.type, 2);
    if (const auto* send = std::get_if<SendStep>(&step.body))
      for (const EventPattern& one : send->expect) add(one.type, 2);
    const auto* decide = std::get_if<DecideStep>(&step.body);
    if (!decide) continue;
    for (const TableRow& row : decide->rows)
      for (const Cell& cell : row.cells)
        for (const Doc& value : cell.values)
          if (const auto text = value.view().text()) words_.emplace_back(*text);
  }
}

void LifeMaker::add(const std::string& type, int weight) {
  const EventType* known = bundle_.events.find(type);
  const auto same = [&](const Kind& kind) { return kind.type == type; };
  if (!known || std::any_of(kinds_.begin(), kinds_.end(), same)) return;
  Kind kind{type, known->about, {}, weight};
  for (const CompiledFlow& compiled : bundle_.flows)
    kind.keys.insert(kind.keys.end(), compiled.flow.key.begin(), compiled.flow.key.end());
  for (const MarkerRule& marker : bundle_.contact.exclusions.markers)
    kind.keys.insert(kind.keys.end(), marker.key.begin(), marker.key.end());
  weights_ += weight;
  kinds_.push_back(std::move(kind));
}

Doc LifeMaker::data_of(const Kind& kind, Dice& dice, Instant at) const {
  std::vector<std::pair<std::string, Doc>> fields;
  const auto put = [&](const std::string& name, Doc value) {
    fields.emplace_back(name, std::move(value));
  };
  const EventType& type = *bundle_.events.find(kind.type);
  for (const auto& [name, shape] : type.fields) {
    const bool key = std::find(kind.keys.begin(), kind.keys.end(), name) != kind.keys.end();
    if (!key && dice.percent(15)) continue;
    if (name == "decline") {
      put(name, Doc::record({{"raw_code", Doc::text(pick(kDeclines, dice))}}));
      continue;
    }
    if (name == "purpose") {
      put(name, Doc::text(purpose_name(static_cast<Purpose>(dice.below(3)))));
      continue;
    }
    if (name == "channel" || name == "address") continue;  // all channels; the own address
    switch (shape) {
      case FieldType::text: {
        const std::string own = key ? "k" + std::to_string(dice.below(2)) : pick(kTexts, dice);
        const bool word = !key && !words_.empty() && dice.percent(50);
        put(name, Doc::text(word ? pick(words_, dice) : own));
        break;
      }
      case FieldType::number:
        put(name, Doc::integer(1 + static_cast<int64_t>(dice.below(4))));
        break;
      case FieldType::money:
        put(name, Doc::money({dice.percent(50) ? 4900 : 49900, bundle_.currency}));
        break;
      case FieldType::instant: put(name, Doc::instant(at + dice.span(days(6)))); break;
      case FieldType::boolean: put(name, Doc::boolean(dice.percent(50))); break;
      case FieldType::date:
      case FieldType::record: break;
    }
  }
  auto typed = type_event_data(kind.type, Doc::record(fields), bundle_.events, at);
  return typed ? std::move(*typed) : Doc::record({});
}

Life LifeMaker::make(uint64_t seed) const {
  Dice dice(seed);
  Life life;
  life.seed = dice.next();
  life.from = Instant{1'767'225'600'000} + hours(static_cast<int64_t>(dice.below(24 * 700)));
  life.to = life.from + kLasts;
  const size_t count = weights_ == 0 ? 0 : 3 + dice.below(22);
  Instant at = life.from;
  if (dice.percent(60)) {  // most customers have agreed to marketing
    auto agreed = type_event_data(
        "consent.given", Doc::record({{"purpose", Doc::text("marketing")}}), bundle_.events, at);
    if (agreed) life.events.push_back({at, at, "consent.given", std::move(*agreed), false, 0});
  }
  for (size_t i = 0; i < count; ++i) {
    // Some at one instant, some minutes apart, some days.
    if (!dice.percent(25)) at = at + dice.span(Duration{kEventsFor.ms / 6});
    if (at > life.from + kEventsFor) break;
    auto weight = static_cast<int>(dice.below(static_cast<uint64_t>(weights_)));
    const Kind* kind = &kinds_.front();
    for (const Kind& one : kinds_)
      if ((weight -= one.weight) < 0) {
        kind = &one;
        break;
      }
    Happening one;
    one.time = at;
    one.told_at = dice.percent(15) ? at + dice.span(days(2)) : at;
    one.type = kind->type;
    one.about_touch = kind->about == "touch";
    one.data = data_of(*kind, dice, at);
    one.number = static_cast<int>(i) + 1;
    life.events.push_back(std::move(one));
  }
  std::stable_sort(life.events.begin(), life.events.end(),
                   [](const Happening& a, const Happening& b) { return a.told_at < b.told_at; });
  return life;
}

}  // namespace relance
