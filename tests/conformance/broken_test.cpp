// Each broken plugin is caught by the rule that names its mistake, and by no other.
#include <catch2/catch.hpp>

#include "conformance/checking.h"

using namespace relance::test;

namespace {

using Rules = std::vector<std::string>;

struct Broken {
  const char* plugin;
  const char* rule;
  const char* seen;  // a part of what is told
};

constexpr Broken kBroken[] = {
    {"completes_twice", "ends_once", "send under a 429 with Retry-After"},
    {"never_completes", "ends", "send under a 503"},
    {"blocks_a_worker", "never_blocks", "send took"},
    {"leaks_memory", "no_memory_left", "bytes are left"},
    {"leaves_a_thread", "no_threads_left", "threads are left"},
    {"ignores_the_key", "key_forwarded", "POST https://provider.example/v1/messages"},
    {"impure_decide", "decide_pure", "the second answer to the same question is another"},
    {"accepts_a_forged_signature", "refuses_forged", "was answered 200"},
    {"throws", "no_exception", "send under a page of HTML with 200: on_io threw"},
    {"wrong_sizes", "sizes", "rl_result.struct_size is 0"},
    {"crashes_on_odd_input", "survives_noise", "Segmentation fault"},
    {"lookup_contradicts_send", "lookup_agrees", "send said DONE"},
};

}  // namespace

TEST_CASE("each broken plugin is caught by exactly the rule that names it") {
  for (const Broken& one : kBroken) {
    const Answer answer = plugin_check(broken(one.plugin) + " --json");
    INFO(one.plugin << "\n" << answer.out);
    CHECK(answer.exit == 1);
    CHECK(rules_with(answer, "failed") == Rules{one.rule});
    CHECK(seen_at(answer, one.rule).find(one.seen) != std::string::npos);
  }
}

TEST_CASE("without its mistake the same plugin passes, and its signature is found out") {
  const Answer answer = plugin_check(broken("sound") + " --json");
  INFO(answer.out);
  CHECK(answer.exit == 0);
  CHECK(rules_with(answer, "failed").empty());
  CHECK(seen_at(answer, "refuses_forged").empty());
  CHECK(rules_with(answer, "passed").size() > 20);
}
