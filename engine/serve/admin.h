// What operators ask of a running node, over the Unix socket beside its store: the file's mode
// authorises. One change after the other, on a thread of its own; who comes while one is under way
// is refused (reload_under_way).
//
//   POST /v1/admin/reload      {author, reason, dry_run, generation}: the files, or what the store
//                              holds of a generation; -1: of the one before
//   POST /v1/admin/migrate     {author, flow, also, undo, dry_run}: runs of earlier versions of a
//                              flow
//   POST /v1/admin/pause       what is held from now on (pause_desk.h)
//   POST /v1/admin/resume      what a pause holds, and how that goes on
//   GET  /v1/admin/generation  which one is live, and the directory of its files
//   POST /v1/admin/handoff     what a person does with an item (handoff_desk.h); any number at once
//   POST /v1/admin/customer    what a customer asks about his data (customer_desk.h); likewise
//
// A refusal is a JSON problem with `errors`, each with its place.
// Threads: handle() and reload_soon() from any. Owns: the socket and the thread, which also lets go
// of generations that nothing holds any more. Lifetime: generations and node outlive it. Fails: an
// engine whose socket cannot be made runs without one; the log says why.
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <thread>

#include "net/http_server.h"
#include "node/generations.h"

namespace relance {

// The socket beside a store; empty for one in memory.
std::string admin_socket(const std::string& store);

class Admin {
 public:
  struct Ports {
    Generations& generations;
    NodeCore& node;
  };
  // What a command answers; `asked`: its body, a record.
  using Work = std::function<ServerAnswer(const Doc& asked)>;

  explicit Admin(Ports ports);
  ~Admin();

  // At the socket beside this store.
  void listen(const std::string& store);
  // Before it listens.
  void add(const std::string& method, const std::string& path, Work work);
  void handle(ServerRequest request, HttpServer::Respond respond);
  // Reloads the files as soon as nothing else is under way; what comes of it is told in the log.
  void reload_soon(Activation who);
  // Looks at the files every half second, and reloads where they have changed. For development.
  void watch_files();

 private:
  using Told = std::function<void()>;  // who asked, once the next change may begin
  using Task = std::function<Told()>;
  ServerAnswer reload(const Doc& asked);
  ServerAnswer migrate(const Doc& asked);
  ServerAnswer generation() const;
  void look_at_files();
  void work();

  const Ports ports_;
  std::map<std::pair<std::string, std::string>, Work> commands_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Task> tasks_;
  bool busy_ = false, over_ = false, watching_ = false;
  BundleSources seen_, tried_;  // the files when they were last looked at, and last reloaded
  std::thread thread_;
  std::unique_ptr<HttpServer> server_;
};

}  // namespace relance
