// A provider of e-mail over HTTP with an idempotency key: POST /emails, GET /emails?key=KEY. The
// same key with the same body is answered again and sends nothing, with another body it gets 422; a
// bearer token is wanted.
//
// Threads: any.
#pragma once

#include "providers/fake_provider.h"

namespace relance {

class FakeMailApi : public FakeProvider {
 public:
  explicit FakeMailApi(std::string token = "mail-token");
  ~FakeMailApi() override { close(); }

 private:
  ServerAnswer send(const FakeRequest& request);
  ServerAnswer find(const FakeRequest& request) const;

  std::string token_;
  std::vector<std::pair<std::string, std::string>> bodies_;  // by key
};

}  // namespace relance
