#include "shop.h"

#include <algorithm>

#include "kit/text.h"
#include "phrase.h"

namespace commerce {
namespace {

constexpr int64_t kLongestWaitMs = 10'000;  // what has to wait longer is better asked again
constexpr int64_t kPauseMs = 10'000;        // after a 429 that does not say how long
constexpr int64_t kBusyMs = 5'000;
constexpr int kMostMatches = 3;  // a state that changes so often is somebody else's at this moment

using kit::Value;

// A proxy's page speaks for itself and not for the shop.
bool is_page(const rl_reply& reply) {
  return kit::header(reply, "content-type").find("html") != std::string_view::npos;
}

// The shop's own word, also where it has no body.
bool spoken(const kit::Answer& answer) { return answer.root != nullptr || !is_page(answer.reply); }

void add_member(rapidjson::Document& to, const char* name, std::string_view json) {
  rapidjson::Document value(&to.GetAllocator());
  value.Parse<rapidjson::kParseIterativeFlag>(json.data(), json.size());
  if (value.HasParseError() || !value.IsObject()) value.SetObject();
  to.AddMember(rapidjson::StringRef(name), Value(value, to.GetAllocator()), to.GetAllocator());
}

void add_text(rapidjson::Document& to, const char* name, std::string_view text) {
  to.AddMember(rapidjson::StringRef(name), sources::text_value(text, to.GetAllocator()),
               to.GetAllocator());
}

std::string json_of(const Value& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  value.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

// "sold_out" of {"error": {"code": "sold_out"}} and the like.
std::string reason_of(const kit::Answer& answer) {
  const std::string status = "HTTP " + std::to_string(answer.reply.status);
  for (const char* path : {"error.code", "code", "error.type", "error", "type"}) {
    const std::string_view text = kit::text(answer.root, path);
    if (!text.empty() && text.size() < 100) return status + ": " + std::string(text);
  }
  return status;
}

}  // namespace

Shop::Shop(const rl_host* host, const Settings& settings)
    : host_(host), settings_(settings), pace_(settings.requests_per_minute, 60'000) {}

bool Shop::is(const std::vector<int>& statuses, int status) const {
  return std::find(statuses.begin(), statuses.end(), status) != statuses.end();
}

kit::Request Shop::plain(std::string method, std::string path) const {
  kit::Request request;
  request.method = std::move(method);
  request.url = settings_.base_url + (path.starts_with('/') ? "" : "/") + path;
  request.headers = settings_.headers;
  request.secret = settings_.secret;
  request.auth = settings_.auth;
  request.auth_name = settings_.auth_name;
  request.timeout_ms = settings_.timeout_ms;
  return request;
}

// `then` gets the shop's answer, good or not; whatever else comes ends the operation.
void Shop::ask(rl_op op, const kit::Request& request, Then then) {
  const int64_t at = pace_.next(now());
  if (at - now() > kLongestWaitMs) {
    return end(op, {.status = RL_NOT_NOW,
                    .reason = "the shop's limit",
                    .again_at = at,
                    .again_scope = RL_SCOPE_CHANNEL});
  }
  pace_.book(at);
  timers_.after(at - now(), [this, op, request, then = std::move(then)] {
    const bool acts = request.acts;
    const int32_t begun = requests_.ask(op, request, [=, this](const kit::Answer& answer) {
      const int status = answer.reply.status;
      const bool word =
          (is(settings_.refused, status) || status == 404 || status == 410) && spoken(answer);
      const auto wrong = word ? std::nullopt : kit::trouble_of(answer, acts, now(), kPauseMs);
      if (!wrong) return then(answer);
      if (status == 429) pace_.pause_until(wrong->again_at);
      end(op, *wrong);
    });
    if (begun != RL_OK) end(op, {.status = RL_NOT_NOW, .reason = "busy"});
  });
}

void Shop::read(rl_op op, const rl_read& read) {
  const Object* object = settings_.object(kit::view(read.what));
  if (object == nullptr) return end(op, {.status = RL_ABSENT, .reason = "no_such_object"});
  const std::string* phrase = &object->path;
  const std::string_view by = kit::view(read.by);
  for (const auto& [field, path] : object->paths_by) {
    if (field == by) phrase = &path;
  }
  if (!by.empty() && by != "id" && phrase == &object->path) {
    return end(op, {.status = RL_FAILED, .reason = "not found by '" + std::string(by) + "'"});
  }
  const std::string id = kit::Object().text("id", kit::view(read.value)).close();
  const kit::Json scope(id);
  std::string missing;
  const auto path = filled(*phrase, *scope.root(), true, missing);
  if (!path) return end(op, {.status = RL_ABSENT, .reason = "no_record"});
  ask(op, plain("GET", *path), [=, this](const kit::Answer& answer) {
    if (answer.good()) {
      const std::string record = record_of(*object, answer.root);
      const bool there = !record.empty();
      return end(op, {.status = uint32_t{there ? RL_DONE : RL_ABSENT}, .data = record});
    }
    const bool gone = answer.reply.status == 404 || answer.reply.status == 410;
    end(op, {.status = uint32_t{gone ? RL_ABSENT : RL_FAILED}, .reason = reason_of(answer)});
  });
}

std::string Shop::fields_json(const Value* fields, const Value* payload) {
  rapidjson::Document pool;
  static constexpr rl_request kNoRequest{};
  const sources::Scope scope{payload, &kNoRequest, {}, &pool.GetAllocator()};
  kit::Object record;
  if (fields != nullptr) {
    for (const auto& [name, expression] : fields->GetObject()) {
      const Value value = sources::evaluate(expression, scope);
      if (!value.IsNull()) record.value(kit::view(name), value);
    }
  }
  return record.close();
}

std::string Shop::record_of(const Object& object, const Value* root) {
  const Value* found = sources::look_up(root, object.at);
  return found == nullptr || !found->IsObject() ? std::string() : fields_json(object.fields, found);
}

std::string Shop::difference(const Value* wanted, const std::string& record, const Value& scope) {
  const kit::Json has(record);
  for (const auto& [name, value] : wanted->GetObject()) {
    const Value* there = kit::member(has.root(), kit::view(name));
    std::string missing;
    const auto text =
        value.IsString() ? filled(kit::view(value), scope, false, missing) : std::nullopt;
    const bool same = there != nullptr &&
                      (text ? there->IsString() && kit::view(*there) == *text : *there == value);
    if (!same) return std::string(kit::view(name));
  }
  return {};
}

Shop::JobPtr Shop::job_of(rl_op op, const rl_write& write) {
  auto job = std::make_shared<Job>();
  job->op = op;
  job->operation = settings_.operation(kit::view(write.operation));
  job->key = kit::view(write.key_text);
  job->scope.SetObject();
  add_member(job->scope, "data", kit::view(write.data));
  add_member(job->scope, "only_if", kit::view(write.only_if));
  add_text(job->scope, "customer", kit::view(write.customer));
  add_text(job->scope, "key", job->key);
  job->conditional = !job->scope["only_if"].ObjectEmpty();
  if (job->operation == nullptr) {
    end(op, {.status = RL_FAILED, .reason = "no_such_operation"});
    return nullptr;
  }
  return job;
}

void Shop::write(rl_op op, const rl_write& write) {
  const JobPtr job = job_of(op, write);
  if (job == nullptr) return;
  const auto condition = job->operation->condition;
  if (job->conditional && condition == Operation::Condition::none) {
    return end(op, {.status = RL_FAILED, .reason = "this operation has no conditions"});
  }
  if (job->conditional && condition == Operation::Condition::match) return begin_matching(job);
  act(job, {});
}

void Shop::read_state(const JobPtr& job, std::function<void(const kit::Answer&, bool there)> then) {
  const Operation& operation = *job->operation;
  std::string missing;
  const auto id = filled(operation.state_id, job->scope, false, missing);
  const std::string json = kit::Object().text("id", id.value_or("")).close();
  const kit::Json scope(json);
  const auto path = id && !id->empty() ? filled(operation.state->path, *scope.root(), true, missing)
                                       : std::nullopt;
  if (!path) {
    return end(job->op, {.status = RL_FAILED, .reason = "'" + missing + "' is missing"});
  }
  ask(job->op, plain("GET", *path), [=, this](const kit::Answer& answer) {
    const bool gone = answer.reply.status == 404 || answer.reply.status == 410;
    const bool there = answer.good() && !record_of(*job->operation->state, answer.root).empty();
    if (there || gone || answer.good()) return then(answer, there);
    end(job->op, {.status = RL_NOT_NOW, .reason = reason_of(answer)});
  });
}

// Reads the state first. What it shows as done is done, by whomever: perhaps by our own attempt
// whose answer was lost.
void Shop::begin_matching(const JobPtr& job) {
  read_state(job, [=, this](const kit::Answer& answer, bool there) {
    if (!there) return end(job->op, {.status = RL_REFUSED, .reason = "there is no such object"});
    const std::string state = record_of(*job->operation->state, answer.root);
    const Value* done = job->operation->done_when;
    if (done != nullptr && difference(done, state, job->scope).empty()) {
      return end(job->op, {.reason = "already", .data = state});
    }
    const std::string other = difference(&job->scope["only_if"], state, job->scope);
    if (!other.empty()) {
      return end(job->op,
                 {.status = RL_REFUSED, .reason = "'" + other + "' is not so", .data = state});
    }
    const std::string etag(kit::header(answer.reply, "etag"));
    if (etag.empty()) {
      return end(job->op, {.status = RL_FAILED, .reason = "the shop gives no ETag"});
    }
    act(job, etag);
  });
}

std::optional<kit::Request> Shop::request_of(const Job& job, std::string& missing) const {
  const Operation& operation = *job.operation;
  const auto path = filled(operation.path, job.scope, true, missing);
  if (!path) return std::nullopt;
  kit::Request request = plain(operation.method, *path);
  if (operation.headers != nullptr) {
    for (const auto& [name, phrase] : operation.headers->GetObject()) {
      const auto value = filled(kit::view(phrase), job.scope, false, missing);
      if (!value) return std::nullopt;
      request.headers.emplace_back(kit::view(name), *value);
    }
  }
  if (operation.body != nullptr) {
    rapidjson::Document pool;
    static constexpr rl_request kNoRequest{};
    const sources::Scope scope{&job.scope, &kNoRequest, {}, &pool.GetAllocator()};
    const Value body = sources::evaluate(*operation.body, scope);
    request.body = body.IsNull() ? "{}" : json_of(body);
    request.headers.emplace_back("Content-Type", "application/json");
  }
  request.acts = operation.acts();
  if (request.acts && !settings_.key_header.empty()) {
    request.headers.emplace_back(settings_.key_header, job.key);
  }
  return request;
}

void Shop::act(const JobPtr& job, std::string_view etag) {
  std::string missing;
  auto request = request_of(*job, missing);
  if (!request) {
    return end(job->op, {.status = RL_FAILED, .reason = "'" + missing + "' is missing"});
  }
  if (!etag.empty()) request->headers.emplace_back("If-Match", etag);
  ask(job->op, *request, [=, this](const kit::Answer& answer) { acted(job, answer); });
}

void Shop::acted(const JobPtr& job, const kit::Answer& answer) {
  const Operation& operation = *job->operation;
  if (answer.good()) {
    const kit::Value* ref = sources::look_up(answer.root, operation.ref);
    const bool named = !operation.ref.empty() && ref != nullptr;
    return end(job->op, {.data = fields_json(operation.answer, answer.root),
                         .ref = named ? sources::text_of(*ref).value_or("") : ""});
  }
  if (is(settings_.busy, answer.reply.status)) {
    return end(job->op, {.status = RL_NOT_NOW,
                         .reason = reason_of(answer),
                         .again_at = kit::retry_after(answer.reply, now(), now() + kBusyMs)});
  }
  refused(job, answer);
}

void Shop::refused(const JobPtr& job, const kit::Answer& answer) {
  const Operation& operation = *job->operation;
  const kit::Outcome outcome{.status = RL_REFUSED,
                             .reason = reason_of(answer),
                             .data = fields_json(operation.answer, answer.root)};
  const bool matches = operation.condition == Operation::Condition::match && job->conditional;
  if (matches && answer.reply.status == 412 && ++job->attempts < kMostMatches) {
    return begin_matching(job);
  }
  if (operation.done_when == nullptr) return end(job->op, outcome);
  read_state(job, [=, this](const kit::Answer& now_is, bool there) {
    if (!there) return end(job->op, outcome);
    const std::string state = record_of(*job->operation->state, now_is.root);
    if (difference(job->operation->done_when, state, job->scope).empty()) {
      return end(job->op, {.reason = "already", .data = state});
    }
    end(job->op, {.status = RL_REFUSED, .reason = outcome.reason, .data = state});
  });
}

void Shop::lookup(rl_op op, const rl_write& write) {
  const JobPtr job = job_of(op, write);
  if (job == nullptr) return;
  if (job->operation->done_when == nullptr) {
    return end(op, {.status = RL_NOT_NOW, .reason = "nothing tells what became of it"});
  }
  read_state(job, [=, this](const kit::Answer& answer, bool there) {
    const std::string state = record_of(*job->operation->state, answer.root);
    const bool done = there && difference(job->operation->done_when, state, job->scope).empty();
    end(op, {.status = uint32_t{done ? RL_DONE : RL_ABSENT}, .data = done ? state : ""});
  });
}

}  // namespace commerce
