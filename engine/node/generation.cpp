#include "node/generation.h"

#include <fmt/format.h>

#include <set>

#include "base/log.h"
#include "base/text.h"
#include "core/graph/ladder.h"

namespace relance {
namespace {

using Role = InstanceSpec::Role;
constexpr std::string_view kSandbox = "relance.sandbox";

// "relance.email.smtp" -> "email"
std::string second_word(const std::string& id) {
  const auto words = split(id, '.');
  return words.size() > 1 ? std::string(words[1]) : id;
}

Doc with_fields(DocView config, const std::vector<std::pair<std::string, Doc>>& fields) {
  return Doc::merged(config, Doc::record(fields));
}

// What the sandbox is told beside what it plays. All instances of a run share one world of
// customers.
std::vector<std::pair<std::string, Doc>> sandbox_fields(const std::string& name,
                                                        const SandboxOptions& sandbox) {
  return {{"channel", Doc::text(name)},
          {"seed", Doc::integer(static_cast<int64_t>(sandbox.seed))},
          {"effects", Doc::text(sandbox.effects)},
          {"world", Doc::text("run")}};
}

// `sandbox = { ... }` in an entry: what the sandbox is told where it plays that plugin, which
// itself never sees it.
Doc take_played(Doc& config) {
  Doc played(config.view().find("sandbox"));
  if (played.view().is_null()) return Doc::empty_record();
  std::vector<std::pair<std::string, Doc>> others;
  for (const auto& [key, value] : config.view().items())
    if (key != "sandbox") others.emplace_back(key, Doc(value));
  config = Doc::record(others);
  return played;
}

bool acts_outside(const InstanceSpec& spec, PluginLibrary& library) {
  if (spec.role == Role::channel) return true;
  if (spec.role != Role::connector) return false;
  const auto info = library.find(spec.plugin);
  return !info || info->caps.view().find("acts_outside").boolean().value_or(true);
}

bool knows_rehearsals(const InstanceSpec& spec, PluginLibrary& library) {
  const auto info = library.find(spec.plugin);
  return info && info->config_schema.find("\"rehearsal\"") != std::string::npos;
}

// A channel or a connector that acts outside, replaced by the sandbox playing its part. One that
// stays is told that this is a rehearsal, if its schema has a word for it.
void play(InstanceSpec& spec, PluginLibrary& library, const SandboxOptions& sandbox) {
  const Doc played = take_played(spec.config);
  spec.identity = to_json(spec.config);
  if (spec.plugin == kSandbox) {
    spec.config = with_fields(spec.config, sandbox_fields(spec.name, sandbox));
  } else if (sandbox.on && acts_outside(spec, library)) {
    auto fields = sandbox_fields(spec.name, sandbox);
    fields.emplace_back(
        "as", Doc::text(spec.role == Role::connector ? "connector" : second_word(spec.plugin)));
    spec.config = with_fields(played, fields);
    spec.plugin = kSandbox;
  } else if (sandbox.on && knows_rehearsals(spec, library)) {
    spec.config = with_fields(spec.config, {{"rehearsal", Doc::boolean(true)}});
  }
}

class HostSide final : public PluginSide {
 public:
  explicit HostSide(const PluginHost& host) : host_(host) {}
  const Channel* channel(std::string_view name) const override { return host_.channel(name); }
  const Connector* connector(std::string_view name) const override { return host_.connector(name); }
  Result<Doc> policy(std::string_view name, std::string_view kind,
                     std::string_view ask) const override {
    return host_.policy(name, kind, ask);
  }
  std::string policy_revision(std::string_view name) const override {
    return host_.policy_revision(name);
  }

