// One isolated instance: its process, its open operations, its restarts. Internal to the plugin
// room.
//
// Threads: calls from any; what the plugin's process says is carried out on a thread of the
// instance's own, which never waits for the process. ask() blocks, at most kAskLimit.
#pragma once

#include <relance/inbound.h>

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <thread>

#include "base/clock.h"
#include "plugins/isolation/child_process.h"
#include "plugins/isolation/packing.h"

namespace relance::isolation {

class Supervisor {
 public:
  Supervisor(int plugin, const rl_host* host, std::string config, std::function<void()> restarted);
  ~Supervisor();
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  // Waits until the first process has made the instance. Text: why it could not.
  std::optional<std::string> wait_until_made();

  // Begins an operation. Where no process takes it, it ends NOT_NOW.
  void begin(Call call, rl_op op, std::string_view body);
  void tell(Call call, uint64_t number, std::string_view body);
  void reply(rl_op op, std::string_view body);  // nothing where the operation is over
  void timer(uint64_t tag);
  // nullopt: there is no process, or it does not answer in time.
  std::optional<std::string> ask(Call call, std::string_view body);

 private:
  enum class State { making, up, down, refused };
  struct Open {
    bool effect = false, request = false;
  };

  void supervise();
  void live();                         // one process, from its begin to its end
  void ended(const std::string& why);  // empty: as its process tells
  bool keep_in_touch(Duration now);    // false: it hangs
  bool take(Frame& frame);             // false: junk
  void answered(Frame& frame);
  void made(Frame& frame);
  void complete(rl_op op, Unpacker& in);
  void answer_request(rl_op op, Unpacker& in);
  void serve(Service service, Unpacker& in, Packer& answer);
  int32_t serve_io(Service service, Unpacker& in);
  int32_t serve_timer(Unpacker& in);
  int32_t serve_event(Service service, Unpacker& in);
  std::string sign(Unpacker& in);
  bool is_open(rl_op op);
  void end_operation(rl_op op, const Open& open, Duration wait, bool paused);
  void say(uint32_t level, const std::string& line);

  const int plugin_;
  const rl_host* const host_;
  const std::string config_;
  const std::function<void()> restarted_;
  const SystemClock clock_;

  std::mutex mutex_;
  std::condition_variable changed_;
  State state_ = State::making;
  bool over_ = false, first_ = true;
  std::string problem_;
  std::shared_ptr<ChildProcess> child_;
  std::map<rl_op, Open> open_;
  std::map<uint64_t, std::optional<std::string>> asks_;
  uint64_t numbers_ = 0, creation_ = 0;
  std::map<uint64_t, uint64_t> timers_;  // the host's tag -> the plugin's; of this process only
  std::deque<Duration> ends_;            // of the last minute
  Duration start_at_{}, asked_at_{};
  uint64_t ping_ = 0;  // the one that is not answered yet

  std::thread thread_;  // last: it uses all of the above
};

}  // namespace relance::isolation
