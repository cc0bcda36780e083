// relance.email.smtp: mail over any server that speaks SMTP, and what comes back to its mailbox.
//
// SMTP has no key that a server honours, so a mail whose fate is unknown is not sent again by
// itself. A server that is known to drop a Message-ID that it has seen makes the channel keyed
// (`dedupes_h`): a repeat has the same bytes.
#include <map>
#include <set>

#include "answers.h"
#include "channels/email/shared/abilities.h"
#include "channels/email/shared/letter.h"
#include "channels/email/shared/mailbox.h"
#include "kit/plugin.h"

namespace email {
namespace {

constexpr uint32_t kAtOnce = 8;  // as many lanes as the host has for one mail server
constexpr int64_t kHourMs = 3600 * 1000;

Abilities abilities_of(std::string_view config) {
  const kit::Json json(config);
  const int64_t window = kit::integer(json.root(), "dedupes_h") * kHourMs;
  Abilities abilities;
  abilities.delivery = window > 0 ? RL_KEYED : RL_BLIND;
  abilities.key_window_ms = window;
  abilities.at_once = kAtOnce;
  return abilities;
}

bool is_this_machine(std::string_view url) {
  std::string_view host = url.substr(std::min(url.find("://"), url.size() - 3) + 3);
  if (host.starts_with("[::1]")) return true;
  host = host.substr(0, host.find_first_of(":/"));
  return host == "localhost" || (host.starts_with("127.") &&
                                 host.find_first_not_of("0123456789.") == std::string_view::npos);
}

// What leaves the machine leaves it encrypted, unless the configuration says otherwise; a password
// does everywhere.
bool needs_tls(const kit::Value* config) {
  const std::string_view said = kit::text(config, "tls");
  if (!said.empty()) return said == "required";
  return !kit::text(config, "user").empty() || !is_this_machine(kit::text(config, "url"));
}

class Smtp {
 public:
  Smtp(const rl_host* host, std::string_view config) : Smtp(host, kit::Json(config).root()) {}

  void send(rl_op op, const rl_touch& touch) {
    const Letter letter = letter_of(host_, sender_, touch);
    if (!can_send(host_, op, letter)) return;
    const std::string message = message_of(sender_, letter);
    const std::string from = envelope_sender(sender_, letter);
    const rl_str to = kit::str(letter.to);
    rl_mail mail{};
    mail.struct_size = sizeof mail;
    mail.flags = RL_EFFECT | (tls_ ? uint32_t{RL_REQUIRE_TLS} : 0u);
    mail.url = kit::str(server_);
    mail.from = kit::str(from);
    mail.to = &to;
    mail.to_count = 1;
    mail.message = kit::str(message);
    mail.user = kit::str(user_);
    mail.secret = kit::str(password_);
    mail.timeout_ms = timeout_ms_;
    ids_[op] = letter.message_id;
    if (const int32_t begun = host_->smtp(host_, op, 0, &mail); begun != RL_OK) {
      ids_.erase(op);
      not_begun(host_, op, begun);
    }
  }

  void cancel(rl_op op) {
    if (!ids_.contains(op)) return;
    cancelled_.insert(op);
    host_->abort_io(host_, op);
  }

  void on_io(rl_op op, const rl_reply& reply) {
    const auto sent = ids_.extract(op);
    if (!sent) return;  // answered before
    Ending ending = ending_of(reply, cancelled_.erase(op) > 0);
    ending.ref = sent.mapped();
    complete(host_, op, ending);
  }

  void on_request(rl_op op, const rl_request& request) const { mailbox_.on_request(op, request); }

 private:
  Smtp(const rl_host* host, const kit::Value* config)
      : host_(host),
        sender_(config),
        mailbox_(host, std::string(kit::text(config, "mailbox_secret"))),
        server_(kit::text(config, "url")),
        user_(kit::text(config, "user")),
        password_(kit::text(config, "password")),
        tls_(needs_tls(config)),
        timeout_ms_(static_cast<uint32_t>(kit::integer(config, "timeout_s", 60) * 1000)) {}

  const rl_host* host_;
  Sender sender_;
  Mailbox mailbox_;
  std::string server_, user_, password_;
  bool tls_;
  uint32_t timeout_ms_;
  std::map<rl_op, std::string> ids_;  // of mails under way
  std::set<rl_op> cancelled_;
};

void check_config(rl_str config, const rl_out* problems) {
  const kit::Json json(kit::view(config));
  check_sender(json.root(), problems);
  const bool user = !kit::text(json.root(), "user").empty();
  if (user != !kit::text(json.root(), "password").empty())
    kit::put(problems, "'user' and 'password' come together\n");
  if (user && kit::text(json.root(), "tls") == "offered")
    kit::put(problems, "a password needs 'tls' to be \"required\"\n");
}

constexpr char kSchema[] = R"({
  "type": "object", "additionalProperties": false, "required": ["url", "from"],
  "properties": {
    "url": {"type": "string", "pattern": "^smtps?://"},
    "tls": {"enum": ["required", "offered"]},
    "user": {"type": "string"}, "password": {"type": "string", "format": "secret"},
    "timeout_s": {"type": "integer", "minimum": 1, "maximum": 110, "default": 60},
    "dedupes_h": {"type": "integer", "minimum": 0}, "bounces": {"type": "string"},
    )" EMAIL_SENDER_PROPERTIES "}}";

constexpr rl_plugin kPlugin =
    kit::plugin<Smtp>({.id = "relance.email.smtp",
                       .title = "E-mail over SMTP, with bounces, complaints and replies",
                       .config_schema = kSchema,
                       .check_config = check_config,
                       .find = find<Smtp, abilities_of>});

}  // namespace
}  // namespace email

RL_PLUGIN(email::kPlugin)
