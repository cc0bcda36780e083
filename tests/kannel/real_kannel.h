// Kannel itself, with its fake SMSC: bearerbox, smsbox and fakesmsc of the distribution, started on
// free ports of loopback with a configuration and a folder of their own, stopped by their ids.
//
// Threads: one. Blocks until each program listens; gives up after 20 s (the test fails).
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace relance {

class RealKannel {
 public:
  // `get_url`: where smsbox asks when a person writes; empty: nowhere.
  explicit RealKannel(const std::string& get_url = {});
  ~RealKannel();
  RealKannel(const RealKannel&) = delete;
  RealKannel& operator=(const RealKannel&) = delete;

  std::string send_url() const;
  // Connects the fake SMSC, anew if it was there; it first sends these on to Kannel, each
  // "FROM TO text WORDS" or "FROM TO ucs2 %00A...".
  void connect_smsc(const std::vector<std::string>& messages = {});
  // What the SMSC got, in its own words: "ACME +48601234567 text Hello".
  std::vector<std::string> sent() const;
  // The same, once there are so many.
  std::vector<std::string> sent(size_t count) const;

  static constexpr const char* kUser = "relance";
  static constexpr const char* kPassword = "a-password";
  static constexpr const char* kNotRoutable = "+999";  // numbers that begin so have no SMSC

 private:
  // Ends with its test, whatever becomes of that.
  struct Program {
    pid_t id = 0;
    ~Program() { stop(); }
    void stop();
  };
  struct Folder {
    std::filesystem::path path;
    Folder();
    ~Folder();
  };
  void run(Program& program, const std::vector<std::string>& words, const std::string& log) const;
  std::string configuration(const std::string& get_url) const;
  std::string text_of(const std::string& log) const;
  void wait_for(const std::string& log, const std::string& words, size_t times = 1) const;

  Folder folder_;
  int admin_port_, box_port_, smsc_port_, send_port_;
  Program bearerbox_, smsbox_, smsc_;  // stopped in the opposite order
  size_t connected_ = 0;
};

}  // namespace relance
