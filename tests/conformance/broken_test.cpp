// Each broken plugin is caught by the rule that names its mistake, and by no other.
#include <catch2/catch.hpp>
#include <fstream>

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

struct Mistake {
  const char* mistake;
  const char* rule;
};

constexpr Mistake kMistakes[] = {
    {"no_window", "caps_whole"},
    {"no_start", "starts"},
    {"unknown_status", "valid_results"},
    {"undeclared_word", "declared_words"},
    {"invented_answer", "invents_nothing"},
    {"clock_in_request", "same_bytes"},
    {"no_mark", "effects_marked"},
    {"cost_of_the_hour", "estimate_pure"},
    {"low_bound", "estimate_bounds"},
    {"undeclared_reason", "decide_reasons"},
    {"unsigned_accepted", "refuses_unsigned"},
    {"open_turn", "turns_end"},
    {"file_left", "no_files_left"},
};

}  // namespace

TEST_CASE("each broken plugin is caught by exactly the rule that names it") {
  for (const Broken& one : kBroken) {
    const Answer answer = plugin_check(broken(one.plugin) + " --json");
    INFO(one.plugin << "\n" << failures(answer));
    CHECK(answer.exit == 1);
    CHECK(rules_with(answer, "failed") == Rules{one.rule});
    CHECK(seen_at(answer, one.rule).find(one.seen) != std::string::npos);
  }
}

TEST_CASE("without its mistake the same plugin passes, and its signature is found out") {
  const Answer answer = plugin_check(broken("sound") + " --json");
  INFO(failures(answer));
  CHECK(answer.exit == 0);
  CHECK(rules_with(answer, "failed").empty());
  CHECK(seen_at(answer, "refuses_forged").empty());
  CHECK(rules_with(answer, "passed").size() > 20);
}

TEST_CASE("every other rule that a configuration can break is broken by it alone") {
  const std::string file = RELANCE_BUILD_DIR "/tests/conformance/mistake.json";
  for (const Mistake& one : kMistakes) {
    std::ofstream(file) << "{\"mistake\": \"" << one.mistake << "\"}";
    const Answer answer = plugin_check(broken("many_mistakes") + " --config " + file + " --json");
    INFO(one.mistake << "\n" << failures(answer));
    CHECK(answer.exit == 1);
    CHECK(rules_with(answer, "failed") == Rules{one.rule});
  }
  std::ofstream(file) << "{}";
  CHECK(plugin_check(broken("many_mistakes") + " --config " + file).exit == 0);
}

TEST_CASE("a wrong version, a wrong schema and what it lets pass are told without an instance") {
  const Answer answer = plugin_check(broken("lax_tables") + " --json");
  INFO(failures(answer));
  CHECK(rules_with(answer, "failed") ==
        Rules{"readable", "schema", "refuses_nonsense", "refuses_wrong_types"});
  CHECK(seen_at(answer, "schema") == "schema at /: required is no list of names");
}

TEST_CASE("a second exported symbol is named") {
  const Answer answer = plugin_check(broken("talkative") + " --rule one_symbol --json");
  INFO(failures(answer));
  CHECK(seen_at(answer, "one_symbol") == "it also exports 1: another_entry");
}
