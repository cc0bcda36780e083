#include "plugins/describe_instance.h"

#include "plugins/c_text.h"
#include "plugins/c_touch.h"

namespace relance {
namespace {

constexpr uint32_t kMostInFlight = 1u << 16;

// Of the build and the configuration: a repeat by anything else is not the same bytes.
uint64_t effect_hash(const Instance& instance) {
  const std::string build = instance.plugin().info.hash;
  const std::string& configured = instance.spec().identity;
  const CallbackUrls* callbacks = instance.plugin().inbound ? instance.callbacks() : nullptr;
  const uint64_t hash = callbacks
                            ? derive_hash({"effect", build, configured, callbacks->identity()})
                            : derive_hash({"effect", build, configured});
  return hash >> 32;  // it lies in every intent
}

// The most that one touch costs, as far as the plugin can tell without knowing which.
void add_cost(Instance& instance, Channel& channel) {
  const auto estimate = instance.plugin().channel->estimate;
  if (!estimate || !instance.self()) return;
  TouchOrder order;
  order.touch.channel = channel.name;
  order.touch.try_no = 1;
  const CTouch touch(std::move(order), false);
  rl_cost cost{};
  instance.call([&] { estimate(instance.self(), touch.c(), &cost); });
  const auto currency = Currency::parse({cost.currency, 3});
  if (!currency || cost.micro < 0 || cost.quality == RL_COST_UNKNOWN) return;
  channel.cost_micro = cost.micro;
  channel.cost_currency = *currency;
}

}  // namespace

DeliveryClass class_of(uint32_t delivery) {
  switch (delivery) {
    case RL_KEYED: return DeliveryClass::keyed;
    case RL_LOOKUP: return DeliveryClass::lookup;
    case RL_REPEATABLE: return DeliveryClass::repeatable;
    default: return DeliveryClass::blind;
  }
}

const rl_channel_caps& channel_caps(const Instance& instance) {
  const rl_channel& channel = *instance.plugin().channel;
  const rl_channel_caps* mine =
      channel.caps_for ? channel.caps_for(c_str(instance.config())) : nullptr;
  return mine ? *mine : *channel.caps;
}

const rl_connector_caps& connector_caps(const Instance& instance) {
  const rl_connector& connector = *instance.plugin().connector;
  const rl_connector_caps* mine =
      connector.caps_for ? connector.caps_for(c_str(instance.config())) : nullptr;
  return mine ? *mine : *connector.caps;
}

Channel describe_channel(Instance& instance) {
  const rl_channel_caps& caps = channel_caps(instance);
  Channel channel;
  channel.name = instance.spec().name;
  channel.kind = text(caps.kind);
  channel.delivery = class_of(caps.delivery);
  channel.can_look_up = (caps.flags & RL_CAN_LOOKUP) != 0;
  channel.key_window = milliseconds(caps.key_window_ms);
  channel.index_lag = milliseconds(caps.index_lag_ms);
  channel.contact = (caps.flags & RL_CONTACT) != 0;
  channel.conversation = (caps.flags & RL_CAN_CONVERSE) != 0;
  channel.context = (caps.flags & RL_CONTEXT) != 0;
  channel.can_recall = (caps.flags & RL_CAN_RECALL) != 0;
  if (caps.receipt_within_ms > 0) channel.receipts = milliseconds(caps.receipt_within_ms);
  channel.effect_hash = effect_hash(instance);
  for (size_t i = 0; i < caps.languages_count; ++i)
    channel.languages.emplace_back(text(caps.languages[i]));
  if (caps.max_in_flight > 0)
    channel.most_in_flight = static_cast<int>(std::min(caps.max_in_flight, kMostInFlight));
  add_cost(instance, channel);
  return channel;
}

void promise_of(const rl_connector_caps& caps, Connector& connector) {
  if (caps.operations_count == 0) return;
  connector.can_look_up = true;
  connector.delivery = DeliveryClass::repeatable;
  Duration shortest = days(36500);
  for (size_t i = 0; i < caps.operations_count; ++i) {
    const rl_operation& operation = *caps.operations[i];
    const DeliveryClass delivery = class_of(operation.delivery);
    connector.delivery = std::min(connector.delivery, delivery);  // they are ordered by strength
    connector.can_look_up &= (operation.flags & RL_OP_LOOKUP) != 0;
    if (delivery == DeliveryClass::keyed)
      shortest = std::min(shortest, milliseconds(operation.key_window_ms));
    connector.index_lag = std::max(connector.index_lag, milliseconds(operation.index_lag_ms));
  }
  if (connector.delivery == DeliveryClass::keyed) connector.key_window = shortest;
}

Connector describe_connector(const Instance& instance) {
  Connector connector;
  connector.name = instance.spec().name;
  connector.effect_hash = effect_hash(instance);
  promise_of(connector_caps(instance), connector);
  connector.takes_outcomes =
      instance.plugin().connector->write && find_operation(instance, kTouchOutcome);
  return connector;
}

const rl_operation* find_operation(const Instance& instance, std::string_view name) {
  const rl_connector_caps& caps = connector_caps(instance);
  const rl_operation* fallback = nullptr;
  for (size_t i = 0; i < caps.operations_count; ++i) {
    const rl_operation* operation = caps.operations[i];
    const std::string_view own(operation->name);
    if (own == name) return operation;
    if (own == "*" || (own == "record" && !fallback)) fallback = operation;
  }
  return fallback;
}

}  // namespace relance
