#include "providers/fake_twilio_line.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

#include "providers/fake_twiml.h"

namespace relance::twilio_fake {
namespace {

using Clock = std::chrono::steady_clock;

struct Playing {
  PlacedCall call;
  CallState state;
  std::deque<Verb> verbs;  // still to be done
  size_t answered = 0;     // of the callee's answers
  int sequence = 0;        // of status callbacks
  bool up = false, over = false;
};

bool ends(const std::string& status) {
  return status == "completed" || status == "busy" || status == "no-answer" || status == "failed" ||
         status == "canceled";
}

}  // namespace

struct Line::Inside : std::enable_shared_from_this<Line::Inside> {
  explicit Inside(Ports to) : ports(std::move(to)) {}

  // --- time
  void later(int ms, std::function<void()> act) {
    const std::lock_guard lock(mutex);
    if (over) return;
    acts.emplace(Clock::now() + std::chrono::milliseconds(ms), std::move(act));
    changed.notify_all();
  }
  void work() {
    std::unique_lock lock(mutex);
    while (!over) {
      if (acts.empty() || acts.begin()->first > Clock::now()) {
        const auto until =
            acts.empty() ? Clock::now() + std::chrono::seconds(1) : acts.begin()->first;
        changed.wait_until(lock, until);
        continue;
      }
      const std::function<void()> act = std::move(acts.begin()->second);
      acts.erase(acts.begin());
      lock.unlock();
      act();
      lock.lock();
    }
  }

  // --- one call
  std::shared_ptr<Playing> find(const std::string& sid) const {
    const std::lock_guard lock(mutex);
    const auto it = calls.find(sid);
    return it == calls.end() ? nullptr : it->second;
  }

  Form form_of(const Playing& p) const {
    Form form{{"CallSid", p.call.sid},        {"AccountSid", p.call.account},
              {"From", p.call.from},          {"To", p.call.to},
              {"CallStatus", p.state.status}, {"Direction", "outbound-api"},
              {"ApiVersion", "2010-04-01"}};
    if (!p.state.answered_by.empty()) form.emplace_back("AnsweredBy", p.state.answered_by);
    return form;
  }

  // Holds the lock: the state changes and is told.
  void become(Playing& p, const std::string& status, const std::string& event) {
    p.state.status = status;
    const auto& wanted = p.call.status_events;
    if (p.call.status_url.empty() || std::find(wanted.begin(), wanted.end(), event) == wanted.end())
      return;
    Form form = form_of(p);
    form.emplace_back("CallbackSource", "call-progress-events");
    form.emplace_back("SequenceNumber", std::to_string(p.sequence++));
    if (ends(status)) {
      form.emplace_back("CallDuration", std::to_string(p.state.duration_s));
      form.emplace_back("Duration", "1");
      if (p.call.callee.sip != 0)
        form.emplace_back("SipResponseCode", std::to_string(p.call.callee.sip));
    }
    ports.report(p.call.status_url, std::move(form));
  }

  void finish(const std::shared_ptr<Playing>& p, const std::string& status) {
    const std::lock_guard lock(p_mutex);
    if (p->over) return;
    p->over = true;
    if (p->up) p->state.duration_s = 30;
    become(*p, status, "completed");
  }

  void ring(const std::shared_ptr<Playing>& p) {
    {
      const std::lock_guard lock(p_mutex);
      if (p->over) return;
      become(*p, "ringing", "ringing");
    }
    later(p->call.callee.ring_ms, [self = shared_from_this(), p] { self->pick_up(p); });
  }

  void pick_up(const std::shared_ptr<Playing>& p) {
    using Picks = Callee::Picks;
    const Callee& callee = p->call.callee;
    if (callee.picks == Picks::busy) return finish(p, "busy");
    if (callee.picks == Picks::nothing) return finish(p, "no-answer");
    if (callee.picks == Picks::fails) return finish(p, "failed");
    {
      const std::lock_guard lock(p_mutex);
      if (p->over) return;
      p->up = true;
      become(*p, "in-progress", "answered");
      if (p->call.detects_machines) {
        p->state.answered_by = callee.picks == Picks::fax  ? "fax"
                               : callee.picks == Picks::up ? (callee.screens ? "unknown" : "human")
                               : p->call.waits_for_beep    ? "machine_end_beep"
                                                           : "machine_start";
      }
    }
    if (callee.hangs_up_at_once) return finish(p, "completed");
    ask(p, p->call.url, {});
  }

  void ask(const std::shared_ptr<Playing>& p, const std::string& url, const Form& more) {
    Form form;
    {
      const std::lock_guard lock(p_mutex);
      if (p->over) return;
      form = form_of(*p);
    }
    form.insert(form.end(), more.begin(), more.end());
    ports.ask(url, std::move(form), [self = shared_from_this(), p](int status, std::string body) {
      self->take(p, status, body);
    });
  }

  bool stopped() const {
    const std::lock_guard lock(mutex);
    return over;
  }

  // An error of the application is read out and ends the call.
  void take(const std::shared_ptr<Playing>& p, int status, const std::string& body) {
    if (stopped()) return;
    const auto verbs = status == 200 ? read_twiml(body) : std::nullopt;
    {
      const std::lock_guard lock(p_mutex);
      if (p->over) return;
      if (verbs)
        p->verbs.assign(verbs->begin(), verbs->end());
      else
        p->state.trouble.push_back(std::to_string(status) + " " + body);
    }
    if (!verbs) return finish(p, "failed");
    go_on(p);
  }

