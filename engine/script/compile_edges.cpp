// after_of and resolve_otherwise of compilation.h.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "script/compilation.h"

namespace relance {
namespace {

using Kind = Value::Kind;

void wrong(Compilation& compilation, int line, std::string message, std::string hint = {}) {
  compilation.incomplete = true;
  compilation.findings.error({compilation.file.path, line}, Code::wrong_type, std::move(message),
                             std::move(hint));
}

const std::vector<std::string> kEndWords = {"goal", "stopped", "expired", "completed", "failed"};

std::vector<RunEnd> ends_of(Compilation& compilation, const Value& word) {
  constexpr std::string_view kEnds = "goal, stopped, expired, completed or failed";
  std::vector<RunEnd> ends;
  for (const Value& item : word.items) {
    RunEnd end = RunEnd::none;
    const bool known = item.is(Kind::text) && run_end_from(item.text, end) && end != RunEnd::none &&
                       end != RunEnd::excluded && end != RunEnd::holdout;
    if (known)
      ends.push_back(end);
    else if (!item.is(Kind::spoilt)) {
      wrong(compilation, word.line, fmt::format("a run does not end as {}", describe(item)),
            item.is(Kind::text) && !closest(item.text, kEndWords).empty()
                ? did_you_mean(item.text, kEndWords)
                : fmt::format("it ends {}", kEnds));
    }
  }
  if (word.items.empty())
    wrong(compilation, word.line, "'ended' names no end", fmt::format("a run ends {}", kEnds));
  return ends;
}

After tree_of(Compilation& compilation, const Value& value, bool outermost) {
  After after;
  switch (value.kind) {
    case Kind::step:
    case Kind::edge:
      after.kind = After::Kind::edge;
      after.edge = value.edge;
      return after;
    case Kind::spoilt: compilation.incomplete = true; return after;
    case Kind::word: break;
    default:
      wrong(compilation, value.line, fmt::format("{} is no edge", describe(value)));
      return after;
  }
  if (value.is_word("ended") && outermost) {
    after.kind = After::Kind::ended;
    after.ends = ends_of(compilation, value);
    return after;
  }
  if (!value.is_word("any") && !value.is_word("all")) {
    wrong(compilation, value.line, fmt::format("'{}' is no edge", value.text));
    return after;
  }
  after.kind = value.is_word("any") ? After::Kind::any : After::Kind::all;
  for (const Value& item : value.items) {
    // An item that carries no line of its own is reported where its list begins.
    Value placed = item;
    if (placed.line == 0) placed.line = value.line;
    After of = tree_of(compilation, placed, false);
    if (of.kind != After::Kind::none) after.of.push_back(std::move(of));
  }
  if (value.items.empty())
    wrong(compilation, value.line, fmt::format("'{}' holds no edge", value.text));
  return after;
}

bool stands_apart(const Step& step, const std::string& word) {
  return is_apart_from_otherwise(word) ||
         std::find(step.close_words.begin(), step.close_words.end(), word) !=
             step.close_words.end();
}

void each_edge_of(After& after, const std::function<void(Edge&)>& visit) {
  if (after.kind == After::Kind::edge) visit(after.edge);
  for (After& of : after.of) each_edge_of(of, visit);
}

}  // namespace

After after_of(Compilation& compilation, const Fields& fields, const Value& value) {
  Value placed = value;
  if (placed.line == 0) placed.line = fields.place().at("after").line;
  return tree_of(compilation, placed, true);
}

void resolve_otherwise(std::vector<Step>& steps, std::vector<Edge>& ignored) {
  std::vector<std::set<std::string>> named(steps.size());
  const auto gather = [&](const Edge& edge) {
    if (!edge.otherwise) named[edge.step].insert(edge.outcomes.begin(), edge.outcomes.end());
  };
  const auto fill = [&](Edge& edge) {
    if (!edge.otherwise) return;
    edge.outcomes.clear();
    for (const std::string& word : steps[edge.step].outcomes) {
      if (named[edge.step].count(word) == 0 && !stands_apart(steps[edge.step], word))
        edge.outcomes.push_back(word);
    }
  };
  for (Step& step : steps) each_edge_of(step.after, gather);
  std::for_each(ignored.begin(), ignored.end(), gather);
  for (Step& step : steps) each_edge_of(step.after, fill);
  std::for_each(ignored.begin(), ignored.end(), fill);
}

}  // namespace relance
