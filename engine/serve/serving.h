// `relance serve`: an installation that takes events and webhooks over HTTP until it is stopped.
//
// It listens before the store is open, and answers 503 until the node is ready, so that senders
// wait rather than fail.
// Threads: interrupt() from any; the rest from the one that made it. Fails: with every error of the
// bundle's plugins, of the store or of the address.
#pragma once

#include "net/http_server.h"
#include "node/installation.h"
#include "serve/admin.h"
#include "serve/intake.h"

namespace relance {

struct ServeOptions {
  InstallationOptions installation;
  ServerOptions http;
  std::string socket;      // Unix socket beside it, whose file mode authorises; empty: none
  std::string tokens;      // file of tokens.h; empty: whoever reaches the address may send events
  std::string public_url;  // where providers reach it; empty: where it listens
  bool watch = false;      // reload where the bundle's files change: for development
};

class Serving {
 public:
  static Result<std::unique_ptr<Serving>> make(std::shared_ptr<const Bundle> bundle,
                                               PluginLibrary& library, ServeOptions options,
                                               std::vector<Error>& errors);
  ~Serving();

  std::string address() const { return server_->address(); }
  std::string public_url() const { return public_url_; }
  Installation& installation() { return *installation_; }
  Admin& admin() { return *admin_; }

  // Nothing is taken and no touch begun any more; then stop().
  void interrupt() { installation_->interrupt(); }
  // Answers what was begun, waits up to `patience` for what is under way, writes every snapshot.
  Status stop(Duration patience);

 private:
  Serving() = default;
  void answer(ServerRequest request, HttpServer::Respond respond);
  Status listen(const ServeOptions& options);

  std::atomic<Intake*> ready_ = nullptr;
  std::string public_url_;
  std::unique_ptr<Tokens> tokens_;
  std::unique_ptr<Intake> intake_;  // outlives what the installation still answers
  std::unique_ptr<Installation> installation_;
  std::unique_ptr<Admin> admin_;
  std::unique_ptr<HttpServer> server_, local_;
};

// The secret that signs callback addresses (plugins/callback_urls.h): of the environment's
// RELANCE_CALLBACK_SECRET, else of a file beside the store, which is made with mode 0600 where
// there is none. Callbacks of touches that were sent with another secret are refused. Fails with
// file_unreadable.
Result<std::string> callback_secret(const std::string& store, const Process& process);

}  // namespace relance
