#include "reaction.h"

#include <algorithm>
#include <cmath>

#include "kit/share.h"

namespace sandbox {
namespace {

constexpr double kLongestDays = 21;  // nobody comes back to a message after that
constexpr double kReadPerTry = 0.8;  // each further mail of a case is read so much less
constexpr int64_t kDayMs = 24 * 3600 * 1000;

class Chance {
 public:
  Chance(const Behaviour& behaviour, const Facts& facts) : behaviour_(behaviour), facts_(facts) {}

  bool happens(std::string_view what, double share) const {
    return kit::share(behaviour_.seed, facts_.key, what) < share;
  }
  int64_t after(std::string_view what, const Delay& delay) const {
    const std::string name(what);
    const double seconds = kit::log_normal(delay.median_s, delay.sigma,
                                           kit::share(behaviour_.seed, facts_.key, name + ".u"),
                                           kit::share(behaviour_.seed, facts_.key, name + ".v"));
    return std::max<int64_t>(1000, std::llround(std::min(seconds, kLongestDays * 86400) * 1000));
  }

 private:
  const Behaviour& behaviour_;
  const Facts& facts_;
};

// What the link leads to: a new card where the old one is of no use, else the payment itself.
bool needs_new_method(const Facts& facts) {
  return facts.action == "request_new_method" || facts.action == "request_data_fix";
}

void plan_payment(const Behaviour& behaviour, const Facts& facts, const Chance& chance,
                  int64_t clicked_at, std::vector<Reaction>& plan) {
  const bool card = needs_new_method(facts);
  if (!card && facts.bill.empty()) return;  // nothing says what there is to pay
  const bool mendable = card || facts.action == "request_authentication";
  double share = mendable ? behaviour.update : behaviour.pay;
  if (facts.requested) share = behaviour.requested_pay;
  share = std::min(1.0, share * behaviour.segment_factor(facts.segment));
  if (!chance.happens("pay", share)) return;
  const Delay& delay = facts.requested ? behaviour.requested_pay_after : behaviour.pay_after;
  const int64_t at = clicked_at + chance.after("pay", delay);
  if (card) {
    plan.push_back({at, Move::new_method, "payment_method.updated", "{}"});
  } else {
    plan.push_back({at, Move::pay, facts.bill_event, facts.bill});
  }
}

}  // namespace

std::vector<Reaction> plan_reactions(const Behaviour& behaviour, const Facts& facts,
                                     int64_t sent_at) {
  const Chance chance(behaviour, facts);
  std::vector<Reaction> plan;
  const bool mail = behaviour.kind == As::email;
  const std::string replied = mail ? "email.replied" : "sms.replied";
  if (chance.happens("stop", behaviour.stop)) {
    plan.push_back({sent_at + chance.after("stop", behaviour.click_after), Move::tell, replied,
                    R"({"text":"STOP"})"});
    return plan;
  }
  double open = behaviour.open;
  if (mail) open *= std::pow(kReadPerTry, facts.try_no - 1);
  if (!facts.requested && !chance.happens("open", open)) return plan;
  const double click = facts.requested ? behaviour.requested_click : behaviour.click;
  if (!facts.link || !chance.happens("click", click)) {
    if (mail) {
      plan.push_back(
          {sent_at + chance.after("open", behaviour.open_after), Move::tell, "email.opened", "{}"});
    }
    return plan;
  }
  const Delay& delay = facts.requested ? behaviour.requested_click_after : behaviour.click_after;
  const int64_t clicked_at = sent_at + chance.after("click", delay);
  if (mail) plan.push_back({clicked_at - 500, Move::tell, "email.opened", "{}"});
  plan.push_back({clicked_at, Move::tell, "link.clicked", "{}"});
  plan_payment(behaviour, facts, chance, clicked_at, plan);
  return plan;
}

std::vector<Reaction> plan_promise(const Behaviour& behaviour, const Facts& facts,
                                   int64_t said_at) {
  const Chance chance(behaviour, facts);
  if (facts.bill.empty() || !chance.happens("promise", behaviour.keep_promise)) return {};
  const double days = 1 + 2 * kit::share(behaviour.seed, facts.key, "promise.days");
  const int64_t at = said_at + static_cast<int64_t>(days * kDayMs);
  if (needs_new_method(facts)) {
    return {{at, Move::new_method, "payment_method.updated", "{}"}};
  }
  return {{at, Move::pay, facts.bill_event, facts.bill}};
}

}  // namespace sandbox
