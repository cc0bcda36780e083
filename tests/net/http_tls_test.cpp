// The HTTP server over TLS, with a certificate that the test makes.
#include <catch2/catch.hpp>

#include "net/raw_client.h"
#include "net/serving.h"
#include "support/certificate.h"

using namespace relance;
using namespace relance::test;

TEST_CASE("over TLS requests are served as over plain text") {
  const Certificate made;
  ServerOptions options;
  options.certificate_file = made.file();
  options.key_file = made.key_file();
  options.header_time = seconds(5);
  Serving serving(echo, options);
  RawClient client(serving.address(), true);
  REQUIRE(client.greeted());
  for (const std::string& body : {std::string("one"), std::string(100'000, 'x')}) {
    client.send(post("/", body));
    REQUIRE(body_of(client.read_answer()) == body);
  }
  client.send(post("/", "a") + post("/", "b", "Connection: close\r\n"));
  REQUIRE(body_of(client.read_answer()) == "a");
  REQUIRE(body_of(client.read_answer()) == "b");
  REQUIRE(client.closed());

  RawClient plain(serving.address());
  plain.send(post("/", "in the open"));
  const std::string answer = plain.read_answer();
  REQUIRE(answer.find("in the open") == std::string::npos);
}

TEST_CASE("who never ends the TLS handshake is cut off", "[bad_input]") {
  const Certificate made;
  ServerOptions options;
  options.certificate_file = made.file();
  options.key_file = made.key_file();
  options.header_time = milliseconds(50);
  Serving serving(echo, options);
  RawClient client(serving.address());
  client.send("\x16\x03\x01");
  REQUIRE(client.closed());
}

TEST_CASE("a certificate that cannot be used is named") {
  const Certificate made;
  ServerOptions options;
  options.listen = "127.0.0.1:0";
  options.certificate_file = made.file();
  options.key_file = made.key_file() + ".missing";
  const auto refused = start_http_server(options, echo);
  REQUIRE_FALSE(refused.ok());
  REQUIRE(refused.error().code == Code::listen_failed);
  REQUIRE(refused.error().message.find("key.pem.missing") != std::string::npos);
}
