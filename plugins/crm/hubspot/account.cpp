// Requests and their limits, and what is read; writes are in account_writes.cpp.
#include "account.h"

#include <algorithm>
#include <cctype>

#include "kit/form.h"
#include "kit/text.h"
#include "records.h"

namespace hubspot {
namespace {

// A read is given up after 30 s by the engine: what has to wait longer is better asked again.
constexpr int64_t kLongestWaitMs = 10'000;
constexpr int64_t kWindowMs = 10'000;
constexpr int64_t kDailyPauseMs = 3600 * 1000;  // the day is the account's, and its zone not told
constexpr size_t kMostInBatch = 100;            // HubSpot, "batch read"
constexpr uint32_t kMostInList = 100, kMostInSearch = 200;

bool same_letters(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
    return std::tolower(x) == std::tolower(y);
  });
}

// The need of a read, as rl_read has it.
struct Need {
  explicit Need(const std::vector<std::string>& names) {
    for (const std::string& name : names) list.push_back(kit::str(name));
    read.need = list.data();
    read.need_count = list.size();
  }
  Need(const Need&) = delete;
  Need& operator=(const Need&) = delete;
  std::vector<rl_str> list;
  rl_read read{};
};

std::vector<std::string> need_of(const rl_read& read) {
  std::vector<std::string> names;
  for (size_t i = 0; i < read.need_count; ++i) names.emplace_back(kit::view(read.need[i]));
  return names;
}

}  // namespace

Account::Account(const rl_host* host, const Settings& settings)
    : host_(host),
      settings_(settings),
      all_(settings.requests_per_10s, kWindowMs),
      searches_(settings.searches_per_second, 1000) {}

void Account::fields(rl_op op) {
  kit::Object names;
  for (const auto& [field, property] : settings_.customer().fields) names.text(field, "text");
  end(op, {.data = kit::Object().raw("fields", names.close()).close()});
}

void Account::ask(rl_op op, const Ask& asked, Then then) {
  ask(op, asked, std::move(then), [this, op](const kit::Outcome& outcome) { end(op, outcome); });
}

void Account::ask(rl_op op, const Ask& asked, Then then, Fail fail) {
  const int64_t at = std::max(all_.next(now()), asked.search ? searches_.next(now()) : 0);
  if (at - now() > kLongestWaitMs) {
    return fail({.status = RL_NOT_NOW,
                 .reason = "HubSpot's limit",
                 .again_at = at,
                 .again_scope = RL_SCOPE_CHANNEL});
  }
  all_.book(at);
  if (asked.search) searches_.book(at);
  timers_.after(at - now(), [this, op, asked, then = std::move(then), fail = std::move(fail)] {
    leave(op, asked, then, fail);
  });
}

void Account::leave(rl_op op, const Ask& asked, const Then& then, const Fail& fail) {
  kit::Request request;
  request.method = asked.method;
  request.url = settings_.base_url + asked.path;
  request.body = asked.body;
  if (!asked.body.empty()) request.headers = {{"Content-Type", "application/json"}};
  request.secret = settings_.token;
  request.timeout_ms = settings_.timeout_ms;
  request.acts = asked.acts;
  const bool search = asked.search, acts = asked.acts;
  const int32_t begun = requests_.ask(op, request, [=, this](const kit::Answer& answer) {
    const auto wrong = kit::trouble_of(answer, acts, now(), kWindowMs);
    if (wrong) return fail(trouble(answer, *wrong, search));
    then(answer);
  });
  if (begun != RL_OK) fail({.status = RL_NOT_NOW, .reason = "busy"});
}

// What HubSpot's own words add: how long a limit holds, and for whom.
kit::Outcome Account::trouble(const kit::Answer& answer, kit::Outcome outcome, bool search) {
  const int status = answer.reply.status;
  if (status == 401 || status == 403) {
    constexpr rl_str kLine = RL_TEXT("HubSpot refuses the token, or it lacks a scope");
    host_->log(host_, RL_LOG_ERROR, kLine);
  }
  if (status != 429) return outcome;
  const std::string_view policy = kit::text(answer.root, "policyName");
  if (policy == "DAILY") {
    outcome.again_at = std::max(outcome.again_at, now() + kDailyPauseMs);
  } else if (policy == "SECONDLY" && kit::header(answer.reply, "retry-after").empty()) {
    outcome.again_at = now() + 1000;
  }
  if (!policy.empty()) outcome.reason += ": " + std::string(policy);
  (search && policy == "SECONDLY" ? searches_ : all_).pause_until(outcome.again_at);
  return outcome;
}

