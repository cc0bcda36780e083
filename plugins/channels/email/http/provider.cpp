#include "provider.h"

#include "channels/email/shared/mime_write.h"
#include "kit/digest.h"
#include "kit/http.h"

namespace email {
namespace {

constexpr int64_t kMinute = 60'000;

// The id of `path`, text or a number; empty where the answer is no JSON object or has none.
std::string id_in(const rl_reply& reply, std::string_view path) {
  const kit::Json json(kit::view(reply.body));
  const std::string_view text = kit::text(json.root(), path);
  if (!text.empty()) return std::string(text);
  const int64_t number = kit::integer(json.root(), path);
  return number == 0 ? std::string() : std::to_string(number);
}

Ending not_now(const rl_reply& reply, int64_t now, std::string reason, bool channel) {
  Ending ending{RL_NOT_NOW, {}, std::move(reason), {}, 0, channel};
  const int64_t at = kit::retry_after(reply, now, channel ? now + kMinute : 0);
  if (at > now) ending.again_in_ms = at - now;
  return ending;
}

}  // namespace

std::string body_of(const Sender& sender, const Letter& letter) {
  kit::Object body;
  body.text("from", mailbox(sender.from_name, sender.from));
  body.raw(
      "to", "[" + [&] {
        const std::string one = kit::Object().text("a", letter.to).close();  // as a JSON string
        return one.substr(5, one.size() - 6);
      }() + "]");
  if (!sender.reply_to.empty()) body.text("reply_to", sender.reply_to);
  body.text("subject", letter.subject);
  if (!letter.text.empty()) body.text("text", letter.text);
  if (!letter.html.empty()) body.text("html", letter.html);
  kit::Object headers;
  for (const auto& [name, value] : extra_headers(letter)) headers.text(name, value);
  body.raw("headers", headers.close());
  if (letter.files.empty()) return body.close();
  std::string files;
  for (const Letter::File& file : letter.files) {
    if (!files.empty()) files += ',';
    files += kit::Object()
                 .text("filename", file.name)
                 .text("content_type", file.content_type)
                 .text("content", kit::base64(file.bytes))
                 .close();
  }
  return body.raw("attachments", "[" + files + "]").close();
}

// What may have been sent is unknown, and so is an answer that cannot be read: the same key again
// says which.
Ending ending_of_send(const rl_reply& reply, int64_t now, std::string_view id_field) {
  const int32_t status = reply.status;
  if (status == 0 && reply.wire == RL_NOT_SENT) return {RL_NOT_NOW, {}, "no_connection", {}};
  if (status == 0) return {RL_UNKNOWN, {}, "connection_lost", {}};
  std::string reason = "http_" + std::to_string(status);
  if (status >= 200 && status < 300) {
    std::string id = id_in(reply, id_field);
    if (id.empty()) return {RL_UNKNOWN, {}, "unreadable_answer", {}};
    return {RL_DONE, {}, std::move(reason), std::move(id)};
  }
  if (status == 429) return not_now(reply, now, std::move(reason), true);
  // 409: the first request with this key is still under way; 5xx: it may have been acted on.
  if (status == 409 || status >= 500 || status < 400)
    return {RL_UNKNOWN, {}, std::move(reason), {}};
  // Our credentials: nothing of the letter is wrong, somebody must act.
  if (status == 401 || status == 403) return not_now(reply, now, std::move(reason), true);
  return {RL_REFUSED, "failed", std::move(reason), {}};
}

Ending ending_of_look_up(const rl_reply& reply, int64_t now, std::string_view id_field) {
  if (reply.status == 404) return {RL_ABSENT, {}, "http_404", {}};
  if (reply.status >= 200 && reply.status < 300) {
    std::string id = id_in(reply, id_field);
    if (!id.empty()) return {RL_DONE, {}, "found", std::move(id)};
    return {RL_UNKNOWN, {}, "unreadable_answer", {}};
  }
  return not_now(reply, now, "http_" + std::to_string(reply.status), reply.status == 429);
}

}  // namespace email
