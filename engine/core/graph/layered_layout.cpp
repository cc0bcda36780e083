#include "core/graph/layered_layout.h"

#include <algorithm>
#include <numeric>

namespace relance {
namespace {

constexpr double kGapBeside = 16;   // between items of a layer
constexpr double kGapBetween = 24;  // between layers
constexpr double kPortGap = 18;     // between arrows that leave or reach one box
constexpr double kPortMargin = 18;  // from a corner of the box to an arrow
constexpr int kSweeps = 60;

// An item of a layer: a node, a label, or the place where a long link passes.
struct Item {
  Extent extent;
  size_t layer = 0;
  double x = 0;
  bool passes = false;
  std::vector<size_t> up, down;  // neighbours in the layers above and below
};

class Layering {
 public:
  explicit Layering(const LayoutInput& input) : input_(input), chains_(input.links.size()) {}

  Layout compute() {
    assign_ranks();
    make_items();
    reduce_crossings();
    place_across();
    place_down();
    return result();
  }

 private:
  // Nodes stand in even layers, labels in odd ones.
  void assign_ranks() {
    std::vector<size_t> rank(input_.nodes.size());
    const auto settle = [&] {
      for (size_t pass = 0; pass < rank.size(); ++pass) {
        for (const Link& link : input_.links) {
          rank[link.to] = std::max(rank[link.to], rank[link.from] + 1);
        }
      }
    };
    settle();
    const size_t deepest = *std::max_element(rank.begin(), rank.end());
    for (size_t i = 0; i < input_.low.size(); ++i) {
      if (input_.low[i]) rank[i] = deepest > 0 ? deepest - 1 : 0;
    }
    settle();
    for (size_t i = 0; i < rank.size(); ++i) {
      items_.push_back({input_.nodes[i], 2 * rank[i], 0, false, {}, {}});
    }
  }

  void make_items() {
    for (size_t l = 0; l < input_.links.size(); ++l) {
      const Link& link = input_.links[l];
      size_t previous = link.from;
      chains_[l].push_back(link.from);
      for (size_t layer = items_[link.from].layer + 1; layer < items_[link.to].layer; ++layer) {
        const bool labelled = chains_[l].size() == 1 && link.label.width > 0;
        items_.push_back({labelled ? link.label : Extent{}, layer, 0, !labelled, {}, {}});
        connect(previous, items_.size() - 1);
        previous = items_.size() - 1;
        chains_[l].push_back(previous);
      }
      connect(previous, link.to);
      chains_[l].push_back(link.to);
    }
    for (size_t i = 0; i < items_.size(); ++i) {
      layers_.resize(std::max(layers_.size(), items_[i].layer + 1));
      layers_[items_[i].layer].push_back(i);
    }
  }

  void connect(size_t above, size_t below) {
    items_[above].down.push_back(below);
    items_[below].up.push_back(above);
  }

  void number_positions() {
    position_.resize(items_.size());
    for (const auto& layer : layers_) {
      for (size_t i = 0; i < layer.size(); ++i) position_[layer[i]] = static_cast<double>(i);
    }
  }

  double barycentre(size_t item, bool from_above) const {
    const auto& near = from_above ? items_[item].up : items_[item].down;
    if (near.empty()) return position_[item];
    double sum = 0;
    for (size_t other : near) sum += position_[other];
    return sum / static_cast<double>(near.size());
  }

  size_t crossings_between(const std::vector<size_t>& upper) const {
    std::vector<std::pair<double, double>> ends;
    for (size_t item : upper) {
      for (size_t below : items_[item].down) ends.emplace_back(position_[item], position_[below]);
    }
    size_t count = 0;
    for (size_t i = 0; i < ends.size(); ++i) {
      for (size_t j = i + 1; j < ends.size(); ++j) {
        const double above = ends[i].first - ends[j].first;
        const double below = ends[i].second - ends[j].second;
        if (above * below < 0) ++count;
      }
    }
    return count;
  }

  size_t crossings() const {
    size_t count = 0;
    for (const auto& layer : layers_) count += crossings_between(layer);
    return count;
  }

  void sort_layer(std::vector<size_t>& layer, bool from_above) {
    std::vector<std::pair<double, size_t>> keyed;
    keyed.reserve(layer.size());
    for (size_t item : layer) keyed.emplace_back(barycentre(item, from_above), item);
    const auto by_key = [](const auto& a, const auto& b) { return a.first < b.first; };
    std::stable_sort(keyed.begin(), keyed.end(), by_key);
    for (size_t i = 0; i < layer.size(); ++i) layer[i] = keyed[i].second;
    number_positions();
  }