void Account::read(rl_op op, const rl_read& read) {
  const ObjectType* type = settings_.object(kit::view(read.what));
  if (type == nullptr) return end(op, {.status = RL_ABSENT, .reason = "no_such_object"});
  const std::string_view by = kit::view(read.by);
  const std::string* property = type->property_of(by);
  Wanted wanted{op, type, type->id_property, std::string(kit::view(read.value)), need_of(read)};
  if (wanted.value.empty()) return end(op, {.status = RL_ABSENT, .reason = "no_record"});
  const bool by_id = by.empty() || by == "id" || (property && *property == type->id_property);
  // E-mail addresses of contacts are unique in HubSpot; other properties may not be.
  const bool by_email = property && *property == "email" && type->type == "contacts";
  if (!by_id && property == nullptr) {
    return end(op, {.status = RL_FAILED, .reason = "'" + std::string(by) + "' is not mapped"});
  }
  if (!by_id && !by_email) return search_one(wanted, *property);
  if (by_email) wanted.id_property = "email";
  wanted_.push_back(std::move(wanted));
  if (!reading_) read_next();
}

// The first that waits, and with it all others of its kind.
void Account::read_next() {
  reading_ = !wanted_.empty();
  if (!reading_) return;
  std::vector<Wanted> batch, others;
  for (Wanted& one : wanted_) {
    const bool fits = batch.empty() || (batch.size() < kMostInBatch && one.type == batch[0].type &&
                                        one.id_property == batch[0].id_property);
    (fits ? batch : others).push_back(std::move(one));
  }
  wanted_ = std::move(others);
  if (batch.size() == 1) return read_one(batch[0]);
  read_batch(std::move(batch));
}

void Account::read_one(const Wanted& wanted) {
  const Need need(wanted.need);
  std::string path = settings_.objects_path + "/" + wanted.type->type + "/" +
                     kit::percent_encode(wanted.value) +
                     "?properties=" + comma_list(properties_for(*wanted.type, need.read));
  if (wanted.id_property != "hs_object_id") path += "&idProperty=" + wanted.id_property;
  ask(
      wanted.op, {"GET", path},
      [=, this](const kit::Answer& answer) {
        const bool there = answer.good() && kit::member(answer.root, "properties") != nullptr;
        if (there || answer.reply.status == 404) {
          end_read(wanted, there ? answer.root : nullptr);
        } else {
          end(wanted.op, {.status = RL_FAILED,
                          .reason = std::string(kit::text(answer.root, "category", "no object"))});
        }
        read_next();
      },
      [=, this](const kit::Outcome& outcome) {
        end(wanted.op, outcome);
        read_next();
      });
}

// Its answer names those that were found; who is not among them is not there.
void Account::read_batch(std::vector<Wanted> wanted) {
  std::string inputs;
  std::vector<std::string> properties;
  for (const Wanted& one : wanted) {
    if (!inputs.empty()) inputs += ',';
    inputs += kit::Object().text("id", one.value).close();
    const Need need(one.need);
    for (const std::string& name : properties_for(*one.type, need.read)) {
      if (std::find(properties.begin(), properties.end(), name) == properties.end()) {
        properties.push_back(name);
      }
    }
  }
  const std::string key = wanted[0].id_property;
  kit::Object body;
  body.raw("properties", json_list(properties)).raw("inputs", "[" + inputs + "]");
  if (key != "hs_object_id") body.text("idProperty", key);
  const std::string path = settings_.objects_path + "/" + wanted[0].type->type + "/batch/read";
  const rl_op op = wanted[0].op;
  const auto all = std::make_shared<const std::vector<Wanted>>(std::move(wanted));
  const auto end_all = [this, all](const kit::Outcome& outcome) {
    for (const Wanted& one : *all) end(one.op, outcome);
    read_next();
  };
  ask(
      op, {"POST", path, body.close()},
      [=, this](const kit::Answer& answer) {
        const kit::Value* results = kit::member(answer.root, "results");
        if (!answer.good() || results == nullptr || !results->IsArray()) {
          return end_all({.status = RL_NOT_NOW, .reason = "not a batch's answer"});
        }
        for (const Wanted& one : *all) {
          const kit::Value* found = nullptr;
          for (const kit::Value& object : results->GetArray()) {
            const std::string_view id = key == "hs_object_id"
                                            ? kit::text(&object, "id")
                                            : kit::text(kit::member(&object, "properties"), key);
            if (same_letters(id, one.value)) found = &object;
          }
          end_read(one, found);
        }
        read_next();
      },
      end_all);
}

