#include "script/bundle_rules.h"

#include <atomic>
#include <mutex>
#include <unordered_map>

#include "core/graph/flow_json.h"
#include "script/disclosure.h"
#include "script/policy_ask.h"
#include "script/read_bundle_file.h"
#include "script/rules_worker.h"
#include "script/template_inputs.h"

namespace relance {
namespace {

// The address of a variable of each thread: tells threads apart.
const void* this_thread() {
  thread_local char here = 0;
  return &here;
}

uint64_t next_number() {
  static std::atomic<uint64_t> last{0};
  return ++last;
}

class LiveRules final : public BundleRules {
 public:
  LiveRules(std::shared_ptr<const Bundle> bundle, const PluginSide& plugins, uint64_t generation)
      : bundle_(std::move(bundle)),
        plugins_(plugins),
        generation_(generation),
        number_(next_number()) {
    context_ = compile_context(*bundle_, [this](const PluginEntry& entry) {
      const Channel* known = plugins_.channel(entry.name);
      return known != nullptr ? known->kind : kind_of_channel(entry, {});
    });
    for (const CompiledFlow& flow : bundle_->flows) activate(flow);
    for (const auto& [path, text] : bundle_->sources)
      keeps_facts_ = keeps_facts_ || text.find(kFactsPrefix) != std::string::npos;
  }

  uint64_t generation() const override { return generation_; }
  const std::string& tenant() const override { return bundle_->tenant; }
  const Bundle& bundle() const override { return *bundle_; }

  const Flow* flow(const Key& version) const override {
    const auto found = versions_.find(version);
    return found == versions_.end() ? nullptr : &found->second->flow;
  }

  std::string why_missing(const Key& version) const override {
    const auto found = missing_.find(version);
    return found == missing_.end() ? Rules::why_missing(version) : found->second;
  }

  std::span<const Flow* const> started_by(std::string_view event_type) const override {
    const auto found = started_by_.find(event_type);
    if (found == started_by_.end()) return {};
    return found->second;
  }

  std::span<const Flow* const> active() const override { return active_; }

  std::span<const Flow* const> watching(std::string_view event_type) const override {
    if (watching_.empty()) return {};
    const auto found = watching_.find(event_type);
    if (found == watching_.end()) return {};
    return found->second;
  }
  bool keeps_facts() const override { return keeps_facts_; }

  Result<bool> test(const Flow& flow, FunctionRef function, const View& view) const override {
    RulesWorker& own = worker();
    Result<LuaFunction> ready = prepared(own, flow, function);
    if (!ready) return ready.error();
    return own.lua().call_bool(*ready, view);
  }

  Result<Doc> data(const Flow& flow, FunctionRef function, const View& view) const override {
    RulesWorker& own = worker();
    Result<LuaFunction> ready = prepared(own, flow, function);
    if (!ready) return ready.error();
    return own.lua().call_record(*ready, view);
  }

  Result<std::string> choose(const Flow& flow, FunctionRef function,
                             const View& view) const override {
    RulesWorker& own = worker();
    Result<LuaFunction> ready = prepared(own, flow, function);
    if (!ready) return ready.error();
    return own.lua().call_text(*ready, view);
  }

  Result<bool> where(const Flow& flow, FunctionRef function, DocView event) const override {
    RulesWorker& own = worker();
    Result<LuaFunction> ready = prepared(own, flow, function);
    if (!ready) return ready.error();
    return own.lua().call_where(*ready, event);
  }

  Result<PolicyAnswer> policy(std::string_view name, const PolicyQuestion& question,
                              const View& view) const override {
    Result<Doc> answer = ask_policy(name, question, view);
    if (!answer) return answer.error();
    return read_policy_answer(name, *answer, question, view);
  }

  std::string policy_revision(std::string_view name) const override {
    for (const LuaPolicy& lua : bundle_->lua_policies)
      if (lua.name == name) return lua.revision;
    return plugins_.policy_revision(name);
  }

  const Channel* channel(std::string_view name) const override { return plugins_.channel(name); }
  const Connector* connector(std::string_view name) const override {
    return plugins_.connector(name);
  }
  const ContactRules& contact() const override { return bundle_->contact; }
  const Zone& zone() const override {
    return bundle_->zone == nullptr ? Zone::utc() : *bundle_->zone;
  }
  const std::string& locale() const override { return bundle_->locale; }

  const HumanQueue* queue(std::string_view name) const override {
    for (const Queue& known : bundle_->queues)
      if (known.name == name) return &known;
    return nullptr;
  }

  const std::string& controller() const override { return bundle_->controller; }

