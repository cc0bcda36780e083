// A sandboxed provider in a test: sends touches by key, reads its effect ledger back.
#pragma once

#include <cstdio>
#include <fstream>
#include <sstream>

#include "abi/fake_host.h"

namespace abi {

constexpr int64_t kMinute = 60 * 1000, kHour = 60 * kMinute, kDay = 24 * kHour;

// A file that is not there yet, and is gone afterwards.
struct EffectFile {
  explicit EffectFile(const std::string& name) : path(RELANCE_BUILD_DIR "/" + name) { remove(); }
  ~EffectFile() { remove(); }
  std::vector<std::string> lines() const {
    std::ifstream file(path);
    std::vector<std::string> all;
    for (std::string line; std::getline(file, line);) all.push_back(line);
    return all;
  }
  std::string path;

 private:
  void remove() const {
    std::remove(path.c_str());
    std::remove((path + ".reactions").c_str());
  }
};

struct Message {
  std::string key = "key-1", address = {}, data = "{}", text = {}, customer = "c-1";
  uint32_t try_no = 1, flags = 0;
  int64_t not_after = 0;
};

class Sandbox {
 public:
  Sandbox(FakeHost& host, const std::string& config) : instance(host, "relance.sandbox", config) {
    table = &instance.table<rl_channel>(RL_CHANNEL);
  }

  rl_op send(const Message& message) {
    return with_touch(message, [this](rl_op op, const rl_touch* touch) {
      table->send(instance.self(), op, touch);
    });
  }
  rl_op lookup(const Message& message) {
    return with_touch(message, [this](rl_op op, const rl_touch* touch) {
      table->lookup(instance.self(), op, touch, nullptr, 0);
    });
  }

  Instance instance;
  const rl_channel* table = nullptr;

 private:
  template <class Call>
  rl_op with_touch(const Message& message, Call&& call) {
    rl_part part{};
    part.struct_size = sizeof part;
    part.role = str("text");
    part.bytes = str(message.text);
    const rl_part* parts[] = {&part};
    rl_touch touch{};
    touch.struct_size = sizeof touch;
    touch.flags = message.flags;
    message.key.copy(reinterpret_cast<char*>(touch.key.bytes), sizeof touch.key.bytes);
    touch.key_text = str(message.key);
    touch.try_no = message.try_no;
    touch.parts = parts;
    touch.parts_count = 1;
    touch.customer = str(message.customer);
    touch.address = str(message.address);
    touch.data = str(message.data);
    touch.not_after = message.not_after;
    const rl_op op = instance.next_op();
    call(op, &touch);
    return op;
  }
};

}  // namespace abi
