// @ID@: when to try again. The first try leaves at once, every later one in the customer's evening,
// and after `tries` of them it is enough.
//
// A policy is pure: all it needs stands in the question (see relance/policy.h), and the same
// question has the same answer. So it sets RL_CONCURRENT and keeps nothing.
#include <relance/plugin.hpp>
#include <stdexcept>

namespace {

// The host has checked the configuration by our schema and filled in its defaults.
class Evening {
 public:
  Evening(rl::Host, std::string_view config)
      : tries_(rl::integer(config, "tries", 4)), evening_(rl::text(config, "evening")) {
    if (evening_.empty()) evening_ = "18:30";
  }

  // The answer's JSON. What is thrown becomes its `problem`.
  std::string decide(const rl_policy_in& question) const {
    const int64_t try_no = rl::integer(rl::view(question.json), "try");
    if (question.kind != RL_AT || try_no < 1)
      throw std::invalid_argument("it answers `at`, for a try from 1 on");
    rl::Object answer;
    if (try_no > tries_) return answer.boolean("never", true).text("reason", "enough_tries").json();
    if (try_no == 1) return answer.text("at", "now").text("reason", "first_try").json();
    // A clock time: when her clock shows it next.
    return answer.text("at", evening_).text("reason", "evening").json();
  }

  static const void* table(std::string_view id);

 private:
  int64_t tries_;
  std::string evening_;
};

// The closed list of its reasons: people read them in every story of a customer.
constexpr const char* kReasons[] = {"first_try", "evening", "enough_tries"};
constexpr rl_policy kPolicy = rl::policy<Evening>(RL_AT, kReasons, std::size(kReasons));

const void* Evening::table(std::string_view id) { return id == RL_POLICY ? &kPolicy : nullptr; }

constexpr const char* kSchema = R"({
  "type": "object", "additionalProperties": false,
  "properties": {
    "tries": {"type": "integer", "minimum": 1, "default": 4},
    "evening": {"type": "string", "default": "18:30",
                "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}}})";

constexpr rl_plugin kPlugin = rl::descriptor<Evening>({.id = "@ID@",
                                                       .version = "0.1.0",
                                                       .title = "Tries again in the evening",
                                                       .config_schema = kSchema,
                                                       .flags = RL_CONCURRENT});

}  // namespace

RL_PLUGIN(kPlugin)
