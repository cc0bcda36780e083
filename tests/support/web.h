// One HTTP request at a time, over the engine's own net.
#pragma once

#include <future>

#include "net/net.h"

namespace relance {

class Web {
 public:
  using Headers = std::vector<std::pair<std::string, std::string>>;

  HttpReply ask(std::string method, std::string url, std::string body = {}, Headers headers = {}) {
    HttpRequest request;
    request.method = std::move(method);
    request.url = std::move(url);
    request.body = std::move(body);
    request.headers = std::move(headers);
    std::promise<HttpReply> reply;
    net_->http(std::move(request), [&](HttpReply given) { reply.set_value(std::move(given)); });
    return reply.get_future().get();
  }

 private:
  std::unique_ptr<Net> net_ = make_curl_net();
};

}  // namespace relance