  // Swaps neighbours wherever that takes a crossing away.
  void transpose() {
    for (size_t l = 0; l < layers_.size(); ++l) {
      const auto cost = [&] {
        return crossings_between(layers_[l]) + (l > 0 ? crossings_between(layers_[l - 1]) : 0);
      };
      for (size_t i = 0; i + 1 < layers_[l].size(); ++i) {
        const size_t before = cost();
        swap_neighbours(layers_[l], i);
        if (cost() >= before) swap_neighbours(layers_[l], i);
      }
    }
  }

  void swap_neighbours(std::vector<size_t>& layer, size_t i) {
    std::swap(layer[i], layer[i + 1]);
    std::swap(position_[layer[i]], position_[layer[i + 1]]);
  }

  void reduce_crossings() {
    number_positions();
    auto best = layers_;
    size_t fewest = crossings();
    for (int sweep = 0; sweep < kSweeps && fewest > 0; ++sweep) {
      const bool down = sweep % 2 == 0;
      for (size_t l = 0; l < layers_.size(); ++l) {
        sort_layer(layers_[down ? l : layers_.size() - 1 - l], down);
      }
      transpose();
      if (const size_t now = crossings(); now < fewest) {
        fewest = now;
        best = layers_;
      }
    }
    layers_ = best;
  }

  double distance(size_t left, size_t right) const {
    return (items_[left].extent.width + items_[right].extent.width) / 2 + kGapBeside;
  }

  // Moves the items of a layer as near to `wanted` as their order and widths allow: the least sum
  // of squared moves, by pooling neighbours that push each other (isotonic regression).
  void settle_layer(const std::vector<size_t>& layer, const std::vector<double>& wanted,
                    const std::vector<double>& weight) {
    struct Pool {
      double sum, weight;
      size_t count;
      double mean() const { return sum / weight; }
    };
    std::vector<double> offset(layer.size());
    std::vector<Pool> pools;
    for (size_t i = 0; i < layer.size(); ++i) {
      if (i > 0) offset[i] = offset[i - 1] + distance(layer[i - 1], layer[i]);
      pools.push_back({(wanted[i] - offset[i]) * weight[i], weight[i], 1});
      while (pools.size() > 1 && pools[pools.size() - 2].mean() > pools.back().mean()) {
        const Pool last = pools.back();
        pools.pop_back();
        pools.back().sum += last.sum;
        pools.back().weight += last.weight;
        pools.back().count += last.count;
      }
    }
    size_t i = 0;
    for (const Pool& pool : pools) {
      for (size_t n = 0; n < pool.count; ++n, ++i) items_[layer[i]].x = pool.mean() + offset[i];
    }
  }

  // Straight long links matter more than centred boxes.
  double pull(size_t a, size_t b) const {
    const int passing = (items_[a].passes ? 1 : 0) + (items_[b].passes ? 1 : 0);
    return passing == 2 ? 8 : passing == 1 ? 2 : 1;
  }

  void pull_layer(const std::vector<size_t>& layer, bool use_up, bool use_down) {
    std::vector<double> wanted, weight;
    for (size_t item : layer) {
      double sum = 0, total = 0;
      const auto add = [&](size_t other) {
        sum += items_[other].x * pull(item, other);
        total += pull(item, other);
      };
      if (use_up) std::for_each(items_[item].up.begin(), items_[item].up.end(), add);
      if (use_down) std::for_each(items_[item].down.begin(), items_[item].down.end(), add);
      wanted.push_back(total > 0 ? sum / total : items_[item].x);
      weight.push_back(total > 0 ? total : 0.1);
    }
    settle_layer(layer, wanted, weight);
  }

  void place_across() {
    for (const auto& layer : layers_) {
      settle_layer(layer, std::vector<double>(layer.size()), std::vector<double>(layer.size(), 1));
    }
    for (int sweep = 0; sweep < kSweeps; ++sweep) {
      for (size_t l = 1; l < layers_.size(); ++l) pull_layer(layers_[l], true, false);
      for (size_t l = layers_.size() - 1; l-- > 0;) pull_layer(layers_[l], false, true);
    }
    for (int sweep = 0; sweep < kSweeps; ++sweep) {
      for (const auto& layer : layers_) pull_layer(layer, true, true);
    }
    straighten();
    move_to_zero();
  }

  void move_to_zero() {
    double left = items_[0].x, right = left;
    for (const Item& item : items_) {
      left = std::min(left, item.x - item.extent.width / 2);
      right = std::max(right, item.x + item.extent.width / 2);
    }
    for (Item& item : items_) item.x -= left;
    size_.width = right - left;
  }

  // Pulling spreads a sideways move evenly over a long link; one bend is easier to follow. So runs
  // of a link's items that have room for it get one x.
  void straighten() {
    number_positions();
    for (const auto& chain : chains_) {
      size_t first = 1;
      while (first + 1 < chain.size()) first = straighten_run(chain, first);
    }
  }

