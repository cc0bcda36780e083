// relance.policy/1: pure questions, answered at once.
#include "plugins/bridges.h"
#include "plugins/c_text.h"

namespace relance {

Result<Doc> ask_policy(Instance& policy, std::string_view kind, std::string_view ask) {
  rl_policy_in in{};
  in.struct_size = sizeof in;
  in.kind = kind == "at" ? RL_AT : kind == "choose" ? RL_CHOOSE : RL_DECIDE;
  in.json = c_str(ask);
  Out out;
  policy.call([&] { policy.plugin().policy->decide(policy.self(), &in, out.c()); });
  const auto refused = [&](std::string what) {
    return Error{Code::plugin_refused, "policy '" + policy.spec().name + "' " + std::move(what),
                 policy.spec().where, ""};
  };
  auto answer = from_json(out.text());
  if (!answer || answer->view().type() != DocType::record) return refused("answers no JSON object");
  if (const auto problem = answer->view().find("problem").text())
    return refused("says: " + std::string(*problem));
  return std::move(*answer);
}

}  // namespace relance
