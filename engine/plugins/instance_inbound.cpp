// What comes in by itself: webhooks handed to a plugin, and the events that it reports.
#include "plugins/c_text.h"
#include "plugins/instance.h"

namespace relance {
namespace {

constexpr Duration kAnswerLimit = seconds(10);  // inbound.h promises the plugin so much

}  // namespace

void Instance::request(InboundRequest request, std::function<void(InboundAnswer)> answer) {
  const auto call = std::make_shared<InboundCall>(std::move(request), std::move(answer));
  const auto id = std::make_shared<uint64_t>(0);
  Operation operation;
  operation.done = [this, call, id](const OperationResult&) {
    {
      const std::lock_guard lock(inbound_mutex_);
      inbound_.erase(*id);
    }
    call->ended();
  };
  run(std::move(operation), kAnswerLimit, [&](uint64_t begun) {
    {
      const std::lock_guard lock(inbound_mutex_);
      *id = begun;
      inbound_[begun] = call;
    }
    plugin_.inbound->on_request(self_, begun, call->c());
  });
}

std::shared_ptr<InboundCall> Instance::inbound_call(uint64_t operation) const {
  const std::lock_guard lock(inbound_mutex_);
  const auto found = inbound_.find(operation);
  return found == inbound_.end() ? nullptr : found->second;
}

PluginEvent Instance::event_of(const rl_event& c) const {
  PluginEvent event;
  event.channel = spec_.name;
  event.id = text(c.id);
  event.at = c.at == 0 ? ports_.clock.now() : Instant{c.at};
  event.key = key_of(c.key);
  event.reference = text(c.ref);
  event.address = text(c.address);
  event.subject = text(c.subject);
  event.data = record_of(c.data);
  if (c.kind == RL_EVENT_MESSAGE) {  // the person's address and words are the event's own fields
    std::vector<std::pair<std::string, Doc>> more{{"channel", Doc::text(spec_.name)}};
    if (!event.address.empty()) more.emplace_back("address", Doc::text(event.address));
    if (c.word.len > 0) more.emplace_back("word", Doc::text(text(c.word)));
    event.data = Doc::merged(event.data, Doc::record(more));
  }
  const std::string kind =
      plugin_.channel && plugin_.channel->caps->kind ? plugin_.channel->caps->kind : spec_.name;
  event.type = c.kind == RL_EVENT_ACTION    ? text(c.type)
               : c.kind == RL_EVENT_RECEIPT ? kind + "." + text(c.word)
                                            : "message.received";
  return event;
}

// With an operation that is over, or none, nobody waits for the event.
int32_t Instance::emit(uint64_t operation, const rl_event& event) {
  const auto call = inbound_call(operation);
  if (!call) {
    ports_.inbox.deliver_event(event_of(event), {});
    return RL_OK;
  }
  call->event_begun();
  ports_.inbox.deliver_event(event_of(event), [call](EventFate fate) { call->event_over(fate); });
  return RL_OK;
}

}  // namespace relance
