// A small shop on a real clock and a real store, whose channel answers at once: what W1 to W3 work
// on. Its bundle, its events and the board on which its channel notes what it was asked to do.
#pragma once

#include <memory>
#include <string>

#include "bench/plugin/board.h"
#include "node/installation.h"

namespace relance::bench {

struct ShopOptions {
  std::string store;  // URL
  size_t customers = 1;
  NodeOptions node;
  bool isolated = false;  // the channel works in a process of its own
  size_t more_flows = 0;  // beside the two that work
};
constexpr size_t kPlacesOnBoard = 1 << 19;  // latest runs whose first step's instant is kept

class Shop {
 public:
  // Prints what is wrong and returns nullptr where it cannot be opened.
  static std::unique_ptr<Shop> open(ShopOptions options);
  ~Shop();

  // Takes the event that starts run `index`, from its 255 bytes of JSON: a run that sends three
  // messages, to a customer drawn by its index. `done` as node/node.h.
  void place_order(size_t index, AcceptedBy done = {});
  // The same of a run that waits a day, of a customer of its own.
  void leave_cart(size_t index, AcceptedBy done = {});
  // The same bundle, with another guard in each flow; false: it was refused, which was printed.
  bool reload(size_t number);
  // Until everything is done that can be done now.
  void finish();

  // Runs whose third message was sent, since it was opened; when the first of run `index` was
  // (CLOCK_MONOTONIC in ns).
  uint64_t ended() const;
  int64_t first_step_at(size_t index) const;
  Installation& installation() { return *installation_; }

 private:
  explicit Shop(ShopOptions options) : options_(std::move(options)) {}
  bool map_board();
  BundleSources sources(size_t number) const;
  void take(std::string_view type, const std::string& id, const std::string& subject,
            AcceptedBy done);

  ShopOptions options_;
  std::string folder_;  // of the board
  board* board_ = nullptr;
  size_t board_bytes_ = 0;
  std::unique_ptr<PluginLibrary> library_;
  std::shared_ptr<const Bundle> bundle_;
  std::unique_ptr<Installation> installation_;
  std::string line_;
};

}  // namespace relance::bench
