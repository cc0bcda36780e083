// What flows write to HubSpot.
#include "account.h"
#include "kit/form.h"
#include "kit/text.h"
#include "records.h"

namespace hubspot {
namespace {

// An account whose key property is missing is at a standstill until somebody makes it.
constexpr int64_t kUnreadyMs = 60'000;

std::string category_of(const kit::Answer& answer) {
  const std::string category(kit::text(answer.root, "category"));
  return category.empty() ? "HTTP " + std::to_string(answer.reply.status) : category;
}

}  // namespace

Account::Job Account::job_of(rl_op op, const rl_write& write) {
  const std::string operation(kit::view(write.operation));
  auto job = std::make_shared<Written>(Written{
      operation, std::string(kit::view(write.key_text)), std::string(kit::view(write.customer)),
      std::string(kit::view(write.data)), write.only_if.len > 0, write.intended_at});
  if (job->conditional) {
    end(op, {.status = RL_FAILED, .reason = "HubSpot writes under no conditions"});
    return nullptr;
  }
  if (operation != "record" && operation != "flag_for_human" && operation != "update") {
    end(op, {.status = RL_FAILED, .reason = "no_such_operation"});
    return nullptr;
  }
  return job;
}

void Account::write(rl_op op, const rl_write& write) {
  const Job job = job_of(op, write);
  if (job == nullptr) return;
  if (job->operation == "update") return update(op, job);
  find_contact(op, job, [=, this](const std::string& contact) {
    check_key(op, type_of(*job), [=, this] { create(op, job, contact); });
  });
}

void Account::lookup(rl_op op, const rl_write& write) {
  const Job job = job_of(op, write);
  if (job == nullptr) return;
  if (job->operation == "update") return compare(op, job);
  find_by_key(op, job, {.status = RL_ABSENT, .reason = "nothing has its key"});
}

std::string Account::contact_path(const std::string& customer) const {
  const ObjectType& type = settings_.customer();
  std::string path = settings_.objects_path + "/" + type.type + "/" + kit::percent_encode(customer);
  if (!type.own_id()) path += "?idProperty=" + type.id_property;
  return path;
}

void Account::find_contact(rl_op op, const Job& job, std::function<void(const std::string&)> then) {
  if (settings_.customer().own_id()) return then(job->customer);
  ask(op, {"GET", contact_path(job->customer)}, [=, this](const kit::Answer& answer) {
    const std::string id(kit::text(answer.root, "id"));
    if (answer.good() && !id.empty()) return then(id);
    const bool missing = answer.reply.status == 404;
    end(op, {.status = uint32_t{missing ? RL_REFUSED : RL_NOT_NOW},
             .reason = missing ? "no_contact" : category_of(answer)});
  });
}

// Without a unique property HubSpot would take the same note twice.
void Account::check_key(rl_op op, const std::string& type, std::function<void()> then) {
  if (!settings_.unique_key || keyed_.contains(type)) return then();
  const std::string path = settings_.properties_path + "/" + type + "/" + settings_.key_property;
  ask(op, {"GET", path}, [=, this](const kit::Answer& answer) {
    if (answer.good() && kit::boolean(answer.root, "hasUniqueValue")) {
      keyed_.insert(type);
      return then();
    }
    const std::string line = "HubSpot's " + type + " need a property '" + settings_.key_property +
                             "' with unique values; nothing is written until there is one";
    host_->log(host_, RL_LOG_ERROR, kit::str(line));
    end(op, {.status = RL_NOT_NOW,
             .reason = "the key's property is missing or not unique",
             .again_at = now() + kUnreadyMs,
             .again_scope = RL_SCOPE_CHANNEL});
  });
}

void Account::create(rl_op op, const Job& job, const std::string& contact) {
  const Engagement made = engagement_of(*job, contact, settings_);
  const std::string path = settings_.objects_path + "/" + made.type;
  ask(op, {"POST", path, made.body, true}, [=, this](const kit::Answer& answer) {
    const std::string id(kit::text(answer.root, "id"));
    if (answer.good() && !id.empty()) return end(op, {.ref = id});
    if (answer.good()) return end(op, {.status = RL_UNKNOWN, .reason = "no id in the answer"});
    // Refused because it is there already, or for a reason of its own: the key tells which.
    find_by_key(op, job, {.status = RL_REFUSED, .reason = category_of(answer)});
  });
}

void Account::find_by_key(rl_op op, const Job& job, const kit::Outcome& otherwise) {
  const std::string type = type_of(*job);
  Ask asked{"GET", settings_.objects_path + "/" + type + "/" + kit::percent_encode(job->key) +
                       "?idProperty=" + settings_.key_property};
  if (!settings_.unique_key) {
    const std::string group =
        kit::Object()
            .raw("filters", "[" + filter(settings_.key_property, "EQ", job->key) + "]")
            .close();
    asked = {"POST", settings_.objects_path + "/" + type + "/search",
             kit::Object().raw("filterGroups", "[" + group + "]").integer("limit", 1).close(),
             false, true};
  }
  ask(op, asked, [=, this](const kit::Answer& answer) {
    const kit::Value* results = kit::member(answer.root, "results");
    const bool list = results != nullptr && results->IsArray();
    const kit::Value* found = !list ? answer.root : results->Empty() ? nullptr : &(*results)[0];
    const std::string id(kit::text(found, "id"));
    if (answer.good() && !id.empty()) return end(op, {.ref = id});
    const bool absent = answer.reply.status == 404 || (answer.good() && list && results->Empty());
    if (absent) return end(op, otherwise);
    end(op, {.status = RL_NOT_NOW, .reason = category_of(answer)});
  });
}

void Account::update(rl_op op, const Job& job) {
  std::string problem;
  const std::string body = update_of(*job, settings_.customer(), problem);
  if (body.empty()) return end(op, {.status = RL_FAILED, .reason = problem});
  ask(op, {"PATCH", contact_path(job->customer), body, true}, [=, this](const kit::Answer& answer) {
    const std::string id(kit::text(answer.root, "id"));
    if (answer.good() && !id.empty()) return end(op, {.ref = id});
    if (answer.good()) return end(op, {.status = RL_UNKNOWN, .reason = "no id in the answer"});
    end(op, {.status = RL_REFUSED, .reason = category_of(answer)});
  });
}

// An update has no key at HubSpot: it happened where the contact has its values.
void Account::compare(rl_op op, const Job& job) {
  std::string problem;
  const std::string body = update_of(*job, settings_.customer(), problem);
  if (body.empty()) return end(op, {.status = RL_ABSENT, .reason = problem});
  std::string path = contact_path(job->customer);
  path += settings_.customer().own_id() ? "?properties=" : "&properties=";
  path += comma_list(properties_for(settings_.customer(), rl_read{}));
  ask(op, {"GET", path}, [=, this](const kit::Answer& answer) {
    const bool there = answer.good() && kit::member(answer.root, "properties") != nullptr;
    if (there && holds(*answer.root, body)) return end(op, {});
    if (there || answer.reply.status == 404) {
      return end(op, {.status = RL_ABSENT, .reason = "the contact has other values"});
    }
    end(op, {.status = RL_NOT_NOW, .reason = category_of(answer)});
  });
}

}  // namespace hubspot
