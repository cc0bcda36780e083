// A certificate for 127.0.0.1, or for another name, that vouches for itself, and its key, as PEM
// files; made by the distribution's openssl. Threads: one. Owns: the files.
#pragma once

#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <string>

#include "scenarios/child_process.h"

namespace relance {

class Certificate {
 public:
  // `name`: as openssl writes a subjectAltName.
  explicit Certificate(const std::string& subject = "IP:127.0.0.1") {
    std::string name = std::filesystem::temp_directory_path() / "relance-certificate-XXXXXX";
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    folder_ = name;
    test::ChildProcess made(
        {"/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
         "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=" + subject, "-keyout", key_file(), "-out", file()},
        {folder_ / "log", {}, false});
    REQUIRE(made.ends_within(20'000));
    REQUIRE(made.exit() == 0);
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
  std::filesystem::path folder_;
};

}  // namespace relance
