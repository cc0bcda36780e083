#include "plugins/check/kit_touch.h"

#include "plugins/c_text.h"

namespace relance::conformance {
namespace {

constexpr int64_t kIntended = 1767600000000;  // the kit's Monday morning
constexpr std::string_view kMember =
    R"("flow":"kit","step":"kit","invoice_id":"in_1","link":"https://shop.example/pay/1",)"
    R"("event":{"invoice_id":"in_1","amount":{"minor":4900,"currency":"EUR"},"attempt_no":1,)"
    R"("decline":{"provider":"stripe","raw_code":"insufficient_funds","code":"51",)"
    R"("action":"retry_scheduled"}},"keys":{"invoice_id":"in_1"},)"
    R"("customer":{"first_name":"Ada","segment":"loyal","timezone":"Europe/Paris","locale":"fr"})";

std::string address_for(std::string_view kind) {
  if (kind == "sms" || kind == "voice") return "+33612345678";
  return kind == "retry" ? "pm_card_visa" : "ada@example.com";
}

std::vector<TouchPart> parts_for(std::string_view kind) {
  const TouchPart text{"text", "text/plain", "Your payment did not go through."};
  if (kind == "retry") return {};
  if (kind == "voice") return {{"opening", "text/plain", "Hello, this is Lumen Shop."}, text};
  if (kind != "email") return {text};
  return {{"subject", "text/plain", "Your payment"},
          text,
          {"html", "text/html", "<p>Your payment did not go through.</p>"}};
}

}  // namespace

std::string kit_data(const Scene& scene, bool conversation) {
  const std::string own = "{" + std::string(kMember) + (conversation ? R"(,"script":"kit"})" : "}");
  const auto base = from_json(own);
  const auto over = from_json(scene.data.empty() ? "{}" : scene.data);
  return base && over ? to_json(Doc::merged(*base, *over)) : own;
}

KitTouch::KitTouch(const Bench& bench, const std::string& name, const std::string& other_callback) {
  const Key key = derive_key({"kit touch", name});
  key_text_ = key.text();
  const Key called = other_callback.empty() ? key : derive_key({"kit touch", other_callback});
  callback_url_ = "https://relance.example/v1/hooks/it/k/" + called.text() +
                  ".0123456789abcdef0123456789abcdef";
  touch_.struct_size = sizeof touch_;
  touch_.key = c_key(key);
  dress(bench);
}

void KitTouch::dress(const Bench& bench) {
  const rl_channel_caps* caps = bench.channel_caps();
  const std::string kind = caps && caps->kind ? caps->kind : "";
  const Scene& scene = bench.scene();
  address_ = scene.address.empty() ? address_for(kind) : scene.address;
  customer_ = scene.customer.empty() ? "cus_1" : scene.customer;
  data_ = kit_data(scene, caps && (caps->flags & RL_CAN_CONVERSE));
  parts_ = scene.parts.empty() ? parts_for(kind) : scene.parts;
  for (const TouchPart& part : parts_) {
    rl_part c{};
    c.struct_size = sizeof c;
    c.role = c_str(part.role);
    c.content_type = c_str(part.content_type);
    c.bytes = c_str(part.bytes);
    c_parts_.push_back(c);
  }
  for (const rl_part& part : c_parts_) pointers_.push_back(&part);
  touch_.key_text = c_str(key_text_);
  touch_.try_no = 1;
  touch_.parts_count = static_cast<uint32_t>(pointers_.size());
  touch_.parts = pointers_.data();
  touch_.channel = RL_TEXT("it");
  touch_.customer = c_str(customer_);
  touch_.address = c_str(address_);
  touch_.locale = RL_TEXT("en");
  touch_.purpose = RL_TEXT("recovery");
  touch_.data = c_str(data_);
  touch_.history = RL_TEXT("[]");
  touch_.callback_url = c_str(callback_url_);
  touch_.intended_at = kIntended;
}

KitWrite::KitWrite(const Bench& bench, const std::string& operation, const std::string& name)
    : operation_(operation) {
  const Key key = derive_key({"kit write", name});
  key_text_ = key.text();
  customer_ = bench.scene().customer.empty() ? "cus_1" : bench.scene().customer;
  data_ = kit_data(bench.scene(), false);
  write_.struct_size = sizeof write_;
  write_.try_no = 1;
  write_.key = c_key(key);
  write_.key_text = c_str(key_text_);
  write_.operation = c_str(operation_);
  write_.customer = c_str(customer_);
  write_.data = c_str(data_);
  write_.intended_at = kIntended;
}

}  // namespace relance::conformance
