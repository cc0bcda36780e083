// A real mail server, aiosmtpd of the distribution, as a child process on a free port of loopback.
// What it does is told by the recipient's name: nobody, full, grey, busy, old, policy (refused at
// RCPT), spam, later (refused after DATA), cut (the connection breaks in the middle of DATA), dark
// (it breaks after DATA, and the message was taken), slow, silent (no answer); any other is served.
//
// Threads: one. Blocks until it listens; gives up after 20 s (the test fails).
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "scenarios/child_process.h"
#include "support/certificate.h"

namespace relance {

class MailServer {
 public:
  enum class Tls { none, starttls, implicit };
  // With a user it takes mail only from him.
  explicit MailServer(Tls tls = Tls::starttls, const std::string& user = {},
                      const std::string& password = {});
  ~MailServer();
  MailServer(const MailServer&) = delete;
  MailServer& operator=(const MailServer&) = delete;

  std::string url() const;
  std::string ca_file() const { return certificate_.file(); }

  struct Message {
    std::string from, to, user, text;
    bool tls = false;
  };
  std::vector<Message> messages() const;  // that it took

 private:
  Certificate certificate_;
  std::filesystem::path folder_;
  std::string scheme_;
  int port_ = 0;
  std::unique_ptr<test::ChildProcess> process_;
};

}  // namespace relance
