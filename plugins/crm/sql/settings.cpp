#include "settings.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <mutex>

#include "kit/json.h"

namespace sql {
namespace {

constexpr int64_t kKeyWindowMs = 365LL * 24 * 3600 * 1000;  // as long as the row with the key lasts

constexpr const char* kObjects[] = {"customer", "*"};

// One configuration's table with the names it points to.
struct Table {
  Table(const std::vector<Operation>& all, bool found) {
    for (const Operation& one : all) names.push_back(one.name);
    for (const std::string& name : names) {
      operations.push_back({.struct_size = sizeof(rl_operation),
                            .delivery = RL_KEYED,
                            .name = name.c_str(),
                            .undo = nullptr,
                            .flags = RL_ONLY_IF | (found ? uint32_t{RL_OP_LOOKUP} : 0),
                            .reserved = 0,
                            .key_window_ms = kKeyWindowMs,
                            .index_lag_ms = 0});
    }
    for (const rl_operation& one : operations) pointers.push_back(&one);
    caps = {.struct_size = sizeof(rl_connector_caps),
            .acts_outside = 1,
            .kind = "crm",
            .objects = kObjects,
            .objects_count = std::size(kObjects),
            .operations = pointers.data(),
            .operations_count = pointers.size()};
  }
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;

  std::vector<std::string> names;
  std::vector<rl_operation> operations;
  std::vector<const rl_operation*> pointers;
  rl_connector_caps caps;
};

class Reader {
 public:
  Reader(const kit::Value* root, Settings& settings, std::string& problems)
      : root_(root), settings_(settings), problems_(problems) {}

  Statement statement(std::string_view place, std::string_view text) {
    std::string problem;
    Statement made = parse_statement(text, settings_.postgresql ? '$' : '?', problem);
    if (!problem.empty()) problems_ += std::string(place) + ": " + problem + "\n";
    return made;
  }

  Statement optional(const char* name) {
    const std::string_view text = kit::text(root_, name);
    return text.empty() ? Statement() : statement(name, text);
  }

  void named(const char* name, std::vector<std::pair<std::string, Statement>>& into) {
    const kit::Value* all = kit::member(root_, name);
    if (all == nullptr) return;
    for (const auto& [field, text] : all->GetObject()) {
      const std::string place = std::string(name) + "." + std::string(kit::view(field));
      into.emplace_back(kit::view(field), statement(place, kit::view(text)));
    }
  }

  std::vector<Statement> list(const std::string& place, const kit::Value* from) {
    std::vector<Statement> made;
    if (from == nullptr) return made;
    if (from->IsString()) return {statement(place, kit::view(*from))};
    for (const kit::Value& one : from->GetArray()) {
      made.push_back(statement(place, kit::view(one)));
    }
    return made;
  }

  void operations() {
    const kit::Value* all = kit::member(root_, "operations");
    if (all == nullptr) return;
    for (const auto& [name, texts] : all->GetObject()) {
      Operation made{std::string(kit::view(name)), {}};
      const std::string place = "operations." + made.name;
      made.statements = list(place, &texts);
      const bool once = !made.statements.empty() && claims_once(made.statements[0].text) &&
                        made.statements[0].names_path("key");
      if (!once) {
        problems_ += place +
                     ": the first statement inserts :key into a column with unique values, "
                     "ON CONFLICT (column) DO NOTHING\n";
      }
      settings_.operations.push_back(std::move(made));
    }
  }

 private:
  const kit::Value* root_;
  Settings& settings_;
  std::string& problems_;
};

template <class List>
const Statement* found_in(const List& list, std::string_view name) {
  for (const auto& [own, statement] : list) {
    if (own == name) return &statement;
  }
  return nullptr;
}

}  // namespace

const char* const kSchema = R"({
  "type": "object", "additionalProperties": false, "required": ["driver", "profile"],
  "definitions": {
    "statements": {"anyOf": [{"type": "string", "minLength": 1},
      {"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1}}]},
    "named": {"type": "object", "additionalProperties": {"type": "string", "minLength": 1}}
  },
  "properties": {
    "driver": {"type": "string", "enum": ["sqlite", "postgresql"]},
    "file": {"type": "string", "format": "path"},
    "create": {"type": "boolean", "default": false},
    "connection": {"type": "string"},
    "setup": {"$ref": "#/definitions/statements"},
    "profile": {"type": "string", "minLength": 1},
    "by": {"$ref": "#/definitions/named"},
    "objects": {"$ref": "#/definitions/named"},
    "page": {"type": "string"},
    "first_cursor": {"type": "string", "default": ""},
    "operations": {"type": "object", "additionalProperties": {"$ref": "#/definitions/statements"}},
    "lookup": {"type": "string"},
    "timeout_ms": {"type": "integer", "minimum": 100, "maximum": 20000, "default": 5000},
    "most_waiting": {"type": "integer", "minimum": 1, "maximum": 10000, "default": 256}
  }
})";

bool Operation::names_path(std::string_view path) const {
  return std::any_of(statements.begin(), statements.end(),
                     [&](const Statement& one) { return one.names_path(path); });
}

const Statement* Settings::object(std::string_view name) const { return found_in(objects, name); }
const Statement* Settings::customer_by(std::string_view field) const { return found_in(by, field); }
const Operation* Settings::operation(std::string_view name) const {
  const auto it = std::find_if(operations.begin(), operations.end(),
                               [&](const Operation& one) { return one.name == name; });
  return it == operations.end() ? nullptr : &*it;
}

Settings read_settings(std::string_view config, std::string& problems) {
  const kit::Json json(config);
  const kit::Value* root = json.root();
  Settings settings;
  settings.postgresql = kit::text(root, "driver") == "postgresql";
  settings.access.place = kit::text(root, settings.postgresql ? "connection" : "file");
  settings.access.create = kit::boolean(root, "create");
  settings.access.timeout_ms = kit::integer(root, "timeout_ms", 5000);
  settings.first_cursor = kit::text(root, "first_cursor");
  settings.most_waiting = static_cast<size_t>(kit::integer(root, "most_waiting", 256));
  if (settings.postgresql && settings.access.place.find("password") != std::string::npos) {
    problems += "connection: no password here; libpq finds it in a passfile or a service\n";
  }
  Reader reader(root, settings, problems);
  settings.setup = reader.list("setup", kit::member(root, "setup"));
  settings.objects.emplace_back("customer",
                                reader.statement("profile", kit::text(root, "profile")));
  reader.named("objects", settings.objects);
  reader.named("by", settings.by);
  settings.page = reader.optional("page");
  settings.lookup = reader.optional("lookup");
  reader.operations();
  const bool pages = settings.page.text.empty() ||
                     (settings.page.names_path("cursor") && settings.page.names_path("limit"));
  if (!pages) problems += "page: it has to go on behind :cursor, with at most :limit rows\n";
  if (!settings.lookup.text.empty() && !settings.lookup.names_path("key")) {
    problems += "lookup: it does not ask for :key\n";
  }
  return settings;
}

// A table lasts as long as the process, as the contract wants it.
const rl_connector_caps* caps_of(std::string_view config) {
  static std::mutex mutex;
  static std::map<std::string, Table, std::less<>> tables;
  std::string problems;
  const Settings settings = read_settings(config, problems);
  const std::lock_guard lock(mutex);
  const auto [table, made] =
      tables.try_emplace(std::string(config), settings.operations, !settings.lookup.text.empty());
  return &table->second.caps;
}

}  // namespace sql
