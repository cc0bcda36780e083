// Rules for tests: hand-built flows, functions as lambdas, channels and policies as told. No Lua,
// no plugins.
#pragma once

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <set>

#include "core/run/rules.h"

namespace relance::test {

class FakeRules final : public Rules {
 public:
  // Functions of all flows, by number.
  std::map<int, std::function<Result<bool>(const View&)>> tests;
  std::map<int, std::function<Result<Doc>(const View&)>> datas;
  std::map<int, std::function<bool(DocView)>> wheres;
  std::function<PolicyAnswer(const PolicyQuestion&)> policy_says;
  std::map<std::string, Channel, std::less<>> channels;
  std::map<std::string, Connector, std::less<>> connectors;
  std::map<std::string, TalkScript, std::less<>> scripts;
  std::map<std::string, std::string, std::less<>> abouts{{"payment_method.updated", "customer"},
                                                         {"link.clicked", "touch"}};
  ContactRules rules;
  std::map<Key, std::string> lost;  // versions that cannot be loaded, and why

  Flow& add(Flow flow) {
    flow.version = derive_key({"version", flow.name});
    flows_.push_back(std::move(flow));
    pointers_.clear();
    for (const Flow& one : flows_) pointers_.push_back(&one);
    return flows_.back();
  }
  // Another version of the latest flow.
  void replace(Flow flow, std::string_view version) {
    flows_.pop_back();
    add(std::move(flow)).version = derive_key({"version", version});
  }
  Channel& add_channel(std::string name, std::string kind,
                       DeliveryClass delivery = DeliveryClass::keyed) {
    Channel channel;
    channel.name = name;
    channel.kind = std::move(kind);
    channel.delivery = delivery;
    channel.key_window = hours(24);
    channel.index_lag = seconds(10);
    channel.can_look_up = delivery == DeliveryClass::lookup;
    channel.context = true;
    return channels[name] = channel;
  }

  uint64_t generation() const override { return 1; }
  const std::string& tenant() const override { return tenant_; }
  const Flow* flow(const Key& version) const override {
    if (lost.contains(version)) return nullptr;
    for (const Flow& one : flows_)
      if (one.version == version) return &one;
    return nullptr;
  }
  std::string why_missing(const Key& version) const override {
    const auto known = lost.find(version);
    return known == lost.end() ? Rules::why_missing(version) : known->second;
  }
  std::span<const Flow* const> started_by(std::string_view) const override {
    thread_local std::vector<const Flow*> by_priority;  // any worker may ask
    by_priority = pointers_;
    std::stable_sort(by_priority.begin(), by_priority.end(), [&](const Flow* a, const Flow* b) {
      return rules.priority_of(a->name) < rules.priority_of(b->name);
    });
    return by_priority;
  }
  std::span<const Flow* const> active() const override { return pointers_; }
  std::span<const Flow* const> watching(std::string_view type) const override {
    thread_local std::vector<const Flow*> watching;
    watching.clear();
    for (const Flow& one : flows_)
      if (one.absence && one.absence->type == type) watching.push_back(&one);
    return watching;
  }
  bool facts_are_kept = false;
  bool keeps_facts() const override { return facts_are_kept; }
  Result<bool> test(const Flow&, FunctionRef f, const View& view) const override {
    return tests.at(f.number)(view);
  }
  Result<Doc> data(const Flow&, FunctionRef f, const View& view) const override {
    return datas.at(f.number)(view);
  }
  Result<std::string> choose(const Flow&, FunctionRef, const View&) const override {
    return std::string("none");
  }
  Result<bool> where(const Flow&, FunctionRef f, DocView event) const override {
    return wheres.at(f.number)(event);
  }
  Result<PolicyAnswer> policy(std::string_view, const PolicyQuestion& question,
                              const View&) const override {
    return policy_says(question);
  }
  std::string revision = "r1";  // of every policy
  std::string policy_revision(std::string_view) const override { return revision; }
  const Channel* channel(std::string_view name) const override { return find(channels, name); }
  const Connector* connector(std::string_view name) const override {
    return find(connectors, name);
  }
  const ContactRules& contact() const override { return rules; }
  const Zone& zone() const override { return Zone::utc(); }
  const std::string& locale() const override { return locale_; }
  std::map<std::string, HumanQueue, std::less<>> queues{{"billing", {}}};
  const HumanQueue* queue(std::string_view name) const override { return find(queues, name); }
  std::string data_controller = "Shop SAS, Paris";
  const std::string& controller() const override { return data_controller; }
  std::string_view about(std::string_view type) const override {
    auto it = abouts.find(type);
    return it == abouts.end() ? std::string_view{} : std::string_view(it->second);
  }
  const TalkScript* script(const Flow&, std::string_view name) const override {
    return find(scripts, name);
  }
  Result<Doc> inputs(const TemplateRef& wanted, const View&, DocView) const override {
    return Doc::record({{"template", Doc::text(wanted.name)}});
  }
  Result<std::vector<Part>> render(DocView inputs, DocView) const override {
    return std::vector<Part>{
        {"text", "text/plain", std::string(inputs.find("template").text().value_or(""))}};
  }
  std::string first_words;
  std::string disclosure(std::string_view, std::string_view, DocView) const override {
    return first_words;
  }
  Result<std::string> line(std::string_view, std::string_view text_id, std::string_view,
                           DocView) const override {
    return std::string(text_id);
  }

