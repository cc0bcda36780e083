#include "script/rule_scope.h"

#include "base/text.h"

namespace relance {
namespace {

const std::vector<std::string> kKinds = {"email", "sms", "voice", "retry", "webhook", "desk"};
const std::vector<std::string> kPurposes = {"service", "recovery", "marketing"};

}  // namespace

bool known_channel_kind(std::string_view kind, const Where& where, Findings& findings) {
  if (is_channel_kind(kind)) return true;
  findings.error(where, Code::unknown_channel,
                 "there is no kind of channel '" + std::string(kind) + "'",
                 did_you_mean(kind, kKinds));
  return false;
}

std::optional<RuleScope> read_scope(const Fields& fields) {
  RuleScope scope;
  bool fits = true;
  if (const Value* channel = fields.get("channel");
      channel != nullptr && !channel->is_word("any_channel")) {
    if (channel->is(Value::Kind::text)) {
      fits = known_channel_kind(channel->text, fields.place().at("channel"), fields.findings());
      scope.channel = channel->text;
    } else {
      fields.error(
          "channel", Code::wrong_type,
          "'channel' wants the kind of a channel or any_channel, not " + describe(*channel));
      fits = false;
    }
  }
  if (const std::string written = fields.text("purpose"); !written.empty()) {
    Purpose purpose{};
    fits = purpose_from(written, purpose) && fits;
    fields.known("purpose", written, kPurposes, Code::bad_value, "purpose");
    scope.purpose = purpose;
  }
  if (fits) return scope;
  return std::nullopt;
}

}  // namespace relance
