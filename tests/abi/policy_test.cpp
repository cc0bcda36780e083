#include <set>
#include <string>

#include "abi/fake_host.h"

using abi::decide;

namespace {

struct Policy {
  explicit Policy(const std::string& id, const std::string& config = "{}")
      : instance(host, id, config) {}
  std::string at(const std::string& question) { return decide(instance, RL_AT, question); }
  abi::FakeHost host;
  abi::Instance instance;
};

std::string declined(const std::string& decline, int try_no = 1, const std::string& more = "") {
  return R"({"try":)" + std::to_string(try_no) +
         R"(,"now":"2026-01-05T08:00:00Z","local":"2026-01-05T09:00","event":{"decline":{)" +
         decline + R"(}},"run":{"invoice_id":"i-1"})" + more + "}";
}

}  // namespace

TEST_CASE("a mandate that was revoked is never charged again, whatever the action says") {
  Policy retry("relance.policy.smart_retry");
  CHECK(
      retry.at(declined(R"("network":"visa","network_decline_code":"R1","action":"retry_now")")) ==
      R"({"never":true,"reason":"mandate_revoked"})");
  CHECK(retry.at(declined(R"("network_advice_code":"21","action":"retry_scheduled")")) ==
        R"({"never":true,"reason":"mandate_revoked"})");
}

TEST_CASE(
    "a network's never-again code ends the credential; another network's same code does not") {
  Policy retry("relance.policy.smart_retry");
  const std::string code = R"("network_decline_code":"57","action":"retry_scheduled")";
  CHECK(retry.at(declined(R"("network":"visa",)" + code)) ==
        R"({"never":true,"reason":"network_forbids"})");
  CHECK(retry.at(declined(R"("network":"amex",)" + code)).find("never") == std::string::npos);
}

TEST_CASE("each action of the decline model has an answer") {
  Policy retry("relance.policy.smart_retry");
  const auto reason = [&](const std::string& action) {
    const std::string answer = retry.at(declined(R"("action":")" + action + '"'));
    const size_t from = answer.find("\"reason\":\"") + 10;
    return answer.substr(from, answer.size() - from - 2);
  };
  CHECK(reason("retry_now") == "technical_fault");
  CHECK(reason("retry_scheduled") == "spaced");
  CHECK(reason("request_new_method") == "needs_new_method");
  CHECK(reason("request_authentication") == "needs_authentication");
  CHECK(reason("request_data_fix") == "needs_data_fix");
  CHECK(reason("contact_issuer") == "bank_must_help");
  CHECK(reason("stop_and_respect") == "mandate_revoked");
  CHECK(reason("review_fraud") == "fraud_review");
  CHECK(reason("fix_integration") == "our_fault");
}

TEST_CASE("[S2-13] a technical fault is tried at once, then after an hour") {
  Policy retry("relance.policy.smart_retry");
  const std::string fault = R"("action":"retry_now")";
  CHECK(retry.at(declined(fault)) == R"({"at":"now","reason":"technical_fault"})");
  CHECK(retry.at(declined(fault, 2, R"(,"earlier":["2026-01-05T09:00"])")) ==
        R"({"at":"2026-01-05T10:00","reason":"technical_fault"})");
}

TEST_CASE("no funds waits for a payday within three days, else three days, in the morning") {
  Policy retry("relance.policy.smart_retry");
  const std::string funds = R"("network_decline_code":"51","action":"retry_scheduled")";
  // Monday the 5th: Friday is four days off, so three days it is.
  const std::string monday = retry.at(declined(funds));
  CHECK(monday.find("waited_for_funds") != std::string::npos);
  CHECK(monday.find("\"2026-01-08T") != std::string::npos);
  // Wednesday the 14th: tomorrow is the 15th.
  const std::string wednesday = retry.at(
      R"({"try":1,"now":"2026-01-14T05:00:00Z","local":"2026-01-14T06:00",)"
      R"("run":{"invoice_id":"i"},)"
      R"("event":{"decline":{"raw_code":"insufficient_funds","action":"retry_scheduled"}}})");
  CHECK(wednesday.find("next_payday") != std::string::npos);
  CHECK(wednesday.find("\"2026-01-15T0") != std::string::npos);
}

TEST_CASE("scheduled tries leave between six and ten, invoices apart, the same one always alike") {
  Policy retry("relance.policy.smart_retry");
  std::set<std::string> minutes;
  for (int i = 0; i < 20; ++i) {
    const std::string question =
        R"({"try":1,"now":"2026-01-05T08:00:00Z","local":"2026-01-05T09:00",)"
        R"("run":{"invoice_id":"i-)" +
        std::to_string(i) +
        R"("},"event":{"decline":{"raw_code":"05","action":"retry_scheduled"}}})";
    const std::string answer = retry.at(question);
    CHECK(answer == retry.at(question));
    const std::string clock = answer.substr(answer.find('T') + 1, 5);
    CHECK(clock >= "06:00");
    CHECK(clock < "10:00");
    minutes.insert(clock);
  }
  CHECK(minutes.size() > 10);
}

