#include "real_kannel.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <fstream>
#include <sstream>

namespace relance {
namespace {

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// Free at this moment, and below those that the system gives to outgoing connections: nobody takes
// it by chance before Kannel does.
int free_port() {
  static int next = 20000 + ::getpid() % 1000 * 10;
  for (int tries = 0; tries < 1000; ++tries) {
    const int port = next++;
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(port);
    const bool free =
        ::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    ::close(socket);
    if (free) return port;
  }
  FAIL("no port is free");
  return 0;
}

bool listens(int port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port);
  const bool yes =
      ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(socket);
  return yes;
}

// Other programs tell nobody when they are ready.
void look_again_later() { ::poll(nullptr, 0, 10); }
constexpr int kTries = 2000;  // 20 s

template <class Holds>
void wait_until(const Holds& holds) {
  for (int tries = 0; !holds(); ++tries) {
    REQUIRE(tries < kTries);
    look_again_later();
  }
}

size_t count_of(const std::string& text, const std::string& words) {
  size_t count = 0;
  for (size_t at = text.find(words); at != std::string::npos; at = text.find(words, at + 1)) {
    ++count;
  }
  return count;
}

}  // namespace

RealKannel::RealKannel(const std::string& get_url)
    : admin_port_(free_port()),
      box_port_(free_port()),
      smsc_port_(free_port()),
      send_port_(free_port()) {
  std::ofstream(folder_.path / "kannel.conf") << configuration(get_url);
  const std::string file = folder_.path / "kannel.conf";
  run(bearerbox_, {"/usr/sbin/bearerbox", file}, "bearerbox.out");
  wait_until([this] { return listens(box_port_) && listens(admin_port_); });
  run(smsbox_, {"/usr/sbin/smsbox", file}, "smsbox.out");
  wait_until([this] { return listens(send_port_); });
}

RealKannel::~RealKannel() = default;

RealKannel::Folder::Folder() {
  std::string name = std::filesystem::temp_directory_path() / "kannel-XXXXXX";
  REQUIRE(::mkdtemp(name.data()) != nullptr);
  path = name;
}

RealKannel::Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path, ignored);
}

std::string RealKannel::configuration(const std::string& get_url) const {
  std::ostringstream text;
  text << "group = core\nadmin-port = " << admin_port_ << "\nadmin-interface = 127.0.0.1\n"
       << "admin-password = none-knows\nsmsbox-port = " << box_port_
       << "\nsmsbox-interface = 127.0.0.1\nbox-allow-ip = 127.0.0.1\nlog-file = "
       << (folder_.path / "bearerbox.log").string() << "\nlog-level = 0\ndlr-storage = internal\n\n"
       << "group = smsc\nsmsc = fake\nsmsc-id = fake\nport = " << smsc_port_
       << "\nconnect-allow-ip = 127.0.0.1\ndenied-prefix = \"" << kNotRoutable << "\"\n\n"
       << "group = smsbox\nbearerbox-host = 127.0.0.1\nsendsms-port = " << send_port_
       << "\nsendsms-interface = 127.0.0.1\nlog-file = " << (folder_.path / "smsbox.log").string()
       << "\nlog-level = 0\nhttp-request-retry = 5\nhttp-queue-delay = 1\n\n"
       << "group = sendsms-user\nusername = " << kUser << "\npassword = " << kPassword
       << "\nmax-messages = 10\nconcatenation = true\n\n";
  if (!get_url.empty()) {
    text << "group = sms-service\nkeyword = default\ncatch-all = true\nmax-messages = 0\n"
         << "get-url = \"" << get_url << "\"\n";
  }
  return text.str();
}

void RealKannel::run(Program& program, const std::vector<std::string>& words,
                     const std::string& log) const {
  const std::string path = folder_.path / log;
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  INFO("is it installed? " << words[0]);
  REQUIRE(::access(words[0].c_str(), X_OK) == 0);
  program.id = ::fork();
  if (program.id == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // where the test is killed itself
    const int out = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    ::dup2(out, STDOUT_FILENO);
    ::dup2(out, STDERR_FILENO);
    ::execv(arguments[0], arguments.data());
    ::_exit(127);
  }
  REQUIRE(program.id > 0);
}

// What does not end when asked is killed.
void RealKannel::Program::stop() {
  if (id <= 0) return;
  ::kill(id, SIGTERM);
  for (int tries = 0; tries < kTries / 4; ++tries) {
    if (::waitpid(id, nullptr, WNOHANG) == id) {
      id = 0;
      return;
    }
    look_again_later();
  }
  ::kill(id, SIGKILL);
  ::waitpid(id, nullptr, 0);
  id = 0;
}

std::string RealKannel::send_url() const {
  return "http://127.0.0.1:" + std::to_string(send_port_) + "/cgi-bin/sendsms";
}

std::string RealKannel::text_of(const std::string& log) const {
  std::ifstream file(folder_.path / log);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void RealKannel::wait_for(const std::string& log, const std::string& words, size_t times) const {
  INFO("waiting for '" << words << "' in " << log);
  wait_until([&] { return count_of(text_of(log), words) >= times; });
}

void RealKannel::connect_smsc(const std::vector<std::string>& messages) {
  smsc_.stop();
  std::vector<std::string> words{"/usr/lib/kannel/test/fakesmsc", "-H", "127.0.0.1", "-r",
                                 std::to_string(smsc_port_),      "-i", "0.01",      "-m",
                                 std::to_string(messages.size())};
  words.insert(words.end(), messages.begin(), messages.end());
  if (messages.empty()) words.emplace_back("1 2 text never-sent");
  run(smsc_, words, "smsc.out");
  wait_for("bearerbox.log", "Fakesmsc client connected", ++connected_);
}

// Its log has a line for each: "... Got message 1: <ACME +48601234567 text Hello>".
std::vector<std::string> RealKannel::sent() const {
  const std::string text = text_of("smsc.out");
  std::vector<std::string> sent;
  for (size_t at = text.find("Got message "); at != std::string::npos;
       at = text.find("Got message ", at + 1)) {
    const size_t from = text.find('<', at), end = text.find(">\n", at);
    if (from == std::string::npos || end == std::string::npos) break;
    sent.push_back(text.substr(from + 1, end - from - 1));
  }
  return sent;
}

std::vector<std::string> RealKannel::sent(size_t count) const {
  wait_until([&] { return sent().size() >= count; });
  return sent();
}

}  // namespace relance
