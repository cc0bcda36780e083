// relance.understand.keys: key presses. "1" is the first word that the script expects, "2" the
// second, and so on; a few keys have a meaning of their own wherever it is understood.
#include <cctype>
#include <map>
#include <string>

#include "kit/complete.h"
#include "kit/json.h"
#include "kit/plugin.h"

namespace {

class Keys {
 public:
  Keys(const rl_host* host, std::string_view config) : host_(host) {
    const kit::Json json(config);
    const kit::Value* map = kit::member(json.root(), "map");
    if (map == nullptr || !map->IsObject()) return;
    fixed_.clear();
    for (const auto& entry : map->GetObject()) {
      if (!entry.value.IsString()) continue;
      fixed_[std::string(kit::view(entry.name))] = kit::view(entry.value);
    }
  }

  void produce(rl_op op, const rl_question& question) const {
    const kit::Json input(kit::view(question.input));
    if (question.kind != RL_UNDERSTAND) {
      return kit::complete(host_, op, {.status = RL_FAILED, .reason = "not_a_writer"});
    }
    const std::string_view pressed = kit::view(question.text);
    const bool keys = kit::text(input.root(), "heard", "keys") == "keys";
    const std::string_view word = keys ? meaning(pressed, question) : std::string_view{};
    const std::string answer = kit::Object()
                                   .text("word", word)
                                   .raw("answers", "{}")
                                   .number("confidence", word.empty() ? 0.0 : 1.0)
                                   .close();
    kit::complete(host_, op, {.data = answer});
  }

 private:
  // Empty: no expected word. A final '#' only ends the entry.
  std::string_view meaning(std::string_view pressed, const rl_question& question) const {
    while (!pressed.empty() && pressed.back() == '#') pressed.remove_suffix(1);
    if (const auto it = fixed_.find(std::string(pressed)); it != fixed_.end()) {
      for (size_t i = 0; i < question.expect_count; ++i) {
        if (kit::view(question.expect[i]) == it->second) return kit::view(question.expect[i]);
      }
      return {};
    }
    if (pressed.size() != 1 || !std::isdigit(static_cast<unsigned char>(pressed[0]))) return {};
    const size_t own = question.expect_own == 0 ? question.expect_count : question.expect_own;
    const size_t place = static_cast<size_t>(pressed[0] - '0');
    if (place == 0 || place > own || place > question.expect_count) return {};
    return kit::view(question.expect[place - 1]);
  }

  const rl_host* host_;
  std::map<std::string, std::string> fixed_ = {{"0", "wants_human"}, {"9", "opted_out"}};
};

constexpr rl_generate kGenerate = kit::generate<Keys>(RL_UNDERSTAND);
constexpr kit::Interface kInterfaces[] = {{RL_GENERATE, &kGenerate}};

constexpr char kSchema[] = R"({
  "type": "object", "additionalProperties": false,
  "properties": {"map": {"type": "object", "additionalProperties": {"type": "string"}}}})";

constexpr rl_plugin kPlugin = kit::plugin<Keys>({.id = "relance.understand.keys",
                                                 .title = "Understands key presses",
                                                 .config_schema = kSchema,
                                                 .flags = RL_CONCURRENT,
                                                 .find = kit::find<kInterfaces>});

}  // namespace

RL_PLUGIN(kPlugin)
