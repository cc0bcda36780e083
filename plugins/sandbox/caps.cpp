#include "caps.h"

#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <tuple>
#include <vector>

#include "behaviour.h"
#include "kit/json.h"
#include "kit/plugin.h"

namespace sandbox {
namespace {

constexpr int64_t kKeyWindowMs = 24 * 3600 * 1000;
constexpr int64_t kIndexLagMs = 200;

using kit::word;
constexpr rl_word kMessageWords[] = {word("delivered"), word("bounced"), word("opted_out"),
                                     word("failed")};
constexpr rl_word kVoiceWords[] = {word("delivered"), word("no_answer"), word("busy"),
                                   word("voicemail"), word("hung_up"),   word("invalid_number"),
                                   word("failed")};
constexpr rl_word kRetryWords[] = {word("recovered"), word("declined"), word("refused"),
                                   word("needs_customer"), word("failed")};

// One configuration's table with the text it points to.
struct ChannelTable {
  std::string kind;
  rl_channel_caps caps;
};
struct ConnectorTable {
  std::string kind;
  rl_operation operation;
  const rl_operation* operations[1];
  rl_connector_caps caps;
};

constexpr const char* kAnyObject[] = {"*"};

int64_t key_window(const kit::Value* config) {
  return kit::integer(config, "key_window_ms", kKeyWindowMs);
}
int64_t index_lag(const kit::Value* config) {
  return kit::integer(config, "index_lag_ms", kIndexLagMs);
}

rl_channel_caps make_caps(As kind, uint32_t delivery) {
  kit::Caps caps{.flags = RL_CAN_CANCEL | RL_CONTEXT, .delivery = delivery};
  if (kind != As::retry) caps.flags |= RL_CONTACT;
  if (kind == As::voice) caps.flags |= RL_CAN_CONVERSE;
  if (delivery == RL_LOOKUP || delivery == RL_KEYED) caps.flags |= RL_CAN_LOOKUP;
  caps.words = kit::kPointers<kMessageWords>;
  if (kind == As::voice) caps.words = kit::kPointers<kVoiceWords>;
  if (kind == As::retry) caps.words = kit::kPointers<kRetryWords>;
  return kit::caps(caps);
}

using TableKey = std::tuple<std::string, uint32_t, int64_t, int64_t>;

TableKey key_of(const kit::Value* root, std::string_view config) {
  return {std::string(kit::text(root, "as", "email")), delivery_of(config), key_window(root),
          index_lag(root)};
}

// Never freed: a table that was shown once is good for ever.
template <class Table>
struct Tables {
  std::mutex mutex;
  std::map<TableKey, Table*> by_key;
  std::deque<Table> all;
};

template <class Table>
Tables<Table>& tables() {
  static auto* const all = new Tables<Table>;
  return *all;
}

}  // namespace

uint32_t delivery_of(std::string_view config) {
  const kit::Json json(config);
  const std::string_view name = kit::text(json.root(), "class");
  if (name == "keyed") return RL_KEYED;
  if (name == "lookup") return RL_LOOKUP;
  if (name == "blind") return RL_BLIND;
  if (name == "repeatable") return RL_REPEATABLE;
  const As kind = kind_of(kit::text(json.root(), "as", "email"));
  if (kind == As::sms || kind == As::voice) return RL_LOOKUP;
  return kind == As::connector ? RL_REPEATABLE : RL_KEYED;
}

const rl_channel_caps* channel_caps(std::string_view config) {
  const kit::Json json(config);
  const TableKey key = key_of(json.root(), config);
  auto& known = tables<ChannelTable>();
  const std::lock_guard lock(known.mutex);
  ChannelTable*& table = known.by_key[key];
  if (table == nullptr) {
    const auto& [as, delivery, window, lag] = key;
    table = &known.all.emplace_back(ChannelTable{as, make_caps(kind_of(as), delivery)});
    table->caps.kind = table->kind.c_str();
    table->caps.key_window_ms = delivery == RL_KEYED ? window : 0;
    table->caps.index_lag_ms = table->caps.flags & RL_CAN_LOOKUP ? lag : 0;
  }
  return &table->caps;
}

const rl_connector_caps* connector_caps(std::string_view config) {
  const kit::Json json(config);
  const TableKey key = key_of(json.root(), config);
  auto& known = tables<ConnectorTable>();
  const std::lock_guard lock(known.mutex);
  ConnectorTable*& table = known.by_key[key];
  if (table == nullptr) {
    const auto& [as, delivery, window, lag] = key;
    table = &known.all.emplace_back(ConnectorTable{as, {}, {}, {}});
    const bool can_look_up = delivery == RL_LOOKUP || delivery == RL_KEYED;
    table->operation = {.struct_size = sizeof(rl_operation),
                        .delivery = delivery,
                        .name = "*",
                        .undo = nullptr,
                        .flags = can_look_up ? uint32_t{RL_OP_LOOKUP} : 0u,
                        .reserved = 0,
                        .key_window_ms = delivery == RL_KEYED ? window : 0,
                        .index_lag_ms = can_look_up ? lag : 0};
    table->operations[0] = &table->operation;
    table->caps = {.struct_size = sizeof(rl_connector_caps),
                   .acts_outside = 1,
                   .kind = table->kind.c_str(),
                   .objects = kAnyObject,
                   .objects_count = 1,
                   .operations = table->operations,
                   .operations_count = 1};
  }
  return &table->caps;
}

}  // namespace sandbox