  std::string_view about(std::string_view event_type) const override {
    const EventType* type = bundle_->events.find(event_type);
    return type == nullptr ? std::string_view() : type->about;
  }

  const TalkScript* script(const Flow& flow, std::string_view name) const override {
    const auto found = versions_.find(flow.version);
    if (found == versions_.end()) return nullptr;
    for (const TalkScript& script : found->second->scripts) {
      if (script.name == name) return &script;
    }
    return nullptr;
  }

  Result<Doc> inputs(const TemplateRef& wanted, const View& view, DocView data) const override {
    const TemplateText* text =
        bundle_->templates.find(wanted.name, wanted.channel_kind, wanted.locale, bundle_->locale);
    if (text == nullptr) return unknown_template(wanted.name + "." + wanted.channel_kind);
    return template_inputs(*text, view, data,
                           {bundle_->name, bundle_->controller, bundle_->link, &zone()});
  }

  Result<std::vector<Part>> render(DocView inputs, DocView data) const override {
    const std::string_view hash = inputs.find("template").text().value_or("");
    const TemplateText* text = template_of(hash);
    if (text == nullptr) return unknown_template(std::string(hash));
    return render_parts(*text, inputs, data, zone());
  }

  Result<std::string> line(std::string_view script, std::string_view text_id,
                           std::string_view locale, DocView inputs) const override {
    const TemplateText* text = template_of(inputs.find("template").text().value_or(""));
    const bool frozen = text != nullptr && text->channel_kind == "script" && text->name == script;
    if (!frozen) text = bundle_->templates.find(script, "script", locale, bundle_->locale);
    if (text == nullptr) return unknown_template(std::string(script) + ".script");
    return render_line(*text, text_id, inputs, zone());
  }

  // The script's own words for it, where it has some.
  std::string disclosure(std::string_view script, std::string_view locale,
                         DocView inputs) const override {
    auto own = line(script, "disclosure", locale, inputs);
    return own && !own->empty() ? std::move(*own) : std::string(disclosure_in(locale));
  }

  Status add_version(const BundleSources& sources, std::string_view stored_json) override;
  void miss_version(const Key& version, std::string why) override {
    missing_[version] = std::move(why);
  }
  Status add_templates(const BundleSources& sources) override;
  std::vector<Stranded> take_over(const BundleRules& earlier, const Needed& needed) override;
  size_t older() const override { return older_.size() + older_templates_.size(); }
  size_t missing() const override { return missing_.size(); }

 private:
  using Templates = std::shared_ptr<const TemplateSet>;
  Templates own_templates() const { return {bundle_, &bundle_->templates}; }
  void take_templates(const Templates& set, const Needed& needed);

  void activate(const CompiledFlow& compiled) {
    versions_[compiled.flow.version] = &compiled;
    active_.push_back(&compiled.flow);
    if (compiled.flow.absence) watching_[compiled.flow.absence->type].push_back(&compiled.flow);
    const ContactRules& contact = bundle_->contact;
    const auto more_urgent = [&](const Flow* a, const Flow* b) {
      return contact.priority_of(a->name) < contact.priority_of(b->name);
    };
    for (const EventPattern& start : compiled.flow.start) {
      std::vector<const Flow*>& flows = started_by_[start.type];
      if (std::find(flows.begin(), flows.end(), &compiled.flow) == flows.end())
        flows.insert(std::upper_bound(flows.begin(), flows.end(), &compiled.flow, more_urgent),
                     &compiled.flow);
    }
  }

  static Error unknown_template(const std::string& name) {
    return {Code::unknown_template, "there is no template '" + name + "'", {}, {}};
  }

  const TemplateText* template_of(std::string_view hash) const {
    if (hash.empty()) return nullptr;
    if (const TemplateText* text = bundle_->templates.by_hash(hash)) return text;
    for (const Templates& set : older_templates_) {
      if (const TemplateText* text = set->by_hash(hash)) return text;
    }
    return nullptr;
  }

  Result<Doc> ask_policy(std::string_view name, const PolicyQuestion& question,
                         const View& view) const {
    for (const LuaPolicy& lua : bundle_->lua_policies) {
      if (lua.name != name) continue;
      RulesWorker& own = worker();
      Result<LuaFunction> ready = own.policy(lua);
      if (!ready) return ready.error();
      return own.lua().call_policy(*ready, policy_ask(question, view, contact()), view);
    }
    return plugins_.policy(name, question.kind, whole_policy_ask(question, view, contact()));
  }

  Result<LuaFunction> prepared(RulesWorker& own, const Flow& flow, FunctionRef function) const {
    const auto found = versions_.find(flow.version);
    if (found != versions_.end()) return own.function(*found->second, function);
    return Error{Code::run_no_flow_version,
                 "version " + flow.version.text() + " of flow '" + flow.name + "' is not loaded",
                 {flow.file, 0},
                 {}};
  }

