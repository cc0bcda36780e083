// Blanks what is not code, so that a rule about code is not broken by a sentence about it.
#pragma once

#include <string>
#include <vector>

namespace tidy {

// The lines with comments, texts, characters and preprocessor lines turned into spaces. Raw strings
// without a delimiter of their own are understood.
std::vector<std::string> strip(const std::vector<std::string>& lines);

// A function of more than a given number of lines, or a body of any kind that holds code.
struct Function {
  size_t first_line = 0;  // counted from 1
  size_t lines = 0;
};

// The functions of stripped code, found by their braces.
std::vector<Function> functions_of(const std::vector<std::string>& code);

}  // namespace tidy
