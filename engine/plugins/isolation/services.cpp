// What an isolated plugin says and asks for: the host services, carried out in its place. It may
// speak of its own operations only.
#include "plugins/c_text.h"
#include "plugins/isolation/supervisor.h"

namespace relance::isolation {

bool Supervisor::take(Frame& frame) {
  const Service service = static_cast<Service>(frame.kind);
  if (service == Service::answer) return answered(frame), true;
  Unpacker in(std::move(frame.body));
  switch (service) {
    case Service::complete: complete(frame.number, in); break;
    case Service::answer_request: answer_request(frame.number, in); break;
    case Service::abort_io:
      if (is_open(frame.number)) host_->abort_io(host_, frame.number);
      break;
    case Service::log: {
      uint32_t level = 0;
      rl_str line{};
      in.number(level), in.text(line);
      if (in.whole()) host_->log(host_, level, line);
      break;
    }
    default: {
      if (service < Service::effect || service > Service::hmac) return false;
      Packer answer;
      serve(service, in, answer);
      const std::lock_guard lock(mutex_);
      if (child_) child_->send(Call::answer, frame.number, answer.bytes());
    }
  }
  return in.whole();
}

void Supervisor::answered(Frame& frame) {
  {
    const std::lock_guard lock(mutex_);
    if (frame.number == ping_) ping_ = 0;
    if (const auto found = asks_.find(frame.number); found != asks_.end())
      found->second = std::move(frame.body);
    changed_.notify_all();
    if (frame.number != creation_ || state_ != State::making) return;
  }
  made(frame);
}

void Supervisor::made(Frame& frame) {
  Unpacker in(std::move(frame.body));
  uint32_t can = 0;
  rl_str problem{};
  in.number(can), in.text(problem);
  const bool again = [&] {
    const std::lock_guard lock(mutex_);
    return !first_;
  }();
  if (in.whole() && can != 0 && again) restarted_();
  const std::lock_guard lock(mutex_);
  if (in.whole() && can != 0) {
    state_ = State::up;
    first_ = false;
  } else {
    problem_ = "it makes no instance: " + text(problem);
    if (!again) state_ = State::refused;
    child_->end();
  }
  changed_.notify_all();
}

bool Supervisor::is_open(rl_op op) {
  const std::lock_guard lock(mutex_);
  return open_.contains(op);
}

void Supervisor::complete(rl_op op, Unpacker& in) {
  rl_result result{};
  fields(in, result);
  if (!in.whole()) return;
  bool mine = false;
  {
    const std::lock_guard lock(mutex_);
    mine = open_.erase(op) > 0;
  }
  if (!mine) return say(RL_LOG_WARNING, "it completed an operation that is over; this is ignored");
  host_->complete(host_, op, &result);
}

void Supervisor::answer_request(rl_op op, Unpacker& in) {
  rl_answer answer{};
  fields(in, answer);
  if (!in.whole()) return;
  bool mine = false;
  {
    const std::lock_guard lock(mutex_);
    mine = open_.erase(op) > 0;
  }
  if (mine) host_->answer(host_, op, &answer);
}

int32_t Supervisor::serve_io(Service service, Unpacker& in) {
  rl_op op = 0;
  uint64_t tag = 0;
  rl_http request{};
  rl_mail mail{};
  in.number(op), in.number(tag);
  if (service == Service::http)
    fields(in, request);
  else
    fields(in, mail);
  if (!in.whole()) return RL_WRONG;
  {
    const std::lock_guard lock(mutex_);
    const auto open = open_.find(op);
    if (open == open_.end()) return RL_GONE;
    open->second.effect |= ((request.flags | mail.flags) & RL_EFFECT) != 0;
  }
  if (service == Service::http) return host_->http(host_, op, tag, &request);
  return host_->smtp(host_, op, tag, &mail);
}

int32_t Supervisor::serve_timer(Unpacker& in) {
  uint64_t tag = 0, number = 0;
  int64_t at = 0;
  in.number(tag), in.number(at);
  if (!in.whole()) return RL_WRONG;
  {
    const std::lock_guard lock(mutex_);
    number = ++numbers_;
    timers_[number] = tag;
  }
  return host_->timer(host_, number, at);
}

int32_t Supervisor::serve_event(Service service, Unpacker& in) {
  if (service == Service::heard) {
    rl_heard heard{};
    fields(in, heard);
    if (!in.whole()) return RL_WRONG;
    return is_open(heard.call) ? host_->heard(host_, &heard) : RL_GONE;
  }
  rl_op op = 0;
  rl_event event{};
  in.number(op), fields(in, event);
  if (!in.whole()) return RL_WRONG;
  return op == 0 || is_open(op) ? host_->emit(host_, op, &event) : RL_GONE;
}

std::string Supervisor::sign(Unpacker& in) {
  uint32_t algorithm = 0, version = 0;
  rl_str secret{}, data{};
  uint8_t out[64];
  in.number(algorithm), in.text(secret), in.number(version), in.text(data);
  if (!in.whole()) return {};
  const size_t length = host_->hmac(host_, algorithm, secret, version, data, out);
  return {reinterpret_cast<const char*>(out), length};
}

void Supervisor::serve(Service service, Unpacker& in, Packer& answer) {
  switch (service) {
    case Service::http:
    case Service::smtp: return answer.number(serve_io(service, in));
    case Service::timer: return answer.number(serve_timer(in));
    case Service::now: return answer.number(host_->now(host_));
    case Service::emit:
    case Service::heard: return answer.number(serve_event(service, in));
    case Service::hmac: {
      const std::string signature = sign(in);
      return answer.raw(signature.data(), signature.size());
    }
    default: break;
  }
  rl_op op = 0;
  uint32_t wire = 0;
  in.number(op), in.number(wire);
  const bool open = in.whole() && [&] {
    const std::lock_guard lock(mutex_);
    const auto found = open_.find(op);
    if (found == open_.end()) return false;
    found->second.effect = true;
    return true;
  }();
  if (open) host_->effect(host_, op, wire);
}

}  // namespace relance::isolation