  // Each thread has a state of its own. The last one asked for is remembered, so the lock is taken
  // once a thread.
  RulesWorker& worker() const {
    thread_local uint64_t last_number = 0;
    thread_local RulesWorker* last = nullptr;
    if (last != nullptr && last_number == number_) return *last;
    const std::lock_guard lock(workers_mutex_);
    std::unique_ptr<RulesWorker>& own = workers_[this_thread()];
    if (own == nullptr) own = std::make_unique<RulesWorker>(*bundle_, context_);
    last_number = number_;
    last = own.get();
    return *last;
  }

  const std::shared_ptr<const Bundle> bundle_;
  const PluginSide& plugins_;
  const uint64_t generation_;
  const uint64_t number_;  // of this object, never given twice
  CompileContext context_;
  std::unordered_map<Key, const CompiledFlow*, KeyHash> versions_;
  std::vector<std::unique_ptr<CompiledFlow>> older_;
  std::map<Key, std::string> missing_;
  std::vector<Templates> older_templates_;
  std::map<std::string, std::vector<const Flow*>, std::less<>> started_by_;
  std::vector<const Flow*> active_;
  std::map<std::string, std::vector<const Flow*>, std::less<>> watching_;
  bool keeps_facts_ = false;
  mutable std::mutex workers_mutex_;
  mutable std::unordered_map<const void*, std::unique_ptr<RulesWorker>> workers_;
};

std::string first_problem(Findings& findings) {
  for (const Finding& finding : findings.take_sorted()) {
    if (finding.severity == Severity::error) return finding.error.text();
  }
  return "it compiles to another graph than the one stored";
}

Status LiveRules::add_version(const BundleSources& sources, std::string_view stored_json) {
  Result<Flow> stored = flow_from_json(stored_json);
  if (!stored) return stored.error();
  const std::string file = stored->name + ".lua";
  const std::string path = bundle_->directory.empty() ? file : bundle_->directory + "/" + file;
  auto added = std::make_unique<CompiledFlow>();
  Findings findings;
  FlowBuild build = worker().compile(sources, stored->name, path, added->scripts, findings);
  added->json = relance::stored_json(build.flow);
  if (findings.has_errors() || added->json != stored_json) {
    return Error{Code::run_no_flow_version,
                 first_problem(findings),
                 {path, 0},
                 "its runs are held; bring back what it names, or migrate them"};
  }
  added->flow = std::move(build.flow);
  added->scripts_used = std::move(build.scripts);
  added->sources = sources;
  if (versions_.emplace(added->flow.version, added.get()).second)
    older_.push_back(std::move(added));
  return {};
}

Status LiveRules::add_templates(const BundleSources& sources) {
  const auto set = std::make_shared<TemplateSet>();
  for (const auto& [path, text] : sources) {
    if (!path.starts_with("templates/")) continue;
    if (Status taken = set->add(path, text); !taken) return taken;
  }
  older_templates_.push_back(set);
  return {};
}

// What this bundle has already adds nothing.
void LiveRules::take_templates(const Templates& set, const Needed& needed) {
  const bool adds =
      std::any_of(set->all().begin(), set->all().end(), [&](const TemplateText& text) {
        return !template_of(text.hash) && (!needed.a_template || needed.a_template(text.hash));
      });
  if (adds) older_templates_.push_back(set);
}

std::vector<BundleRules::Stranded> LiveRules::take_over(const BundleRules& earlier,
                                                        const Needed& needed) {
  const auto& before = static_cast<const LiveRules&>(earlier);
  std::map<Key, const CompiledFlow*> versions(before.versions_.begin(), before.versions_.end());
  std::vector<Stranded> stranded;
  for (const auto& [version, compiled] : versions) {
    if (versions_.contains(version) || (needed.version && !needed.version(version))) continue;
    const Status added = add_version(compiled->sources, compiled->json);
    if (added) continue;
    miss_version(version, added.error().message);
    stranded.push_back({compiled->flow.name, version, added.error()});
  }
  for (const Templates& set : before.older_templates_) take_templates(set, needed);
  take_templates(before.own_templates(), needed);
  return stranded;
}

}  // namespace

Result<std::shared_ptr<BundleRules>> BundleRules::make(std::shared_ptr<const Bundle> bundle,
                                                       const PluginSide& plugins,
                                                       uint64_t generation) {
  return std::shared_ptr<BundleRules>(
      std::make_shared<LiveRules>(std::move(bundle), plugins, generation));
}

}  // namespace relance
