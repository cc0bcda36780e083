// Where events come from: shops that send each event until it is acknowledged, some of them twice,
// late or out of order; providers' web hooks; customers who pay at awkward instants.
//
// Threads: one. Lifetime: outlives every process.
#pragma once

#include <functional>

#include "node/node.h"
#include "script/bundle.h"
#include "sim/world/providers.h"

namespace relance {

class Sources {
 public:
  struct Ports {
    const Plan& plan;
    const Bundle& bundle;
    const WorldClock& clock;
    Agenda& agenda;
    Story& story;
    Providers& providers;
    Mortality& mortality;
  };
  explicit Sources(Ports ports);

  // Customers do something by themselves for so long. One who went on ordering would begin an
  // absence with every order, and such a world has no end.
  static constexpr Duration kActive = days(150);

  // The node that takes events; nullptr: it is down.
  void attach(Node* node) { node_ = node; }
  // An event is acknowledged, by its hash.
  std::function<void(uint64_t event)> acknowledged;

  // Puts a whole life of events on the agenda.
  void fill_agenda();
  // Something reached him: perhaps he reacts at this very moment.
  void react(const Deed& deed);
  // Something of his is due then: perhaps he pays at that very instant.
  void perhaps_pays(const Key& customer, Instant at);
  size_t kept() const { return kept_; }

 private:
  // Something that a flow is about: an invoice, an order.
  struct Thing {
    std::string subject, field, id;
    std::vector<std::string> goals, stops;
  };
  struct Post {
    std::string id, type, subject;
    Doc data;
    int tries = 0;
    bool answered = false;
  };
  struct Hook {
    PluginEvent event;
    int tries_left = 3;
    bool answered = false;
  };

  void talk(const std::string& subject);
  void begin_thing(const Flow& flow, const std::string& subject, Instant at);
  std::shared_ptr<Post> post_at(Instant at, const std::string& type, const std::string& subject,
                                Doc data);
  void post(const std::shared_ptr<Post>& what);
  void end_thing(const Thing& thing, Instant at);
  void hook_at(Instant at, const std::shared_ptr<Hook>& hook);
  Doc details(const std::string& type, const std::string& field, const std::string& id);

  Ports ports_;
  Chance chance_;
  Node* node_ = nullptr;
  Instant start_;
  std::vector<std::string> subjects_;
  std::map<Key, std::vector<Thing>> things_;
  int posts_ = 0, ids_ = 0;
  size_t kept_ = 0;
};

}  // namespace relance
