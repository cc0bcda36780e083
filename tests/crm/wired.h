// One instance of a connector between a host small enough to see through and real HTTP on loopback:
// the clock is virtual and moves only when nothing is on the wire. Threads: one. Waits by polling
// with a deadline; gives up after 20 s.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>

#include "abi/fake_host.h"
#include "net/net.h"

namespace relance {

class Wired {
 public:
  Wired(const std::string& plugin, const std::string& config,
        std::map<std::string, std::string> secrets)
      : secrets_(std::move(secrets)), net_(make_curl_net()) {
    host.http = [this](rl_op op, uint64_t tag, const rl_http& c) { return leave(op, tag, c); };
    instance_ = std::make_unique<abi::Instance>(host, plugin, config);
  }
  ~Wired() {
    net_.reset();
    instance_.reset();
  }

  // A read of everything; `by` empty: by id.
  rl_op begin_read(const std::string& what, const std::string& value, const std::string& by = "") {
    Held& held = hold({what, by, value});
    held.read.what = abi::str(held.texts[0]);
    held.read.by = abi::str(held.texts[1]);
    held.read.value = abi::str(held.texts[2]);
    table().read(instance_->self(), held.op, &held.read);
    return held.op;
  }
  rl_op begin_page(const std::string& query, const std::string& cursor = "", uint32_t limit = 0) {
    Held& held = hold({"customer", query, cursor});
    held.read.what = abi::str(held.texts[0]);
    held.read.query = abi::str(held.texts[1]);
    held.read.cursor = abi::str(held.texts[2]);
    held.read.limit = limit;
    table().page(instance_->self(), held.op, &held.read);
    return held.op;
  }
  rl_op begin_write(const std::string& operation, const std::string& key,
                    const std::string& customer, const std::string& data,
                    const std::string& only_if = "", bool lookup = false) {
    Held& held = hold({operation, key, customer, data, only_if});
    held.write.struct_size = sizeof held.write;
    held.write.try_no = 1;
    held.write.operation = abi::str(held.texts[0]);
    held.write.key_text = abi::str(held.texts[1]);
    held.write.customer = abi::str(held.texts[2]);
    held.write.data = abi::str(held.texts[3]);
    held.write.only_if = abi::str(held.texts[4]);
    held.write.intended_at = 1767600000000;
    (lookup ? table().lookup : table().write)(instance_->self(), held.op, &held.write);
    return held.op;
  }
  abi::Result read(const std::string& what, const std::string& value, const std::string& by = "") {
    return end(begin_read(what, value, by));
  }
  abi::Result page(const std::string& query, const std::string& cursor = "", uint32_t limit = 0) {
    return end(begin_page(query, cursor, limit));
  }
  abi::Result write(const std::string& operation, const std::string& key,
                    const std::string& customer, const std::string& data,
                    const std::string& only_if = "") {
    return end(begin_write(operation, key, customer, data, only_if));
  }
  abi::Result lookup(const std::string& operation, const std::string& key,
                     const std::string& customer, const std::string& data) {
    return end(begin_write(operation, key, customer, data, "", true));
  }

  // Waits until the operation is over.
  const abi::Result& end(rl_op op) {
    while (!host.ended(op)) {
      std::unique_lock lock(mutex_);
      if (on_wire_ > 0) {
        REQUIRE(came_.wait_for(lock, std::chrono::seconds(20), [&] { return !replies_.empty(); }));
        const Came came = std::move(replies_.front());
        replies_.pop_front();
        --on_wire_;
        lock.unlock();
        hand(came);
        continue;
      }
      lock.unlock();
      uint64_t tag = 0;
      if (!host.next_timer(host.now + 3600'000, tag)) {
        REQUIRE(host.wait(op));  // on a thread of the plugin's own
        break;
      }
      instance_->plugin().on_timer(instance_->self(), tag);
    }
    return host.result(op);
  }

  const rl_connector& table() const { return instance_->table<rl_connector>(RL_CONNECTOR); }
  abi::Instance& instance() { return *instance_; }
  abi::FakeHost host;

 private:
  struct Came {
    rl_op op;
    uint64_t tag;
    HttpReply reply;
  };
  // What an operation may look at until it is over.
  struct Held {
    rl_op op = 0;
    std::vector<std::string> texts;
    rl_read read{};
    rl_write write{};
  };

  Held& hold(std::vector<std::string> texts) {
    Held& held = held_.emplace_back();
    held.op = instance_->next_op();
    held.texts = std::move(texts);
    held.read.struct_size = sizeof held.read;
    return held;
  }

  int32_t leave(rl_op op, uint64_t tag, const rl_http& c) {
    HttpRequest request;
    request.method = abi::copy(c.method);
    request.url = abi::copy(c.url);
    request.body = abi::copy(c.body);
    request.timeout = milliseconds(c.timeout_ms);
    request.most_bytes = 8u << 20;
    for (size_t i = 0; i < c.headers_count; ++i)
      request.headers.emplace_back(abi::copy(c.headers[i].name), abi::copy(c.headers[i].value));
    if (c.secret.len > 0) {
      const std::string& secret = secrets_.at(abi::copy(c.secret));
      if (c.auth == RL_AUTH_BASIC)
        request.basic = {abi::copy(c.auth_name), secret};
      else if (c.auth == RL_AUTH_HEADER)
        request.headers.emplace_back(abi::copy(c.auth_name), secret);
      else
        request.headers.emplace_back("Authorization", "Bearer " + secret);
    }
    {
      const std::lock_guard lock(mutex_);
      ++on_wire_;
    }
    net_->http(std::move(request), [this, op, tag](HttpReply reply) {
      const std::lock_guard lock(mutex_);
      replies_.push_back({op, tag, std::move(reply)});
      came_.notify_all();
    });
    return RL_OK;
  }

  void hand(const Came& came) {
    std::vector<rl_header> headers;
    for (const auto& [name, value] : came.reply.headers)
      headers.push_back({abi::str(name), abi::str(value)});
    rl_reply c{};
    c.struct_size = sizeof c;
    c.wire = came.reply.wire == Wire::not_sent   ? uint32_t{RL_NOT_SENT}
             : came.reply.wire == Wire::answered ? uint32_t{RL_ANSWERED}
                                                 : uint32_t{RL_MAYBE};
    c.status = came.reply.status;
    c.headers = headers.data();
    c.headers_count = headers.size();
    c.body = abi::str(came.reply.body);
    c.problem = abi::str(came.reply.error);
    instance_->plugin().on_io(instance_->self(), came.op, came.tag, &c);
  }

  std::map<std::string, std::string> secrets_;
  std::mutex mutex_;
  std::condition_variable came_;
  std::deque<Came> replies_;
  int on_wire_ = 0;
  std::deque<Held> held_;
  std::unique_ptr<Net> net_;
  std::unique_ptr<abi::Instance> instance_;
};

}  // namespace relance
