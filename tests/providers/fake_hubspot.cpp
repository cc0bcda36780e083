#include "providers/fake_hubspot.h"

#include <charconv>

namespace relance {
namespace {

constexpr const char* kKey = "relance_key";
constexpr size_t kMostInSearch = 200, kMostFound = 10'000, kMostInList = 100, kMostInBatch = 100;

ServerAnswer problem(int status, const std::string& category, const std::string& message) {
  return json_answer(status, to_json(Doc::record({{"status", Doc::text("error")},
                                                  {"message", Doc::text(message)},
                                                  {"correlationId", Doc::text("of-the-fake")},
                                                  {"category", Doc::text(category)}})));
}

std::string text_of(DocView value) { return std::string(value.text().value_or("")); }

std::optional<double> number_of(const std::string& text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  return error == std::errc{} && stop == end ? std::optional(value) : std::nullopt;
}

// Numbers as numbers, all else as text.
int compare(const std::string& a, const std::string& b) {
  const auto x = number_of(a), y = number_of(b);
  if (x && y) return *x < *y ? -1 : *x > *y ? 1 : 0;
  return a.compare(b);
}

Doc shown(int64_t id, const FakeHubSpot::Properties& properties) {
  std::vector<std::pair<std::string, Doc>> fields;
  for (const auto& [name, value] : properties) fields.emplace_back(name, Doc::text(value));
  return Doc::record({{"id", Doc::text(std::to_string(id))},
                      {"properties", Doc::record(fields)},
                      {"createdAt", Doc::text("2026-01-05T08:00:00.000Z")},
                      {"updatedAt", Doc::text("2026-01-05T08:00:00.000Z")},
                      {"archived", Doc::boolean(false)}});
}

// nullopt: HubSpot has no such operator.
std::optional<bool> holds(DocView filter, const std::string* value) {
  const std::string op = text_of(filter.find("operator")), wanted = text_of(filter.find("value"));
  if (op == "HAS_PROPERTY") return value != nullptr && !value->empty();
  if (op == "NOT_HAS_PROPERTY") return value == nullptr || value->empty();
  if (op == "EQ") return value != nullptr && compare(*value, wanted) == 0;
  if (op == "GT") return value != nullptr && compare(*value, wanted) > 0;
  if (op == "GTE") return value != nullptr && compare(*value, wanted) >= 0;
  if (op == "LT") return value != nullptr && compare(*value, wanted) < 0;
  if (op != "IN") return std::nullopt;
  bool found = false;
  for (auto [name, one] : filter.find("values").items())
    found |= value != nullptr && text_of(one) == *value;
  return found;
}

Doc next_page(const std::string& after) {
  return Doc::record({{"next", Doc::record({{"after", Doc::text(after)}})}});
}

}  // namespace

FakeHubSpot::FakeHubSpot() {
  const auto on = [this](const char* method, const std::string& path,
                         ServerAnswer (FakeHubSpot::*work)(const FakeRequest&)) {
    route(method, path, [this, work](const FakeRequest& request) {
      return guarded(request, [&](const FakeRequest& asked) { return (this->*work)(asked); });
    });
  };
  const std::string objects = "/crm/v3/objects/*";
  on("GET", objects, &FakeHubSpot::list);
  on("POST", objects, &FakeHubSpot::create);
  on("GET", objects + "/*", &FakeHubSpot::read);
  on("PATCH", objects + "/*", &FakeHubSpot::update);
  on("POST", objects + "/search", &FakeHubSpot::search);
  on("POST", objects + "/batch/read", &FakeHubSpot::batch_read);
  on("GET", "/crm/v3/properties/*/*", &FakeHubSpot::property);
}

void FakeHubSpot::add(const std::string& type, int64_t id, Properties properties) {
  const std::lock_guard lock(mutex_);
  properties["hs_object_id"] = std::to_string(id);
  types_[type][id] = std::move(properties);
}

FakeHubSpot::Properties FakeHubSpot::contact(int64_t id) const {
  const std::lock_guard lock(mutex_);
  return types_.at("contacts").at(id);
}

void FakeHubSpot::limit(int requests, const std::string& policy) {
  const std::lock_guard lock(mutex_);
  left_ = requests;
  policy_ = policy;
}

ServerAnswer FakeHubSpot::guarded(const FakeRequest& request, const Route& work) {
  const std::lock_guard lock(mutex_);
  if (bearer_token(request) != kToken)
    return problem(401, "INVALID_AUTHENTICATION", "this token is not known");
  if (left_ == 0) {
    ServerAnswer answer = json_answer(
        429, R"({"status":"error","errorType":"RATE_LIMIT","policyName":")" + policy_ + "\"}");
    if (policy_ == "TEN_SECONDLY_ROLLING") answer.headers.emplace_back("Retry-After", "7");
    return answer;
  }
  if (left_ > 0) --left_;
  return work(request);
}

