#include "core/graph/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "core/graph/flow_graph.h"
#include "core/graph/reach.h"

namespace relance {
namespace {

using Words = std::set<std::string, std::less<>>;

// What the edges of the whole flow say about one step.
struct Handling {
  Words named;      // by an edge, or ignored
  Words otherwise;  // by `otherwise`
  Words handed;     // by an edge of a handoff
  bool bare = false;
  bool has_otherwise = false;
  bool covers(std::string_view word) const {
    return bare || named.find(word) != named.end() || otherwise.find(word) != otherwise.end();
  }
};

std::string quoted_list(const std::vector<std::string>& words) {
  std::vector<std::string> quoted;
  quoted.reserve(words.size());
  for (const std::string& word : words) quoted.push_back(fmt::format("'{}'", word));
  if (quoted.size() < 2) return join(quoted, "");
  const std::string last = quoted.back();
  quoted.pop_back();
  return fmt::format("{} or {}", join(quoted, ", "), last);
}

std::string edge_list(const std::string& step, const std::vector<std::string>& words) {
  std::vector<std::string> edges;
  edges.reserve(words.size());
  for (const std::string& word : words) edges.push_back(fmt::format("f.{}.{}", step, word));
  return join(edges, ", ");
}

// What a conversation ends in, whatever channel carries it.
bool comes_from_script(std::string_view word) {
  constexpr std::string_view kWords[] = {"unclear",   "wants_human", "dissatisfied",
                                         "opted_out", "callback",    "wrong_person"};
  return std::find(std::begin(kWords), std::end(kWords), word) != std::end(kWords);
}

class Checks {
 public:
  explicit Checks(const CheckInput& input)
      : input_(input), flow_(input.flow), handling_(flow_.steps.size()) {}

  std::vector<Finding> run() {
    gather_edges();
    check_reach();
    check_reads();
    for (StepIndex i = 0; i < flow_.step_count(); ++i) {
      check_dead_outcomes(i);
      check_failures(i);
      check_handoff(i);
      check_otherwise(i);
    }
    const auto by_line = [](const Finding& a, const Finding& b) {
      return a.error.where.line < b.error.where.line;
    };
    std::stable_sort(findings_.begin(), findings_.end(), by_line);
    return std::move(findings_);
  }

 private:
  void add(Severity severity, Code code, int line, std::string message, std::string hint) {
    findings_.push_back(
        {severity, {code, std::move(message), {flow_.file, line}, std::move(hint)}});
  }

  void gather_edges() {
    for (const Step& step : flow_.steps) {
      each_edge(step.after,
                [&](const Edge& edge, bool) { gather(edge, step.kind() == StepKind::handoff); });
    }
    for (const Edge& edge : flow_.ignored) gather(edge, false);
  }

  void gather(const Edge& edge, bool into_handoff) {
    Handling& handling = handling_[edge.step];
    handling.bare = handling.bare || edge.bare;
    handling.has_otherwise = handling.has_otherwise || edge.otherwise;
    const auto& words = edge.bare ? flow_.steps[edge.step].outcomes : edge.outcomes;
    if (into_handoff) handling.handed.insert(words.begin(), words.end());
    if (!edge.bare)
      (edge.otherwise ? handling.otherwise : handling.named).insert(words.begin(), words.end());
  }

  void check_reach() {
    const std::vector<Reach> reached = reach(flow_);
    for (size_t i = 0; i < reached.size(); ++i) {
      const Step& step = flow_.steps[i];
      if (reached[i] == Reach::contradiction) {
        add(Severity::error, Code::unreachable_step, step.line,
            fmt::format(
                "step '{}' can never start: its `after` needs outcomes that exclude each other",
                step.name),
            "`all` waits for every one of its edges; alternatives stand in `any`");
      }
      if (reached[i] == Reach::cut_off) {
        add(Severity::error, Code::unreachable_step, step.line,
            fmt::format("step '{}' can never start: nothing that can happen leads to it",
                        step.name),
            "hang it on an outcome that an earlier step can have");
      }
    }
  }

  void check_reads() {
    const auto before = dominators(flow_);
    for (const ResultRead& read : input_.reads) {
      if (read.guarded || before[read.reader][read.read]) continue;
      const std::string& reader = flow_.steps[read.reader].name;
      const std::string& name = flow_.steps[read.read].name;
      add(Severity::error, Code::result_may_not_exist, read.line,
          fmt::format("step '{}' reads the result of '{}', which need not have ended by then",
                      reader, name),
          fmt::format(
              "let every way to '{0}' pass through '{1}', or test run.steps.{1}.outcome first",
              reader, name));
    }
  }

  // Why the step cannot end in this word; empty: it can.
  std::string why_dead(const Step& step, const std::string& word) const {
    if (const auto* send = std::get_if<SendStep>(&step.body)) {
      if (word == "late" && !send->deadline) return "it has no deadline";
      if (!channel_lacks(*send, step, word)) return "";
      return send->channels.empty() ? fmt::format("channel '{}' does not give it", send->via)
                                    : "none of its channels gives it";
    }
    if (word != "expired") return "";
    const auto* await = std::get_if<AwaitStep>(&step.body);
    const auto* handoff = std::get_if<HandoffStep>(&step.body);
    const bool endless =
        (await != nullptr && !await->within) ||
        (handoff != nullptr && !handoff->within && handoff->lost != HandoffStep::Lost::expired);
    return endless ? "it has no `within`" : "";
  }

