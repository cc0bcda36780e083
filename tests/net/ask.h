// A request or mail, and its reply waited for.
#pragma once

#include <future>

#include "net/net.h"

namespace relance {

inline HttpRequest post_to(std::string url, std::string body = "amount=1") {
  HttpRequest request;
  request.method = "POST";
  request.url = std::move(url);
  request.body = std::move(body);
  return request;
}

inline std::future<HttpReply> begin(Net& net, HttpRequest request, uint64_t* ticket = nullptr) {
  auto promise = std::make_shared<std::promise<HttpReply>>();
  const uint64_t given = net.http(
      std::move(request), [promise](HttpReply reply) { promise->set_value(std::move(reply)); });
  if (ticket) *ticket = given;
  return promise->get_future();
}

inline std::future<HttpReply> begin(Net& net, MailRequest request, uint64_t* ticket = nullptr) {
  auto promise = std::make_shared<std::promise<HttpReply>>();
  const uint64_t given = net.mail(
      std::move(request), [promise](HttpReply reply) { promise->set_value(std::move(reply)); });
  if (ticket) *ticket = given;
  return promise->get_future();
}

}  // namespace relance
