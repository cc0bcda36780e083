#include "core/graph/layered_layout.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>

using namespace relance;

namespace {

LayoutInput random_input(uint64_t seed) {
  std::mt19937_64 bits(seed);
  const auto below = [&](size_t n) { return bits() % n; };
  LayoutInput input;
  const size_t nodes = 2 + below(20);
  for (size_t i = 0; i < nodes; ++i) {
    input.nodes.push_back({80.0 + static_cast<double>(below(120)), 40});
    if (i == 0) continue;
    for (size_t n = 1 + below(3); n > 0; --n) {
      const Extent label =
          below(4) == 0 ? Extent{} : Extent{60.0 + static_cast<double>(below(90)), 30};
      input.links.push_back({below(i), i, label});
    }
  }
  return input;
}

bool overlap(Point a, Extent a_size, Point b, Extent b_size) {
  return std::abs(a.x - b.x) < (a_size.width + b_size.width) / 2 - 1 &&
         std::abs(a.y - b.y) < (a_size.height + b_size.height) / 2 - 1;
}

}  // namespace

TEST_CASE("no box or label lies on another, and all lie on the sheet") {
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    INFO("seed " << seed);
    const LayoutInput input = random_input(seed);
    const Layout layout = layered_layout(input);
    std::vector<std::pair<Point, Extent>> things;
    for (size_t i = 0; i < input.nodes.size(); ++i) {
      things.emplace_back(layout.nodes[i], input.nodes[i]);
    }
    for (size_t l = 0; l < input.links.size(); ++l) {
      if (input.links[l].label.width > 0)
        things.emplace_back(layout.labels[l], input.links[l].label);
    }
    for (size_t i = 0; i < things.size(); ++i) {
      const auto& [at, size] = things[i];
      REQUIRE(at.x - size.width / 2 > -1);
      REQUIRE(at.x + size.width / 2 < layout.size.width + 1);
      REQUIRE(at.y + size.height / 2 < layout.size.height + 1);
      for (size_t j = 0; j < i; ++j)
        REQUIRE_FALSE(overlap(at, size, things[j].first, things[j].second));
    }
  }
}

TEST_CASE("every way goes down from its source to its target") {
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    INFO("seed " << seed);
    const LayoutInput input = random_input(seed);
    const Layout layout = layered_layout(input);
    for (size_t l = 0; l < input.links.size(); ++l) {
      const auto& way = layout.ways[l];
      const auto touches = [&](Point end, size_t node) {
        return std::abs(end.x - layout.nodes[node].x) <= input.nodes[node].width / 2 &&
               std::abs(std::abs(end.y - layout.nodes[node].y) - 20) < 1;
      };
      REQUIRE(touches(way.front(), input.links[l].from));
      REQUIRE(touches(way.back(), input.links[l].to));
      for (size_t i = 1; i < way.size(); ++i) REQUIRE(way[i].y >= way[i - 1].y);
    }
  }
}

TEST_CASE("a chain is drawn straight") {
  LayoutInput input;
  input.nodes = {{100, 40}, {60, 40}, {140, 40}};
  input.links = {{0, 1, {50, 20}}, {1, 2, {}}};
  const Layout layout = layered_layout(input);
  CHECK(std::lround(layout.nodes[0].x) == 70);
  CHECK(std::lround(layout.nodes[1].x) == 70);
  CHECK(std::lround(layout.nodes[2].x) == 70);
}

TEST_CASE("a crossing that can be avoided is avoided") {
  LayoutInput input;
  input.nodes.assign(5, {80, 40});
  input.links = {{0, 1, {}}, {0, 2, {}}, {1, 4, {}}, {2, 3, {}}};
  const Layout layout = layered_layout(input);
  CHECK((layout.nodes[1].x < layout.nodes[2].x) == (layout.nodes[4].x < layout.nodes[3].x));
}

TEST_CASE("a source of the end stands low") {
  LayoutInput input;
  input.nodes.assign(6, {80, 40});
  input.links = {{0, 1, {}}, {1, 2, {}}, {2, 3, {}}, {4, 5, {}}};
  input.low = {false, false, false, false, true, false};
  const Layout layout = layered_layout(input);
  CHECK(layout.nodes[5].y == layout.nodes[3].y);
}

TEST_CASE("nothing to draw is no picture") { CHECK(layered_layout({}).nodes.empty()); }
