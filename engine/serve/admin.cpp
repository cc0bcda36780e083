#include "serve/admin.h"

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "base/json_text.h"
#include "base/log.h"
#include "node/difference.h"
#include "node/migration.h"
#include "serve/customer_desk.h"
#include "serve/handoff_desk.h"
#include "serve/pause_desk.h"
#include "serve/problem.h"
#include "store/beside.h"

namespace relance {
namespace {

constexpr std::chrono::milliseconds kLook{500};
constexpr std::string_view kHandoff = "/v1/admin/handoff", kCustomer = "/v1/admin/customer";
constexpr size_t kMostOperators = 16;  // connections
constexpr Duration kLongestCommand = minutes(10);

ServerAnswer refusal(const std::vector<Error>& errors) {
  const bool one = errors.size() == 1 && errors[0].code != Code::internal;
  JsonText text;
  text.key("title").text("the generation before goes on").key("status").integer(409);
  text.key("code").text(code_text(one ? errors[0].code : Code::reload_refused));
  text.key("detail").text(one ? errors[0].message
                              : std::to_string(errors.size()) + " errors in the next generation");
  text.key("errors").begin_list();
  for (const Error& error : errors)
    text.begin_object()
        .key("file")
        .text(error.where.file)
        .key("line")
        .integer(error.where.line)
        .key("code")
        .text(code_text(error.code))
        .key("message")
        .text(error.message)
        .key("hint")
        .text(error.hint)
        .end_object();
  text.end_list();
  ServerAnswer answer;
  answer.status = 409;
  answer.content_type = "application/problem+json";
  answer.body = text.close();
  return answer;
}

Status may_move(const MoveOrder& order, const std::vector<MovePreview>& flows, const Rules& rules) {
  const auto active = rules.active();
  const bool known = std::any_of(active.begin(), active.end(),
                                 [&](const Flow* flow) { return flow->name == order.flow; });
  if (!known)
    return Error{Code::move_refused,
                 "no flow '" + order.flow + "' is active",
                 {},
                 "runs move to the active version of their flow"};
  const bool open = std::any_of(flows.begin(), flows.end(), [](const MovePreview& flow) {
    return flow.groups.contains(MoveClass::clean) || flow.groups.contains(MoveClass::busy);
  });
  if (!order.back || open) return {};
  return Error{Code::move_is_over,
               "no run of '" + order.flow + "' can be taken back: something has left since",
               {},
               "see `relance explain`"};
}

void tell_moves(JsonText& text, const std::vector<MovePreview>& flows) {
  text.key("runs").begin_list();
  for (const MovePreview& flow : flows) text.value(to_doc(flow));
  text.end_list();
}

void tell_difference(JsonText& text, const std::vector<Differing>& differing) {
  text.key("difference").begin_list();
  for (const Differing& one : differing)
    text.begin_object()
        .key("how")
        .text(how_name(one.how))
        .key("kind")
        .text(one.kind)
        .key("name")
        .text(one.name)
        .end_object();
  text.end_list();
}

Activation activation_of(DocView asked) {
  return {std::string(asked.find("author").text().value_or("unknown")),
          std::string(asked.find("reason").text().value_or("")),
          {}};
}

}  // namespace

std::string admin_socket(const std::string& store) { return beside_store(store, "-admin"); }

Admin::Admin(Ports ports) : ports_(ports) {
  add("POST", "/v1/admin/reload", [this](const Doc& asked) { return reload(asked); });
  add("POST", "/v1/admin/migrate", [this](const Doc& asked) { return migrate(asked); });
  add("POST", "/v1/admin/pause", [this](const Doc& asked) {
    return pause_for(ports_.node, *ports_.generations.live(), asked);
  });
  add("POST", "/v1/admin/resume", [this](const Doc& asked) {
    return resume_for(ports_.node, *ports_.generations.live(), asked);
  });
  add("GET", "/v1/admin/generation", [this](const Doc&) { return generation(); });
  thread_ = std::thread([this] { work(); });
}

void Admin::listen(const std::string& store) {
  ServerOptions options;
  options.listen = "unix:" + admin_socket(store);
  options.most_connections = kMostOperators;
  options.answer_time = kLongestCommand;
  if (admin_socket(store).empty()) return;
  auto server = start_http_server(options, [this](ServerRequest request, auto respond) {
    handle(std::move(request), std::move(respond));
  });
  if (server)
    server_ = std::move(*server);
  else
    log::warn("serve", "operators cannot reach this engine: {}", server.error().text());
}

Admin::~Admin() {
  server_.reset();
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Admin::add(const std::string& method, const std::string& path, Work work) {
  commands_[{method, path}] = std::move(work);
}

void Admin::handle(ServerRequest request, HttpServer::Respond respond) {
  const auto command = commands_.find({request.method, std::string(request.path())});
  const bool posted = request.method == "POST";
  const bool of_item = posted && request.path() == kHandoff;
  const bool of_customer = posted && request.path() == kCustomer;
  if (!of_item && !of_customer && command == commands_.end())
    return respond(problem(404, "there is no such command"));
  auto asked = request.body.empty() ? Result<Doc>(Doc::empty_record()) : from_json(request.body);
  if (!asked) return respond(problem(400, asked.error()));
  if (of_item) return work_on_item(ports_.node, *asked, std::move(respond));
  if (of_customer) return work_on_customer(ports_.node, *asked, std::move(respond));
  if (request.method == "GET") return respond(command->second(*asked));
  {
    const std::lock_guard lock(mutex_);
    if (!busy_ && tasks_.empty()) {
      tasks_.push_back([&work = command->second, asked = std::move(*asked), respond]() -> Told {
        return [respond, answer = work(asked)] { respond(answer); };
      });
      changed_.notify_all();
      return;
    }
  }
  respond(problem(409, Error{Code::reload_under_way,
                             "another change is under way",
                             {},
                             "look at `relance generations`, then try again"}));
}

void Admin::reload_soon(Activation who) {
  const auto task = [this, who = std::move(who)]() -> Told {
    const ServerAnswer answer =
        reload(Doc::record({{"author", Doc::text(who.author)}, {"reason", Doc::text(who.reason)}}));
    if (answer.status == 200)
      log::warn("reload", "by {}: {}", who.author, answer.body);
    else
      log::error("reload", "refused: {}", answer.body);
    return [] {};
  };
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(task);
  }
  changed_.notify_all();
}

void Admin::watch_files() {
  const std::lock_guard lock(mutex_);
  seen_ = tried_ = ports_.generations.live()->bundle().sources;
  watching_ = true;
  changed_.notify_all();
}

// Changed, and at rest since the last look: an editor writes more than once.
void Admin::look_at_files() {
  const auto live = ports_.generations.live();
  auto sources = read_bundle(live->bundle().directory);
  if (!sources || std::exchange(seen_, *sources) != *sources || tried_ == *sources) return;
  tried_ = std::move(*sources);
  if (tried_ != live->bundle().sources) reload_soon({"watch", "the files have changed", {}});
}

ServerAnswer Admin::generation() const {
  const auto live = ports_.generations.live();
  ServerAnswer answer;
  answer.body = JsonText()
                    .key("generation")
                    .integer(static_cast<int64_t>(live->number()))
                    .key("bundle")
                    .text(live->bundle().name)
                    .key("directory")
                    .text(std::filesystem::absolute(live->bundle().directory).string())
                    .close();
  return answer;
}

ServerAnswer Admin::reload(const Doc& asked) {
  const DocView view = asked;
  const auto live = ports_.generations.live();
  Activation who = activation_of(view);
  std::vector<Error> errors;
  int64_t wanted = view.find("generation").integer().value_or(0);
  if (wanted < 0) wanted = static_cast<int64_t>(live->number()) - 1;
  auto next = wanted == 0
                  ? ports_.generations.prepare_files(errors)
                  : ports_.generations.prepare_stored(static_cast<uint64_t>(wanted), errors);
  if (!next) return refusal(errors);
  if (wanted != 0) who.instead_of = live->bundle().hash;
  const bool dry = view.find("dry_run").boolean().value_or(false);
  JsonText text;
  tell_difference(text, difference(live->manifest(), next->generation->manifest()));
  text.key("unchanged").value(Doc::boolean(next->unchanged));
  if (dry) {
    const auto runs = preview_moves(ports_.node, next->generation->rules(), {});
    if (!runs) return refusal({runs.error()});
    tell_moves(text, *runs);
  }
  uint64_t number = live->number();
  if (!dry && !next->unchanged) {
    const auto active = ports_.generations.activate(std::move(*next), who);
    if (!active) return refusal({active.error()});
    number = *active;
  }
  text.key("activated").value(Doc::boolean(number != live->number()));
  text.key("generation").integer(static_cast<int64_t>(number));
  ServerAnswer answer;
  answer.body = text.close();
  return answer;
}

ServerAnswer Admin::migrate(const Doc& asked) {
  const DocView view = asked;
  const auto live = ports_.generations.live();
  MoveOrder order;
  order.flow = view.find("flow").text().value_or("");
  order.author = activation_of(view).author;
  order.back = view.find("undo").boolean().value_or(false);
  for (const auto& [key, name] : view.find("also").items())
    order.also.emplace_back(name.text().value_or(""));
  JsonText text;
  const auto preview = preview_moves(ports_.node, live->rules(), {order.flow, order.back});
  if (!preview) return refusal({preview.error()});
  if (auto may = may_move(order, *preview, live->rules()); !may) return refusal({may.error()});
  tell_moves(text, *preview);
  if (!view.find("dry_run").boolean().value_or(false)) {
    const auto moved = move_runs(ports_.node, live->rules(), order);
    if (!moved) return refusal({moved.error()});
    text.key("moved").integer(static_cast<int64_t>(*moved));
  }
  ServerAnswer answer;
  answer.body = text.close();
  return answer;
}

void Admin::work() {
  size_t left = 0;  // of earlier generations
  std::unique_lock lock(mutex_);
  while (!over_) {
    if (tasks_.empty() && !watching_ && left == 0)
      changed_.wait(lock, [&] { return over_ || watching_ || !tasks_.empty(); });
    else if (tasks_.empty())
      changed_.wait_for(lock, kLook);
    if (over_) return;
    const bool idle = tasks_.empty(), watching = watching_;
    Task task;
    if (!idle) {
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    busy_ = !idle;
    lock.unlock();
    Told told;
    if (task)
      told = task();
    else if (watching)
      look_at_files();
    lock.lock();
    busy_ = false;
    lock.unlock();
    if (told) told();
    task = {};  // it may hold a generation
    left = ports_.generations.sweep();
    lock.lock();
  }
}

}  // namespace relance
