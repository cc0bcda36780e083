#include "core/graph/vocabulary.h"

#include <catch2/catch.hpp>
#include <vector>

#include "core/graph/contact_rules.h"
#include "core/graph/talk.h"

using namespace relance;

TEST_CASE("every name of the vocabulary reads back as itself") {
  for (int i = 0; i <= static_cast<int>(StepKind::start_flow); ++i) {
    StepKind kind{};
    REQUIRE(step_kind_from(step_kind_name(static_cast<StepKind>(i)), kind));
    CHECK(kind == static_cast<StepKind>(i));
  }
  for (int i = 0; i <= static_cast<int>(RunEnd::holdout); ++i) {
    RunEnd end{};
    REQUIRE(run_end_from(run_end_name(static_cast<RunEnd>(i)), end));
    CHECK(end == static_cast<RunEnd>(i));
  }
  for (Purpose purpose : {Purpose::service, Purpose::recovery, Purpose::marketing}) {
    Purpose read{};
    REQUIRE(purpose_from(purpose_name(purpose), read));
    CHECK(read == purpose);
  }
  StepKind kind{};
  CHECK_FALSE(step_kind_from("teleport", kind));
}

TEST_CASE("a body's place in the variant is its kind") {
  Step step;
  step.body = HandoffStep{};
  CHECK(step_kind_name(step.kind()) == "handoff");
  step.body = StopStep{};
  CHECK(step_kind_name(step.kind()) == "stop");
}

TEST_CASE("the failures of a kind are outcomes of it or words of a channel") {
  const auto has = [](std::span<const std::string_view> words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
  };
  for (int i = 0; i <= static_cast<int>(StepKind::start_flow); ++i) {
    const auto kind = static_cast<StepKind>(i);
    for (std::string_view word : kind_failures(kind)) {
      INFO(step_kind_name(kind) << "." << word);
      CHECK((has(kind_outcomes(kind), word) || has(channel_words("email"), word) ||
             has(channel_words("voice"), word)));
    }
  }
}

TEST_CASE("only silence is tried again, and declines only for charges") {
  CHECK(is_try_again(StepKind::send, "no_answer"));
  CHECK(is_try_again(StepKind::send, "ignored"));
  CHECK_FALSE(is_try_again(StepKind::send, "voicemail"));
  CHECK_FALSE(is_try_again(StepKind::send, "declined"));
  CHECK(is_try_again(StepKind::charge, "declined"));
  CHECK_FALSE(is_try_again(StepKind::charge, "refused"));
  CHECK_FALSE(is_try_again(StepKind::fetch, "failed"));
}

TEST_CASE("contact rules know how far they look back and who goes first") {
  ContactRules rules;
  CHECK(rules.longest_look_back() == Duration{});
  rules.gap = hours(4);
  rules.caps = {{{}, 5, days(7)}, {{"voice", {}}, 1, days(1)}};
  rules.priority = {"delivery_retry", "payment_recovery"};
  CHECK(rules.longest_look_back() == days(7));
  CHECK(rules.priority_of("payment_recovery") == 1);
  CHECK(rules.priority_of("a_flow_nobody_ranked") == 2);
}

TEST_CASE("the close words of a script are sorted and stand once") {
  TalkScript script;
  for (const char* word : {"refused", "promised", "refused"}) {
    Turn turn;
    turn.kind = TurnKind::close;
    turn.outcome = word;
    script.turns.push_back(turn);
  }
  CHECK(close_words(script) == std::vector<std::string>{"promised", "refused"});
}
