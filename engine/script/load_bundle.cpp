// read_bundle and load_bundle of bundle.h: which file is what, and the order in which they are
// read.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/text.h"
#include "script/bundle.h"
#include "script/check_starts.h"
#include "script/check_voicemail.h"
#include "script/compile_context.h"
#include "script/compile_flow.h"
#include "script/read_bundle_file.h"
#include "script/read_contact.h"
#include "script/read_events.h"

namespace relance {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMostFileBytes = 1u << 20;
constexpr size_t kRevisionDigits = 12;

bool is_below(const std::string& path, std::string_view folder, std::string_view ending) {
  return path.starts_with(folder) && path.ends_with(ending) &&
         path.find('/', folder.size()) == std::string::npos;
}

bool is_flow(const std::string& path) {
  return is_below(path, "", ".lua") && !path.ends_with("_test.lua") && path != "bundle.lua" &&
         path != "events.lua" && path != "contact.lua";
}

// "scripts/payment_help.lua" -> "payment_help"
std::string stem_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  const std::string file = slash == std::string::npos ? path : path.substr(slash + 1);
  return file.substr(0, file.rfind('.'));
}

bool belongs(const std::string& path) {
  return is_below(path, "", ".lua") || is_below(path, "scripts/", ".lua") ||
         is_below(path, "policies/", ".lua") || is_below(path, "templates/", ".mustache") ||
         is_below(path, "templates/", ".html");
}

class BundleLoader {
 public:
  BundleLoader(const BundleSources& sources, const std::string& directory,
               const LoadOptions& options)
      : sources_(sources), options_(options), bundle_(std::make_shared<Bundle>()) {
    bundle_->directory = directory;
    bundle_->sources = sources;
    bundle_->hash = hash();
  }

  LoadedBundle load() {
    load_events();
    load_templates();
    load_bundle_file();
    context_ = compile_context(
        *bundle_, [&](const PluginEntry& entry) { return kind_of_channel(entry, options_); });
    for (const PluginEntry& entry : bundle_->channels) {
      auto words = options_.channel_words ? options_.channel_words(entry) : std::nullopt;
      if (words) context_.channel_gives[entry.name] = std::move(*words);
    }
    for (const auto& [path, text] : sources_)
      if (is_flow(path)) context_.flows.push_back(stem_of(path));
    load_contact();
    check_policies();
    load_scripts();
    load_flows();
    check_controller();
    if (!findings_.has_errors()) check_starts(*bundle_, findings_);
    if (!findings_.has_errors()) check_voicemails(*bundle_, findings_);
    LoadedBundle loaded;
    if (!findings_.has_errors()) loaded.bundle = std::move(bundle_);
    loaded.findings = findings_.take_sorted();
    return loaded;
  }

 private:
  std::string hash() const {
    std::string all;
    for (const auto& [path, text] : sources_) all += path + '\n' + sha256_hex(text) + '\n';
    return sha256_hex(all);
  }

  std::string shown(const std::string& path) const {
    if (bundle_->directory.empty()) return path;
    return bundle_->directory.ends_with('/') ? bundle_->directory + path
                                             : bundle_->directory + "/" + path;
  }

  const SourceFile* file(const std::string& path) {
    const auto source = sources_.find(path);
    if (source == sources_.end()) return nullptr;
    return &files_.emplace(path, SourceFile{shown(path), source->second}).first->second;
  }

  void load_events() {
    bundle_->events = EventCatalogue::shipped();
    const SourceFile* events = file("events.lua");
    if (events == nullptr) return;
    if (auto value = load_file(lua_, Sheet::events, *events, findings_)) {
      read_events(*value, *events, bundle_->events, findings_);
    }
  }

  void load_templates() {
    for (const auto& [path, text] : sources_) {
      if (!path.starts_with("templates/")) continue;
      Status added = bundle_->templates.add(shown(path), text);
      if (!added.ok()) findings_.add({Severity::error, added.error()});
    }
    for (Error& problem : bundle_->templates.problems()) {
      findings_.add({Severity::error, std::move(problem)});
    }
  }

  void load_bundle_file() {
    const SourceFile* bundle = file("bundle.lua");
    if (bundle == nullptr) {
      findings_.error({shown("bundle.lua"), 0}, Code::file_not_found, "a bundle has a bundle.lua",
                      "relance new bundle DIR makes a working one");
      return;
    }
    if (auto value = load_file(lua_, Sheet::bundle, *bundle, findings_)) {
      read_bundle_file(*value, *bundle, options_, *bundle_, findings_);
    }
  }

