#include "plugins/loaded_plugin.h"

#include <dlfcn.h>

#include <map>
#include <memory>
#include <mutex>

#include "base/text.h"
#include "plugins/c_text.h"
#include "plugins/describe_instance.h"
#include "plugins/elf_symbols.h"
#include "plugins/private_copy.h"

namespace relance {
namespace {

Error refused(Code code, const std::string& path, std::string what, std::string hint) {
  return {code, "plugin " + path + " is refused: " + std::move(what), {}, std::move(hint)};
}

std::string abi_text(uint32_t abi) {
  return std::to_string(abi >> 16) + "." + std::to_string(abi & 0xffff);
}

// What the contract wants and the plugin does not have, by name.
struct Missing {
  std::string names;
  void need(bool there, const char* name) {
    if (!there) names += (names.empty() ? "" : ", ") + std::string(name);
  }
  // A table that claims fewer bytes than its fixed part cannot be read.
  template <class Table>
  bool need_table(const Table* found, const char* name) {
    need(found && found->struct_size >= sizeof(Table), name);
    return found && found->struct_size >= sizeof(Table);
  }
};

template <class Table>
const Table* table(const rl_plugin& plugin, const char* id, Missing& missing) {
  const auto* found = static_cast<const Table*>(plugin.get_interface(id));
  return found && missing.need_table(found, id) ? found : nullptr;
}

void check_channel(const rl_channel& channel, Missing& missing) {
  missing.need(channel.send != nullptr, "channel.send");
  if (!missing.need_table(channel.caps, "channel.caps")) return;
  const rl_channel_caps& caps = *channel.caps;
  missing.need(!(caps.flags & RL_CAN_LOOKUP) || channel.lookup, "channel.lookup");
  missing.need(!(caps.flags & RL_CAN_CANCEL) || channel.cancel, "channel.cancel");
  missing.need(!(caps.flags & RL_CAN_RECALL) || channel.recall, "channel.recall");
  missing.need(channel.caps_for || caps.kind, "channel.caps.kind");
  missing.need(caps.words_count == 0 || caps.words, "channel.caps.words");
  for (size_t i = 0; caps.words && i < caps.words_count; ++i)
    missing.need(caps.words[i] && caps.words[i]->word, "channel.caps.words");
}

void check_connector(const rl_connector& connector, Missing& missing) {
  missing.need(connector.read != nullptr, "connector.read");
  if (!missing.need_table(connector.caps, "connector.caps")) return;
  const rl_connector_caps& caps = *connector.caps;
  missing.need(caps.operations_count == 0 || caps.operations, "connector.caps.operations");
  missing.need(caps.operations_count == 0 || connector.write, "connector.write");
  for (size_t i = 0; caps.operations && i < caps.operations_count; ++i) {
    const rl_operation* operation = caps.operations[i];
    if (!missing.need_table(operation, "connector.caps.operations")) continue;
    missing.need(operation->name != nullptr, "connector.caps.operations");
    missing.need(!(operation->flags & RL_OP_LOOKUP) || connector.lookup, "connector.lookup");
  }
}

void check_interfaces(LoadedPlugin& loaded, Missing& missing) {
  const rl_plugin& plugin = *loaded.descriptor;
  loaded.channel = table<rl_channel>(plugin, RL_CHANNEL, missing);
  loaded.connector = table<rl_connector>(plugin, RL_CONNECTOR, missing);
  loaded.conversation = table<rl_conversation>(plugin, RL_CONVERSATION, missing);
  loaded.policy = table<rl_policy>(plugin, RL_POLICY, missing);
  loaded.generate = table<rl_generate>(plugin, RL_GENERATE, missing);
  loaded.inbound = table<rl_inbound>(plugin, RL_INBOUND, missing);
  if (loaded.channel) check_channel(*loaded.channel, missing);
  if (loaded.connector) check_connector(*loaded.connector, missing);
  if (loaded.conversation)
    missing.need(loaded.conversation->perform != nullptr, "conversation.perform");
  if (loaded.policy) missing.need(loaded.policy->decide != nullptr, "policy.decide");
  if (loaded.generate) missing.need(loaded.generate->produce != nullptr, "generate.produce");
  if (loaded.inbound) missing.need(loaded.inbound->on_request != nullptr, "inbound.on_request");
  const bool any =
      loaded.channel || loaded.connector || loaded.policy || loaded.generate || loaded.inbound;
  if (missing.names.empty())
    missing.need(any, "an interface (channel, connector, policy, generate or inbound)");
}

Missing check(LoadedPlugin& loaded) {
  const rl_plugin& plugin = *loaded.descriptor;
  Missing missing;
  missing.need(plugin.id != nullptr, "id");
  missing.need(plugin.version != nullptr, "version");
  missing.need(plugin.config_schema != nullptr, "config_schema");
  missing.need(plugin.create != nullptr, "create");
  missing.need(plugin.destroy != nullptr, "destroy");
  missing.need(plugin.get_interface != nullptr, "get_interface");
  if (plugin.get_interface) check_interfaces(loaded, missing);
  return missing;
}

std::vector<Doc> texts(const char* const* first, size_t count) {
  std::vector<Doc> made;
  for (size_t i = 0; i < count; ++i) made.push_back(Doc::text(text(first[i])));
  return made;
}

using Caps = std::vector<std::pair<std::string, Doc>>;

void describe_channel_caps(const rl_channel& channel, Caps& caps) {
  const rl_channel_caps& c = *channel.caps;
  const auto can = [&](const char* name, uint32_t flag) {
    caps.emplace_back(name, Doc::boolean((c.flags & flag) != 0));
  };
  caps.emplace_back("kind", Doc::text(text(c.kind)));
  caps.emplace_back("delivery", Doc::text(delivery_class_name(class_of(c.delivery))));
  can("contact", RL_CONTACT);
  can("context", RL_CONTEXT);
  can("lookup", RL_CAN_LOOKUP);
  can("cancel", RL_CAN_CANCEL);
  can("recall", RL_CAN_RECALL);
  can("converse", RL_CAN_CONVERSE);
  caps.emplace_back("most_in_flight", Doc::integer(c.max_in_flight));
  caps.emplace_back("key_window_ms", Doc::integer(c.key_window_ms));
  caps.emplace_back("index_lag_ms", Doc::integer(c.index_lag_ms));
  caps.emplace_back("receipt_within_ms", Doc::integer(c.receipt_within_ms));
  caps.emplace_back("content_types", Doc::list(texts(c.content_types, c.content_types_count)));
  caps.emplace_back("languages", Doc::list(texts(c.languages, c.languages_count)));
  std::vector<Doc> words, gives;  // its own words, and those that a flow may name
  for (size_t i = 0; i < c.words_count; ++i) {
    const rl_word& word = *c.words[i];
    words.push_back(Doc::text(text(word.word)));
    gives.push_back(Doc::text(text(word.as && *word.as ? word.as : word.word)));
  }
  caps.emplace_back("words", Doc::list(words));
  if (!channel.caps_for) caps.emplace_back("gives", Doc::list(gives));
  caps.emplace_back("by_configuration", Doc::boolean(channel.caps_for != nullptr));
}

void describe(LoadedPlugin& loaded) {
  const rl_plugin& plugin = *loaded.descriptor;
  PluginInfo& info = loaded.info;
  info.id = text(plugin.id);
  info.version = text(plugin.version);
  info.summary = text(plugin.title);
  info.config_schema = text(plugin.config_schema);
  Caps caps;
  if (loaded.channel) {
    info.interfaces.emplace_back(RL_CHANNEL);
    if (!loaded.channel->caps_for) info.channel_kind = text(loaded.channel->caps->kind);
    describe_channel_caps(*loaded.channel, caps);
  }
  if (loaded.connector) {
    info.interfaces.emplace_back(RL_CONNECTOR);
    caps.emplace_back("acts_outside", Doc::boolean(loaded.connector->caps->acts_outside));
  }
  if (loaded.conversation) info.interfaces.emplace_back(RL_CONVERSATION);
  if (loaded.policy) info.interfaces.emplace_back(RL_POLICY);
  if (loaded.generate) info.interfaces.emplace_back(RL_GENERATE);
  if (loaded.inbound) info.interfaces.emplace_back(RL_INBOUND);
  info.caps = Doc::record(caps);
}

Error threw(const std::string& path, const std::string& which) {
  return refused(Code::plugin_threw, path, "its " + which + " threw an exception",
                 "no exception may cross the C contract");
}

Result<const rl_plugin*> enter(void* library, const std::string& path) {
  const auto entry = reinterpret_cast<rl_entry>(dlsym(library, RL_ENTRY));
  if (!entry)
    return refused(Code::plugin_incomplete, path, "it exports no " RL_ENTRY,
                   "build it with relance_add_plugin()");
  const rl_plugin* plugin = nullptr;
  try {
    plugin = entry(RL_ABI);
  } catch (...) {
    return threw(path, RL_ENTRY);
  }
  if (!plugin)
    return refused(Code::plugin_abi, path, "it does not speak ABI " + abi_text(RL_ABI),
                   "build it against this host's headers");
  // Before its length: what follows the first two fields is another contract's.
  if (plugin->abi >> 16 != RL_ABI_MAJOR || (plugin->abi & 0xffff) > RL_ABI_MINOR)
    return refused(
        Code::plugin_abi, path,
        "it needs ABI " + abi_text(plugin->abi) + ", this host speaks " + abi_text(RL_ABI),
        "build it against this host's headers");
  if (plugin->struct_size < sizeof(rl_plugin))
    return refused(Code::plugin_incomplete, path,
                   "its descriptor has " + std::to_string(plugin->struct_size) +
                       " bytes, the contract's " + std::to_string(sizeof(rl_plugin)),
                   "set struct_size");
  return plugin;
}

// Its tables, read and checked.
Result<std::unique_ptr<LoadedPlugin>> read_tables(const rl_plugin* plugin, const std::string& path,
                                                  const std::string& hash) {
  auto fresh = std::make_unique<LoadedPlugin>();
  fresh->descriptor = plugin;
  fresh->info.path = path;
  fresh->info.hash = hash;
  try {
    if (const Missing missing = check(*fresh); !missing.names.empty())
      return refused(Code::plugin_incomplete, path, "missing or too short: " + missing.names,
                     "see engine/abi/relance");
  } catch (...) {
    return threw(path, "get_interface");
  }
  describe(*fresh);
  return fresh;
}

// Two builds of a plugin live side by side, unless the loader would mix them up.
Status may_stand_beside(const LoadedPlugin& fresh, const std::string& unique,
                        const std::map<std::string, std::unique_ptr<LoadedPlugin>>& loaded) {
  if (unique.empty()) return {};
  for (const auto& [hash, other] : loaded)
    if (other->info.id == fresh.info.id)
      return refused(Code::plugin_open, fresh.info.path,
                     "another build of '" + fresh.info.id +
                         "' is loaded, and the loader keeps one '" + unique + "' for both",
                     "build it with -fno-gnu-unique (relance_add_plugin() does), or start again");
  return {};
}

}  // namespace

Result<const LoadedPlugin*> load_plugin(const std::string& path) {
  static std::mutex mutex;
  static std::map<std::string, std::unique_ptr<LoadedPlugin>> loaded;
  auto bytes = read_file(path);
  if (!bytes) return refused(Code::plugin_open, path, bytes.error().message, "");
  const std::string hash = sha256_hex(*bytes);
  const std::lock_guard lock(mutex);
  if (const auto it = loaded.find(hash); it != loaded.end()) return it->second.get();
  const auto library = map_private_copy(*bytes, path);
  if (!library) return library.error();
  auto plugin = enter(*library, path);
  if (!plugin) return plugin.error();
  auto fresh = read_tables(*plugin, path, hash);
  if (!fresh) return fresh.error();
  if (auto may = may_stand_beside(**fresh, unique_symbol(*bytes), loaded); !may) return may.error();
  return (loaded[hash] = std::move(*fresh)).get();
}

}  // namespace relance
