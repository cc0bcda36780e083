#include "plugins/check/bench.h"

#include <dlfcn.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "base/text.h"
#include "plugins/plugin_config.h"

namespace relance::conformance {
namespace {

// Every secret is there: the kit is no place for real ones.
class KitProcess final : public Process {
 public:
  std::optional<std::string> environment(std::string_view name) const override {
    return "secret of " + std::string(name);
  }
};

void read_tables(Mapped& mapped, const std::vector<std::string>& only) {
  const rl_plugin& plugin = *mapped.descriptor;
  if (!plugin.get_interface || !plugin.create || !plugin.destroy || !plugin.config_schema) {
    mapped.problem = "its descriptor lacks create, destroy, get_interface or config_schema";
    return;
  }
  const auto read = [&](const char* id, auto& table) {
    const bool wanted = only.empty() || std::find(only.begin(), only.end(), id) != only.end();
    using Pointer = std::remove_reference_t<decltype(table)>;
    if (wanted) table = static_cast<Pointer>(plugin.get_interface(id));
  };
  read(RL_CHANNEL, mapped.channel);
  read(RL_CONVERSATION, mapped.conversation);
  read(RL_INBOUND, mapped.inbound);
  read(RL_CONNECTOR, mapped.connector);
  read(RL_POLICY, mapped.policy);
  read(RL_GENERATE, mapped.generate);
}

}  // namespace

Bench::Bench(const Subject& subject, int pipe) : subject_(subject), pipe_(pipe) {
  auto scene = read_scene(subject.scene);
  if (scene) scene_ = std::move(*scene);
  doing("mapping the file");
  try {
    map();
    if (mapped_.problem.empty()) read_config();
  } catch (...) {
    mapped_.problem = "rl_plugin_entry, get_interface or check_config threw an exception";
  }
}

void Bench::map() {
  const std::string path = std::filesystem::absolute(subject_.plugin).string();
  mapped_.library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!mapped_.library) {
    mapped_.problem = dlerror();
    return;
  }
  const auto entry = reinterpret_cast<rl_entry>(dlsym(mapped_.library, RL_ENTRY));
  if (!entry) {
    mapped_.problem = "it exports no " RL_ENTRY;
    return;
  }
  mapped_.descriptor = entry(RL_ABI);
  if (!mapped_.descriptor)
    mapped_.problem = "rl_plugin_entry gave NULL for this contract's version";
  else
    read_tables(mapped_, scene_.only);
}

void Bench::read_config() {
  std::string given = "{}";
  if (!subject_.config.empty()) {
    const auto text = read_file(subject_.config);
    if (!text) {
      config_problem_ = text.error().text();
      return;
    }
    given = *text;
  }
  auto prepared = prepare(given);
  if (prepared)
    config_ = std::move(*prepared);
  else
    config_problem_ = prepared.error().message;
}

Result<std::string> Bench::prepare(const std::string& config_json) const {
  auto config = from_json(config_json);
  if (!config) return config.error();
  LoadedPlugin loaded;
  loaded.descriptor = mapped_.descriptor;
  InstanceSpec spec;
  spec.name = "it";
  spec.plugin = mapped_.descriptor->id ? mapped_.descriptor->id : "";
  spec.directory = std::filesystem::absolute(subject_.config.empty() ? "." : subject_.config)
                       .parent_path()
                       .string();
  spec.config = std::move(*config);
  const KitProcess process;
  return prepare_config(loaded, spec, &process);
}

const rl_channel_caps* Bench::channel_caps() const {
  const rl_channel* channel = mapped_.channel;
  if (!channel) return nullptr;
  const rl_str config{config_.data(), config_.size()};
  const rl_channel_caps* here = channel->caps_for ? channel->caps_for(config) : nullptr;
  return here ? here : channel->caps;
}

const rl_connector_caps* Bench::connector_caps() const {
  const rl_connector* connector = mapped_.connector;
  if (!connector) return nullptr;
  const rl_str config{config_.data(), config_.size()};
  const rl_connector_caps* here = connector->caps_for ? connector->caps_for(config) : nullptr;
  return here ? here : connector->caps;
}

void Bench::doing(const std::string& what) {
  if (pipe_ < 0) return;
  const std::string line = "doing " + what + "\n";
  [[maybe_unused]] const ssize_t written = ::write(pipe_, line.data(), line.size());
}

}  // namespace relance::conformance
