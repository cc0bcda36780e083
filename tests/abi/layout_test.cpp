// The layout of the contract is frozen: a plugin built years ago must find every field where it
// was.
//
// Every field of every struct stands below. Because there is no padding, a field that is forgotten
// here leaves a hole, and the test says so. To append a field: add it here and in layout.txt, at
// the end of its struct; a line of layout.txt that changes is a broken plugin somewhere.
#include <cstddef>
#include <fstream>
#include <sstream>

#include "abi/fake_host.h"
#include "abi/relance/inbound.h"

namespace {

class Layout {
 public:
  void begin(const char* name, size_t size) {
    close();
    name_ = name, size_ = size, end_ = 0;
  }
  void field(const char* name, size_t offset, size_t size) {
    INFO(name_ << "." << name << " does not begin where the field before it ends");
    CHECK(offset == end_);
    end_ = offset + size;
    text_ << name_ << ' ' << name << ' ' << offset << ' ' << size << '\n';
  }
  std::string text() {
    close();
    return text_.str();
  }

 private:
  void close() {
    INFO(name_ << " has fields behind the last one listed");
    CHECK(end_ == size_);
  }
  std::string name_ = "(none)";
  size_t size_ = 0, end_ = 0;
  std::ostringstream text_;
};

#define F(name) layout.field(#name, offsetof(Struct, name), sizeof(Struct::name));
#define STRUCT(type, fields)             \
  {                                      \
    using Struct = type;                 \
    layout.begin(#type, sizeof(Struct)); \
    fields                               \
  }

// clang-format off
void group_1(Layout& layout) {  // base and host
  STRUCT(rl_str, F(ptr) F(len))
  STRUCT(rl_key, F(bytes))
  STRUCT(rl_out, F(context) F(put))
  STRUCT(rl_cost, F(micro) F(currency) F(quality))
  STRUCT(rl_result, F(struct_size) F(status) F(word) F(reason) F(data) F(refs) F(refs_count)
         F(cost) F(again_at) F(again_scope) F(reserved))
  STRUCT(rl_word, F(struct_size) F(reserved) F(word) F(as))
  STRUCT(rl_plugin, F(struct_size) F(abi) F(flags) F(reserved) F(id) F(version) F(title)
         F(config_schema) F(check_config) F(create) F(start) F(destroy) F(on_io) F(on_timer)
         F(get_interface))
  STRUCT(rl_header, F(name) F(value))
  STRUCT(rl_http, F(struct_size) F(flags) F(method) F(url) F(headers) F(headers_count) F(body)
         F(secret) F(auth_name) F(auth) F(timeout_ms))
  STRUCT(rl_mail, F(struct_size) F(flags) F(url) F(from) F(to) F(to_count) F(message) F(user)
         F(secret) F(timeout_ms) F(reserved))
  STRUCT(rl_reply, F(struct_size) F(wire) F(status) F(reserved) F(headers) F(headers_count)
         F(body) F(problem))
  STRUCT(rl_event, F(struct_size) F(kind) F(id) F(at) F(key) F(ref) F(address) F(subject) F(word)
         F(type) F(data) F(cost))
  STRUCT(rl_host, F(struct_size) F(abi) F(context) F(complete) F(http) F(smtp) F(abort_io)
         F(effect) F(timer) F(now) F(emit) F(answer) F(heard) F(log) F(hmac))
}

void group_2(Layout& layout) {  // channels and inbound
  STRUCT(rl_channel_caps, F(struct_size) F(flags) F(kind) F(delivery) F(max_in_flight)
         F(key_window_ms) F(index_lag_ms) F(receipt_within_ms) F(words) F(words_count)
         F(content_types) F(content_types_count) F(languages) F(languages_count))
  STRUCT(rl_part, F(struct_size) F(reserved) F(role) F(content_type) F(file_name) F(bytes))
  STRUCT(rl_touch, F(struct_size) F(flags) F(key) F(key_text) F(try_no) F(parts_count) F(parts)
         F(channel) F(customer) F(address) F(locale) F(purpose) F(data) F(history)
         F(callback_url) F(intended_at) F(not_after))
  STRUCT(rl_channel, F(struct_size) F(reserved) F(caps) F(caps_for) F(estimate) F(send) F(cancel)
         F(lookup) F(recall))
  STRUCT(rl_request, F(struct_size) F(reserved) F(method) F(path) F(query) F(url) F(headers)
         F(headers_count) F(body) F(key))
  STRUCT(rl_answer, F(struct_size) F(status) F(content_type) F(body))
  STRUCT(rl_inbound, F(struct_size) F(reserved) F(on_request))
}

void group_3(Layout& layout) {  // conversations, connectors, policies, understanding
  STRUCT(rl_do, F(struct_size) F(kind) F(call) F(turn) F(listen_ms) F(text) F(language) F(expect)
         F(expect_count) F(data))
  STRUCT(rl_heard, F(struct_size) F(kind) F(call) F(turn) F(reserved) F(text) F(word) F(data)
         F(at) F(answer_by))
  STRUCT(rl_conversation, F(struct_size) F(flags) F(perform))
  STRUCT(rl_operation, F(struct_size) F(delivery) F(name) F(undo) F(flags) F(reserved)
         F(key_window_ms) F(index_lag_ms))
  STRUCT(rl_connector_caps, F(struct_size) F(acts_outside) F(kind) F(objects) F(objects_count)
         F(operations) F(operations_count))
  STRUCT(rl_read, F(struct_size) F(limit) F(what) F(by) F(value) F(need) F(need_count) F(query)
         F(cursor))
  STRUCT(rl_write, F(struct_size) F(try_no) F(key) F(key_text) F(operation) F(customer) F(data)
         F(only_if) F(intended_at))
  STRUCT(rl_connector, F(struct_size) F(reserved) F(caps) F(caps_for) F(fields) F(check_query)
         F(read) F(page) F(write) F(lookup))
  STRUCT(rl_policy_in, F(struct_size) F(kind) F(json))
  STRUCT(rl_policy, F(struct_size) F(kinds) F(reasons) F(reasons_count) F(decide))
  STRUCT(rl_question, F(struct_size) F(kind) F(text) F(language) F(expect) F(expect_count)
         F(expect_own) F(answer_ms) F(input))
  STRUCT(rl_generate, F(struct_size) F(kinds) F(languages) F(languages_count) F(produce))
}
// clang-format on

}  // namespace

TEST_CASE("no field of the contract has moved") {
  Layout layout;
  group_1(layout);
  group_2(layout);
  group_3(layout);
  const std::string now = layout.text();
  std::ostringstream frozen;
  frozen << std::ifstream(RELANCE_SOURCE_DIR "/tests/abi/layout.txt").rdbuf();
  std::ofstream(RELANCE_BUILD_DIR "/layout.txt") << now;  // to compare by eye
  CHECK(now == frozen.str());
}