FakeHubSpot::Objects::const_iterator FakeHubSpot::find(const Objects& objects,
                                                       const std::string& id,
                                                       const std::string& property) const {
  auto it = objects.begin();
  const auto fits = [&] {
    if (property.empty()) return std::to_string(it->first) == id;
    const auto value = it->second.find(property);
    return value != it->second.end() && value->second == id;
  };
  while (it != objects.end() && !fits()) ++it;
  return it;
}

bool FakeHubSpot::in_index(const Properties& properties) const {
  const auto key = properties.find(kKey);
  return key == properties.end() || look_up(key->second).has_value();
}

ServerAnswer FakeHubSpot::read(const FakeRequest& request) {
  const Objects& objects = types_[request.parts[0]];
  const std::string by = field(parse_form(request.query()), "idProperty");
  if (by == "hs_object_id") return problem(400, "VALIDATION_ERROR", "it is no unique property");
  const auto found = find(objects, request.parts[1], by);
  if (found == objects.end()) return problem(404, "OBJECT_NOT_FOUND", "resource not found");
  return json_answer(200, to_json(shown(found->first, found->second)));
}

ServerAnswer FakeHubSpot::list(const FakeRequest& request) {
  const Form query = parse_form(request.query());
  const auto limit = static_cast<size_t>(number_of(field(query, "limit")).value_or(10));
  const auto after = static_cast<int64_t>(number_of(field(query, "after")).value_or(0));
  if (limit > kMostInList) return problem(400, "VALIDATION_ERROR", "limit is at most 100");
  std::vector<Doc> results;
  const Objects& objects = types_[request.parts[0]];
  auto it = objects.lower_bound(after);
  for (; it != objects.end() && results.size() < limit; ++it)
    results.push_back(shown(it->first, it->second));
  Doc page = Doc::record({{"results", Doc::list(results)}});
  if (it != objects.end())
    page = Doc::merged(page, Doc::record({{"paging", next_page(std::to_string(it->first))}}));
  return json_answer(200, to_json(page));
}

ServerAnswer FakeHubSpot::search(const FakeRequest& request) {
  const auto body = from_json(request.body);
  if (!body) return problem(400, "VALIDATION_ERROR", "no JSON");
  const DocView asked = body->view();
  const auto limit = static_cast<size_t>(asked.find("limit").integer().value_or(10));
  const auto after = static_cast<size_t>(number_of(text_of(asked.find("after"))).value_or(0));
  if (limit > kMostInSearch || after + limit > kMostFound)
    return problem(400, "VALIDATION_ERROR", "paging goes to 10,000, by at most 200");
  const Objects& objects = types_[request.parts[0]];
  std::vector<Objects::const_iterator> found;
  for (auto it = objects.begin(); it != objects.end(); ++it) {
    const Properties& properties = it->second;
    bool fits = asked.find("filterGroups").size() == 0 && in_index(properties);
    for (auto [unnamed, group] : asked.find("filterGroups").items()) {
      if (group.find("filters").size() > 6) return problem(400, "VALIDATION_ERROR", "6 filters");
      bool all = in_index(properties);
      for (auto [nameless, filter] : group.find("filters").items()) {
        const auto value = properties.find(text_of(filter.find("propertyName")));
        const auto one = holds(filter, value == properties.end() ? nullptr : &value->second);
        if (!one) return problem(400, "VALIDATION_ERROR", "there is no such operator");
        all &= *one;
      }
      fits |= all;
    }
    if (fits) found.push_back(it);
  }
  const size_t total = found.size(), end = std::min(total, after + limit);
  std::vector<Doc> results;
  for (size_t i = after; i < end; ++i) results.push_back(shown(found[i]->first, found[i]->second));
  Doc page = Doc::record(
      {{"total", Doc::integer(static_cast<int64_t>(total))}, {"results", Doc::list(results)}});
  if (end < total)
    page = Doc::merged(page, Doc::record({{"paging", next_page(std::to_string(end))}}));
  return json_answer(200, to_json(page));
}