 private:
  const PluginHost& host_;
};

// Costs are known only now that the channels have been made.
void warn_of_ladders(const Bundle& bundle, const PluginHost& host) {
  const auto cost_of = [&](std::string_view name) -> std::optional<ChannelCost> {
    const Channel* channel = host.channel(name);
    if (channel == nullptr || !channel->cost_currency) return std::nullopt;
    return ChannelCost{channel->cost_micro, channel->cost_currency};
  };
  for (const CompiledFlow& compiled : bundle.flows)
    for (const Finding& finding : check_ladders(compiled.flow, cost_of))
      log::warn("bundle", "{}", finding.error.text());
}

}  // namespace

LoadOptions load_options(PluginLibrary& library, bool sandbox) {
  LoadOptions options;
  options.sandbox = sandbox;
  options.channel_kind = [&library](const PluginEntry& entry) {
    if (const auto as = entry.config.view().find("as").text()) return std::string(*as);
    const auto info = library.find(entry.plugin);
    return info && !info->channel_kind.empty() ? info->channel_kind : second_word(entry.plugin);
  };
  options.channel_words =
      [&library, sandbox](const PluginEntry& entry) -> std::optional<std::vector<std::string>> {
    const auto info = library.find(entry.plugin);
    const DocView gives = info ? info->caps.view().find("gives") : DocView{};
    if (sandbox || gives.is_null()) return std::nullopt;
    std::vector<std::string> words;
    for (const auto& [key, word] : gives.items()) words.emplace_back(word.text().value_or(""));
    return words;
  };
  std::vector<Error> refused;
  for (const PluginInfo& info : library.list(refused)) options.installed_plugins.insert(info.id);
  return options;
}

std::vector<InstanceSpec> instance_specs(const Bundle& bundle, PluginLibrary& library,
                                         const SandboxOptions& sandbox) {
  std::vector<InstanceSpec> specs;
  const auto add = [&](Role role, const PluginEntry& entry, std::string name) {
    InstanceSpec spec{role, std::move(name),  entry.plugin, entry.config, entry.where,
                      {},   bundle.directory, false};
    play(spec, library, sandbox);
    spec.isolated = entry.isolated && spec.plugin == entry.plugin;
    specs.push_back(std::move(spec));
  };
  for (const PluginEntry& entry : bundle.channels) add(Role::channel, entry, entry.name);
  if (bundle.crm) add(Role::connector, *bundle.crm, "crm");
  for (const PluginEntry& entry : bundle.connectors) add(Role::connector, entry, entry.name);
  if (!sandbox.on)
    for (const PluginEntry& entry : bundle.event_sources) add(Role::source, entry, entry.name);
  for (const PluginEntry& entry : bundle.policies) add(Role::policy, entry, entry.name);
  for (const PluginEntry& entry : bundle.understanding)
    add(Role::understanding, entry, entry.name.empty() ? entry.plugin : entry.name);
  if (!sandbox.on)  // the templates are sent: nobody is asked
    for (const PluginEntry& entry : bundle.content) add(Role::content, entry, entry.name);
  return specs;
}

Result<std::unique_ptr<ActiveGeneration>> ActiveGeneration::make(
    std::shared_ptr<const Bundle> bundle, PluginLibrary& library, const HostPorts& ports,
    const SandboxOptions& sandbox, uint64_t number, std::vector<Error>& errors,
    const ActiveGeneration* earlier) {
  std::unique_ptr<ActiveGeneration> made(new ActiveGeneration());
  made->bundle_ = std::move(bundle);
  made->number_ = number;
  made->manifest_ = manifest_of(*made->bundle_, library, sandbox);
  auto host = PluginHost::make(library, instance_specs(*made->bundle_, library, sandbox), ports,
                               errors, earlier ? earlier->host_.get() : nullptr);
  if (!host) return host.error();
  made->host_ = std::move(*host);
  made->plugin_side_ = std::make_unique<HostSide>(*made->host_);
  warn_of_ladders(*made->bundle_, *made->host_);
  auto rules = BundleRules::make(made->bundle_, *made->plugin_side_, number);
  if (!rules) {
    errors.push_back(rules.error());
    return rules.error();
  }
  made->rules_ = std::move(*rules);
  return made;
}

std::vector<Source> ActiveGeneration::sources() const {
  std::vector<Source> sources;
  for (const auto& [path, text] : bundle_->sources) sources.push_back({sha256_hex(text), text});
  for (const CompiledFlow& flow : bundle_->flows)
    sources.push_back({sha256_hex(flow.json), flow.json});
  return sources;
}

namespace {

Doc hashes_of(const BundleSources& sources) {
  std::vector<std::pair<std::string, Doc>> files;
  for (const auto& [path, text] : sources) files.emplace_back(path, Doc::text(sha256_hex(text)));
  return Doc::record(files);
}

// {name: "id version+hash"}
Doc builds_of(const Bundle& bundle, PluginLibrary& library, const SandboxOptions& sandbox) {
  std::vector<std::pair<std::string, Doc>> builds;
  for (const InstanceSpec& spec : instance_specs(bundle, library, sandbox)) {
    const auto info = library.find(spec.plugin);
    const std::string build = info ? " " + info->version + "+" + info->hash.substr(0, 12) : "";
    builds.emplace_back(spec.name, Doc::text(spec.plugin + build));
  }
  return Doc::record(builds);
}

std::string text_in(const relance::Generation& generation, std::string_view field) {
  const auto manifest = from_json(generation.manifest);
  return manifest ? std::string(manifest->view().find(field).text().value_or("")) : "";
}

}  // namespace

// {bundle, files: {path: hash}, flows: {name: {version, json, sources: {path: hash}}}, plugins}
std::string manifest_of(const Bundle& bundle, PluginLibrary& library,
                        const SandboxOptions& sandbox) {
  std::vector<std::pair<std::string, Doc>> flows;
  for (const CompiledFlow& flow : bundle.flows) {
    flows.emplace_back(flow.flow.name,
                       Doc::record({{"version", Doc::text(flow.flow.version.text())},
                                    {"json", Doc::text(sha256_hex(flow.json))},
                                    {"sources", hashes_of(flow.sources)}}));
  }
  return to_json(Doc::record({{"bundle", Doc::text(bundle.hash)},
                              {"files", hashes_of(bundle.sources)},
                              {"flows", Doc::record(flows)},
                              {"plugins", builds_of(bundle, library, sandbox)}}));
}

bool same_content(const std::string& manifest, const std::string& other) {
  const auto a = from_json(manifest), b = from_json(other);
  if (!a || !b) return false;
  for (const std::string_view field : {"bundle", "files", "flows", "plugins"})
    if (!(Doc(a->view().find(field)) == Doc(b->view().find(field)))) return false;
  return true;
}

std::string bundle_hash_of(const relance::Generation& generation) {
  return text_in(generation, "bundle");
}
std::string set_aside_by(const relance::Generation& generation) {
  return text_in(generation, "instead_of");
}

relance::Generation ActiveGeneration::manifest(Instant at, std::string author, std::string reason,
                                               const std::string& instead_of) const {
  std::string text = manifest_;
  if (!instead_of.empty())
    text = to_json(Doc::merged(from_json(manifest_).value(),
                               Doc::record({{"instead_of", Doc::text(instead_of)}})));
  return {number_, at, std::move(author), std::move(reason), std::move(text)};
}

namespace {

// {path: hash} of a manifest, read again from the store; what is gone is left out.
Result<BundleSources> stored_sources(DocView hashes, std::string_view below, StoreReader& reader) {
  BundleSources sources;
  for (const auto& [path, hash] : hashes.items()) {
    if (!path.starts_with(below)) continue;
    auto text = reader.source(hash.text().value_or(""));
    if (!text) return text.error();
    if (*text) sources[std::string(path)] = **text;
  }
  return sources;
}

// A touch that was frozen before a reload renders from the templates of its generation.
Status add_stored_templates(const std::vector<Doc>& manifests, const Bundle& bundle,
                            BundleRules& rules, StoreReader& reader) {
  constexpr std::string_view kTemplates = "templates/";
  BundleSources known;
  for (const auto& [path, text] : bundle.sources)
    if (path.starts_with(kTemplates)) known[path] = text;
  std::set<BundleSources> added{std::move(known)};
  for (const Doc& manifest : manifests) {
    auto sources = stored_sources(manifest.view().find("files"), kTemplates, reader);
    if (!sources) return sources.error();
    if (sources->empty() || !added.insert(*sources).second) continue;
    if (auto taken = rules.add_templates(*sources); !taken) return taken;
  }
  return {};
}

// A version that does not compile any more holds its runs, and nothing else.
Status add_stored_version(std::string_view name, const Key& version, DocView kept,
                          BundleRules& rules, StoreReader& reader) {
  auto sources = stored_sources(kept.find("sources"), "", reader);
  if (!sources) return sources.error();
  auto json = reader.source(kept.find("json").text().value_or(""));
  if (!json) return json.error();
  if (!*json) return {};
  const Status added = rules.add_version(*sources, **json);
  if (added) return {};
  log::warn("bundle", "flow {}, version {}: its runs are held: {}", name, version.text(),
            added.error().message);
  rules.miss_version(version, added.error().message);
  return {};
}

}  // namespace

Result<BundleSources> stored_bundle(StoreReader& reader, const relance::Generation& generation) {
  const auto refused = [&](Code code, std::string_view path, const char* what) {
    return Error{code,
                 fmt::format("generation {}: {} {}", generation.number, path, what),
                 {},
                 "see `relance generations` for another one"};
  };
  auto manifest = from_json(generation.manifest);
  if (!manifest) return refused(Code::store_corrupt, "its manifest", "cannot be read");
  BundleSources sources;
  for (const auto& [path, named] : manifest->view().find("files").items()) {
    const std::string_view hash = named.text().value_or("");
    auto text = reader.source(hash);
    if (!text) return text.error();
    if (!*text) return refused(Code::no_generation, path, "is not in the store");
    if (sha256_hex(**text) != hash)
      return refused(Code::store_corrupt, path, "is not what its manifest says");
    sources[std::string(path)] = std::move(**text);
  }
  return sources;
}

Status ActiveGeneration::add_stored_versions(StoreReader& reader) {
  auto generations = reader.generations();
  if (!generations) return generations.error();
  std::vector<Doc> manifests;
  std::set<Key> tried;
  for (const relance::Generation& generation : *generations) {
    auto manifest = from_json(generation.manifest);
    if (!manifest) return manifest.error();
    for (const auto& [name, flow] : manifest->view().find("flows").items()) {
      const auto version = Key::parse(flow.find("version").text().value_or(""));
      if (!version || rules_->flow(*version) || !tried.insert(*version).second) continue;
      if (auto read = add_stored_version(name, *version, flow, *rules_, reader); !read) return read;
    }
    manifests.push_back(std::move(*manifest));
  }
  return add_stored_templates(manifests, *bundle_, *rules_, reader);
}

}  // namespace relance
