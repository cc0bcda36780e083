#include "cli/acknowledgements.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "base/doc.h"

namespace relance::cli {
namespace {

const char* word_of(Accepted how) {
  switch (how) {
    case Accepted::kept: return "kept";
    case Accepted::duplicate: return "duplicate";
    case Accepted::refused: break;
  }
  return "refused";
}

}  // namespace

// Whoever reads them may go: that is told when a line is lost, and does not end the process.
Result<std::unique_ptr<Acknowledgements>> Acknowledgements::open(const std::string& path) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (file < 0)
    return Error{
        Code::file_unreadable, path + " cannot be written: " + std::strerror(errno), {}, ""};
  std::signal(SIGPIPE, SIG_IGN);
  return std::unique_ptr<Acknowledgements>(new Acknowledgements(file));
}

Acknowledgements::~Acknowledgements() { ::close(file_); }

AcceptedBy Acknowledgements::of(const EventInput& event) {
  return [this, id = event.id, source = event.source](Accepted how) {
    write(to_json(Doc::record(
        {{"id", Doc::text(id)}, {"source", Doc::text(source)}, {"ack", Doc::text(word_of(how))}})));
  };
}

void Acknowledgements::rejected(uint64_t line, const Error& error) {
  write(to_json(Doc::record({{"line", Doc::integer(static_cast<int64_t>(line))},
                             {"ack", Doc::text("rejected")},
                             {"code", Doc::text(code_text(error.code))}})));
}

// In one write, so that lines of several threads do not mix.
void Acknowledgements::write(std::string line) {
  line += '\n';
  ssize_t written = 0;
  do {
    written = ::write(file_, line.data(), line.size());
  } while (written < 0 && errno == EINTR);
  if (written != static_cast<ssize_t>(line.size())) ++lost_;
}

}  // namespace relance::cli