ServerAnswer FakeHubSpot::batch_read(const FakeRequest& request) {
  const auto body = from_json(request.body);
  if (!body || body->view().find("inputs").size() > kMostInBatch)
    return problem(400, "VALIDATION_ERROR", "at most 100 inputs");
  const Objects& objects = types_[request.parts[0]];
  const std::string by = text_of(body->view().find("idProperty"));
  std::vector<Doc> results, missing;
  for (auto [unnamed, input] : body->view().find("inputs").items()) {
    const auto found = find(objects, text_of(input.find("id")), by);
    if (found == objects.end())
      missing.push_back(Doc(input.find("id")));
    else
      results.push_back(shown(found->first, found->second));
  }
  Doc answer = Doc::record({{"status", Doc::text("COMPLETE")}, {"results", Doc::list(results)}});
  if (missing.empty()) return json_answer(200, to_json(answer));
  const Doc context = Doc::record({{"ids", Doc::list(missing)}});
  const Doc error =
      Doc::record({{"category", Doc::text("OBJECT_NOT_FOUND")}, {"context", context}});
  return json_answer(207,
                     to_json(Doc::merged(answer, Doc::record({{"errors", Doc::list({error})}}))));
}

ServerAnswer FakeHubSpot::create(const FakeRequest& request) {
  const std::string& type = request.parts[0];
  const auto body = from_json(request.body);
  if (!body) return problem(400, "VALIDATION_ERROR", "no JSON");
  Properties properties;
  for (auto [name, value] : body->view().find("properties").items())
    properties[std::string(name)] = text_of(value);
  if (!properties.contains("hs_timestamp"))
    return problem(400, "VALIDATION_ERROR", "hs_timestamp is required");
  const std::string& key = properties[kKey];
  Objects& objects = types_[type];
  if (key_property_ == KeyProperty::unique && find(objects, key, kKey) != objects.end())
    return problem(400, "VALIDATION_ERROR", "relance_key: CONFLICTING_UNIQUE_VALUE");
  std::string contact;
  for (auto [unnamed, one] : body->view().find("associations").items()) {
    contact = text_of(one.find("to").find("id"));
    if (find(types_["contacts"], contact, "") == types_["contacts"].end())
      return problem(404, "OBJECT_NOT_FOUND", "no contact " + contact);
  }
  const int64_t id = ++last_id_;
  properties["hs_object_id"] = std::to_string(id);
  ledger().add(key, type, contact, to_json(shown(id, properties)));
  objects[id] = std::move(properties);
  return json_answer(201, to_json(shown(id, objects[id])));
}

ServerAnswer FakeHubSpot::update(const FakeRequest& request) {
  Objects& objects = types_[request.parts[0]];
  const std::string by = field(parse_form(request.query()), "idProperty");
  const auto found = find(objects, request.parts[1], by);
  const auto body = from_json(request.body);
  if (found == objects.end()) return problem(404, "OBJECT_NOT_FOUND", "resource not found");
  if (!body) return problem(400, "VALIDATION_ERROR", "no JSON");
  Properties& properties = objects[found->first];
  for (auto [name, value] : body->view().find("properties").items())
    properties[std::string(name)] = text_of(value);
  ledger().add("", "update", std::to_string(found->first), request.body);
  return json_answer(200, to_json(shown(found->first, properties)));
}

ServerAnswer FakeHubSpot::property(const FakeRequest& request) {
  if (key_property_ == KeyProperty::missing || request.parts[1] != kKey)
    return problem(404, "OBJECT_NOT_FOUND", "there is no such property");
  return json_answer(
      200, to_json(Doc::record(
               {{"name", Doc::text(kKey)},
                {"hasUniqueValue", Doc::boolean(key_property_ == KeyProperty::unique)}})));
}

}  // namespace relance
