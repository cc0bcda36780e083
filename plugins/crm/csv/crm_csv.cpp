// relance.crm.csv: customers in a CSV file, outcomes appended to a file beside it.
//
// The file is read when the plugin starts; a reload of the bundle reads it again. What is written
// goes to `outcomes` (default: the file's name and ".outcomes.jsonl"), a JSON line each, once per
// key.
#include <algorithm>
#include <charconv>
#include <cstring>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "csv.h"
#include "kit/complete.h"
#include "kit/file.h"
#include "kit/json.h"
#include "kit/plugin.h"
#include "query.h"

namespace {

constexpr size_t kMostLookedAt = 50'000;  // rows of one page, so that none takes long

class CrmCsv {
 public:
  CrmCsv(const rl_host* host, std::string_view config) : host_(host) {
    const kit::Json json(config);
    path_ = kit::text(json.root(), "file");
    id_column_ = kit::text(json.root(), "id", "id");
    read_only_ = kit::boolean(json.root(), "read_only");
    rehearsal_ = kit::boolean(json.root(), "rehearsal");
    outcomes_path_ = kit::text(json.root(), "outcomes");
    if (path_.empty()) throw std::invalid_argument("'file' is missing");
    if (outcomes_path_.empty()) outcomes_path_ = path_ + ".outcomes.jsonl";
  }

  void start(rl_op op) {
    try {
      load();
      if (!read_only_ && !rehearsal_) load_outcomes();
      kit::complete(host_, op, {});
    } catch (const std::exception& error) {
      kit::complete(host_, op, {.status = RL_FAILED, .reason = error.what()});
    }
  }

  void fields(rl_op op) const {
    kit::Object names;
    for (const std::string& column : table_.columns) names.text(column, "text");
    kit::complete(host_, op, {.data = kit::Object().raw("fields", names.close()).close()});
  }

  void read(rl_op op, const rl_read& read) const {
    const std::vector<std::string>* row = find(kit::view(read.by), kit::view(read.value));
    if (row == nullptr) {
      return kit::complete(host_, op, {.status = RL_ABSENT, .reason = "no_record"});
    }
    kit::complete(host_, op, {.data = record_of(*row, read)});
  }

  // In the order of the file; the cursor is the last customer that was looked at.
  void page(rl_op op, const rl_read& page) const {
    try {
      const kit::Json json(kit::view(page.query));
      const csv::Query query(*json.root(), table_.columns);
      kit::complete(host_, op, {.data = matching(query, page)});
    } catch (const std::exception& problem) {
      kit::complete(host_, op, {.status = RL_FAILED, .reason = problem.what()});
    }
  }

  void write(rl_op op, const rl_write& write) {
    if (read_only_) {
      return kit::complete(host_, op, {.status = RL_REFUSED, .reason = "read_only"});
    }
    const std::string key(kit::view(write.key_text));
    // Written before, or never to be: the same answer as to the first.
    if (rehearsal_ || written_.contains(key)) return kit::complete(host_, op, {});
    const std::string_view data = kit::view(write.data);
    const std::string line = kit::Object()
                                 .text("key", key)
                                 .text("customer", kit::view(write.customer))
                                 .text("operation", kit::view(write.operation))
                                 .integer("at_ms", host_->now(host_))
                                 .value("data", *kit::Json(data).root())
                                 .close();
    host_->effect(host_, op, RL_MAYBE);
    const bool ok = outcomes_.append(line);
    host_->effect(host_, op, RL_ANSWERED);
    if (!ok) return kit::complete(host_, op, {.status = RL_UNKNOWN, .reason = "disk_full"});
    written_.insert(key);
    kit::complete(host_, op, {});
  }

 private:
  std::string record_of(const std::vector<std::string>& row, const rl_read& read) const {
    kit::Object record;
    for (size_t i = 0; i < table_.columns.size(); ++i) {
      if (!row[i].empty() && needed(read, table_.columns[i]))
        record.text(table_.columns[i], row[i]);
    }
    return record.close();
  }

  // Items name the customer `id`, whatever his column is called.
  std::string item_of(const std::vector<std::string>& row, const rl_read& page) const {
    const std::string record = record_of(row, page);
    if (id_column_ == "id") return record;
    const std::string id = kit::Object().text("id", row[column(id_column_)]).close();
    return id.substr(0, id.size() - 1) + (record == "{}" ? "" : ",") + record.substr(1);
  }

  // "PLACE ID" of the last customer of a page. In a file that has changed since he may stand
  // elsewhere; where he is no longer there, everyone comes anew.
  std::string cursor_at(size_t place) const {
    return std::to_string(place) + ' ' + table_.rows[place][column(id_column_)];
  }
  size_t place_after(std::string_view cursor) const {
    const size_t space = cursor.find(' ');
    if (space == std::string_view::npos) return 0;
    size_t place = 0;
    std::from_chars(cursor.data(), cursor.data() + space, place);
    if (place < table_.rows.size() && cursor_at(place) == cursor) return place + 1;
    const auto last = by_id_.find(std::string(cursor.substr(space + 1)));
    return last == by_id_.end() ? 0 : last->second + 1;
  }

