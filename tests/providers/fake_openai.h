// A server that speaks OpenAI's chat completions and says what a test tells it to. It is strict: a
// request that a real server would not take, or that holds a field not all of them know, gets 400.
//
// Threads: any.
#pragma once

#include <deque>
#include <mutex>

#include "base/doc.h"
#include "providers/fake_provider.h"

namespace relance {

class FakeOpenAi : public FakeProvider {
 public:
  // `key`: what the client has to show; empty: nothing, as local servers do.
  explicit FakeOpenAi(std::string key = "sk-of-a-test");
  ~FakeOpenAi() override { close(); }

  std::string base_url() const { return url() + "/v1"; }
  // What the model says next, in order; then for ever what say_always() says ("" at first).
  void say(std::string content);
  void say_always(std::string content);
  void refuse();   // the next answer holds a refusal and no content
  void cut_off();  // the next answer ends by `length`, in the middle
  // The bodies of the requests that were taken, in order.
  std::vector<Doc> asked() const;

  static constexpr int kPromptTokens = 100, kAnswerTokens = 20;  // of every answer

 private:
  struct Turn {
    std::string content, refusal, finish = "stop";
  };
  ServerAnswer complete(const FakeRequest& request);
  static ServerAnswer problem(int status, const std::string& type, const std::string& message);

  std::string key_;
  mutable std::mutex turns_mutex_;
  std::deque<Turn> turns_;
  std::string always_;
  std::vector<Doc> asked_;
};

}  // namespace relance