 private:
  template <class Map>
  static auto find(const Map& map, std::string_view name) -> const typename Map::mapped_type* {
    auto it = map.find(name);
    return it == map.end() ? nullptr : &it->second;
  }
  std::string tenant_ = "shop", locale_ = "en";
  std::deque<Flow> flows_;  // stable addresses
  std::vector<const Flow*> pointers_;
};

// ---- building flows

inline After on(StepIndex step, std::vector<std::string> outcomes) {
  After after;
  after.kind = After::Kind::edge;
  after.edge.step = step;
  after.edge.bare = outcomes.empty();
  after.edge.outcomes = std::move(outcomes);
  return after;
}
inline After joined(After::Kind kind, std::vector<After> of) {
  After after;
  after.kind = kind;
  after.of = std::move(of);
  return after;
}
inline After when_ended(std::vector<RunEnd> ends) {
  After after;
  after.kind = After::Kind::ended;
  after.ends = std::move(ends);
  return after;
}

inline Step step(std::string name, StepBody body, After after = {}, FunctionRef when = {}) {
  Step made;
  made.name = std::move(name);
  made.body = std::move(body);
  made.after = std::move(after);
  made.when = when;
  for (std::string_view word : kind_outcomes(made.kind())) made.outcomes.emplace_back(word);
  if (const auto* send = std::get_if<SendStep>(&made.body))
    for (const SendChannel& one : send->over())
      for (std::string_view word : channel_words(one.kind)) made.outcomes.emplace_back(word);
  if (const auto* handoff = std::get_if<HandoffStep>(&made.body))
    made.outcomes.insert(made.outcomes.end(), handoff->words.begin(), handoff->words.end());
  if (when) made.outcomes.emplace_back("skipped");
  return made;
}
inline SendStep mail(int tries = 1) {
  SendStep send;
  send.via = "email";
  send.channel_kind = "email";
  send.template_name = "hello";
  send.tries = tries;
  return send;
}
// Over several channels, each of its kind's name.
inline SendStep any_of(std::vector<std::string> kinds, int tries = 1) {
  SendStep send = mail(tries);
  send.via = send.channel_kind = "";
  send.choose = "ladder";
  for (std::string& kind : kinds) send.channels.push_back({kind, kind});
  return send;
}
inline StartFlowStep start_flow(std::string flow, Doc data = {}) {
  return {std::move(flow), {{}, std::move(data)}};
}
inline ChargeStep charge(int tries = 1) {
  ChargeStep made;
  made.via = "retry";
  made.tries = tries;
  return made;
}
inline WaitStep wait_for(Duration span) {
  WaitStep made;
  made.duration = span;
  return made;
}
inline AwaitStep await(std::string type, std::optional<Duration> within = {}) {
  AwaitStep made;
  made.events.push_back({std::move(type), {}});
  made.within = within;
  return made;
}
inline Flow flow(std::string name, std::vector<Step> steps) {
  Flow made;
  made.name = std::move(name);
  made.start.push_back({"payment.failed", {}});
  made.key = {"invoice_id"};
  made.goal.push_back({"payment.succeeded", {}});
  made.stop.push_back({"invoice.voided", {}});
  made.purpose = Purpose::recovery;
  made.expire = days(28);
  made.steps = std::move(steps);
  return made;
}

}  // namespace relance::test
