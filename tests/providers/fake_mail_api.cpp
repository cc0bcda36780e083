#include "providers/fake_mail_api.h"

#include "base/doc.h"

namespace relance {
namespace {

ServerAnswer problem(int status, const std::string& message) {
  ServerAnswer answer;
  answer.status = status;
  answer.body = to_json(Doc::record({{"message", Doc::text(message)}}));
  return answer;
}

ServerAnswer sent(const std::string& id) {
  ServerAnswer answer;
  answer.body = to_json(Doc::record({{"id", Doc::text(id)}}));
  return answer;
}

}  // namespace

FakeMailApi::FakeMailApi(std::string token) : token_(std::move(token)) {
  route("POST", "/emails", [this](const FakeRequest& request) { return send(request); });
  route("GET", "/emails", [this](const FakeRequest& request) { return find(request); });
}

ServerAnswer FakeMailApi::send(const FakeRequest& request) {
  if (request.header("authorization") != "Bearer " + token_) return problem(401, "who are you?");
  const std::string key(request.header("idempotency-key"));
  const auto body = from_json(request.body);
  if (!body || key.empty()) return problem(422, "no JSON, or no key");
  const auto to = body->view().find("to");
  if (to.size() != 1 || !body->view().find("from").text()) return problem(422, "from or to");
  std::string address;
  for (const auto& [place, one] : to.items()) address = one.text().value_or("");
  for (const auto& [known, was] : bodies_)
    if (known == key && was != request.body) return problem(422, "another body with this key");
  bodies_.emplace_back(key, request.body);
  const std::string id = "m-" + key;
  ledger().add_once(key, "email", address, id);
  return sent(id);
}

ServerAnswer FakeMailApi::find(const FakeRequest& request) const {
  if (request.header("authorization") != "Bearer " + token_) return problem(401, "who are you?");
  const std::string query(request.query());
  const auto found = look_up(query.substr(query.find('=') + 1));
  return found ? sent(found->data) : problem(404, "never seen");
}

}  // namespace relance
