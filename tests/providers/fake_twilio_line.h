// The telephone network behind the fake Twilio: it rings, plays the callee, asks for TwiML and does
// what it says. A second of TwiML lasts a few milliseconds.
//
// Threads: any; calls are played on threads of its own, all at the same time. Owns nothing of what
// it calls back: `ask` and `report` end before the line does.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "providers/forms.h"

namespace relance::twilio_fake {

// What a callee does when she is asked something.
struct Answer {
  enum class Kind : uint8_t { words, keys, silence, hangs_up } kind = Kind::silence;
  std::string text;
  int after_ms = 0;
};
inline Answer words(std::string text) { return {Answer::Kind::words, std::move(text), 0}; }
inline Answer keys(std::string text) { return {Answer::Kind::keys, std::move(text), 0}; }
inline Answer silence() { return {}; }
inline Answer hangs_up() { return {Answer::Kind::hangs_up, "", 0}; }

struct Callee {
  enum class Picks : uint8_t { up, machine, fax, busy, nothing, fails } picks = Picks::up;
  int ring_ms = 2;
  int sip = 0;                  // where it fails
  std::vector<Answer> answers;  // in order; then silence
  bool hangs_up_at_once = false;
  bool screens = false;         // the detection cannot tell whether it is a person
  bool takes_transfers = true;  // as the second leg
};

struct PlacedCall {
  std::string sid, account, from, to, url, status_url;
  std::vector<std::string> status_events;
  bool detects_machines = false, waits_for_beep = false;
  Callee callee;
};

// How a call stands.
struct CallState {
  std::string status = "queued";  // as the provider names it
  std::string answered_by;
  int64_t duration_s = 0;
  std::vector<std::string> heard;    // by the callee: lines, "[play] URL", "[dial] NUMBER"
  std::vector<std::string> trouble;  // TwiML that was none, answers that were no 200
};

class Line {
 public:
  struct Ports {
    // Signed requests, answered with TwiML; the reply comes on any thread.
    std::function<void(std::string url, Form form, std::function<void(int, std::string)>)> ask;
    // Signed requests whose answer does not matter.
    std::function<void(std::string url, Form form)> report;
    std::function<Callee(const std::string& number)> callee;  // of the second leg
  };
  explicit Line(Ports ports);
  ~Line();

  void place(PlacedCall call);
  // From outside, as by POST Calls/SID. False: there is no such call, or it is over.
  bool end(const std::string& sid, const std::string& status);
  CallState state(const std::string& sid) const;
  void second_lasts(int milliseconds);

 private:
  struct Inside;
  std::shared_ptr<Inside> inside_;
};

}  // namespace relance::twilio_fake
