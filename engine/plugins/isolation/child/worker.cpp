#include "plugins/isolation/child/worker.h"

#include "plugins/isolation/child/forwarding_host.h"

namespace relance::isolation {
namespace {

rl_str c_str(std::string_view text) { return {text.data(), text.size()}; }

// Collects what the plugin puts.
struct Out {
  std::string text;
  rl_out c{&text, [](void* to, const char* bytes, size_t len) {
             static_cast<std::string*>(to)->append(bytes, len);
           }};
};

template <class Table>
const Table* table(const rl_plugin& plugin, const char* id) {
  return static_cast<const Table*>(plugin.get_interface(id));
}

}  // namespace

Worker::Worker(Wire& wire, const rl_plugin& plugin)
    : wire_(wire), plugin_(plugin), host_(forwarding_host(wire, [this](rl_op op) {
        const std::lock_guard lock(mutex_);
        arguments_.erase(op);
      })) {}

void Worker::work() {
  while (carry_out(wire_.next())) {
  }
}

bool Worker::carry_out(Frame frame) {
  const Call call = static_cast<Call>(frame.kind);
  const rl_op op = frame.number;
  try {
    switch (call) {
      case Call::create: create(frame); return true;
      case Call::destroy:
        if (self_) plugin_.destroy(self_);
        return false;
      case Call::estimate:
      case Call::decide:
      case Call::ping: ask(call, frame); return true;
      case Call::on_timer: plugin_.on_timer(self_, op); return true;
      case Call::cancel: table<rl_channel>(plugin_, RL_CHANNEL)->cancel(self_, op); return true;
      default: break;
    }
    const auto in = std::make_shared<Unpacker>(std::move(frame.body));
    if (call == Call::on_io) {
      reply(op, *in);
      return true;
    }
    {
      const std::lock_guard lock(mutex_);
      arguments_[op] = in;
    }
    begin(call, op, *in);
  } catch (...) {
    host_->log(host_, RL_LOG_ERROR, c_str("it threw an exception across the C contract"));
  }
  return true;
}

void Worker::create(Frame& frame) {
  Out problem;
  self_ = plugin_.create(host_, c_str(frame.body), &problem.c);
  Packer packer;
  packer.number(static_cast<uint32_t>(self_ != nullptr));
  packer.text(c_str(problem.text));
  wire_.say(Service::answer, frame.number, packer.bytes());
}

void Worker::ask(Call call, Frame& frame) {
  Packer answer;
  Unpacker in(std::move(frame.body));
  Out out;
  if (call == Call::estimate) {
    rl_cost cost{};
    table<rl_channel>(plugin_, RL_CHANNEL)->estimate(self_, unpacked<rl_touch>(in), &cost);
    fields(answer, cost);
  } else if (call == Call::decide) {
    table<rl_policy>(plugin_, RL_POLICY)->decide(self_, unpacked<rl_policy_in>(in), &out.c);
    answer.text(c_str(out.text));
  }
  wire_.say(Service::answer, frame.number, answer.bytes());
}

void Worker::reply(rl_op op, Unpacker& in) {
  uint64_t tag = 0;
  in.number(tag);
  plugin_.on_io(self_, op, tag, unpacked<rl_reply>(in));
}

void Worker::begin_channel(Call call, rl_op op, Unpacker& in) {
  const auto& channel = *table<rl_channel>(plugin_, RL_CHANNEL);
  const rl_touch* touch = unpacked<rl_touch>(in);
  if (call == Call::send) return channel.send(self_, op, touch);
  const rl_str* refs = nullptr;
  size_t count = 0;
  texts(in, refs, count);
  (call == Call::lookup ? channel.lookup : channel.recall)(self_, op, touch, refs, count);
}

void Worker::begin_connector(Call call, rl_op op, Unpacker& in) {
  const auto& connector = *table<rl_connector>(plugin_, RL_CONNECTOR);
  switch (call) {
    case Call::fields: return connector.fields(self_, op);
    case Call::read: return connector.read(self_, op, unpacked<rl_read>(in));
    case Call::page: return connector.page(self_, op, unpacked<rl_read>(in));
    case Call::write: return connector.write(self_, op, unpacked<rl_write>(in));
    default: return connector.lookup(self_, op, unpacked<rl_write>(in));
  }
}

void Worker::begin(Call call, rl_op op, Unpacker& in) {
  // It may complete at once, and look at its argument until it returns.
  const std::shared_ptr<Unpacker> kept = [&] {
    const std::lock_guard lock(mutex_);
    return arguments_[op];
  }();
  switch (call) {
    case Call::start: return plugin_.start(self_, op);
    case Call::send:
    case Call::lookup:
    case Call::recall: return begin_channel(call, op, in);
    case Call::on_request:
      return table<rl_inbound>(plugin_, RL_INBOUND)
          ->on_request(self_, op, unpacked<rl_request>(in));
    case Call::perform:
      return table<rl_conversation>(plugin_, RL_CONVERSATION)
          ->perform(self_, op, unpacked<rl_do>(in));
    case Call::produce:
      return table<rl_generate>(plugin_, RL_GENERATE)
          ->produce(self_, op, unpacked<rl_question>(in));
    default: return begin_connector(call, op, in);
  }
}

}  // namespace relance::isolation