TEST_CASE("the network's advice puts a try off") {
  Policy retry("relance.policy.smart_retry");
  const std::string decline = R"("network":"mastercard","network_decline_code":"51",)";
  CHECK(retry.at(declined(decline + R"("network_advice_code":"30","action":"retry_scheduled")")) ==
        R"({"at":"2026-01-15T09:00","reason":"network_advice"})");
  CHECK(retry.at(declined(R"("action":"retry_now","earliest_retry_at":"2026-01-05T20:00:00Z")")) ==
        R"({"at":"2026-01-05T21:00","reason":"network_advice"})");
}

TEST_CASE("a fresh decline outweighs the one that began the run") {
  Policy retry("relance.policy.smart_retry");
  CHECK(retry.at(declined(R"("action":"retry_now")", 2,
                          R"(,"answer":{"decline":{"action":"request_new_method"}})")) ==
        R"({"never":true,"reason":"needs_new_method"})");
}

TEST_CASE("ceilings count every attempt, also the shop's own before the event") {
  Policy retry("relance.policy.smart_retry");
  const std::string fault = R"("network":"mastercard","action":"retry_now")";
  // Eight attempts within two weeks is the product's own ceiling.
  const std::string event = declined(fault, 1).substr(0, declined(fault, 1).size() - 1);
  std::string seven = event, eight = event;
  const auto with_attempts = [](std::string question, int n) {
    const std::string at = R"("event":{)";
    return question.replace(question.find(at), at.size(),
                            at + R"("attempt_no":)" + std::to_string(n) + ",") +
           "}";
  };
  CHECK(with_attempts(seven, 7).find("attempt_no") != std::string::npos);
  CHECK(retry.at(with_attempts(seven, 7)) == R"({"at":"now","reason":"technical_fault"})");
  CHECK(retry.at(with_attempts(eight, 8)) ==
        R"({"at":"2026-01-19T09:00","reason":"network_ceiling"})");
}

TEST_CASE("attempts of other steps count where the ledger shows more than the step's own tries") {
  Policy retry("relance.policy.smart_retry");
  std::string touches;
  for (int i = 1; i <= 9; ++i) {
    touches += std::string(i > 1 ? "," : "") +
               R"({"channel":"stripe","kind":"retry","at":"2026-01-04T0)" + std::to_string(i) +
               R"(:00:00Z"})";
  }
  // Nine retries yesterday and the shop's first: the two-week ceiling of eight is over-full.
  const std::string answer =
      retry.at(declined(R"("action":"retry_now")", 1, R"(,"touches":[)" + touches + "]"));
  CHECK(answer.find("network_ceiling") != std::string::npos);
  CHECK(answer.find("2026-01-18T") != std::string::npos);
}

TEST_CASE("a question that smart_retry cannot answer is a problem, not a guess") {
  Policy retry("relance.policy.smart_retry");
  CHECK(retry.at("{}").find("problem") != std::string::npos);
  CHECK(decide(retry.instance, RL_CHOOSE, "{}").find("problem") != std::string::npos);
}

TEST_CASE("[S1-49] each further try lands in a band of the day that was not used") {
  Policy band("relance.policy.another_band");
  CHECK(band.at(R"({"local":"2026-01-05T10:00","earlier":[]})") ==
        R"({"at":"now","reason":"first_try"})");
  const std::string earlier1 = R"("earlier":["2026-01-05T10:00"])";
  CHECK(band.at(R"({"local":"2026-01-06T10:00",)" + earlier1 + "}") ==
        R"({"at":"2026-01-06T12:00","reason":"new_band"})");
  CHECK(band.at(R"({"local":"2026-01-06T15:00",)" + earlier1 + "}") ==
        R"({"at":"now","reason":"new_band"})");
  CHECK(band.at(R"({"local":"2026-01-06T10:00","earlier":["2026-01-04T10:00","2026-01-05T13:00",)"
                R"("2026-01-05T15:00"]})") == R"({"at":"2026-01-06T18:00","reason":"new_band"})");
}

TEST_CASE("with all bands used the soonest of those used least is taken") {
  Policy band("relance.policy.another_band");
  CHECK(band.at(R"({"local":"2026-01-06T19:00","earlier":["2026-01-01T10:00","2026-01-02T13:00",)"
                R"("2026-01-03T15:00","2026-01-04T19:00","2026-01-05T10:00"]})") ==
        R"({"at":"now","reason":"least_used_band"})");
  CHECK(band.at(R"({"local":"2026-01-06T20:50","earlier":["2026-01-01T10:00","2026-01-02T13:00",)"
                R"("2026-01-03T15:00","2026-01-04T19:00","2026-01-05T10:00"]})") ==
        R"({"at":"2026-01-07T12:00","reason":"least_used_band"})");
}

TEST_CASE("bands that lie outside the contact window are not taken") {
  Policy band("relance.policy.another_band");
  CHECK(band.at(R"({"local":"2026-01-06T10:00","earlier":["2026-01-05T10:00"],)"
                R"("window":{"from":"14:30","to":"18:00"}})") ==
        R"({"at":"2026-01-06T14:30","reason":"new_band"})");
}

TEST_CASE("bands that end before they begin are refused with a reason") {
  abi::FakeHost host;
  const rl_plugin* plugin = abi::Instance::load("relance.policy.another_band");
  std::string problem;
  const rl_out out{&problem, abi::Instance::append};
  CHECK(plugin->create(host.table(), abi::str(R"({"bands":{"noon":{"from":"15:00"}}})"), &out) ==
        nullptr);
  CHECK(problem == "band 'noon' ends before it begins");
}
