// Asks a model what an utterance means, and believes only an answer that is exactly what was asked
// for.
#pragma once

#include <relance/generate.h>

#include <string>
#include <utility>
#include <vector>

#include "kit/chat.h"

namespace openai {

struct Listening {
  std::string about;                                          // what the talk is about
  std::vector<std::pair<std::string, std::string>> meanings;  // of words: in plain words
  std::vector<std::pair<std::string, std::string>> answers;   // what else to listen for
  double least_confidence;

  explicit Listening(const kit::Value* config);
};

kit::ChatQuestion question_of(const Listening& listening, const rl_question& question,
                              const std::vector<std::string>& words);

struct Meaning {
  std::string data;     // as generate.h says; word "" where the model is not sure
  std::string problem;  // why the answer cannot be used; empty: it can
};
Meaning read_meaning(const Listening& listening, const std::vector<std::string>& words,
                     std::string_view said);

}  // namespace openai
