#include "core/graph/picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "core/graph/flow_graph.h"

namespace relance {
namespace {

std::string types(const std::vector<EventPattern>& events) {
  std::vector<std::string> names;
  names.reserve(events.size());
  for (const EventPattern& event : events) names.push_back(event.type);
  return join(names, " or ");
}

std::string tries(int count) { return count > 1 ? fmt::format(", {} tries", count) : ""; }

// The second line of a box.
struct Subtitle {
  const Flow& flow;

  std::string operator()(const FetchStep& step) const {
    return fmt::format("fetch {}{}{}", step.from, step.what.empty() ? "" : ".", step.what);
  }
  std::string operator()(const ChargeStep& step) const {
    return fmt::format("charge {}{}", step.via, tries(step.tries));
  }
  std::string operator()(const SendStep& step) const {
    if (step.channels.empty()) return fmt::format("send {}{}", step.via, tries(step.tries));
    std::vector<std::string> names;
    for (const SendChannel& one : step.channels) names.push_back(one.via);
    return fmt::format("send {} by {}{}", join(names, " or "), step.choose, tries(step.tries));
  }
  std::string operator()(const WaitStep& step) const {
    if (step.duration) return "wait " + format_duration(*step.duration);
    if (step.until_local) return "wait until " + format_time_of_day(*step.until_local);
    return step.before ? "wait, " + step.before->path : "wait";
  }
  std::string operator()(const AwaitStep& step) const {
    const std::string within = step.within ? ", " + format_duration(*step.within) : "";
    return fmt::format("await {}{}", types(step.events), within);
  }
  std::string operator()(const DecideStep& step) const {
    if (step.kind == DecideStep::Kind::policy) return "decide by " + step.policy;
    return step.kind == DecideStep::Kind::split ? "split" : "decide";
  }
  std::string operator()(const ActStep& step) const {
    return fmt::format("act {}.{}", step.on, step.op);
  }
  std::string operator()(const HoldStep& step) const {
    return fmt::format("hold {}.{}", step.on, step.op);
  }
  std::string operator()(const ReleaseStep& step) const {
    return step.hold < flow.steps.size() ? "release " + flow.steps[step.hold].name : "release";
  }
  std::string operator()(const HandoffStep& step) const { return "handoff " + step.queue; }
  std::string operator()(const RecordStep& step) const { return "record " + step.what; }
  std::string operator()(const StopStep& step) const {
    return step.reason.empty() ? "stop" : "stop: " + step.reason;
  }
  std::string operator()(const StartFlowStep& step) const {
    return step.flow == flow.name ? "begin anew" : "start flow " + step.flow;
  }
};

Look look_of(StepKind kind) {
  switch (kind) {
    case StepKind::send: return Look::reach;
    case StepKind::charge: return Look::charge;
    case StepKind::decide: return Look::decide;
    case StepKind::wait:
    case StepKind::await: return Look::time;
    case StepKind::handoff: return Look::person;
    case StepKind::record: return Look::note;
    case StepKind::stop: return Look::stop;
    case StepKind::fetch:
    case StepKind::act:
    case StepKind::hold:
    case StepKind::release:
    case StepKind::start_flow: break;
  }
  return Look::connect;
}

std::string header_of(const Flow& flow) {
  std::string out =
      fmt::format("{} flow, at most {}", purpose_name(flow.purpose), format_duration(flow.expire));
  if (!flow.goal.empty()) out += "; goal: " + types(flow.goal);
  if (!flow.stop.empty()) out += "; stop: " + types(flow.stop);
  return out;
}

void append(std::vector<std::string>& to, const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    if (std::find(to.begin(), to.end(), word) == to.end()) to.push_back(word);
  }
}

// Joins words to lines: `first` opens the first one.
void wrap(std::vector<std::string>& lines, std::string first, const std::vector<std::string>& words,
          size_t width) {
  std::string line = std::move(first);
  for (size_t i = 0; i < words.size(); ++i) {
    const std::string word = words[i] + (i + 1 < words.size() ? "," : "");
    const bool fits = line.empty() || line.size() + 1 + word.size() <= width;
    if (!fits) lines.push_back(std::exchange(line, ""));
    line += (line.empty() ? "" : " ") + word;
  }
  if (!line.empty()) lines.push_back(line);
}

void add_arrows(const Flow& flow, Picture& picture) {
  const FlowGraph graph = flow_graph(flow);
  std::map<std::pair<size_t, size_t>, Arrow> arrows;
  const auto [first, last] = boost::edges(graph);
  for (auto it = first; it != last; ++it) {
    const size_t from = boost::source(*it, graph), to = boost::target(*it, graph);
    const FlowEdge& edge = graph[*it];
    Arrow& arrow = arrows[{from, to}];
    arrow.from = from;
    arrow.to = to;
    append(edge.otherwise ? arrow.otherwise : arrow.words, edge.outcomes);
    if (edge.joins) picture.boxes[to].joins = true;
  }
  for (auto& [ends, arrow] : arrows) picture.arrows.push_back(std::move(arrow));
}

// Steps that run when the run ended hang on a box that says how it ended.
void add_endings(const Flow& flow, Picture& picture) {
  std::map<std::string, size_t> endings;
  for (size_t i = 0; i < flow.steps.size(); ++i) {
    const After& after = flow.steps[i].after;
    if (after.kind != After::Kind::ended) continue;
    std::vector<std::string> words;
    words.reserve(after.ends.size());
    for (RunEnd end : after.ends) words.emplace_back(run_end_name(end));
    const std::string title = join(words, " or ");
    const auto [at, added] = endings.emplace(title, picture.boxes.size());
    if (added) picture.boxes.push_back({title, "the run ended", Look::start, false});
    picture.arrows.push_back({at->second, i + 1, {}, {}});
  }
}

std::string start_words(const Flow& flow) {
  if (flow.absence)
    return "no " + flow.absence->type + " for " + format_duration(flow.absence->after);
  if (flow.segment) return "segment of " + flow.segment->from;
  return flow.start.empty() ? "start" : types(flow.start);
}

}  // namespace

std::string_view look_name(Look look) {
  constexpr std::array<std::string_view, kLooks> kNames = {
      "start", "reach", "charge", "decide", "time", "connect", "person", "note", "stop"};
  return kNames[static_cast<size_t>(look)];
}

std::vector<std::string> Arrow::label(size_t width) const {
  std::vector<std::string> lines;
  wrap(lines, "", words, width);
  if (!otherwise.empty()) wrap(lines, "otherwise:", otherwise, width);
  return lines;
}

Picture picture_of(const Flow& flow) {
  Picture picture{flow.name, header_of(flow), {}, {}};
  const std::string start = start_words(flow);
  picture.boxes.push_back({start, "starts the run", Look::start, false});
  for (const Step& step : flow.steps) {
    picture.boxes.push_back(
        {step.name, std::visit(Subtitle{flow}, step.body), look_of(step.kind()), false});
  }
  add_arrows(flow, picture);
  add_endings(flow, picture);
  return picture;
}

}  // namespace relance
