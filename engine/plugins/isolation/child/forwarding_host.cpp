#include "plugins/isolation/child/forwarding_host.h"

#include <algorithm>

#include "plugins/isolation/packing.h"

namespace relance::isolation {
namespace {

struct Host {
  rl_host table{};
  Wire* wire = nullptr;
  std::function<void(rl_op)> ended;
};

Host& of(const rl_host* host) { return *static_cast<Host*>(host->context); }

template <class Number>
Number ask_number(const rl_host* host, Service service, const Packer& packer) {
  Number result{};
  Unpacker answer(of(host).wire->ask(service, packer.bytes()));
  answer.number(result);
  return result;
}

template <class Request>
int32_t ask_io(const rl_host* host, Service service, rl_op op, uint64_t tag,
               const Request* request) {
  Packer packer;
  packer.number(op), packer.number(tag);
  pack(packer, *request);
  return ask_number<int32_t>(host, service, packer);
}

void fill_endings(rl_host& table) {
  table.complete = [](const rl_host* h, rl_op op, const rl_result* result) {
    Packer packer;
    pack(packer, *result);
    of(h).wire->say(Service::complete, op, packer.bytes());
    of(h).ended(op);
  };
  table.answer = [](const rl_host* h, rl_op op, const rl_answer* answer) {
    Packer packer;
    pack(packer, *answer);
    of(h).wire->say(Service::answer_request, op, packer.bytes());
    of(h).ended(op);
  };
  table.abort_io = [](const rl_host* h, rl_op op) { of(h).wire->say(Service::abort_io, op, {}); };
  // Asked for, so that the mark is made before the plugin acts.
  table.effect = [](const rl_host* h, rl_op op, uint32_t wire) {
    Packer packer;
    packer.number(op), packer.number(wire);
    of(h).wire->ask(Service::effect, packer.bytes());
  };
  table.log = [](const rl_host* h, uint32_t level, rl_str text) {
    Packer packer;
    packer.number(level), packer.text(text);
    of(h).wire->say(Service::log, 0, packer.bytes());
  };
}

void fill_questions(rl_host& table) {
  table.http = [](const rl_host* h, rl_op op, uint64_t tag, const rl_http* request) {
    return ask_io(h, Service::http, op, tag, request);
  };
  table.smtp = [](const rl_host* h, rl_op op, uint64_t tag, const rl_mail* mail) {
    return ask_io(h, Service::smtp, op, tag, mail);
  };
  table.timer = [](const rl_host* h, uint64_t tag, int64_t at) {
    Packer packer;
    packer.number(tag), packer.number(at);
    return ask_number<int32_t>(h, Service::timer, packer);
  };
  table.now = [](const rl_host* h) { return ask_number<int64_t>(h, Service::now, {}); };
  table.emit = [](const rl_host* h, rl_op op, const rl_event* event) {
    Packer packer;
    packer.number(op);
    pack(packer, *event);
    return ask_number<int32_t>(h, Service::emit, packer);
  };
  table.heard = [](const rl_host* h, const rl_heard* heard) {
    Packer packer;
    pack(packer, *heard);
    return ask_number<int32_t>(h, Service::heard, packer);
  };
  table.hmac = [](const rl_host* h, uint32_t algorithm, rl_str secret, uint32_t version,
                  rl_str data, uint8_t out[64]) -> size_t {
    Packer packer;
    packer.number(algorithm), packer.text(secret), packer.number(version), packer.text(data);
    const std::string signature = of(h).wire->ask(Service::hmac, packer.bytes());
    const size_t length = std::min<size_t>(signature.size(), 64);
    std::copy_n(signature.data(), length, out);
    return length;
  };
}

}  // namespace

const rl_host* forwarding_host(Wire& wire, std::function<void(rl_op)> ended) {
  static Host host;
  host.wire = &wire;
  host.ended = std::move(ended);
  host.table.struct_size = sizeof host.table;
  host.table.abi = RL_ABI;
  host.table.context = &host;
  fill_endings(host.table);
  fill_questions(host.table);
  return &host.table;
}

}  // namespace relance::isolation
