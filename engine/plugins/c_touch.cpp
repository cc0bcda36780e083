#include "plugins/c_touch.h"

#include "base/doc_encoding.h"
#include "plugins/c_text.h"

namespace relance {
namespace {

// The step's data with the engine's own members beside it; the step's win. Made for every touch:
// put together from views.
std::string data_json(const TouchOrder& order) {
  std::vector<doc_encoding::Field> fields;
  fields.reserve(8);
  const auto add = [&](std::string_view name, const Doc& value) {
    fields.push_back({name, value.bytes()});
  };
  const Doc flow = Doc::text(order.touch.flow), step = Doc::text(order.touch.step_name);
  const Doc script = Doc::text(order.script);
  add("flow", flow);
  add("step", step);
  if (!order.event.is_null()) add("event", order.event);
  if (order.keys.view().size() > 0) add("keys", order.keys);
  if (order.profile.view().size() > 0) add("customer", order.profile);
  if (!order.script.empty()) add("script", script);
  for (const auto& [name, value] : order.data.view().items())
    fields.push_back({name, value.bytes()});
  std::string record;
  doc_encoding::put_record(record, fields);
  return to_json(DocView(record));
}

}  // namespace

CTouch::CTouch(TouchOrder order, bool repeat, std::string callback_url)
    : order_(std::move(order)),
      key_text_(order_.touch.key.text()),
      data_(data_json(order_)),
      history_(order_.history.is_null() ? "[]" : to_json(order_.history)),
      purpose_(purpose_name(order_.touch.purpose)),
      callback_url_(std::move(callback_url)) {
  parts_.reserve(order_.parts.size());
  part_pointers_.reserve(order_.parts.size());
  for (const Part& part : order_.parts) {
    rl_part c{};
    c.struct_size = sizeof c;
    c.role = c_str(part.role);
    c.content_type = c_str(part.content_type);
    c.bytes = c_str(part.text);
    parts_.push_back(c);
  }
  for (const rl_part& part : parts_) part_pointers_.push_back(&part);
  touch_.struct_size = sizeof touch_;
  touch_.flags =
      (order_.touch.requested ? uint32_t{RL_REQUESTED} : 0u) | (repeat ? uint32_t{RL_REPEAT} : 0u);
  touch_.key = c_key(order_.touch.key);
  touch_.key_text = c_str(key_text_);
  touch_.try_no = order_.touch.try_no;
  touch_.parts_count = static_cast<uint32_t>(part_pointers_.size());
  touch_.parts = part_pointers_.data();
  touch_.channel = c_str(order_.touch.channel);
  touch_.customer = c_str(order_.subject);
  touch_.address = c_str(order_.to);
  touch_.locale = c_str(order_.locale);
  touch_.purpose = c_str(purpose_);
  touch_.data = c_str(data_);
  touch_.history = c_str(history_);
  touch_.callback_url = c_str(callback_url_);
  touch_.intended_at = order_.touch.intended_at.ms;
  touch_.not_after = order_.not_after.is_never() ? 0 : order_.not_after.ms;
}

}  // namespace relance
