#include "core/run/talk_state.h"

namespace relance {

Doc TalkState::to_doc() const {
  std::vector<Doc> words;
  for (const std::string& word : outcomes) words.push_back(Doc::text(word));
  return Doc::record({{"turn", Doc::integer(turn)},
                      {"number", Doc::integer(number)},
                      {"tries", Doc::integer(tries)},
                      {"awaits_meaning", Doc::boolean(awaits_meaning)},
                      {"outcomes", Doc::list(words)},
                      {"answers", answers},
                      {"said", Doc::list(said)},
                      {"reached", Doc::text(reached)},
                      {"closing", Doc::text(closing)}});
}

TalkState TalkState::from_doc(DocView doc, size_t turns) {
  TalkState state;
  state.turn = static_cast<StepIndex>(doc.find("turn").integer().value_or(kNoStep));
  state.number = static_cast<int>(doc.find("number").integer().value_or(0));
  state.tries = static_cast<int>(doc.find("tries").integer().value_or(0));
  state.awaits_meaning = doc.find("awaits_meaning").boolean().value_or(false);
  for (const auto& [key, word] : doc.find("outcomes").items())
    state.outcomes.emplace_back(word.text().value_or(""));
  state.outcomes.resize(turns);
  state.answers = Doc(doc.find("answers"));
  for (const auto& [key, item] : doc.find("said").items()) state.said.emplace_back(Doc(item));
  state.reached = doc.find("reached").text().value_or("");
  state.closing = doc.find("closing").text().value_or("");
  return state;
}

}  // namespace relance
