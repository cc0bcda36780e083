// A Twilio plugin in the real host, the fake provider, and the way back: a server that hands what
// the provider calls to the instance, as `relance serve` does.
#pragma once

#include "providers/fake_twilio.h"
#include "support/plugin_stage.h"

namespace relance {

inline const std::string kCustomer = "+14155550100";

class Wires {
 public:
  // `more`: of the configuration, as JSON members behind a comma.
  explicit Wires(const std::string& plugin, const std::string& more = {}) {
    ServerOptions options;
    options.listen = "127.0.0.1:0";
    options.most_connections = 4096;
    auto server = start_http_server(options, [this](ServerRequest request, auto respond) {
      take(std::move(request), std::move(respond));
    });
    REQUIRE(server);
    server_ = std::move(*server);
    urls_ = std::make_unique<CallbackUrls>("http://" + server_->address(), "0123456789abcdef");
    stage_ = std::make_unique<PluginStage>(
        plugin,
        R"({"account_sid":")" + std::string(FakeTwilio::kAccount) +
            R"(","auth_token":{"secret":"TOKEN"},"from":"+15005550006","api_url":")" +
            twilio.url() + '"' + more + '}',
        std::map<std::string, std::string, std::less<>>{{"TOKEN", FakeTwilio::kToken},
                                                        {"TOKEN_PREVIOUS", "the_old_token"}},
        PluginStage::Role::channel, urls_.get());
    ready_ = stage_.get();
  }
  ~Wires() {
    twilio.close();
    server_.reset();
  }

  PluginStage& stage() { return *stage_; }
  // Where messages of people come in, without a touch.
  std::string inbound_url() const { return "http://" + server_->address() + "/v1/hooks/it"; }
  std::string callback_url(const Key& touch) const { return urls_->url("it", touch); }

  static TouchOrder text_message(const std::string& name, const std::string& text,
                                 const std::string& to = kCustomer) {
    TouchOrder order = PluginStage::order(name, to, {{"text", text}});
    order.touch.intended_at = SystemClock().now();
    return order;
  }
  static TouchOrder conversation(const std::string& name, const std::string& to = kCustomer) {
    TouchOrder order = PluginStage::order(name, to);
    order.touch.intended_at = SystemClock().now();
    order.script = "payment_help";
    return order;
  }

  FakeTwilio twilio;

 private:
  void take(ServerRequest request, HttpServer::Respond respond) {
    const auto target = urls_ ? urls_->read(request.path()) : std::nullopt;
    PluginStage* stage = ready_;
    ServerAnswer answer;
    answer.status = 404;
    if (!target || stage == nullptr) return respond(answer);
    InboundRequest inbound;
    inbound.method = std::move(request.method);
    inbound.path = target->rest;
    inbound.query = request.query();
    inbound.url = urls_->as_sent(request.target);
    inbound.headers = std::move(request.headers);
    inbound.body = std::move(request.body);
    inbound.key = target->touch;
    stage->host().request(target->instance, std::move(inbound), [respond](InboundAnswer given) {
      ServerAnswer out;
      out.status = given.status;
      out.content_type = std::move(given.content_type);
      out.body = std::move(given.body);
      respond(std::move(out));
    });
  }

  std::unique_ptr<CallbackUrls> urls_;
  std::unique_ptr<PluginStage> stage_;
  std::atomic<PluginStage*> ready_ = nullptr;
  std::unique_ptr<HttpServer> server_;
};

// A callback as the provider signs it, for tests that bend one.
inline InboundRequest signed_request(const std::string& url, const Form& form,
                                     const std::string& token = FakeTwilio::kToken) {
  Form sorted = form;
  std::sort(sorted.begin(), sorted.end());
  std::string text = url;
  for (const auto& [name, value] : sorted) text += name + value;
  InboundRequest request;
  request.method = "POST";
  request.url = url;
  request.headers = {{"content-type", "application/x-www-form-urlencoded"},
                     {"x-twilio-signature", base64(hmac("SHA1", token, text))}};
  request.body = write_form(form);
  return request;
}

}  // namespace relance
