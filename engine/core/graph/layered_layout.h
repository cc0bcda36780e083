// A layered layout of an acyclic graph from top to bottom, in the manner of Sugiyama: ranks by the
// longest path, few crossings by barycentres, and x by pulling every item to its neighbours as far
// as its layer leaves room. Labels have room of their own between the ranks, so nothing overlaps.
//
// Units: pixels; y grows downwards. The same input gives the same layout.
#pragma once

#include <cstddef>
#include <vector>

namespace relance {

struct Point {
  double x = 0, y = 0;
};

struct Extent {
  double width = 0, height = 0;
};

struct Link {
  size_t from = 0, to = 0;
  Extent label;  // none: zero
};

struct LayoutInput {
  std::vector<Extent> nodes;
  std::vector<Link> links;
  std::vector<bool> low;  // by node: a source that belongs to the end of the picture; may be empty
};

// A way goes from its first point to its last through pairs of points: between the two of a pair it
// runs straight down beside what stands in that layer.
struct Layout {
  std::vector<Point> nodes;              // centres
  std::vector<Point> labels;             // centres, by link
  std::vector<std::vector<Point>> ways;  // by link
  Extent size;
};

Layout layered_layout(const LayoutInput& input);

}  // namespace relance
