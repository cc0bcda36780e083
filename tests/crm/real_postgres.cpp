#include "crm/real_postgres.h"

#include <libpq-fe.h>
#include <poll.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <fstream>
#include <sstream>

#include "support/free_port.h"

namespace relance {
namespace {

constexpr const char* kPrograms = "/usr/lib/postgresql/15/bin/";
constexpr int kNobody = 65534;
constexpr int kTries = 2000, kBetweenMs = 10;  // 20 s

std::vector<std::string> as_user(std::vector<std::string> command) {
  command[0] = kPrograms + command[0];
  if (::geteuid() != 0) return command;
  std::vector<std::string> all = {"/usr/bin/setpriv", "--reuid=65534", "--regid=65534",
                                  "--clear-groups"};
  all.insert(all.end(), command.begin(), command.end());
  return all;
}

std::string text_of(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

using Connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;

}  // namespace

RealPostgres::RealPostgres() : port_(test::free_port()) {
  std::string name = "/tmp/relance-postgres-XXXXXX";
  REQUIRE(::mkdtemp(name.data()) != nullptr);
  folder_ = name;
  if (::geteuid() == 0) REQUIRE(::chown(name.c_str(), kNobody, kNobody) == 0);
  const std::string log = folder_ / "log";
  test::ChildProcess made(as_user({"initdb", "-D", folder_ / "data", "-U", "relance", "-A", "trust",
                                   "-E", "UTF8", "--locale=C", "--no-sync"}),
                          {log, {}, false});
  REQUIRE(made.ends_within(kTries * kBetweenMs));
  INFO(text_of(log));
  REQUIRE(made.exit() == 0);
  start();
}

RealPostgres::~RealPostgres() {
  if (server_) {
    server_->signal(SIGINT);  // fast: sessions are ended
    server_->ends_within(10'000);
    server_.reset();
  }
  std::filesystem::remove_all(folder_);
}

std::string RealPostgres::connection(int port) const {
  return "host=127.0.0.1 sslmode=disable user=relance dbname=postgres port=" +
         std::to_string(port == 0 ? port_ : port);
}

void RealPostgres::start() {
  const std::string log = folder_ / "log";
  server_ = std::make_unique<test::ChildProcess>(
      as_user({"postgres", "-D", folder_ / "data", "-p", std::to_string(port_), "-k", folder_, "-c",
               "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "shared_buffers=16MB"}),
      test::ChildProcess::Options{log, {}, false});
  for (int tries = 0; PQping(connection().c_str()) != PQPING_OK; ++tries) {
    INFO(text_of(log));
    REQUIRE(tries < kTries);
    ::poll(nullptr, 0, kBetweenMs);  // it tells nobody when it is ready
  }
}

void RealPostgres::kill() {
  server_->signal(SIGQUIT);  // immediate: no goodbye, and the next start recovers
  REQUIRE(server_->ends_within(kTries * kBetweenMs));
  server_.reset();
}

std::string RealPostgres::run(const std::string& sql) const {
  const Connection connection(PQconnectdb(this->connection().c_str()), PQfinish);
  PQsetNoticeReceiver(
      connection.get(), [](void*, const PGresult*) {}, nullptr);
  PGresult* result = PQexec(connection.get(), sql.c_str());
  const ExecStatusType status = PQresultStatus(result);
  INFO(sql << "\n" << PQerrorMessage(connection.get()));
  CHECK((status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK));
  std::string text;
  for (int row = 0; row < PQntuples(result); ++row) {
    if (row > 0) text += '\n';
    for (int i = 0; i < PQnfields(result); ++i) {
      text += (i > 0 ? "|" : "") + std::string(PQgetvalue(result, row, i));
    }
  }
  PQclear(result);
  return text;
}

}  // namespace relance