  // The longest run from `first` on; returns where the next one begins.
  size_t straighten_run(const std::vector<size_t>& chain, size_t first) {
    auto [low, high] = room_of(chain[first]);
    size_t last = first;
    while (last + 2 < chain.size()) {
      const auto [next_low, next_high] = room_of(chain[last + 1]);
      if (std::max(low, next_low) > std::min(high, next_high)) break;
      low = std::max(low, next_low);
      high = std::min(high, next_high);
      ++last;
    }
    const bool to_source = first == 1 && last + 2 < chain.size();
    const double wanted = items_[to_source ? chain.front() : chain[last + 1]].x;
    const double now = items_[chain[last]].x;
    const bool alone = first == last && !items_[chain[first]].passes;  // a label: it stands well
    const double x = alone ? now : std::clamp((wanted + now) / 2, low, high);
    for (size_t i = first; i <= last; ++i) items_[chain[i]].x = x;
    return last + 1;
  }

  // Between which x an item may stand without touching its neighbours.
  std::pair<double, double> room_of(size_t item) const {
    const auto& layer = layers_[items_[item].layer];
    const auto place = static_cast<size_t>(position_[item]);
    double low = -1e9, high = 1e9;
    if (place > 0) low = items_[layer[place - 1]].x + distance(layer[place - 1], item);
    if (place + 1 < layer.size()) {
      high = items_[layer[place + 1]].x - distance(item, layer[place + 1]);
    }
    return {low, std::max(low, high)};
  }

  void place_down() {
    double y = 0;
    for (const auto& layer : layers_) {
      double height = 0;
      for (size_t item : layer) height = std::max(height, items_[item].extent.height);
      top_.push_back(y);
      bottom_.push_back(y + height);
      y += height + kGapBetween;
    }
    size_.height = bottom_.back();
  }

  double middle(const Item& item) const { return (top_[item.layer] + bottom_[item.layer]) / 2; }

  // Where links leave (or reach) a node: straight above or below where they come from or go to, as
  // far as the node is wide, and side by side.
  std::vector<double> ports(bool leaving) const {
    std::vector<double> out(input_.links.size());
    for (size_t node = 0; node < input_.nodes.size(); ++node) {
      std::vector<std::pair<double, size_t>> near;
      for (size_t l = 0; l < input_.links.size(); ++l) {
        const auto& chain = chains_[l];
        if ((leaving ? chain.front() : chain.back()) != node) continue;
        near.emplace_back(items_[leaving ? chain[1] : chain[chain.size() - 2]].x, l);
      }
      std::sort(near.begin(), near.end());
      spread(near, items_[node]);
      for (const auto& [x, link] : near) out[link] = x;
    }
    return out;
  }

  static void spread(std::vector<std::pair<double, size_t>>& ports, const Item& node) {
    const double low = node.x - node.extent.width / 2 + kPortMargin;
    const double high = node.x + node.extent.width / 2 - kPortMargin;
    const auto others = static_cast<double>(ports.size()) - 1;
    const double gap = others > 0 ? std::min(kPortGap, (high - low) / others) : 0;
    double least = low;
    for (auto& [x, link] : ports) {
      x = std::clamp(x, least, std::max(least, high));
      least = x + gap;
    }
    double most = high;
    for (size_t i = ports.size(); i-- > 0; most = ports[i].first - gap) {
      ports[i].first = std::min(ports[i].first, most);
    }
  }

  Layout result() const {
    Layout out;
    for (size_t i = 0; i < input_.nodes.size(); ++i) {
      out.nodes.push_back({items_[i].x, middle(items_[i])});
    }
    const std::vector<double> leave = ports(true), reach = ports(false);
    for (size_t l = 0; l < chains_.size(); ++l) {
      const auto& chain = chains_[l];
      const Item& from = items_[chain.front()];
      const Item& to = items_[chain.back()];
      std::vector<Point> way = {{leave[l], middle(from) + from.extent.height / 2}};
      for (size_t i = 1; i + 1 < chain.size(); ++i) {
        const Item& item = items_[chain[i]];
        way.push_back({item.x, top_[item.layer]});
        way.push_back({item.x, bottom_[item.layer]});
      }
      way.push_back({reach[l], middle(to) - to.extent.height / 2});
      const Item& label = items_[chain[1]];
      out.labels.push_back({label.x, middle(label)});
      out.ways.push_back(std::move(way));
    }
    out.size = size_;
    return out;
  }

  const LayoutInput& input_;
  std::vector<Item> items_;                  // nodes first
  std::vector<std::vector<size_t>> chains_;  // by link: its items from node to node
  std::vector<std::vector<size_t>> layers_;  // items from left to right
  std::vector<double> position_;             // by item: its place in its layer
  std::vector<double> top_, bottom_;         // by layer
  Extent size_;
};

}  // namespace

Layout layered_layout(const LayoutInput& input) {
  if (input.nodes.empty()) return {};
  return Layering(input).compute();
}

}  // namespace relance
