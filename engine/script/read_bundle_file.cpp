#include "script/read_bundle_file.h"

#include <algorithm>

#include "base/text.h"
#include "script/returned_place.h"

namespace relance {
namespace {

constexpr Field kBundleFields[] = {
    {"name", Shape::text, true, "the shop's name, one word"},
    {"tenant", Shape::text, false, "whose customers they are; without it the name"},
    {"currency", Shape::text, true, "of reports: EUR"},
    {"zone", Shape::text, true, "the shop's time zone: Europe/Paris"},
    {"locale", Shape::text, true, "the language where a customer's is not known: fr"},
    {"controller", Shape::text, false,
     "who is answerable for the customer's data, with the address"},
    {"link", Shape::text, false, "what {{link}} begins with; a token of the run follows"},
    {"attribution", Shape::duration, false, "a touch up to this long before the goal is credited"},
    {"channels", Shape::table, false, "name = plugin \"...\" { ... }"},
    {"crm", Shape::any, false, "plugin \"...\" { ... }"},
    {"connectors", Shape::table, false, "name = plugin \"...\" { ... }"},
    {"sources", Shape::table, false, "name = plugin \"...\" { ... }"},
    {"policies", Shape::table, false, "name = plugin \"...\" { ... } or \"policies/NAME.lua\""},
    {"understanding", Shape::table, false, "plugins that tell what an utterance means, in order"},
    {"content", Shape::table, false, "name = plugin \"...\" { ... }: who writes messages"},
    {"queues", Shape::table, false, "name = { lease = minutes(30) }"},
};

constexpr Field kQueueFields[] = {
    {"lease", Shape::duration, false, "how long a person has an item before it counts as lost"},
    {"desk", Shape::text, false, "the channel over which its items are offered"},
    {"accept", Shape::duration, false, "how long the desk may take to accept one (5 minutes)"},
};

// These hold files, not accounts: nothing leaves the machine through them.
constexpr std::string_view kStaysInSandbox = "relance.crm.csv";
constexpr std::string_view kSandbox = "relance.sandbox";

bool is_plugin_id(std::string_view id) {
  size_t words = 0;
  for (std::string_view part : split(id, '.')) {
    if (part.empty()) return false;
    if (part.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") != std::string_view::npos)
      return false;
    ++words;
  }
  return words >= 2;
}

bool is_word(std::string_view name) {
  return !name.empty() &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") == std::string_view::npos;
}

class BundleReader {
 public:
  BundleReader(const Fields& fields, const LoadOptions& options, Bundle& bundle)
      : fields_(fields), options_(options), bundle_(bundle), findings_(fields.findings()) {}

  void read() {
    read_shop();
    bundle_.channels = read_plugins("channels");
    for (PluginEntry& entry : bundle_.channels) read_pace(entry);
    bundle_.connectors = read_plugins("connectors");
    if (const Value* crm = fields_.get("crm"))
      bundle_.crm = read_plugin("crm", *crm, fields_.place().at("crm"));
    bundle_.event_sources = read_plugins("sources");
    check_source_names();
    read_policies();
    read_understanding();
    bundle_.content = read_plugins("content");
    read_queues();
    if (options_.sandbox) take_sandbox();
  }

 private:
  void read_shop() {
    bundle_.name = fields_.text("name");
    bundle_.tenant = fields_.text("tenant");
    if (bundle_.tenant.empty()) bundle_.tenant = bundle_.name;
    bundle_.locale = fields_.text("locale");
    bundle_.controller = fields_.text("controller");
    if (fields_.has("link")) bundle_.link = fields_.text("link");
    if (const auto span = fields_.duration("attribution")) bundle_.attribution = *span;
    if (!bundle_.name.empty() && !is_word(bundle_.name)) {
      fields_.error("name", Code::bad_bundle, "'" + bundle_.name + "' is not a name",
                    "write lower-case letters, digits, - and _");
    }
    read_currency(fields_.text("currency"));
    read_zone(fields_.text("zone"));
  }

  void read_currency(const std::string& written) {
    if (written.empty()) return;
    const Result<Currency> currency = Currency::parse(written);
    if (currency) {
      bundle_.currency = *currency;
    } else {
      fields_.error("currency", currency.error().code, currency.error().message,
                    currency.error().hint);
    }
  }

  void read_zone(const std::string& written) {
    if (written.empty()) return;
    const Result<const Zone*> zone = Zone::find(written);
    if (zone) {
      bundle_.zone = *zone;
    } else {
      fields_.error("zone", zone.error().code, zone.error().message, zone.error().hint);
    }
  }

  std::optional<PluginEntry> read_plugin(const std::string& name, const Value& value,
                                         const Where& where) {
    if (value.is(Value::Kind::spoilt)) return std::nullopt;
    const Value* id = value.is_word("plugin") ? value.find("id") : nullptr;
    if (id == nullptr) {
      findings_.error(where, Code::wrong_type,
                      "'" + name + "' wants a plugin, not " + describe(value),
                      "write plugin \"relance.email.smtp\" { ... }");
      return std::nullopt;
    }
    PluginEntry entry{name, id->text, Doc::empty_record(), where};
    if (!is_plugin_id(entry.plugin)) {
      findings_.error(where, Code::unknown_plugin,
                      "'" + entry.plugin + "' is not the id of a plugin",
                      "an id is words joined by dots: relance.email.smtp");
    } else {
      check_installed(entry);
    }
    if (const Value* config = value.find("config")) {
      Result<Doc> doc = doc_of(*config);
      if (!doc) {
        findings_.error(where, doc.error().code, doc.error().message, doc.error().hint);
      } else if (doc->view().type() != DocType::record) {
        findings_.error(where, Code::wrong_type,
                        "the configuration of '" + name + "' wants names: { url = \"...\" }");
      } else {
        entry.config = std::move(*doc);
        read_isolation(entry);
      }
    }
    return entry;
  }

  // Where the plugin runs is the engine's business: no part of the configuration that it sees, and
  // none of what makes a repeat the same.
  void read_isolation(PluginEntry& entry) {
    const DocView isolation = entry.config.view().find("isolation");
    if (isolation.is_null()) return;
    entry.isolated = isolation.text() == "process";
    if (!entry.isolated)
      findings_.error(entry.where, Code::bad_value, "'isolation' of '" + entry.name + "' is wrong",
                      "write isolation = \"process\", or leave it out");
    leave_out(entry, "isolation");
  }

  static void leave_out(PluginEntry& entry, std::string_view field) {
    std::vector<std::pair<std::string, Doc>> others;
    for (const auto& [key, value] : entry.config.view().items())
      if (key != field) others.emplace_back(key, Doc(value));
    entry.config = Doc::record(others);
  }

  // How many touches leave is the engine's business, too: no part of what makes a repeat the same.
  void read_pace(PluginEntry& entry) {
    const auto wrong = [&](const std::string& field) {
      findings_.error(entry.where, Code::bad_value,
                      "'" + field + "' of '" + entry.name + "' is wrong",
                      "write a number above nothing, or leave it out");
    };
    if (const DocView rate = entry.config.view().find("per_second"); !rate.is_null()) {
      entry.per_second = rate.number().value_or(0);
      if (!(entry.per_second > 0 && entry.per_second <= 1e6)) wrong("per_second");
      leave_out(entry, "per_second");
    }
    if (const DocView most = entry.config.view().find("at_once"); !most.is_null()) {
      const int64_t count = most.integer().value_or(0);
      if (count < 1 || count > 1'000'000) wrong("at_once");
      entry.at_once = static_cast<int>(std::clamp<int64_t>(count, 0, 1'000'000));
      leave_out(entry, "at_once");
    }
  }

  void check_installed(const PluginEntry& entry) {
    const auto& installed = options_.installed_plugins;
    if (installed.empty() || options_.sandbox || installed.contains(entry.plugin)) return;
    findings_.error(entry.where, Code::unknown_plugin, "there is no plugin '" + entry.plugin + "'",
                    did_you_mean(entry.plugin, {installed.begin(), installed.end()}));
  }

  std::vector<PluginEntry> read_plugins(std::string_view field) {
    std::vector<PluginEntry> entries;
    const Value* table = fields_.get(field);
    if (table == nullptr) return entries;
    const Place place = fields_.place().inside(field);
    if (!table->items.empty()) {
      fields_.error(field, Code::wrong_type,
                    "every entry of '" + std::string(field) + "' wants a name",
                    "write email = plugin \"...\" { ... }");
    }
    for (const auto& [name, value] : table->fields) {
      if (auto entry = read_plugin(name, value, place.at(name)))
        entries.push_back(std::move(*entry));
    }
    return entries;
  }

  // Webhooks come to the name of an instance, so that it stands for one and can be part of a URL.
  void check_source_names() {
    const auto named = [](const std::vector<PluginEntry>& entries, const std::string& name) {
      return std::any_of(entries.begin(), entries.end(),
                         [&](const PluginEntry& entry) { return entry.name == name; });
    };
    for (const PluginEntry& entry : bundle_.event_sources) {
      if (!is_word(entry.name)) {
        findings_.error(
            entry.where, Code::bad_bundle, "'" + entry.name + "' cannot name a source",
            "its webhooks come to that name: write lower-case letters, digits, - and _");
      } else if (named(bundle_.channels, entry.name) || named(bundle_.connectors, entry.name) ||
                 (bundle_.crm && entry.name == "crm")) {
        findings_.error(entry.where, Code::bad_bundle,
                        "source '" + entry.name + "' has the name of a channel or connector",
                        "webhooks come to a name: give each instance its own");
      }
    }
  }

  void read_policies() {
    const Value* table = fields_.get("policies");
    if (table == nullptr) return;
    const Place place = fields_.place().inside("policies");
    for (const auto& [name, value] : table->fields) {
      const Where where = place.at(name);
      if (value.is(Value::Kind::text)) {
        bundle_.lua_policies.push_back({name, value.text, where});
      } else if (auto entry = read_plugin(name, value, where)) {
        bundle_.policies.push_back(std::move(*entry));
      }
    }
  }

  void read_understanding() {
    const Value* list = fields_.get("understanding");
    if (list == nullptr) return;
    const Place place = fields_.place().inside("understanding");
    for (size_t i = 0; i < list->items.size(); ++i) {
      const std::string number = std::to_string(i + 1);
      const Value& value = list->items[i];
      const Where where = value.line > 0 ? Where{place.file->path, value.line} : place.at(number);
      if (auto entry = read_plugin("understanding_" + number, value, where)) {
        bundle_.understanding.push_back(std::move(*entry));
      }
    }
  }

  void read_queues() {
    const Value* table = fields_.get("queues");
    if (table == nullptr) return;
    const Place place = fields_.place().inside("queues");
    for (const auto& [name, value] : table->fields) {
      const Fields fields(value, kQueueFields, "queue '" + name + "'", place.inside(name),
                          findings_);
      Queue queue;
      queue.name = name;
      queue.where = place.at(name);
      queue.lease = fields.duration("lease").value_or(queue.lease);
      queue.accept = fields.duration("accept").value_or(queue.accept);
      if (fields.has("desk")) queue.desk = desk(fields);
      bundle_.queues.push_back(std::move(queue));
    }
  }

  std::string desk(const Fields& fields) const {
    std::vector<std::string> channels;
    for (const PluginEntry& entry : bundle_.channels) channels.push_back(entry.name);
    const std::string name = fields.text("desk");
    return fields.known("desk", name, channels, Code::unknown_channel, "channel") ? name : "";
  }

  void take_sandbox() {
    const auto replace = [](PluginEntry& entry, const std::string& as) {
      if (entry.plugin == kSandbox || entry.plugin == kStaysInSandbox) return;
      const DocView played = entry.config.view().find("sandbox");  // what it is told instead
      const Doc told = played.is_null() ? Doc::empty_record() : Doc(played);
      entry.plugin = kSandbox;
      entry.config = Doc::merged(told, Doc::record({{"as", Doc::text(as)}}));
      entry.isolated = false;
    };
    for (PluginEntry& entry : bundle_.channels) replace(entry, kind_of_channel(entry, options_));
    for (PluginEntry& entry : bundle_.connectors) replace(entry, "connector");
    if (bundle_.crm) replace(*bundle_.crm, "crm");
    bundle_.event_sources.clear();  // nothing real comes in either
  }

  const Fields& fields_;
  const LoadOptions& options_;
  Bundle& bundle_;
  Findings& findings_;
};

}  // namespace

void read_bundle_file(const Value& returned, const SourceFile& file, const LoadOptions& options,
                      Bundle& bundle, Findings& findings) {
  if (returned.is(Value::Kind::spoilt)) return;
  if (!returned.is_word("bundle")) {
    findings.error({file.path, 0}, Code::bad_bundle,
                   "this file returns " + describe(returned) + ", not a bundle",
                   "end it with return bundle { ... }");
    return;
  }
  const Fields fields(returned, kBundleFields, "bundle", returned_place(returned, file), findings);
  BundleReader(fields, options, bundle).read();
}

std::string kind_of_channel(const PluginEntry& entry, const LoadOptions& options) {
  if (const auto as = entry.config.view().find("as").text(); as && entry.plugin == kSandbox)
    return std::string(*as);
  const bool installed = options.installed_plugins.contains(entry.plugin);
  if (options.channel_kind && installed) {
    if (std::string kind = options.channel_kind(entry); !kind.empty()) return kind;
  }
  const std::vector<std::string_view> words = split(entry.plugin, '.');
  return words.size() > 1 ? std::string(words[1]) : std::string();
}

}  // namespace relance