  void hear(Playing& p, const Verb& verb) {
    if (verb.name == "Say") p.state.heard.push_back(verb.text);
    if (verb.name == "Play") p.state.heard.push_back("[play] " + verb.text);
    if (verb.name == "Dial" && !verb.inside.empty())
      p.state.heard.push_back("[dial] " + verb.inside.front().text);
    for (const Verb& inner : verb.inside) hear(p, inner);
  }

  void go_on(const std::shared_ptr<Playing>& p) {
    Verb verb;
    {
      const std::lock_guard lock(p_mutex);
      if (p->over) return;
      if (!p->verbs.empty()) {
        verb = std::move(p->verbs.front());
        p->verbs.pop_front();
        hear(*p, verb);
      }
    }
    const auto self = shared_from_this();
    if (verb.name.empty() || verb.name == "Hangup") return finish(p, "completed");
    if (verb.name == "Redirect") return ask(p, verb.text, {});
    if (verb.name == "Gather") return gather(p, verb);
    if (verb.name == "Dial") return dial(p, verb);
    const int seconds = verb.name == "Pause" ? std::stoi(verb.attribute("length")) : 1;
    later(seconds * second_ms, [self, p] { self->go_on(p); });
  }

  void gather(const std::shared_ptr<Playing>& p, const Verb& verb) {
    Answer answer;
    if (p->answered < p->call.callee.answers.size()) answer = p->call.callee.answers[p->answered++];
    const std::string url = verb.attribute("action");
    Form more;
    switch (answer.kind) {
      case Answer::Kind::hangs_up:
        return later(answer.after_ms,
                     [self = shared_from_this(), p] { self->finish(p, "completed"); });
      case Answer::Kind::keys: more = {{"Digits", answer.text}, {"FinishedOnKey", ""}}; break;
      case Answer::Kind::words:
        more = {{"SpeechResult", answer.text}, {"Confidence", "0.87"}, {"Language", "en-US"}};
        break;
      case Answer::Kind::silence:
        if (verb.attribute("actionOnEmptyResult") != "true") return go_on(p);
        answer.after_ms = std::stoi(verb.attribute("timeout")) * second_ms;
    }
    later(answer.after_ms + 1,
          [self = shared_from_this(), p, url, more] { self->ask(p, url, more); });
  }

  void dial(const std::shared_ptr<Playing>& p, const Verb& verb) {
    const Verb number = verb.inside.empty() ? Verb{} : verb.inside.front();
    const bool taken = ports.callee(number.text).takes_transfers;
    const std::string leg = number.attribute("statusCallback");
    Form form;
    {
      const std::lock_guard lock(p_mutex);
      form = form_of(*p);
    }
    if (taken && !leg.empty()) {
      Form other = form;
      for (auto& [name, value] : other) {
        if (name == "CallSid") value = "CAleg" + value;
        if (name == "CallStatus") value = "in-progress";
      }
      ports.report(leg, std::move(other));
    }
    const Form more{{"DialCallStatus", taken ? "completed" : "no-answer"},
                    {"DialCallSid", "CAleg" + p->call.sid}};
    later(second_ms * (taken ? 5 : 1),
          [self = shared_from_this(), p, url = verb.attribute("action"), more] {
            self->ask(p, url, more);
          });
  }

  Ports ports;
  mutable std::mutex mutex;    // of calls, acts
  mutable std::mutex p_mutex;  // of what is played
  std::condition_variable changed;
  std::map<std::string, std::shared_ptr<Playing>> calls;
  std::multimap<Clock::time_point, std::function<void()>> acts;
  std::atomic<int> second_ms = 3;
  bool over = false;
  std::thread thread;
};

Line::Line(Ports ports) : inside_(std::make_shared<Inside>(std::move(ports))) {
  inside_->thread = std::thread([in = inside_.get()] { in->work(); });
}

Line::~Line() {
  {
    const std::lock_guard lock(inside_->mutex);
    inside_->over = true;
  }
  inside_->changed.notify_all();
  inside_->thread.join();
  inside_->acts.clear();
}

void Line::place(PlacedCall call) {
  const auto p = std::make_shared<Playing>();
  p->call = std::move(call);
  {
    const std::lock_guard lock(inside_->mutex);
    inside_->calls[p->call.sid] = p;
  }
  inside_->later(1, [in = inside_.get(), p] { in->ring(p); });
}

bool Line::end(const std::string& sid, const std::string& status) {
  const auto p = inside_->find(sid);
  if (!p) return false;
  {
    const std::lock_guard lock(inside_->p_mutex);
    if (p->over || (status == "canceled" && p->up)) return false;
  }
  inside_->finish(p, status == "completed" && !p->up ? "canceled" : status);
  return true;
}

CallState Line::state(const std::string& sid) const {
  const auto p = inside_->find(sid);
  if (!p) return {};
  const std::lock_guard lock(inside_->p_mutex);
  return p->state;
}

void Line::second_lasts(int milliseconds) { inside_->second_ms = milliseconds; }

}  // namespace relance::twilio_fake
