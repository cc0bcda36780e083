// The file and its static tables.
#include <cstring>
#include <filesystem>
#include <regex>

#include "base/text.h"
#include "plugins/check/symbols.h"
#include "plugins/check/tests.h"

namespace relance::conformance {
namespace {

constexpr const char* kInterfaces[] = {RL_CHANNEL,   RL_CONVERSATION, "relance.inbound/1",
                                       RL_CONNECTOR, RL_POLICY,       RL_GENERATE};

std::string wrong_identity(const rl_plugin& plugin, const std::string& path) {
  static const std::regex id(R"([a-z0-9_]+(\.[a-z0-9_]+)+)");
  static const std::regex version(R"(\d+\.\d+\.\d+([-+][0-9A-Za-z.+-]+)?)");
  if (!plugin.id || !std::regex_match(plugin.id, id)) return "its id is not 'vendor.kind.name'";
  if (!plugin.version || !std::regex_match(plugin.version, version))
    return "its version is no semantic version";
  if (!plugin.title || !*plugin.title) return "it has no title";
  const std::string file = std::filesystem::path(path).filename().string();
  const std::string want = std::string(plugin.id) + ".so";
  return file == want ? "" : "the file is called " + file + ", not " + want;
}

bool backed(const rl_channel& channel, const rl_channel_caps& caps, std::string& why) {
  const auto claims = [&](uint32_t flag, bool there, const char* what) {
    if ((caps.flags & flag) && !there) why = std::string("declares ") + what + " without it";
  };
  claims(RL_CAN_LOOKUP, channel.lookup != nullptr, "a look-up");
  claims(RL_CAN_CANCEL, channel.cancel != nullptr, "cancel");
  claims(RL_CAN_RECALL, channel.recall != nullptr, "recall");
  if (!channel.send) why = "a channel without send";
  if (!caps.kind || !*caps.kind) why = "its caps name no kind";
  if (caps.delivery < RL_KEYED || caps.delivery > RL_REPEATABLE)
    why = "its delivery class is none of the four";
  if (caps.delivery == RL_KEYED && caps.key_window_ms <= 0)
    why = "it is keyed, and key_window_ms says that keys are forgotten at once";
  if (caps.delivery == RL_LOOKUP && !(caps.flags & RL_CAN_LOOKUP))
    why = "its class is look-up, and it cannot be looked up";
  const bool safe = caps.delivery == RL_KEYED || caps.delivery == RL_LOOKUP;
  if (caps.kind && std::strcmp(caps.kind, "retry") == 0 && !safe)
    why = "a payment channel is neither keyed nor able to look up";
  if (caps.words_count == 0) why = "it declares no outcome words";
  return why.empty();
}

bool backed(const rl_connector& connector, const rl_connector_caps& caps, std::string& why) {
  if (!connector.read) why = "a connector without read";
  if (!caps.kind || !*caps.kind) why = "its caps name no kind";
  if (caps.operations_count > 0 && !connector.write) why = "it has operations, and no write";
  for (size_t i = 0; i < caps.operations_count; ++i) {
    const rl_operation& one = *caps.operations[i];
    const std::string name = one.name ? one.name : "";
    if (name.empty()) why = "an operation has no name";
    if (one.delivery < RL_KEYED || one.delivery > RL_REPEATABLE)
      why = "the class of operation '" + name + "' is none of the four";
    if ((one.flags & RL_OP_LOOKUP) && !connector.lookup)
      why = "operation '" + name + "' can be looked up, and there is no lookup";
    if (one.delivery == RL_LOOKUP && !(one.flags & RL_OP_LOOKUP))
      why = "the class of operation '" + name + "' is look-up, and it cannot be looked up";
    if (one.delivery == RL_KEYED && one.key_window_ms <= 0)
      why = "operation '" + name + "' is keyed without key_window_ms";
  }
  return why.empty();
}

}  // namespace

Outcome test_loads(Bench& bench) {
  const Mapped& plugin = bench.plugin();
  if (!plugin.problem.empty()) return failed(plugin.problem);
  const uint32_t needs = plugin.descriptor->abi;
  if (needs >> 16 != RL_ABI_MAJOR || (needs & 0xffff) > RL_ABI_MINOR)
    return failed("it needs ABI " + std::to_string(needs >> 16) + "." +
                  std::to_string(needs & 0xffff) + ", this is " + std::to_string(RL_ABI_MAJOR) +
                  "." + std::to_string(RL_ABI_MINOR));
  return passed();
}

Outcome test_one_symbol(Bench& bench) {
  const auto symbols = exported_symbols(bench.subject().plugin);
  if (!symbols) return failed(symbols.error().message);
  std::vector<std::string> others;
  for (const std::string& symbol : *symbols)
    if (symbol != RL_ENTRY) others.push_back(symbol);
  if (others.size() == symbols->size()) return failed("it exports no " RL_ENTRY);
  if (others.empty()) return passed();
  const size_t all = others.size();
  others.resize(std::min<size_t>(all, 3));
  return failed("it also exports " + std::to_string(all) + ": " + join(others, ", "));
}

Outcome test_readable(Bench& bench) {
  const Mapped& plugin = bench.plugin();
  if (auto wrong = wrong_identity(*plugin.descriptor, bench.subject().plugin); !wrong.empty())
    return failed(wrong);
  for (const char* id : kInterfaces) {
    const auto get = plugin.descriptor->get_interface;
    if (get(id) != get(id)) return failed(std::string("two tables for ") + id);
  }
  if (plugin.descriptor->get_interface("relance.nothing/1"))
    return failed("it gives a table for an interface that there is not");
  const bool any =
      plugin.channel || plugin.connector || plugin.policy || plugin.generate || plugin.inbound;
  if (!any) return failed("it has no interface");
  if (plugin.conversation && !plugin.channel) return failed("a conversation without a channel");
  if (plugin.channel && bench.channel_caps() != bench.channel_caps())
    return failed("caps_for gives another table for the same configuration");
  if (plugin.connector && bench.connector_caps() != bench.connector_caps())
    return failed("caps_for gives another table for the same configuration");
  return passed();
}

Outcome test_caps_whole(Bench& bench) {
  const Mapped& plugin = bench.plugin();
  std::string why;
  if (plugin.channel) {
    const rl_channel_caps* caps = bench.channel_caps();
    if (!caps) return failed("a channel without caps");
    if (!backed(*plugin.channel, *caps, why)) return failed(why);
    if ((caps->flags & RL_CAN_CONVERSE) && !plugin.conversation)
      return failed("declares conversations without " RL_CONVERSATION);
  }
  if (plugin.connector) {
    const rl_connector_caps* caps = bench.connector_caps();
    if (!caps) return failed("a connector without caps");
    if (!backed(*plugin.connector, *caps, why)) return failed(why);
  }
  if (plugin.conversation && !plugin.conversation->perform)
    return failed("a conversation without perform");
  if (plugin.inbound && !plugin.inbound->on_request) return failed("inbound without on_request");
  if (plugin.policy && !plugin.policy->decide) return failed("a policy without decide");
  if (plugin.generate && !plugin.generate->produce) return failed("generate without produce");
  return passed();
}

}  // namespace relance::conformance
