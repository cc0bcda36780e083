// relance.sms.kannel: text messages through a Kannel gateway, over its sendsms interface.
//
// A message goes as the body of a POST, everything about it in headers, so that the host can write
// the password. Kannel knows no keys and cannot be asked: what may have left is never sent again;
// a report of delivery still tells later what became of it.
#include <algorithm>
#include <string>
#include <unordered_map>
#include <vector>

#include "kit/complete.h"
#include "kit/gsm.h"
#include "kit/plugin.h"
#include "reports.h"
#include "settings.h"

namespace kannel {
namespace {

constexpr int64_t kMinute = 60'000;
constexpr int64_t kAgainMs = kMinute;  // Kannel says "try again later" and not when

bool is_number(std::string_view to) {
  return to.size() >= 4 && to.size() <= 16 && to[0] == '+' &&
         std::all_of(to.begin() + 1, to.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string_view text_part(const rl_touch& touch) {
  for (uint32_t i = 0; i < touch.parts_count; ++i) {
    if (kit::view(touch.parts[i]->role) == "text") return kit::view(touch.parts[i]->bytes);
  }
  return {};
}

// The callback address as Kannel wants it: its own '%' doubled, fields to fill in behind it.
std::string report_url(std::string_view callback) {
  std::string url;
  for (const char c : callback) url += c == '%' ? "%%" : std::string(1, c);
  return url + (callback.find('?') == std::string_view::npos ? '?' : '&') +
         std::string(kReportFields);
}

class Kannel {
 public:
  Kannel(const rl_host* host, std::string_view config)
      : host_(host), settings_(kit::Json(config).root()) {}

  void estimate(const rl_touch& touch, rl_cost& cost) const {
    const std::string_view text = text_part(touch);
    const size_t segments =
        text.empty() ? settings_.most_segments : kit::gsm::measure(fitted(text)).segments;
    cost = settings_.prices.cost(kit::view(touch.address), static_cast<int64_t>(segments));
  }

  void send(rl_op op, const rl_touch& touch) {
    const std::string_view to = kit::view(touch.address);
    const std::string text = fitted(text_part(touch));
    const kit::gsm::Size size = kit::gsm::measure(text);
    const int64_t left = touch.not_after == 0 ? kMinute : touch.not_after - host_->now(host_);
    if (!is_number(to)) {
      return kit::complete(host_, op,
                           {.status = RL_REFUSED, .word = "bounced", .reason = "invalid_number"});
    }
    if (text.empty() || size.segments > settings_.most_segments || left < 0) {
      const char* why = left < 0 ? "too_late" : text.empty() ? "no_text" : "too_long";
      return kit::complete(host_, op, {.status = RL_FAILED, .word = "failed", .reason = why});
    }
    post(op, touch, text, size);
  }

  void on_io(rl_op op, const rl_reply& reply) {
    const auto it = under_way_.find(op);
    if (it == under_way_.end()) return;
    const Sending sending = std::move(it->second);
    under_way_.erase(it);
    kit::complete(host_, op, meaning(sending, reply));
  }

  void on_request(rl_op op, const rl_request& request) const {
    take_request(host_, settings_, op, request);
  }

 private:
  struct Sending {
    std::string to;
    kit::gsm::Size size;
    std::string data;
  };

  // Texts of the ending live as long as both arguments.
  kit::Ending meaning(const Sending& sending, const rl_reply& reply) const {
    const std::string_view said = kit::view(reply.body);
    const std::string_view problem = kit::view(reply.problem);
    if (reply.wire == RL_NOT_SENT) return {.status = RL_NOT_NOW, .reason = problem};
    if (reply.wire != RL_ANSWERED) return {.status = RL_UNKNOWN, .reason = problem};
    const std::string_view reason = said.substr(0, said.find_first_of("\r\n")).substr(0, 120);
    const bool queued = said.starts_with("3:");
    if (reply.status == 202 && (said.starts_with("0:") || queued)) {
      return {
          .reason = queued ? "queued" : "",
          .data = sending.data,
          .cost = settings_.prices.cost(sending.to, static_cast<int64_t>(sending.size.segments))};
    }
    // Nobody but Kannel itself can say that nothing was sent and a later try may do.
    if (reply.status == 503 && said.starts_with("Temporal failure")) {
      return {.status = RL_NOT_NOW, .reason = reason, .again_at = host_->now(host_) + kAgainMs};
    }
    if (reply.status == 403 && said.starts_with("Not routable")) {
      return {.status = RL_REFUSED, .word = "bounced", .reason = reason};
    }
    if (reply.status >= 300 && reply.status < 500) {
      host_->log(host_, RL_LOG_ERROR, kit::str("Kannel refuses our requests: see the reason"));
      return {.status = RL_FAILED, .word = "failed", .reason = reason};
    }
    return {.status = RL_UNKNOWN, .reason = "not an answer of Kannel"};
  }

  std::string fitted(std::string_view text) const {
    return settings_.simplify ? kit::gsm::simplified(text) : std::string(text);
  }

  void post(rl_op op, const rl_touch& touch, const std::string& text, const kit::gsm::Size& size) {
    const bool ucs2 = size.encoding == kit::gsm::Encoding::ucs2;
    const std::string callback = report_url(kit::view(touch.callback_url));
    const int64_t left = touch.not_after - host_->now(host_);
    const std::string validity = std::to_string(std::max<int64_t>(1, left / kMinute));
    std::vector<rl_header> headers;
    const auto add = [&](std::string_view name, std::string_view value) {
      headers.push_back({kit::str(name), kit::str(value)});
    };
    add("Content-Type", "text/plain; charset=UTF-8");
    add("X-Kannel-Username", settings_.username);
    add("X-Kannel-From", settings_.from);
    add("X-Kannel-To", kit::view(touch.address));
    add("X-Kannel-Coding", ucs2 ? "2" : "0");
    if (!settings_.smsc.empty()) add("X-Kannel-SMSC", settings_.smsc);
    if (touch.not_after != 0) add("X-Kannel-Validity", validity);
    if (touch.callback_url.len > 0) {
      add("X-Kannel-DLR-Mask", kReportMask);
      add("X-Kannel-DLR-Url", callback);
    }
    rl_http request{};
    request.struct_size = sizeof request;
    request.flags = RL_EFFECT;
    request.method = kit::str("POST");
    request.url = kit::str(settings_.url);
    request.headers = headers.data();
    request.headers_count = headers.size();
    request.body = kit::str(text);
    request.secret = kit::str(settings_.password);
    request.auth = RL_AUTH_HEADER;
    request.auth_name = kit::str("X-Kannel-Password");
    under_way_[op] = {std::string(kit::view(touch.address)), size,
                      kit::Object()
                          .integer("segments", static_cast<int64_t>(size.segments))
                          .text("encoding", ucs2 ? "ucs2" : "gsm7")
                          .close()};
    const int32_t begun = host_->http(host_, op, 0, &request);
    if (begun == RL_OK) return;
    under_way_.erase(op);
    const uint32_t status = begun == RL_BUSY ? uint32_t{RL_NOT_NOW} : uint32_t{RL_FAILED};
    if (begun != RL_GONE) {
      kit::complete(host_, op, {.status = status, .reason = "no request could be made"});
    }
  }

  const rl_host* host_;
  Settings settings_;
  std::unordered_map<rl_op, Sending> under_way_;
};

constexpr rl_word kOutcomes[] = {kit::word("delivered"), kit::word("bounced"), kit::word("failed"),
                                 kit::word("opted_out")};
constexpr const char* kTypes[] = {"text/plain"};
constexpr int64_t kReceiptWithin = 48 * 60 * kMinute;  // how long an SMSC usually keeps trying

constexpr rl_channel_caps kCaps = kit::caps({.kind = "sms",
                                             .flags = RL_CONTACT,
                                             .delivery = RL_BLIND,
                                             .receipt_within_ms = kReceiptWithin,
                                             .words = kit::kPointers<kOutcomes>,
                                             .content_types = kTypes});
constexpr rl_channel kChannel = kit::channel<Kannel>(&kCaps);
constexpr rl_inbound kInbound = kit::inbound<Kannel>();
constexpr kit::Interface kInterfaces[] = {{RL_CHANNEL, &kChannel}, {RL_INBOUND, &kInbound}};

constexpr rl_plugin kPlugin =
    kit::plugin<Kannel>({.id = "relance.sms.kannel",
                         .title = "Text messages through a Kannel gateway",
                         .config_schema = kSchema,
                         .find = kit::find<kInterfaces>});

}  // namespace
}  // namespace kannel

RL_PLUGIN(kannel::kPlugin)
