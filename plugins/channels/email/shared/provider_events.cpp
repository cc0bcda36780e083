// The events of providers as JSON. Their fields: SendGrid's Event Webhook, Postmark's webhooks,
// Amazon SES event publishing over SNS.
#include "kit/json.h"
#include "mime_read.h"
#include "notices.h"

namespace email {
namespace {

using Notices = std::vector<Notice>;

std::string text_of(const kit::Value* from, std::string_view path) {
  return std::string(kit::text(from, path));
}

// The first that is a key: what we put beside the letter, or its Message-ID.
std::string key_among(std::initializer_list<std::string> candidates) {
  for (const std::string& text : candidates) {
    if (key_in("<" + text + "@") == text && !text.empty()) return text;
    if (!key_in(text).empty()) return key_in(text);
  }
  return {};
}

// `blocked` is the receiver's policy, not a bad address.
std::string_view sendgrid_word(const kit::Value* event) {
  const std::string_view what = kit::text(event, "event");
  if (what == "delivered") return "delivered";
  if (what == "spamreport") return "complained";
  if (what == "unsubscribe" || what == "group_unsubscribe") return "opted_out";
  if (what == "dropped") return "failed";
  if (what != "bounce") return {};
  if (kit::text(event, "type") == "blocked") return "failed";
  const std::string_view status = kit::text(event, "status");
  return status.empty() ? "bounced" : word_of_status(status);
}

Notices read_sendgrid(const kit::Value* events) {
  Notices notices;
  for (const kit::Value& event : events->GetArray()) {
    const std::string_view word = sendgrid_word(&event);
    if (word.empty()) continue;
    Notice notice;
    notice.word = word;
    notice.id = "sendgrid:" + text_of(&event, "sg_event_id");
    notice.key = key_among({text_of(&event, "relance_key"), text_of(&event, "smtp-id")});
    const std::string id = text_of(&event, "sg_message_id");
    notice.ref = id.substr(0, id.find('.'));
    notice.address = text_of(&event, "email");
    notice.reason = "sendgrid_" + text_of(&event, "event") + "_" + text_of(&event, "status");
    notices.push_back(std::move(notice));
  }
  return notices;
}

// Types of bounces that are about the address; a soft or transient one is tried again by Postmark.
std::string_view postmark_word(const kit::Value* event, std::string_view record) {
  if (record == "Delivery") return "delivered";
  if (record == "SpamComplaint") return "complained";
  if (record == "SubscriptionChange")
    return kit::boolean(event, "SuppressSending") ? "opted_out" : "";
  if (record != "Bounce") return {};
  const std::string_view type = kit::text(event, "Type");
  if (type == "HardBounce" || type == "BadEmailAddress" || type == "ManuallyDeactivated")
    return "bounced";
  if (type == "SpamComplaint") return "complained";
  if (type == "Transient" || type == "SoftBounce" || type == "DnsError") return {};
  return "failed";
}

Notice read_postmark_reply(const kit::Value* event) {
  Notice notice;
  notice.kind = Notice::Kind::message;
  notice.id = "postmark:" + text_of(event, "MessageID");
  notice.address = text_of(event, "FromFull.Email");
  notice.subject = text_of(event, "Subject");
  notice.text = text_of(event, "StrippedTextReply");
  if (notice.text.empty()) notice.text = text_of(event, "TextBody");
  notice.key = key_among({text_of(event, "MailboxHash")});
  return notice;
}

Notices read_postmark(const kit::Value* event) {
  const std::string_view record = kit::text(event, "RecordType");
  if (record == "Inbound") return {read_postmark_reply(event)};
  const std::string_view word = postmark_word(event, record);
  if (word.empty()) return {};
  Notice notice;
  notice.word = word;
  notice.ref = text_of(event, "MessageID");
  notice.id = "postmark:" + notice.ref + ":" + std::string(record);
  notice.key = key_among({text_of(event, "Metadata.relance_key")});
  notice.address =
      text_of(event, record == "Bounce" || record == "SpamComplaint" ? "Email" : "Recipient");
  notice.reason = "postmark_" + text_of(event, "Type");
  return {notice};
}

std::string_view ses_word(const kit::Value* event, std::string_view what) {
  if (what == "Delivery") return "delivered";
  if (what == "Complaint") return "complained";
  if (what == "Reject") return "failed";
  if (what == "Subscription") return "opted_out";
  if (what != "Bounce") return {};
  return kit::text(event, "bounce.bounceType") == "Permanent" ? "bounced" : "failed";
}

// Of an array of headers or tags: what SES gives back of our letter.
std::string ses_key(const kit::Value* event) {
  const kit::Value* headers = kit::find(event, "mail.headers");
  if (headers != nullptr && headers->IsArray()) {
    for (const kit::Value& header : headers->GetArray()) {
      if (kit::text(&header, "name") == "X-Relance-Key") return text_of(&header, "value");
    }
  }
  return text_of(event, "mail.commonHeaders.messageId");
}

Notices read_ses(std::string_view message) {
  const kit::Json json(message);
  const kit::Value* event = json.root();
  const std::string_view what = kit::text(event, "eventType", kit::text(event, "notificationType"));
  const std::string_view word = ses_word(event, what);
  if (word.empty()) return {};
  Notice notice;
  notice.word = word;
  notice.ref = text_of(event, "mail.messageId");
  notice.id = "ses:" + notice.ref + ":" + std::string(what);
  notice.key = key_among({ses_key(event)});
  notice.reason = "ses_" + text_of(event, "bounce.bounceSubType");
  const kit::Value* to = kit::find(event, "mail.destination");
  if (to != nullptr && to->IsArray() && !to->Empty() && (*to)[0].IsString())
    notice.address = kit::view((*to)[0]);
  return {notice};
}

}  // namespace

std::optional<Notices> read_events(std::string_view body) {
  const kit::Json json("{\"it\":" + std::string(body) + "}");
  const kit::Value* it = kit::member(json.root(), "it");
  if (it == nullptr) return std::nullopt;
  if (it->IsArray()) return read_sendgrid(it);
  if (kit::find(it, "RecordType") != nullptr) return read_postmark(it);
  if (kit::text(it, "Type") == "Notification") return read_ses(kit::text(it, "Message"));
  if (!kit::text(it, "raw").empty()) return read_message(kit::text(it, "raw"));
  return std::nullopt;
}

}  // namespace email
