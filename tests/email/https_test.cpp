// Requests over TLS: whom the net believes.
#include <atomic>
#include <catch2/catch.hpp>

#include "net/ask.h"
#include "net/http_server.h"
#include "support/certificate.h"

using namespace relance;

TEST_CASE("a request goes over TLS only to a server that somebody vouches for") {
  const Certificate certificate;
  std::atomic<int> requests = 0;
  ServerOptions options;
  options.listen = "127.0.0.1:0";
  options.certificate_file = certificate.file();
  options.key_file = certificate.key_file();
  auto server = start_http_server(options, [&](const ServerRequest&, const auto& respond) {
    ++requests;
    respond(ServerAnswer{});
  });
  REQUIRE(server);
  const std::string url = "https://" + (*server)->address() + "/";

  const HttpReply distrusted = begin(*make_curl_net(), post_to(url)).get();
  CHECK(distrusted.status == 0);
  CHECK(distrusted.wire == Wire::not_sent);
  CHECK(requests == 0);

  NetOptions trusting;
  trusting.ca_file = certificate.file();
  const auto net = make_curl_net(trusting);
  CHECK(begin(*net, post_to(url)).get().status == 200);
  // For another name the certificate says nothing.
  const std::string alias = "https://localhost" + url.substr(url.rfind(':'));
  CHECK(begin(*net, post_to(alias)).get().wire == Wire::not_sent);
  CHECK(requests == 1);
}
