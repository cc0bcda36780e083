// Twilio as far as text messages and calls see it: the Messages and Calls resources, callbacks that
// it signs, callees that play a script.
//
// The ledger has one effect for each message or call that was taken, keyed by its callback URL
// (which carries the touch's key), else by its sid: what is doubled there was sent twice.
// Threads: any.
#pragma once

#include <atomic>
#include <map>
#include <mutex>

#include "net/net.h"
#include "providers/fake_provider.h"
#include "providers/fake_twilio_line.h"

namespace relance {

class FakeTwilio : public FakeProvider {
 public:
  static constexpr const char* kAccount = "AC00000000000000000000000000000001";
  static constexpr const char* kToken = "test_auth_token";
  using Callee = twilio_fake::Callee;
  using CallState = twilio_fake::CallState;

  FakeTwilio();
  explicit FakeTwilio(Options options);
  ~FakeTwilio() override;

  // --- messages
  // What becomes of messages to this number: "delivered" unless said otherwise.
  void message_ends(const std::string& to, std::string status, int error_code = 0);
  // Messages and calls to this number are answered so.
  void refuse(const std::string& to, int code, int status = 400);
  // Somebody writes: a webhook to `url`.
  void receive(const std::string& url, const std::string& from, const std::string& text,
               const std::string& opt_out_type = {});
  std::vector<Form> messages() const;  // as they were asked for

  // --- calls
  void callee(const std::string& number, Callee callee);
  std::vector<Form> calls() const;  // as they were asked for
  CallState call(size_t index) const;
  twilio_fake::Line& line() { return *line_; }
  // Each request for TwiML is sent so many times; all answers must be the same.
  void ask_times(int times) { times_ = times; }
  size_t questions() const { return questions_; }  // for TwiML, without repetitions
  std::vector<std::string> differing_answers() const;

  // Callbacks are signed by this token from now on.
  void sign_with(std::string token);

 private:
  struct Kept {
    Form asked;
    std::string sid, status = "queued";
    int error_code = 0;
    Instant at;
  };
  using Body = std::function<ServerAnswer(const Form&)>;

  ServerAnswer guarded(const FakeRequest& request, const Body& work);
  ServerAnswer send_message(const Form& form);
  ServerAnswer place_call(const Form& form);
  ServerAnswer change_call(const FakeRequest& request, const Form& form);
  ServerAnswer list(const FakeRequest& request, const std::vector<Kept>& all, const char* name);
  ServerAnswer one(const std::vector<Kept>& all, std::string sid, const char* name);
  std::string json_of(const Kept& kept, const char* name) const;
  std::string new_sid(const char* prefix);
  std::optional<ServerAnswer> refusal(const Form& form) const;
  void tell_message(const Kept& kept, const std::string& status);
  void call_back(const std::string& url, const Form& form);
  std::vector<std::pair<std::string, std::string>> headers_of(const std::string& url,
                                                              const Form& form) const;
  void ask_for_twiml(const std::string& url, const Form& form,
                     const std::function<void(int, std::string)>& done);

  SystemClock clock_;
  mutable std::mutex mutex_;
  std::string token_ = kToken;
  std::vector<Kept> messages_, calls_;
  std::map<std::string, std::pair<std::string, int>> endings_, refusals_;
  std::map<std::string, Callee> callees_;
  std::vector<std::string> differing_;
  std::atomic<int> times_ = 1;
  std::atomic<size_t> questions_ = 0;
  int last_sid_ = 0;
  std::unique_ptr<Net> net_;
  std::unique_ptr<twilio_fake::Line> line_;
};

}  // namespace relance
