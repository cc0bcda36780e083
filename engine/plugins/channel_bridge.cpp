// relance.channel/1: touches out, answers back.
#include "plugins/bridges.h"
#include "plugins/c_text.h"
#include "plugins/c_touch.h"
#include "plugins/trace.h"

namespace relance {
namespace {

constexpr Duration kSendLimit = minutes(2);
constexpr Duration kCallLimit = hours(1);
constexpr Duration kLookUpLimit = minutes(1);

// `held` lives until the operation is over: the plugin may look at it as long.
template <class Held>
Operation operation_of(const Key& customer, const Key& touch, std::shared_ptr<Held> held,
                       Answer answer) {
  Operation operation;
  operation.customer = customer;
  operation.touch = touch;
  operation.done = [held = std::move(held), answer = std::move(answer)](OperationResult result) {
    answer(std::move(result));
  };
  return operation;
}

// A question about a touch that was sent: with the provider's ids, as far as they are known.
using Question = void (*)(void* self, rl_op op, const rl_touch* touch, const rl_str* refs,
                          size_t refs_count);

void ask_about(Instance& channel, Question question, TouchOrder order,
               std::vector<std::string> refs, Answer answer) {
  struct Asked {
    CTouch touch;
    std::vector<std::string> refs;
    std::vector<rl_str> c_refs;
  };
  const Key customer = order.customer, key = order.touch.key;
  std::string trace = traceparent_of(order);
  const std::shared_ptr<Asked> asked(
      new Asked{CTouch(std::move(order), true, channel.callback_url(key)), std::move(refs), {}});
  asked->c_refs = c_list(asked->refs);
  Operation operation = operation_of(customer, key, asked, std::move(answer));
  operation.trace = std::move(trace);
  if (!question) {
    OperationResult result;
    result.reason = "the channel cannot be asked";
    return operation.done(std::move(result));
  }
  channel.run(std::move(operation), kLookUpLimit, [&](uint64_t id) {
    question(channel.self(), id, asked->touch.c(), asked->c_refs.data(), asked->c_refs.size());
  });
}

}  // namespace

void send_touch(Instance& channel, TouchOrder order, Answer answer) {
  const Key customer = order.customer, key = order.touch.key;
  const bool repeat = order.touch.held->attempts > 0, conversation = !order.script.empty();
  std::string trace = traceparent_of(order);
  const auto touch = std::make_shared<CTouch>(std::move(order), repeat, channel.callback_url(key));
  Operation operation = operation_of(customer, key, touch, std::move(answer));
  operation.acts = true;
  operation.trace = std::move(trace);
  operation.conversation = conversation;
  const Duration limit = operation.conversation ? kCallLimit : kSendLimit;
  channel.run(std::move(operation), limit,
              [&](uint64_t id) { channel.plugin().channel->send(channel.self(), id, touch->c()); });
}

void look_up_touch(Instance& channel, TouchOrder order, std::vector<std::string> refs,
                   Answer answer) {
  ask_about(channel, channel.plugin().channel->lookup, std::move(order), std::move(refs),
            std::move(answer));
}

void recall_touch(Instance& channel, TouchOrder order, std::vector<std::string> refs,
                  Answer answer) {
  const bool can = (channel_caps(channel).flags & RL_CAN_RECALL) != 0;
  ask_about(channel, can ? channel.plugin().channel->recall : nullptr, std::move(order),
            std::move(refs), std::move(answer));
}

void cancel_touch(Instance& channel, uint64_t operation, const Operations& operations) {
  if (operations.instance_of(operation) != &channel ||
      !(channel_caps(channel).flags & RL_CAN_CANCEL))
    return;
  channel.call([&] { channel.plugin().channel->cancel(channel.self(), operation); });
}

}  // namespace relance
