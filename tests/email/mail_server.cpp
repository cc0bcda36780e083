#include "email/mail_server.h"

#include <rapidjson/document.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "channels/email/shared/mime_read.h"

namespace relance {
namespace {

constexpr int kStepMs = 10, kSteps = 2000;

std::filesystem::path own_folder() {
  std::string name = std::filesystem::temp_directory_path() / "relance-mail-XXXXXX";
  REQUIRE(::mkdtemp(name.data()) != nullptr);
  return name;
}

std::string quoted(const std::string& text) { return "\"" + text + "\""; }

}  // namespace

MailServer::MailServer(Tls tls, const std::string& user, const std::string& password)
    : folder_(own_folder()), scheme_(tls == Tls::implicit ? "smtps" : "smtp") {
  const char* const name = tls == Tls::none       ? "none"
                           : tls == Tls::starttls ? "starttls"
                                                  : "implicit";
  const std::string options = R"({"folder":)" + quoted(folder_) + R"(,"tls":)" + quoted(name) +
                              R"(,"certificate":)" + quoted(ca_file()) + R"(,"key":)" +
                              quoted(certificate_.key_file()) + R"(,"user":)" + quoted(user) +
                              R"(,"password":)" + quoted(password) + "}";
  process_ = std::make_unique<test::ChildProcess>(
      std::vector<std::string>{"/usr/bin/python3", RELANCE_SOURCE_DIR "/tests/email/mail_server.py",
                               options},
      test::ChildProcess::Options{folder_ / "log", {}, false});
  for (int step = 0; step < kSteps && !std::filesystem::exists(folder_ / "port"); ++step)
    if (process_->ends_within(kStepMs)) break;
  std::ifstream(folder_ / "port") >> port_;
  INFO("is the package python3-aiosmtpd installed? see " << (folder_ / "log"));
  REQUIRE(port_ > 0);
}

MailServer::~MailServer() {
  process_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string MailServer::url() const { return scheme_ + "://127.0.0.1:" + std::to_string(port_); }

std::vector<MailServer::Message> MailServer::messages() const {
  std::vector<Message> messages;
  std::ifstream ledger(folder_ / "ledger");
  for (std::string line; std::getline(ledger, line);) {
    rapidjson::Document json;
    json.Parse(line.c_str());
    if (!json.IsObject()) continue;  // the last is being written
    messages.push_back({json["from"].GetString(), json["to"][0].GetString(),
                        json["user"].GetString(), email::decode_base64(json["message"].GetString()),
                        json["tls"].GetBool()});
  }
  return messages;
}

}  // namespace relance
