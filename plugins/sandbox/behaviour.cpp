#include "behaviour.h"

#include <relance/plugin.h>

#include "caps.h"
#include "kit/share.h"

namespace sandbox {
namespace {

using Shares = std::map<std::string, double>;

Shares default_answers(As kind) {
  switch (kind) {
    case As::email: return {{"delivered", 0.99}, {"bounced", 0.01}};
    case As::sms: return {{"delivered", 0.95}, {"bounced", 0.05}};
    case As::voice:
      return {{"picked_up", 0.35},
              {"voicemail", 0.39},
              {"no_answer", 0.16},
              {"busy", 0.07},
              {"invalid_number", 0.03}};
    case As::connector: return {{"done", 1}};
    default: return {{"delivered", 1}};
  }
}

Shares default_approve() {
  return {{"action:retry_now", 0.60},
          {"action:retry_scheduled", 0.18},
          {"action:contact_issuer", 0.08},
          {"code:51", 0.22},
          {"code:insufficient_funds", 0.22},
          {"code:05", 0.14},
          {"code:do_not_honor", 0.14},
          {"code:generic_decline", 0.14},
          {"code:card_velocity_exceeded", 0.35},
          {"new_method", 0.85},
          {"*", 0}};
}

Shares default_words() {
  return {{"yes", 20},           {"no", 1},
          {"send_link", 5},      {"pay_later", 3},
          {"refused", 1},        {"no_funds", 4},
          {"bank_failure", 3},   {"other", 2},
          {"wants_human", 0.3},  {"dissatisfied", 0.1},
          {"opted_out", 0.1},    {"callback", 0.3},
          {"wrong_person", 0.2}, {"*", 2}};
}

int64_t default_cost(As kind) {
  switch (kind) {
    case As::email: return 500;
    case As::sms: return 30000;
    case As::voice: return 100000;
    case As::retry: return 50000;
    default: return 0;
  }
}

void read_shares(const kit::Value* from, std::string_view name, Shares& into, bool replace) {
  const kit::Value* object = kit::member(from, name);
  if (object == nullptr || !object->IsObject()) return;
  if (replace) into.clear();
  for (const auto& field : object->GetObject()) {
    if (field.value.IsNumber()) into[std::string(kit::view(field.name))] = field.value.GetDouble();
  }
}

void read_texts(const kit::Value* from, std::string_view name, std::vector<std::string>& into) {
  const kit::Value* list = kit::member(from, name);
  if (list == nullptr || !list->IsArray()) return;
  into.clear();
  for (const kit::Value& item : list->GetArray()) {
    if (item.IsString()) into.emplace_back(kit::view(item));
  }
}

void read_delay(const kit::Value* from, std::string_view name, Delay& into) {
  const kit::Value* delay = kit::member(from, name);
  into.median_s = kit::number(delay, "median_s", into.median_s);
  into.sigma = kit::number(delay, "sigma", into.sigma);
}

void read_customers(const kit::Value* root, Behaviour& b) {
  const kit::Value* react = kit::member(root, "react");
  b.open = kit::number(react, "open", b.open);
  b.click = kit::number(react, "click", b.click);
  b.pay = kit::number(react, "pay", b.pay);
  b.update = kit::number(react, "update", b.update);
  b.stop = kit::number(react, "stop", b.stop);
  b.requested_click = kit::number(react, "requested_click", b.requested_click);
  b.requested_pay = kit::number(react, "requested_pay", b.requested_pay);
  b.keep_promise = kit::number(react, "keep_promise", b.keep_promise);
  const kit::Value* after = kit::member(root, "react_after");
  read_delay(after, "open", b.open_after);
  read_delay(after, "click", b.click_after);
  read_delay(after, "pay", b.pay_after);
  read_delay(after, "requested_click", b.requested_click_after);
  read_delay(after, "requested_pay", b.requested_pay_after);
}

void read_conversation(const kit::Value* root, Behaviour& b) {
  const kit::Value* talk = kit::member(root, "talk");
  if (talk != nullptr && talk->IsObject()) {
    for (const auto& step : talk->GetObject()) {
      const std::string name(kit::view(step.name));
      read_shares(talk, name, b.talk[name], true);
    }
  }
  read_shares(root, "words", b.words, false);
  read_texts(root, "promises", b.promises);
  b.silent = kit::number(root, "silent", b.silent);
  b.hang_up = kit::number(root, "hang_up", b.hang_up);
  b.transfer_accepted = kit::number(root, "transfer_accepted", b.transfer_accepted);
  b.understood = kit::boolean(root, "understood", b.understood);
}

void read_records(const kit::Value* root, Behaviour& b) {
  const kit::Value* records = kit::member(root, "records");
  if (records == nullptr || !records->IsObject()) return;
  for (const auto& what : records->GetObject()) {
    if (!what.value.IsObject()) continue;
    for (const auto& record : what.value.GetObject()) {
      rapidjson::StringBuffer buffer;
      rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
      record.value.Accept(writer);
      b.records[std::string(kit::view(what.name))][std::string(kit::view(record.name))] =
          buffer.GetString();
    }
  }
}

// What differs by kind: people read texts at once and see no "open"; voice has no link of its own.
void set_defaults(Behaviour& b) {
  b.answers = default_answers(b.kind);
  b.approve = default_approve();
  b.words = default_words();
  b.cost_micro = default_cost(b.kind);
  if (b.kind != As::email) {
    b.open = 1;
    b.click = 0.18;
    b.click_after = {660, 2.0};
  }
}

uint64_t seed_of(const kit::Value* root) {
  const std::string_view text = kit::text(root, "seed");
  if (!text.empty()) return kit::mix(0, text, "seed");
  return static_cast<uint64_t>(kit::integer(root, "seed"));
}

void check_share(const Shares& shares, std::string_view name, std::string& problems) {
  for (const auto& [word, share] : shares) {
    if (share < 0 || share > 1) {
      problems += std::string(name) + "." + word + " must be a share between 0 and 1\n";
    }
  }
}

}  // namespace

double Behaviour::segment_factor(std::string_view segment) const {
  const auto it = segments.find(std::string(segment));
  return it == segments.end() ? 1.0 : it->second;
}

As kind_of(std::string_view as) {
  if (as == "email") return As::email;
  if (as == "sms") return As::sms;
  if (as == "voice") return As::voice;
  if (as == "retry") return As::retry;
  if (as == "connector" || as == "crm" || as == "shop" || as == "carrier" || as == "commerce") {
    return As::connector;
  }
  return As::message;
}

Behaviour read_behaviour(std::string_view config) {
  const kit::Json json(config);
  const kit::Value* root = json.root();
  Behaviour b;
  b.as = kit::text(root, "as", "email");
  b.kind = kind_of(b.as);
  set_defaults(b);
  b.keyed = delivery_of(config) == RL_KEYED;
  b.channel = kit::text(root, "channel", b.as);
  b.seed = seed_of(root);
  b.world = kit::text(root, "world");
  b.effects = kit::text(root, "effects");
  b.currency = kit::text(root, "currency", b.currency);
  b.delay_ms = kit::integer(root, "delay_ms", b.delay_ms);
  b.answer_after_ms = kit::integer(root, "answer_after_ms", b.answer_after_ms);
  b.ring_ms = kit::integer(root, "ring_ms", b.ring_ms);
  b.turn_ms = kit::integer(root, "turn_ms", b.turn_ms);
  b.per_try = kit::number(root, "per_try", b.per_try);
  b.not_now = kit::number(root, "faults.not_now");
  b.unknown = kit::number(root, "faults.unknown");
  b.missing = kit::number(root, "missing");
  b.cost_micro = kit::integer(root, "cost_micro", b.cost_micro);
  b.cost_unanswered_micro = kit::integer(root, "cost_unanswered_micro", b.cost_unanswered_micro);
  read_texts(root, "script", b.script);
  read_shares(root, "answers", b.answers, true);
  read_shares(root, "approve", b.approve, false);
  read_shares(root, "segments", b.segments, false);
  read_customers(root, b);
  read_conversation(root, b);
  read_records(root, b);
  return b;
}

std::string problems_of(std::string_view config) {
  const Behaviour b = read_behaviour(config);
  std::string problems;
  check_share(b.answers, "answers", problems);
  check_share(b.approve, "approve", problems);
  for (const auto& [step, shares] : b.talk) check_share(shares, "talk." + step, problems);
  const uint32_t delivery = delivery_of(config);
  if (b.kind == As::retry && delivery != RL_KEYED && delivery != RL_LOOKUP) {
    problems += "a retry must be keyed or lookup: nobody may be charged twice\n";
  }
  return problems;
}

}  // namespace sandbox
