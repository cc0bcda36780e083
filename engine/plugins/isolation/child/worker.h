// The plugin's side of every call: unpacks it, calls the plugin, one call at a time.
#pragma once

#include <relance/host.h>

#include <map>
#include <memory>
#include <mutex>

#include "plugins/isolation/child/wire.h"
#include "plugins/isolation/packing.h"

namespace relance::isolation {

class Worker {
 public:
  Worker(Wire& wire, const rl_plugin& plugin);
  // Works until it is told to destroy the instance.
  void work();

 private:
  // False: it was the last call.
  bool carry_out(Frame frame);
  void create(Frame& frame);
  void ask(Call call, Frame& frame);
  void begin(Call call, rl_op op, Unpacker& in);
  void begin_channel(Call call, rl_op op, Unpacker& in);
  void begin_connector(Call call, rl_op op, Unpacker& in);
  void reply(rl_op op, Unpacker& in);

  template <class Struct>
  const Struct* unpacked(Unpacker& in) {
    auto made = std::make_shared<Struct>();
    fields(in, *made);
    in.keep(made);
    return made.get();
  }

  Wire& wire_;
  const rl_plugin& plugin_;
  const rl_host* host_;
  void* self_ = nullptr;
  std::mutex mutex_;
  std::map<rl_op, std::shared_ptr<Unpacker>> arguments_;
};

}  // namespace relance::isolation
