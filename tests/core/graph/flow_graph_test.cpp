#include "core/graph/flow_graph.h"

#include <catch2/catch.hpp>

#include "core/graph/build.h"

using namespace relance;
using namespace relance::testing;

namespace {

// The names of the steps that have certainly ended when `step` starts, in order.
std::string before(const Flow& flow, std::string_view step) {
  const auto index = static_cast<size_t>(flow.find(step) - flow.steps.data());
  const std::vector<bool> row = dominators(flow).at(index);
  std::string out;
  for (size_t i = 0; i < row.size(); ++i) {
    if (row[i]) out += (out.empty() ? "" : " ") + flow.steps[i].name;
  }
  return out;
}

}  // namespace

TEST_CASE("the graph has a start, a vertex for each step and an edge for each way") {
  FlowBuilder b("f");
  b.add("a", decide({"x", "y"}));
  b.add("b", WaitStep{}, any({on("a.x"), on("a.y")}));
  b.add("c", WaitStep{}, all({on("a"), on("b.done")}));
  const FlowGraph graph = flow_graph(b.build());
  CHECK(boost::num_vertices(graph) == 4);
  CHECK(boost::num_edges(graph) == 5);
  CHECK(boost::out_degree(0, graph) == 1);
  const auto [first, last] = boost::in_edges(3, graph);
  for (auto it = first; it != last; ++it) CHECK(graph[*it].joins);
}

TEST_CASE("steps in a row dominate each other") {
  FlowBuilder b("f");
  b.add("a", decide({"x"}));
  b.add("b", decide({"x"}), on("a.x"));
  b.add("c", WaitStep{}, on("b.x"));
  CHECK(before(b.build(), "c") == "a b");
}

TEST_CASE("any brings what every alternative brings, all brings everything") {
  FlowBuilder b("f");
  b.add("root", decide({"x", "y"}));
  b.add("left", WaitStep{}, on("root.x"));
  b.add("right", WaitStep{}, on("root.y"));
  b.add("news", await("payment.succeeded"));
  b.add("first", WaitStep{}, any({on("left.done"), on("right.done")}));
  b.add("both", WaitStep{}, all({on("left.done"), on("news.arrived")}));
  b.add("mixed", WaitStep{}, all({on("news.arrived"), any({on("left.done"), on("right.done")})}));
  const Flow flow = b.build();
  CHECK(before(flow, "first") == "root");
  CHECK(before(flow, "both") == "root left news");
  CHECK(before(flow, "mixed") == "root news");
}

TEST_CASE("a step that was skipped has no result") {
  FlowBuilder b("f");
  b.add("a", decide({"x"}));
  b.add("call", send("voice", "voice"), on("a.x")).skippable();
  b.add("skipped", WaitStep{}, on("call.skipped"));
  b.add("answered", WaitStep{}, on("call.voicemail"));
  b.add("bare", WaitStep{}, on("call"));
  const Flow flow = b.build();
  CHECK(before(flow, "skipped") == "a");
  CHECK(before(flow, "answered") == "a call");
  CHECK(before(flow, "bare") == "a");
}

TEST_CASE("a bare step in a join brings its result only if it is sure to end") {
  FlowBuilder b("f");
  b.add("profile", FetchStep{});
  b.add("move", decide({"x", "y"}));
  b.add("maybe", WaitStep{}, on("move.x"));
  b.add("join", WaitStep{}, all({on("profile"), on("maybe")}));
  b.add("covered", WaitStep{}, any({on("move.x"), on("move.y")}));
  b.add("sure", WaitStep{}, all({on("profile"), on("move.x|y")}));
  b.add("last", WaitStep{}, all({on("sure"), on("maybe")}));
  const Flow flow = b.build();
  CHECK(before(flow, "join") == "profile");
  CHECK(before(flow, "covered") == "move");
  CHECK(before(flow, "last") == "profile move sure");
}

TEST_CASE("of a join of uncertain bare steps only what they share is there") {
  FlowBuilder b("f");
  b.add("move", decide({"x", "y"}));
  b.add("left", WaitStep{}, on("move.x"));
  b.add("right", WaitStep{}, on("move.y"));
  b.add("join", WaitStep{}, all({on("left"), on("right")}));
  CHECK(before(b.build(), "join") == "move");
}
