// A certificate for 127.0.0.1, or for another name, that vouches for itself, and its key, as PEM
// files. Threads: one. Owns: the files.
#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

namespace relance {

class Certificate {
 public:
  // `subject`: as openssl writes a subjectAltName. It is valid since two days ago, for `hours` from
  // now; negative: it has expired.
  explicit Certificate(const std::string& subject = "IP:127.0.0.1", int hours = 1) {
    std::string name = std::filesystem::temp_directory_path() / "relance-certificate-XXXXXX";
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    folder_ = name;
    const Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"), EVP_PKEY_free);
    const Made made(X509_new(), X509_free);
    REQUIRE((key && made));
    fill(*made, *key, subject, hours);
    write(file(), [&](FILE* to) { return PEM_write_X509(to, made.get()); });
    write(key_file(), [&](FILE* to) {
      return PEM_write_PrivateKey(to, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
  }
  ~Certificate() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  Certificate(const Certificate&) = delete;
  Certificate& operator=(const Certificate&) = delete;

  std::string file() const { return folder_ / "certificate.pem"; }
  std::string key_file() const { return folder_ / "key.pem"; }

 private:
  using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
  using Made = std::unique_ptr<X509, decltype(&X509_free)>;

  static void fill(X509& made, EVP_PKEY& key, const std::string& subject, int hours) {
    constexpr long kHour = 3600;
    X509_set_version(&made, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(&made), 1);
    X509_gmtime_adj(X509_getm_notBefore(&made), -48 * kHour);
    X509_gmtime_adj(X509_getm_notAfter(&made), hours * kHour);
    X509_NAME* name = X509_get_subject_name(&made);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("127.0.0.1"), -1, -1, 0);
    X509_set_issuer_name(&made, name);
    X509_set_pubkey(&made, &key);
    const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> names(
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, subject.c_str()),
        X509_EXTENSION_free);
    REQUIRE(names);
    X509_add_ext(&made, names.get(), -1);
    REQUIRE(X509_sign(&made, &key, EVP_sha256()) != 0);
  }
  template <class Put>
  static void write(const std::string& path, Put put) {
    FILE* to = std::fopen(path.c_str(), "w");
    REQUIRE(to);
    REQUIRE(put(to) == 1);
    std::fclose(to);
  }

  std::filesystem::path folder_;
};

}  // namespace relance
