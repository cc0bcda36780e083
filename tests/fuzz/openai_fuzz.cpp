// Any bytes at all as what a server answers to relance.understand.openai and
// relance.content.openai: only words that were offered are believed, and a text that passes the
// policy holds no link and no number that was not given.
#include <algorithm>
#include <string>

#include "base/result.h"
#include "content/openai/policy.h"
#include "content/openai/words.h"
#include "kit/utf8.h"
#include "understand/openai/meaning.h"

namespace {

const kit::Json kConfig(R"({"model": "m", "forbidden": ["guarantee"], "links": ["b.example"]})");
const std::vector<std::string> kWords = {"no_funds", "opted_out"};

std::string answered(std::string_view bytes) {
  static const kit::Chat chat(kConfig.root(), 1000, 100);
  rl_reply reply{};
  reply.struct_size = sizeof reply;
  reply.wire = RL_ANSWERED;
  reply.status = 200;
  reply.body = kit::str(bytes);
  const kit::ChatAnswer answer = kit::read_chat(chat, reply);
  RELANCE_ASSERT(answer.problem.empty() || answer.text.empty());
  RELANCE_ASSERT(answer.cost.micro >= 0);
  return answer.text;
}

void check_meaning(std::string_view said) {
  static const openai::Listening listening(kConfig.root());
  const openai::Meaning meaning = openai::read_meaning(listening, kWords, said);
  RELANCE_ASSERT(meaning.problem.empty() != meaning.data.empty());
  if (!meaning.problem.empty()) return;
  const kit::Json data(meaning.data);
  const std::string word(kit::text(data.root(), "word", "?"));
  RELANCE_ASSERT(word.empty() || std::find(kWords.begin(), kWords.end(), word) != kWords.end());
}

void check_message(std::string_view said) {
  static const openai::Policy policy(kConfig.root());
  const openai::Given given{"sms", "Pay 49.00 EUR: https://a.example/x", R"({"day": 3})"};
  const openai::Draft draft{"", std::string(said)};
  if (!policy.problem(draft, given).empty()) return;
  RELANCE_ASSERT(kit::as_utf8(said) == said);
  for (const std::string& link : openai::links_in(said)) {
    RELANCE_ASSERT(link == "https://a.example/x" || link == "b.example");
  }
  for (const std::string& number : openai::numbers_in(said)) {
    RELANCE_ASSERT(number == "49" || number == "00" || number == "3");
  }
  RELANCE_ASSERT(said.find("guarantee") == std::string_view::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const std::string said = answered(text);
  check_meaning(said.empty() ? text : said);
  check_message(said.empty() ? text : said);
  check_message(std::string(text) + " https://a.example/x");
  return 0;
}
