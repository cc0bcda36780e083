// One Stripe account: charges what touches ask for, and finds out what became of it.
//
// A send: the invoice is read where Stripe might be about to try by itself; then the charge, with
// the touch's key; where that was not paid, the customer's link is read. What the answer leaves
// open is looked up: the bill's state, then the charges made since the touch. One request at a time
// for an operation. Threads: one call at a time. Lifetime: the settings outlive it.
#pragma once

#include <relance/channel.h>
#include <relance/host.h>

#include <string>
#include <string_view>
#include <unordered_map>

#include "bill.h"
#include "reading.h"
#include "settings.h"
#include "wire.h"

namespace stripe {

class Account {
 public:
  Account(const rl_host* host, const Settings& settings) : host_(host), settings_(settings) {}

  void estimate(const rl_touch& touch, rl_cost& cost) const;
  void send(rl_op op, const rl_touch& touch);
  void cancel(rl_op op);
  void lookup(rl_op op, const rl_touch& touch);
  void on_io(rl_op op, uint64_t tag, const rl_reply& reply);

 private:
  // Which request is on its way: the tag of its reply.
  enum Stage : uint64_t { kPlan = 1, kCharge, kBill, kCharges, kLink };

  struct Job {
    Bill bill;
    std::string key;
    int64_t intended_at = 0;
    bool repeat = false;
    bool looks_up = false;  // the operation is a look-up
    Stage stage = kPlan;
    std::string intent;  // of the bill
    std::string link;    // hosted_invoice_url
    Outcome outcome;     // what a look-up inside a send ends in, where it finds nothing; kLink: the
                         // answer so far
  };

  static Job job_of(const rl_touch& touch);
  void plan(rl_op op, Job& job);
  void charge(rl_op op, Job& job);
  void find_out(rl_op op, Job& job, Outcome otherwise);
  void list_charges(rl_op op, Job& job);
  void add_link(rl_op op, Job& job, Outcome outcome);

  void planned(rl_op op, Job& job, const rl_reply& reply);
  void charged(rl_op op, Job& job, const rl_reply& reply);
  void not_charged(rl_op op, Job& job, const rl_reply& reply, const kit::Value* error);
  void bill_read(rl_op op, Job& job, const rl_reply& reply);
  void charges_read(rl_op op, Job& job, const rl_reply& reply);
  void link_read(rl_op op, Job& job, const rl_reply& reply);

  bool get(rl_op op, Job& job, Stage stage, const std::string& path);
  void finish(rl_op op, const Outcome& outcome);
  std::string data_of(const Job& job, const Outcome& outcome) const;
  std::string invoice_path(const Job& job) const;
  int64_t now() const { return host_->now(host_); }

  const rl_host* host_;
  const Settings& settings_;
  Wire wire_{host_, settings_};
  std::unordered_map<rl_op, Job> jobs_;
};

}  // namespace stripe
