#include "plugins/isolation/isolated_plugin.h"

#include <sys/mman.h>
#include <unistd.h>

#include <map>
#include <memory>
#include <mutex>

#include "base/text.h"
#include "plugins/c_text.h"
#include "plugins/isolation/supervisor.h"

namespace relance {
namespace {

using isolation::Call;
using isolation::Packer;
using isolation::Supervisor;
using isolation::Unpacker;

struct Isolated : LoadedPlugin {
  int file = -1;  // the plugin's bytes, for its processes
  rl_plugin own_descriptor{};
  rl_channel own_channel{};
  rl_connector own_connector{};
  rl_conversation own_conversation{};
  rl_policy own_policy{};
  rl_generate own_generate{};
  rl_inbound own_inbound{};
};

Supervisor& of(void* self) { return *static_cast<Supervisor*>(self); }

template <class Struct>
void begin(void* self, Call call, rl_op op, const Struct* what) {
  Packer packer;
  pack(packer, *what);
  of(self).begin(call, op, packer.bytes());
}

void begin_with_refs(void* self, Call call, rl_op op, const rl_touch* touch, const rl_str* refs,
                     size_t count) {
  Packer packer;
  pack(packer, *touch);
  texts(packer, refs, count);
  of(self).begin(call, op, packer.bytes());
}

void put_answer(void* self, Call call, const Packer& packer, const rl_out* out) {
  const auto answer = of(self).ask(call, packer.bytes());
  if (!answer) return;  // empty: no JSON, so the caller says that there is no answer
  Unpacker in(*answer);
  rl_str said{};
  in.text(said);
  if (in.whole()) out->put(out->context, said.ptr, said.len);
}

void fill_channel(Isolated& made, const rl_channel& real) {
  rl_channel& table = made.own_channel = real;
  if (real.estimate)
    table.estimate = [](void* self, const rl_touch* touch, rl_cost* cost) {
      Packer packer;
      pack(packer, *touch);
      const auto answer = of(self).ask(Call::estimate, packer.bytes());
      rl_cost said{};
      said.quality = RL_COST_UNKNOWN;
      if (answer) {
        Unpacker in(*answer);
        fields(in, said);
      }
      *cost = said;
    };
  table.send = [](void* self, rl_op op, const rl_touch* touch) {
    begin(self, Call::send, op, touch);
  };
  if (real.cancel) table.cancel = [](void* self, rl_op op) { of(self).tell(Call::cancel, op, {}); };
  if (real.lookup)
    table.lookup = [](void* self, rl_op op, const rl_touch* touch, const rl_str* refs, size_t n) {
      begin_with_refs(self, Call::lookup, op, touch, refs, n);
    };
  if (real.recall)
    table.recall = [](void* self, rl_op op, const rl_touch* touch, const rl_str* refs, size_t n) {
      begin_with_refs(self, Call::recall, op, touch, refs, n);
    };
  made.channel = &table;
}

void fill_connector(Isolated& made, const rl_connector& real) {
  rl_connector& table = made.own_connector = real;
  if (real.fields)
    table.fields = [](void* self, rl_op op) { of(self).begin(Call::fields, op, {}); };
  table.read = [](void* self, rl_op op, const rl_read* read) { begin(self, Call::read, op, read); };
  if (real.page)
    table.page = [](void* self, rl_op op, const rl_read* read) {
      begin(self, Call::page, op, read);
    };
  if (real.write)
    table.write = [](void* self, rl_op op, const rl_write* write) {
      begin(self, Call::write, op, write);
    };
  if (real.lookup)
    table.lookup = [](void* self, rl_op op, const rl_write* write) {
      begin(self, Call::lookup_write, op, write);
    };
  made.connector = &table;
}

void fill_others(Isolated& made, const LoadedPlugin& real) {
  if (real.conversation) {
    made.own_conversation = *real.conversation;
    made.own_conversation.perform = [](void* self, rl_op op, const rl_do* what) {
      begin(self, Call::perform, op, what);
    };
    made.conversation = &made.own_conversation;
  }
  if (real.policy) {
    made.own_policy = *real.policy;
    made.own_policy.decide = [](void* self, const rl_policy_in* question, const rl_out* answer) {
      Packer packer;
      pack(packer, *question);
      put_answer(self, Call::decide, packer, answer);
    };
    made.policy = &made.own_policy;
  }
  if (real.generate) {
    made.own_generate = *real.generate;
    made.own_generate.produce = [](void* self, rl_op op, const rl_question* question) {
      begin(self, Call::produce, op, question);
    };
    made.generate = &made.own_generate;
  }
  if (real.inbound) {
    made.own_inbound = *real.inbound;
    made.own_inbound.on_request = [](void* self, rl_op op, const rl_request* request) {
      begin(self, Call::on_request, op, request);
    };
    made.inbound = &made.own_inbound;
  }
}

void fill_descriptor(Isolated& made, const rl_plugin& real) {
  rl_plugin& table = made.own_descriptor = real;
  table.flags &= ~uint32_t{RL_CONCURRENT};  // its process works on one call at a time
  table.create = nullptr;                   // see create_isolated
  if (real.start) table.start = [](void* self, rl_op op) { of(self).begin(Call::start, op, {}); };
  table.destroy = [](void* self) { delete static_cast<Supervisor*>(self); };
  if (real.on_io)
    table.on_io = [](void* self, rl_op op, uint64_t tag, const rl_reply* reply) {
      Packer packer;
      packer.number(tag);
      pack(packer, *reply);
      of(self).reply(op, packer.bytes());
    };
  if (real.on_timer) table.on_timer = [](void* self, uint64_t tag) { of(self).timer(tag); };
  made.descriptor = &table;
}

// A copy of the file in memory, as it was when its tables were read.
Result<int> keep_file(const LoadedPlugin& plugin) {
  const auto unreadable = [&](const std::string& why) {
    return Error{
        Code::plugin_open, "plugin " + plugin.info.path + " cannot be isolated: " + why, {}, ""};
  };
  const auto bytes = read_file(plugin.info.path);
  if (!bytes) return unreadable(bytes.error().message);
  if (sha256_hex(*bytes) != plugin.info.hash) return unreadable("the file has changed");
  const int file = memfd_create(plugin.info.id.substr(0, 200).c_str(), MFD_CLOEXEC);
  for (size_t at = 0; file >= 0 && at < bytes->size();) {
    const ssize_t wrote = write(file, bytes->data() + at, bytes->size() - at);
    if (wrote <= 0) return close(file), unreadable("no copy of it can be made in memory");
    at += static_cast<size_t>(wrote);
  }
  if (file < 0) return unreadable("no copy of it can be made in memory");
  return file;
}

}  // namespace

Result<const LoadedPlugin*> isolated_plugin(const LoadedPlugin& plugin) {
  static std::mutex mutex;
  static std::map<std::string, std::unique_ptr<Isolated>> all;
  const std::lock_guard lock(mutex);
  std::unique_ptr<Isolated>& made = all[plugin.info.hash];
  if (made) return made.get();
  const auto file = keep_file(plugin);
  if (!file) return file.error();
  made = std::make_unique<Isolated>();
  made->info = plugin.info;
  made->isolated = true;
  made->file = *file;
  fill_descriptor(*made, *plugin.descriptor);
  if (plugin.channel) fill_channel(*made, *plugin.channel);
  if (plugin.connector) fill_connector(*made, *plugin.connector);
  fill_others(*made, plugin);
  return made.get();
}

void* create_isolated(const LoadedPlugin& isolated, const rl_host* host, rl_str config,
                      const rl_out* problem, std::function<void()> restarted) {
  const auto& plugin = static_cast<const Isolated&>(isolated);
  auto made = std::make_unique<Supervisor>(plugin.file, host, text(config), std::move(restarted));
  if (const auto why = made->wait_until_made()) {
    problem->put(problem->context, why->data(), why->size());
    return nullptr;
  }
  return made.release();
}

}  // namespace relance
