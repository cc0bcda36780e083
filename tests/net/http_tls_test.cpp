// The HTTP server over TLS, with a certificate that the test makes.
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>

#include "net/raw_client.h"
#include "net/serving.h"

using namespace relance;
using namespace relance::test;

namespace {

// A self-signed certificate for localhost and its key, as PEM files that go with it.
class MadeCertificate {
 public:
  MadeCertificate()
      : folder_(std::filesystem::temp_directory_path() /
                ("relance_tls_" + std::to_string(getpid()))) {
    std::filesystem::create_directories(folder_);
    EVP_PKEY* key = EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
    X509* certificate = X509_new();
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    X509_NAME* name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
    X509_set_issuer_name(certificate, name);
    X509_sign(certificate, key, EVP_sha256());
    write(certificate_file(), [&](FILE* to) { return PEM_write_X509(to, certificate); });
    write(key_file(), [&](FILE* to) {
      return PEM_write_PrivateKey(to, key, nullptr, nullptr, 0, nullptr, nullptr);
    });
    X509_free(certificate);
    EVP_PKEY_free(key);
  }
  ~MadeCertificate() { std::filesystem::remove_all(folder_); }
  std::string certificate_file() const { return folder_ / "certificate.pem"; }
  std::string key_file() const { return folder_ / "key.pem"; }

 private:
  template <class Put>
  static void write(const std::string& path, Put put) {
    FILE* to = std::fopen(path.c_str(), "w");
    REQUIRE(to);
    REQUIRE(put(to) == 1);
    std::fclose(to);
  }
  std::filesystem::path folder_;
};

}  // namespace

TEST_CASE("over TLS requests are served as over plain text") {
  const MadeCertificate made;
  ServerOptions options;
  options.certificate_file = made.certificate_file();
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
  const MadeCertificate made;
  ServerOptions options;
  options.certificate_file = made.certificate_file();
  options.key_file = made.key_file();
  options.header_time = milliseconds(50);
  Serving serving(echo, options);
  RawClient client(serving.address());
  client.send("\x16\x03\x01");
  REQUIRE(client.closed());
}

TEST_CASE("a certificate that cannot be used is named") {
  const MadeCertificate made;
  ServerOptions options;
  options.listen = "127.0.0.1:0";
  options.certificate_file = made.certificate_file();
  options.key_file = made.key_file() + ".missing";
  const auto refused = start_http_server(options, echo);
  REQUIRE_FALSE(refused.ok());
  REQUIRE(refused.error().code == Code::listen_failed);
  REQUIRE(refused.error().message.find("key.pem.missing") != std::string::npos);
}
