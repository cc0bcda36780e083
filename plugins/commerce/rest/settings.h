// The configuration of a shop's API: what is read where, which operations there are, and what its
// answers mean. All of it is data.
//
// Threads: immutable.
#pragma once

#include <relance/connector.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kit/json.h"

namespace commerce {

extern const char* const kSchema;

// Something to read: GET `path`, the object at the pointer `at` of the answer, and its fields, each
// an expression of the sources (docs/reference/sources.md).
struct Object {
  std::string name, path, at;
  std::vector<std::pair<std::string, std::string>> paths_by;  // by another field than its id
  const kit::Value* fields = nullptr;
};

struct Operation {
  // How `only_if` is made to hold at the shop itself.
  enum class Condition : uint8_t {
    none,     // not at all
    match,    // the state is read first, and its ETag comes back as If-Match
    request,  // the request says it: its path, headers or body name only_if
  };
  std::string name, method, path;
  const kit::Value* body = nullptr;     // an expression; nullptr: none
  const kit::Value* headers = nullptr;  // phrases
  const kit::Value* answer = nullptr;   // the fields of its data: expressions over the answer
  std::string ref;                      // where the answer has the shop's id of it
  Condition condition = Condition::none;
  const Object* state = nullptr;          // what tells whether it happened
  std::string state_id;                   // its id, a phrase
  const kit::Value* done_when = nullptr;  // fields of the state that show that it happened

  bool acts() const { return method != "GET"; }
};

struct Settings {
  explicit Settings(std::string_view config);
  Settings(const Settings&) = delete;
  Settings& operator=(const Settings&) = delete;

  const Object* object(std::string_view name) const;
  const Operation* operation(std::string_view name) const;

  std::string base_url, secret, auth_name, key_header;
  uint32_t auth = 0, timeout_ms = 0;
  int64_t requests_per_minute = 0;
  std::vector<std::pair<std::string, std::string>> headers;
  std::vector<int> refused, busy;  // statuses
  std::vector<Object> objects;
  std::vector<Operation> operations;

 private:
  void read_objects();
  void read_operations();
  kit::Json json_;
};

// One line a problem; empty: none.
std::string problems_of(std::string_view config);

// By the class, and by whether every operation that acts can be looked up. Threads: any.
const rl_connector_caps* caps_of(std::string_view config);

}  // namespace commerce