void Account::search_one(const Wanted& wanted, const std::string& property) {
  const Need need(wanted.need);
  const std::string group =
      kit::Object().raw("filters", "[" + filter(property, "EQ", wanted.value) + "]").close();
  const std::string body =
      kit::Object()
          .raw("filterGroups", "[" + group + "]")
          .raw("properties", json_list(properties_for(*wanted.type, need.read)))
          .integer("limit", 2)
          .close();
  const std::string path = settings_.objects_path + "/" + wanted.type->type + "/search";
  ask(wanted.op, {"POST", path, body, false, true}, [=, this](const kit::Answer& answer) {
    const kit::Value* results = kit::member(answer.root, "results");
    if (!answer.good() || results == nullptr || !results->IsArray()) {
      return end(wanted.op, {.status = RL_FAILED, .reason = "the search is refused"});
    }
    // Which of them it is must not be guessed: the next word may go to the wrong person.
    if (results->Size() > 1) return end(wanted.op, {.status = RL_FAILED, .reason = "several"});
    end_read(wanted, results->Empty() ? nullptr : &(*results)[0]);
  });
}

void Account::end_read(const Wanted& wanted, const kit::Value* object) {
  if (object == nullptr) return end(wanted.op, {.status = RL_ABSENT, .reason = "no_record"});
  const Need need(wanted.need);
  end(wanted.op, {.data = record_of(*wanted.type, need.read, *object, false)});
}

// All of them come from the list, which is never behind; some from the search, slice by slice by
// HubSpot's own id, since a search ends after 10,000.
void Account::page(rl_op op, const rl_read& read) {
  const ObjectType* type = settings_.object(kit::view(read.what));
  if (type == nullptr) return end(op, {.status = RL_ABSENT, .reason = "no_such_object"});
  const kit::Json query(kit::view(read.query));
  std::string problems;
  check_query(*type, *query.root(), problems);
  if (!problems.empty()) return end(op, {.status = RL_FAILED, .reason = problems});
  const std::string cursor(kit::view(read.cursor));
  const std::string filters = filters_of(*type, *query.root());
  const bool by_search = !filters.empty();
  const uint32_t most = by_search ? kMostInSearch : kMostInList;
  const uint32_t limit = read.limit == 0 ? most : std::min(read.limit, most);
  const std::vector<std::string> properties = properties_for(*type, read);
  Ask asked{"GET", settings_.objects_path + "/" + type->type};
  if (by_search) {
    const std::string from = filter("hs_object_id", "GT", cursor.empty() ? "0" : cursor);
    const std::string group =
        kit::Object().raw("filters", "[" + filters + "," + from + "]").close();
    const std::string sort =
        kit::Object().text("propertyName", "hs_object_id").text("direction", "ASCENDING").close();
    asked.method = "POST";
    asked.path += "/search";
    asked.search = true;
    asked.body = kit::Object()
                     .raw("filterGroups", "[" + group + "]")
                     .raw("sorts", "[" + sort + "]")
                     .raw("properties", json_list(properties))
                     .integer("limit", limit)
                     .close();
  } else {
    asked.path += "?limit=" + std::to_string(limit) + "&properties=" + comma_list(properties);
    if (!cursor.empty()) asked.path += "&after=" + kit::percent_encode(cursor);
  }
  const Wanted wanted{op, type, {}, {}, need_of(read)};
  ask(op, asked, [=, this](const kit::Answer& answer) {
    const kit::Value* results = kit::member(answer.root, "results");
    if (!answer.good() || results == nullptr || !results->IsArray()) {
      return end(op, {.status = RL_FAILED,
                      .reason = std::string(kit::text(answer.root, "category", "no page"))});
    }
    end_page(op, wanted, answer.root, by_search);
  });
}

void Account::end_page(rl_op op, const Wanted& wanted, const kit::Value* root, bool by_search) {
  const Need need(wanted.need);
  const kit::Value& results = *kit::member(root, "results");
  std::string items, last;
  for (const kit::Value& object : results.GetArray()) {
    last = kit::text(&object, "id");
    if (id_of(*wanted.type, object).empty()) continue;  // nobody that a flow could name
    if (!items.empty()) items += ',';
    items += record_of(*wanted.type, need.read, object, true);
  }
  const std::string_view after = kit::text(root, "paging.next.after");
  kit::Object page;
  page.raw("items", "[" + items + "]");
  if (!after.empty()) page.text("cursor", by_search ? std::string_view(last) : after);
  end(op, {.data = page.close()});
}

}  // namespace hubspot
