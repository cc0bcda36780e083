// The plugin host: loads plugins, keeps their instances, carries the engine's orders over the C
// contract and back.
//
// It trusts no plugin: configuration is checked before an instance exists, results are checked and
// completed (words the channel kind does not know become standard ones, a NOT_NOW or FAILED after
// bytes may have left becomes `unknown`), every operation completes exactly once, and a plugin that
// throws, lies about sizes or misses functions is refused by name. Threads: as Performer; calls
// into one instance are serial unless it says otherwise. Lifetime: instances live until no
// host wants them and nothing of them is under way; libraries stay mapped for ever.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/process.h"
#include "net/net.h"
#include "plugins/callback_urls.h"
#include "plugins/instance_health.h"
#include "plugins/performer.h"

namespace relance {

// One installed plugin, read from its static tables without an instance.
struct PluginInfo {
  std::string id, version, path, hash;  // hash: SHA-256 of the file
  std::string summary;
  std::vector<std::string> interfaces;  // "relance.channel/1"
  std::string config_schema;            // JSON
  std::string
      channel_kind;  // of a channel: "email"; empty where the configuration decides (sandbox)
  Doc caps;          // everything its tables say, for people
};

// Plugins found in directories, by id. Loads and checks; refuses with plugin_open, plugin_abi,
// plugin_incomplete, plugin_threw, plugin_ambiguous, naming file and reason.
class PluginLibrary {
 public:
  virtual ~PluginLibrary() = default;
  virtual Result<PluginInfo> inspect(const std::string& path) = 0;
  virtual Result<PluginInfo> find(const std::string& id) = 0;  // unknown_plugin with did-you-mean
  virtual std::vector<PluginInfo> list(std::vector<Error>& refused) = 0;
};
// `directories`: searched for ID.so; the same build may lie in several, two builds of one id are
// refused. The shipped ones lie beside the program (lib/relance/plugins).
std::unique_ptr<PluginLibrary> open_plugin_library(std::vector<std::string> directories);

// What an instance is made from: one entry of bundle.lua.
struct InstanceSpec {
  enum class Role : uint8_t {
    channel,
    connector,
    policy,
    understanding,
    source,
    content
  } role = Role::channel;
  std::string name;    // "email", "crm"
  std::string plugin;  // "relance.email.smtp"
  Doc config;   // a record; {"secret": "X"} is resolved by the host, never handed to the plugin
  Where where;  // for messages
  std::string identity;   // what a repeat must share: the configuration as the bundle says it
  std::string directory;  // of the bundle: relative paths of the configuration start there
  bool isolated = false;  // in a process of its own; what crashes there harms nobody here
};

struct HostPorts {
  const Clock& clock;
  Alarms& alarms;
  Inbox& inbox;
  Net& net;
  const Process& process;  // secrets come from the environment
  // Only policies begin to work; every other plugin is described, and must not be asked for
  // anything. A channel's instance is made for its estimate where that can be.
  bool at_rest = false;
  // Where providers reach this host; nullptr: they cannot, and touches carry no callback URL.
  const CallbackUrls* callbacks = nullptr;
};

// A webhook on its way to an instance.
struct InboundRequest {
  std::string method;
  std::string path;   // below the instance's route
  std::string query;  // without '?'
  std::string url;    // as the sender wrote it: some providers sign it
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;
  Key key;  // of a signed callback URL; all zero: none
};
struct InboundAnswer {
  int status = 503;
  std::string content_type, body;
};

class PluginHost : public Performer {
 public:
  // Checks every configuration, makes and starts every instance. What `earlier` has of the same
  // build and configuration is shared with it, with what is under way; `ports` are then its own.
  // Fails with all errors at once (each at its line).
  static Result<std::unique_ptr<PluginHost>> make(PluginLibrary& library,
                                                  const std::vector<InstanceSpec>& specs,
                                                  const HostPorts& ports,
                                                  std::vector<Error>& errors,
                                                  const PluginHost* earlier = nullptr);
  // Of the instances that this host made itself: the first that did not begin well. Blocks: until
  // each has answered, or this long.
  virtual Status begun_within(Duration) { return {}; }
  // Ends instances that no host wants any more and in which nothing is under way; how many are
  // left. Blocks: on what they do when they end. Threads: any one.
  virtual size_t sweep() { return 0; }

  // For the rules (script/bundle_rules.h, PluginSide): nullptr where there is none.
  virtual const Channel* channel(std::string_view name) const = 0;
  virtual const Connector* connector(std::string_view name) const = 0;
  virtual Result<Doc> policy(std::string_view name, std::string_view kind,
                             std::string_view ask) const = 0;
  // Of its build and configuration; empty: there is none.
  virtual std::string policy_revision(std::string_view name) const = 0;

  // The fields that a connector's records can have; empty: it does not tell, or not at once.
  virtual std::vector<std::string> record_fields(std::string_view connector) = 0;

  // Of every instance, in the bundle's order.
  virtual std::vector<InstanceHealth> health() const = 0;

  // Hands a request to the instance of this name. `answer` is called once, from any thread: what
  // the plugin says, once every event that it emitted for the request is durable; 503 where the
  // store refused one, 404 where no such instance takes requests, 504 where the plugin says nothing
  // for 10 seconds.
  virtual void request(std::string_view instance, InboundRequest request,
                       std::function<void(InboundAnswer)> answer) = 0;
};

// What the plugins and their schemas say against these configurations, each at its line. Makes no
// instance; secrets need not be set, and plugins that are not installed are passed over.
std::vector<Error> check_configurations(PluginLibrary& library,
                                        const std::vector<InstanceSpec>& specs);

}  // namespace relance