  void load_contact() {
    const ContactContext names{&bundle_->events, context_.flows};
    const SourceFile* contact = file("contact.lua");
    if (contact == nullptr) return;
    if (auto value = load_file(lua_, Sheet::contact, *contact, findings_)) {
      bundle_->contact = read_contact(*value, *contact, names, findings_);
    }
  }

  void check_policies() {
    for (LuaPolicy& policy : bundle_->lua_policies) {
      if (const SourceFile* source = file(policy.path)) {
        policy.revision = sha256_hex(source->text).substr(0, kRevisionDigits);
        compile_policy(lua_, *source, findings_);
      } else {
        findings_.error(policy.where, Code::file_not_found,
                        fmt::format("there is no file '{}'", policy.path));
      }
    }
  }

  void load_scripts() {
    for (const auto& [path, text] : sources_) {
      if (!path.starts_with("scripts/")) continue;
      Findings own;
      TalkScript script = compile_script(lua_, *file(path), context_, own);
      if (own.has_errors()) {
        context_.broken_scripts.push_back(script.name);
      } else {
        context_.script_sources[script.name] = text;
        context_.scripts[script.name] = std::move(script);
      }
      for (Finding& finding : own.take_sorted()) findings_.add(std::move(finding));
    }
  }

  void load_flows() {
    for (const auto& [path, text] : sources_) {
      if (!is_flow(path)) continue;
      FlowBuild build = compile_flow(lua_, *file(path), context_, findings_);
      CompiledFlow flow;
      flow.json = stored_json(build.flow);
      flow.flow = std::move(build.flow);
      flow.sources[path] = text;
      for (const std::string& name : build.scripts) {
        const auto script = context_.scripts.find(name);
        if (script == context_.scripts.end()) continue;
        flow.scripts.push_back(script->second);
        flow.sources["scripts/" + name + ".lua"] = context_.script_sources[name];
      }
      flow.scripts_used = std::move(build.scripts);
      bundle_->flows.push_back(std::move(flow));
    }
  }

  static bool is_handed_over(const CompiledFlow& flow) {
    const auto hands_over = [](const Step& step) { return step.kind() == StepKind::handoff; };
    const auto transfers = [](const TalkScript& script) {
      return std::ranges::any_of(script.turns,
                                 [](const Turn& turn) { return turn.kind == TurnKind::transfer; });
    };
    return std::ranges::any_of(flow.flow.steps, hands_over) ||
           std::ranges::any_of(flow.scripts, transfers);
  }

  // Every packet says who answers for the customer's data.
  void check_controller() {
    if (!bundle_->controller.empty() || bundle_->name.empty()) return;
    const auto flow = std::ranges::find_if(bundle_->flows, is_handed_over);
    if (flow == bundle_->flows.end()) return;
    findings_.error({shown("bundle.lua"), 0}, Code::no_controller,
                    fmt::format("flow '{}' hands customers over to people, and the bundle names no "
                                "controller",
                                flow->flow.name),
                    "controller = \"Company, its address\"");
  }

  const BundleSources& sources_;
  const LoadOptions& options_;
  std::shared_ptr<Bundle> bundle_;
  LuaState lua_;
  Findings findings_;
  CompileContext context_;
  std::map<std::string, SourceFile> files_;
};

Status read_folder(const fs::path& root, const std::string& folder, BundleSources& sources) {
  std::error_code failed;
  fs::directory_iterator entries(root / folder, failed);
  if (failed) return {};  // a folder that is not there holds nothing
  for (const fs::directory_entry& entry : entries) {
    const std::string path = folder + entry.path().filename().string();
    if (!entry.is_regular_file() || !belongs(path)) continue;
    if (entry.file_size() > kMostFileBytes) {
      return Error{Code::file_unreadable,
                   "a file of a bundle has at most 1 MiB",
                   {entry.path().string(), 0},
                   ""};
    }
    Result<std::string> text = read_file(entry.path().string());
    if (!text.ok()) return text.error();
    sources[path] = std::move(*text);
  }
  return {};
}

}  // namespace

Result<BundleSources> read_bundle(const std::string& directory) {
  std::error_code failed;
  if (!fs::is_directory(directory, failed)) {
    return Error{Code::file_not_found,
                 "there is no directory '" + directory + "'",
                 {},
                 "a bundle is a directory with a bundle.lua"};
  }
  BundleSources sources;
  for (const char* folder : {"", "scripts/", "policies/", "templates/"}) {
    if (Status read = read_folder(directory, folder, sources); !read.ok()) return read.error();
  }
  return sources;
}

LoadedBundle load_bundle(const BundleSources& sources, const std::string& directory,
                         const LoadOptions& options) {
  return BundleLoader(sources, directory, options).load();
}

}  // namespace relance