  // Of those channels to whose kind the word belongs, does none give it?
  bool channel_lacks(const SendStep& send, const Step& step, const std::string& word) const {
    if (contains(step.close_words, word)) return false;
    if (!send.script.empty() && comes_from_script(word)) return false;
    bool of_a_kind = false;
    for (const SendChannel& one : send.over()) {
      if (!is_word_of(one.kind, word)) continue;
      of_a_kind = true;
      const auto gives = input_.channel_gives.find(one.via);
      if (gives == input_.channel_gives.end() || contains(gives->second, word)) return false;
    }
    return of_a_kind;
  }

  static bool is_word_of(std::string_view channel_kind, std::string_view word) {
    const auto words = channel_words(channel_kind);
    return std::find(words.begin(), words.end(), word) != words.end();
  }

  // Words of the channel's kind that may come instead, for a word that its plugin does not give.
  std::string what_comes(const Step& step, const std::string& word) const {
    const auto* send = std::get_if<SendStep>(&step.body);
    if (send == nullptr || !channel_lacks(*send, step, word)) return "";
    std::vector<std::string> words;
    for (const SendChannel& one : send->over()) {
      const auto gives = input_.channel_gives.find(one.via);
      if (gives == input_.channel_gives.end()) continue;
      for (const std::string& given : gives->second)
        if (is_word_of(one.kind, given)) words.push_back(given);
    }
    if (words.empty())
      return fmt::format("its plugin gives no word of {}", send->over().front().kind);
    const std::string near = did_you_mean(word, words);
    return fmt::format("it gives {}{}{}", quoted_list(words), near.empty() ? "" : "; ", near);
  }

  static bool contains(const std::vector<std::string>& words, const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
  }

  // Only outcomes that an edge names: what stands in `otherwise` nobody counted on.
  void check_dead_outcomes(StepIndex i) {
    const Step& step = flow_.steps[i];
    for (const Step& user : flow_.steps) {
      each_edge(user.after, [&](const Edge& edge, bool) {
        if (edge.step != i || edge.otherwise) return;
        for (const std::string& word : edge.outcomes) {
          const std::string why = why_dead(step, word);
          if (why.empty()) continue;
          add(Severity::warning, Code::dead_outcome, user.line,
              fmt::format("step '{}' waits for '{}.{}', which cannot come: {}", user.name,
                          step.name, word, why),
              what_comes(step, word));
        }
      });
    }
  }

  bool is_failure(const Step& step, const std::string& word) const {
    const auto failures = kind_failures(step.kind());
    return std::find(failures.begin(), failures.end(), word) != failures.end() &&
           why_dead(step, word).empty();
  }

  void check_failures(StepIndex i) {
    const Step& step = flow_.steps[i];
    if (step.after.kind == After::Kind::ended) return;  // the run is over: nothing could follow
    std::vector<std::string> open;
    for (const std::string& word : step.outcomes) {
      if (is_failure(step, word) && !handling_[i].covers(word)) open.push_back(word);
    }
    if (open.empty()) return;
    std::sort(open.begin(), open.end());
    add(Severity::warning, Code::unhandled_failure, step.line,
        fmt::format("step '{}' may end {}, and nothing follows", step.name, quoted_list(open)),
        fmt::format("hang a step on it, or say ignore {{ {} }}", edge_list(step.name, open)));
  }

  static bool speaks(const SendStep& send) {
    const std::vector<SendChannel> over = send.over();
    return std::any_of(over.begin(), over.end(),
                       [](const SendChannel& one) { return one.kind == "voice"; });
  }

  void check_handoff(StepIndex i) {
    const Step& step = flow_.steps[i];
    const auto* send = std::get_if<SendStep>(&step.body);
    if (send == nullptr || (!speaks(*send) && send->script.empty())) return;
    std::vector<std::string> open;
    for (const char* word : {"dissatisfied", "wants_human"}) {
      if (step.has_outcome(word) && !handling_[i].handed.contains(word)) open.push_back(word);
    }
    if (open.empty()) return;
    add(Severity::error, Code::unhandled_handoff, step.line,
        fmt::format("step '{}' may end {}, which must lead to a handoff", step.name,
                    quoted_list(open)),
        fmt::format("f.human = handoff {{ after = any {{ {} }}, queue = ... }}",
                    edge_list(step.name, open)));
  }

  void check_otherwise(StepIndex i) {
    const Step& step = flow_.steps[i];
    if (!handling_[i].has_otherwise) return;
    std::vector<std::string> open;
    for (const std::string& word : step.outcomes) {
      const bool apart = is_apart_from_otherwise(word) || contains(step.close_words, word);
      if (apart && handling_[i].named.find(word) == handling_[i].named.end()) open.push_back(word);
    }
    if (open.empty()) return;
    std::sort(open.begin(), open.end());
    add(Severity::error, Code::unsettled_otherwise, step.line,
        fmt::format("step '{}' may end {}, for which `otherwise` does not stand", step.name,
                    quoted_list(open)),
        fmt::format("name it in an edge, or say ignore {{ {} }}", edge_list(step.name, open)));
  }

  const CheckInput& input_;
  const Flow& flow_;
  std::vector<Handling> handling_;
  std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> check_flow(const CheckInput& input) { return Checks(input).run(); }

}  // namespace relance
