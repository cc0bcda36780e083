// The whole of it over real connections: `relance serve` as a program of its own, Stripe and Twilio
// as fakes over HTTP, a mail server, Kannel with its fake SMSC. Time is real: the bundle has
// seconds where a shop has days.
//
// Threads: one. Owns every process: they are ended with it.
#pragma once

#include <memory>

#include "email/mail_server.h"
#include "kannel/real_kannel.h"
#include "providers/fake_stripe.h"
#include "providers/fake_twilio.h"
#include "scenarios/child_process.h"
#include "support/web.h"

namespace relance::test {

struct WiresCustomer {
  std::string id, first_name, phone;
  std::string email() const { return id + "@example.com"; }
};

class Wires {
 public:
  // `name`: its folder below the build's.
  Wires(const std::string& name, const std::vector<WiresCustomer>& customers);
  ~Wires();

  void start();  // serves, once it says that it is ready
  void kill();   // SIGKILL
  int stop();    // SIGTERM; its exit code

  // The shop says that this customer's invoice (which Stripe has) was declined.
  void payment_fails(const WiresCustomer& customer, const std::string& invoice, int64_t minor,
                     const std::string& code, const std::string& context = "recurring");
  // Polls; false: it did not come true in this time.
  bool until(const std::function<bool()>& holds, int within_s = 60);
  // What `relance ARGUMENTS --store ...` prints, while it serves or after.
  std::string told(const std::string& arguments);

  // Of the process that serves, as the kernel counts them: "VmHWM" (its most memory), in MiB.
  double memory_mib(const std::string& field = "VmHWM") const;
  size_t handles() const;
  // Of its /metrics; -1: it does not say.
  double figure(const std::string& name);

  std::vector<std::string> texts_to(const std::string& phone);  // Kannel's
  std::string path(const std::string& name) const { return folder_ + "/" + name; }

  FakeStripe stripe;
  FakeTwilio twilio;
  MailServer mail{MailServer::Tls::none};
  RealKannel kannel;

 private:
  void write_bundle(const std::vector<WiresCustomer>& customers);
  std::string url(const std::string& path) const;

  std::string folder_;
  int port_;
  Web web_;
  std::unique_ptr<ChildProcess> serve_;
  int events_ = 0;
};

}  // namespace relance::test
