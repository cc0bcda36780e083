#include "serve/serving.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "base/log.h"
#include "base/random.h"
#include "serve/handles.h"
#include "serve/problem.h"
#include "store/beside.h"

namespace relance {
namespace {

constexpr const char* kSecretVariable = "RELANCE_CALLBACK_SECRET";
constexpr size_t kLeastSecret = 16;
constexpr size_t kLocalConnections = 64;  // of this machine's own programs

// Nobody is asked for a token: then nobody else may reach the address.
Status open_to_whom(const ServeOptions& options) {
  const std::string& listen = options.http.listen;
  const bool here = listen.starts_with("127.") || listen.starts_with("localhost:") ||
                    listen.starts_with("[::1]:") || listen.starts_with("unix:");
  if (here || !options.tokens.empty()) return {};
  return Error{Code::usage,
               "whoever reaches " + listen + " could send events",
               {},
               "give --tokens FILE (made by `relance token new NAME --tokens FILE`)"};
}

std::string fresh_secret() {
  SystemRandom random;
  return fmt::format("{:016x}{:016x}", random.next(), random.next());
}

// Whole or not at all, and only where there is none: a secret that was cut off would refuse every
// start from then on. What could not be kept is found out by reading it.
void keep_secret(const std::string& path, const std::string& secret) {
  if (::access(path.c_str(), F_OK) == 0) return;
  const std::string draft = fmt::format("{}.{}", path, getpid());
  const int file = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return;
  const bool whole =
      write(file, secret.data(), secret.size()) == static_cast<ssize_t>(secret.size()) &&
      fsync(file) == 0;
  close(file);
  if (whole) static_cast<void>(link(draft.c_str(), path.c_str()));  // the first of several wins
  unlink(draft.c_str());
}

}  // namespace

Result<std::string> callback_secret(const std::string& store, const Process& process) {
  if (const auto given = process.environment(kSecretVariable)) {
    if (given->size() >= kLeastSecret) return *given;
    return Error{Code::missing_secret,
                 std::string(kSecretVariable) + " is too short",
                 {},
                 "give at least 16 characters"};
  }
  const std::string path = beside_store(store, "-callback-secret");
  if (path.empty()) return fresh_secret();  // a store in memory
  const Error unusable{Code::file_unreadable,
                       "the secret of callback addresses cannot be kept",
                       {path, 0},
                       std::string("set ") + kSecretVariable};
  keep_secret(path, fresh_secret());
  std::ifstream in(path);
  std::string secret;
  if (!(in >> secret) || secret.size() < kLeastSecret) return unusable;
  return secret;
}

Status Serving::listen(const ServeOptions& options) {
  const auto handler = [this](ServerRequest request, HttpServer::Respond respond) {
    answer(std::move(request), std::move(respond));
  };
  ServerOptions http = options.http;
  http.most_connections = connections_with_handles(http.most_connections);
  auto server = start_http_server(http, handler);
  if (!server) return server.error();
  server_ = std::move(*server);
  if (options.socket.empty()) return {};
  ServerOptions local;
  local.listen = "unix:" + options.socket;
  local.most_connections = kLocalConnections;
  auto socket = start_http_server(local, handler);
  if (!socket) return socket.error();
  local_ = std::move(*socket);
  return {};
}

void Serving::answer(ServerRequest request, HttpServer::Respond respond) {
  Intake* intake = ready_.load(std::memory_order_acquire);
  if (!intake) return respond(try_later("it is starting"));
  intake->handle(std::move(request), std::move(respond));
}

Result<std::unique_ptr<Serving>> Serving::make(std::shared_ptr<const Bundle> bundle,
                                               PluginLibrary& library, ServeOptions options,
                                               std::vector<Error>& errors) {
  const auto failed = [&](const Error& error) {
    errors.push_back(error);
    return error;
  };
  std::unique_ptr<Serving> made(new Serving());
  if (auto open = open_to_whom(options); !open) return failed(open.error());
  if (!options.tokens.empty()) {
    auto tokens = Tokens::open(options.tokens);
    if (!tokens) return failed(tokens.error());
    made->tokens_ = std::move(*tokens);
  }
  const SystemProcess this_process;
  const Process* given = options.installation.process;
  const auto secret = callback_secret(options.installation.store, given ? *given : this_process);
  if (!secret) return failed(secret.error());
  if (auto listens = made->listen(options); !listens) return failed(listens.error());
  const char* scheme = options.http.certificate_file.empty() ? "http://" : "https://";
  made->public_url_ = options.public_url.empty() ? scheme + made->address() : options.public_url;
  options.installation.callbacks = CallbackUrls(made->public_url_, *secret);
  const std::string store = options.installation.store;
  auto installation =
      Installation::make(std::move(bundle), library, std::move(options.installation), errors);
  if (!installation) return installation.error();
  made->installation_ = std::move(*installation);
  Installation& live = *made->installation_;
  made->intake_ = std::make_unique<Intake>(Intake::Ports{
      live.node(), live.generations(), *live.callbacks(), live.clock(), made->tokens_.get()});
  made->admin_ = std::make_unique<Admin>(Admin::Ports{live.generations(), live.node()});
  made->admin_->listen(store);
  if (options.watch) made->admin_->watch_files();
  made->ready_ = made->intake_.get();
  return made;
}

Serving::~Serving() {
  ready_ = nullptr;
  admin_.reset();
  server_.reset();
  local_.reset();
}

Status Serving::stop(Duration patience) {
  admin_.reset();  // what is under way ends first
  installation_->interrupt();
  server_->close(patience);
  if (local_) local_->close(patience);
  return installation_->stop(patience);
}

}  // namespace relance
