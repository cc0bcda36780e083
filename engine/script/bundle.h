// A bundle: flows, scripts, templates, contact rules, event catalogue and plugin configuration,
// loaded and checked as one.
//
// Loading reads text and gives data plus every error of the whole bundle in one go, each at its
// file and line; a bundle with errors starts nothing. It touches no plugin: what a plugin would say
// is behind PluginSide (bundle_rules.h). Threads: load_bundle from any one; a Bundle is immutable
// afterwards.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/doc.h"
#include "core/graph/check.h"
#include "core/graph/contact_rules.h"
#include "core/graph/flow.h"
#include "core/graph/human_queue.h"
#include "core/graph/talk.h"
#include "script/event_catalogue.h"
#include "script/template_set.h"

namespace relance {

// Path relative to the bundle's directory -> text. What a version hash is taken over, and what the
// store keeps.
using BundleSources = std::map<std::string, std::string>;

// Reads *.lua, scripts/*.lua, policies/*.lua, templates/*.mustache|html. Fails with file_not_found,
// file_unreadable.
Result<BundleSources> read_bundle(const std::string& directory);

// `plugin "relance.email.smtp" { ... }` in bundle.lua.
struct PluginEntry {
  std::string name;    // "email"
  std::string plugin;  // "relance.email.smtp"
  Doc config;  // a record; secret "X" stands as {"secret": "X"}, a duration as integer milliseconds
  Where where;
  bool isolated = false;  // isolation = "process": in a process of its own
  // Of a channel: no more touches leave than this; 0: as many as the plugin allows.
  double per_second = 0;
  int at_once = 0;
};

struct LuaPolicy {
  std::string name, path;  // "another_band", "policies/another_band.lua"
  Where where;
  std::string revision = {};  // of its source
};

struct Queue : HumanQueue {
  std::string name;
  Where where;
};

struct CompiledFlow {
  Flow flow;
  std::vector<TalkScript> scripts;  // those it uses; part of its version
  std::vector<std::string> scripts_used;
  std::string json;       // canonical
  BundleSources sources;  // its file and its scripts' files
};

struct Bundle {
  std::string directory;  // as given, for messages
  std::string name, tenant, locale, controller;
  Currency currency;
  const Zone* zone = nullptr;
  Duration attribution = days(7);  // a touch up to this long before the goal is credited
  // What `{{link}}` begins with where neither data nor event give one; a token of the run follows.
  std::string link = "https://example.invalid/r/";
  std::vector<PluginEntry> channels, connectors, policies;
  std::optional<PluginEntry> crm;
  std::vector<PluginEntry> event_sources;  // what hands events in by itself: a shop, a provider
  std::vector<PluginEntry>
      understanding;  // relance.generate/1 plugins that tell what an utterance means, in order
  std::vector<PluginEntry> content;  // relance.generate/1 plugins that write messages, by name
  std::vector<LuaPolicy> lua_policies;
  std::vector<Queue> queues;
  ContactRules contact;
  EventCatalogue events;
  TemplateSet templates;
  std::vector<CompiledFlow> flows;  // by name
  BundleSources sources;
  std::string hash;  // of all sources: 64 hex digits
};

struct LoadOptions {
  bool sandbox = false;  // channels and connectors that act outside are replaced, event sources are
                         // left out; kinds come from their names
  // Kind of a channel whose plugin is installed: plugin id -> "email". Where it is not there, the
  // second word of its id.
  std::function<std::string(const PluginEntry&)> channel_kind;
  // Of its kind's outcome words those that it gives; nullopt: not known, so all of them.
  std::function<std::optional<std::vector<std::string>>(const PluginEntry&)> channel_words;
  std::set<std::string>
      installed_plugins;  // for "no such plugin; did you mean"; empty: not checked
};

struct LoadedBundle {
  std::shared_ptr<const Bundle> bundle;  // null when there is any error
  std::vector<Finding> findings;         // sorted by file, line; warnings too
};

LoadedBundle load_bundle(const BundleSources& sources, const std::string& directory,
                         const LoadOptions& options);

}  // namespace relance
