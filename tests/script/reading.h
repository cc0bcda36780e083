// Reading one Lua file in a test: what it returned, and what was found wrong as text, one line
// each.
#pragma once

#include <string>

#include "script/load.h"

namespace relance {

struct Reading {
  LuaState lua;
  Findings findings;
  SourceFile file;
  Value value;

  Reading(Sheet sheet, std::string path, std::string text)
      : file{std::move(path), std::move(text)} {
    if (auto returned = load_file(lua, sheet, file, findings)) value = std::move(*returned);
  }

  std::string problems() {
    std::string text;
    for (const Finding& finding : findings.take_sorted()) {
      const bool warning = finding.severity == Severity::warning;
      std::string line = finding.error.text();
      if (warning) line.replace(line.find(" error "), 7, " warning ");
      text += line + "\n";
    }
    return text;
  }
};

}  // namespace relance