  std::string matching(const csv::Query& query, const rl_read& page) const {
    std::string items = "[";
    size_t at = place_after(kit::view(page.cursor)), found = 0;
    const size_t end = std::min(table_.rows.size(), at + kMostLookedAt);
    for (; at < end && found < page.limit; ++at) {
      if (!query.matches(table_.rows[at])) continue;
      items += (found++ == 0 ? "" : ",") + item_of(table_.rows[at], page);
    }
    kit::Object answer;
    answer.raw("items", items + "]");
    if (at < table_.rows.size()) answer.text("cursor", cursor_at(at - 1));
    return answer.close();
  }

  void load() {
    const auto text = kit::read_file(path_);
    if (!text) throw std::runtime_error(path_ + ": there is no such file");
    try {
      table_ = csv::parse(*text);
    } catch (const csv::Malformed& problem) {
      throw std::runtime_error(path_ + ": " + problem.what());
    }
    const size_t id = column(id_column_);
    if (id == table_.columns.size()) {
      throw std::runtime_error(path_ + ": there is no column '" + id_column_ + "'");
    }
    for (size_t i = 0; i < table_.rows.size(); ++i) by_id_.emplace(table_.rows[i][id], i);
  }

  void load_outcomes() {
    if (const auto text = kit::read_file(outcomes_path_)) {
      kit::each_line(*text, [this](std::string_view line) {
        written_.emplace(kit::text(kit::Json(line).root(), "key"));
      });
    }
    outcomes_ = kit::LineFile(outcomes_path_);
  }

  size_t column(std::string_view name) const {
    size_t i = 0;
    while (i < table_.columns.size() && table_.columns[i] != name) ++i;
    return i;
  }

  // The first row of that id, or with that value in another column.
  const std::vector<std::string>* find(std::string_view by, std::string_view value) const {
    if (by.empty() || by == id_column_) {
      const auto it = by_id_.find(std::string(value));
      return it == by_id_.end() ? nullptr : &table_.rows[it->second];
    }
    const size_t place = column(by);
    if (place == table_.columns.size()) return nullptr;
    for (const auto& row : table_.rows) {
      if (row[place] == value) return &row;
    }
    return nullptr;
  }

  static bool needed(const rl_read& read, std::string_view column) {
    if (read.need_count == 0) return true;
    for (size_t i = 0; i < read.need_count; ++i) {
      if (kit::view(read.need[i]) == column) return true;
    }
    return false;
  }

  const rl_host* host_;
  std::string path_, id_column_, outcomes_path_;
  bool read_only_ = false, rehearsal_ = false;
  csv::Table table_;
  std::unordered_map<std::string, size_t> by_id_;
  std::unordered_set<std::string> written_;
  kit::LineFile outcomes_;
};

constexpr const char* kObjects[] = {"customer"};
constexpr rl_operation kAny = {
    .struct_size = sizeof(rl_operation),
    .delivery = RL_REPEATABLE,  // one line per key, however often it comes
    .name = "*",
    .undo = nullptr,
    .flags = 0,
    .reserved = 0,
    .key_window_ms = 0,
    .index_lag_ms = 0};
constexpr const rl_operation* kOperations[] = {&kAny};
constexpr rl_connector_caps kCaps = {.struct_size = sizeof(rl_connector_caps),
                                     .acts_outside = 0,
                                     .kind = "crm",
                                     .objects = kObjects,
                                     .objects_count = std::size(kObjects),
                                     .operations = kOperations,
                                     .operations_count = std::size(kOperations)};
constexpr rl_connector_caps kReadOnly = {.struct_size = sizeof(rl_connector_caps),
                                         .acts_outside = 0,
                                         .kind = "crm",
                                         .objects = kObjects,
                                         .objects_count = std::size(kObjects),
                                         .operations = nullptr,
                                         .operations_count = 0};

const rl_connector_caps* caps_for(rl_str config) {
  return kit::boolean(kit::Json(kit::view(config)).root(), "read_only") ? &kReadOnly : &kCaps;
}

constexpr rl_connector kConnector = kit::connector<CrmCsv>(&kCaps, caps_for);
constexpr kit::Interface kInterfaces[] = {{RL_CONNECTOR, &kConnector}};

constexpr char kSchema[] = R"({
  "type": "object", "additionalProperties": false, "required": ["file"],
  "properties": {"file": {"type": "string", "format": "path"}, "id": {"type": "string"},
    "outcomes": {"type": "string", "format": "path"}, "read_only": {"type": "boolean"},
    "rehearsal": {"type": "boolean"}}})";

constexpr rl_plugin kPlugin = kit::plugin<CrmCsv>({.id = "relance.crm.csv",
                                                   .title = "Customers in a CSV file",
                                                   .config_schema = kSchema,
                                                   .find = kit::find<kInterfaces>});

}  // namespace

RL_PLUGIN(kPlugin)
