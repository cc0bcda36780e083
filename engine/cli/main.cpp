#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <filesystem>
#include <new>

#include "base/process.h"
#include "cli/command.h"
#include "cli/version.h"

namespace {

// Where the system gives no more, nothing can be said in other words, or cleaned up.
template <std::size_t kSize>
[[noreturn]] void end_with(const char (&text)[kSize]) {
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text, kSize - 1);
  std::_Exit(relance::cli::kCannotOpen);
}

void end_without_memory() {
  end_with("error E0009: no memory is left; ended at once, everything acknowledged is kept\n");
}

// A thread that cannot be started: too little memory for its stack, or a limit on processes.
// The standard library and TBB agree in nothing but the system's text.
bool lacks_threads(const std::exception& error) {
  return std::strstr(error.what(), std::strerror(EAGAIN)) != nullptr;
}

// A library may throw where no memory is left, on any thread.
void end_uncaught() {
  try {
    if (const auto uncaught = std::current_exception()) std::rethrow_exception(uncaught);
  } catch (const std::bad_alloc&) {
    end_without_memory();
  } catch (const std::exception& error) {
    if (lacks_threads(error))
      end_with(
          "error E0009: the system gives no more threads (memory, or a limit on processes); "
          "ended at once, everything acknowledged is kept\n");
    std::fprintf(stderr, "error E0001: %s\n", error.what());
  } catch (...) {
    std::fprintf(stderr, "error E0001: an exception of an unknown kind\n");
  }
  std::abort();
}

}  // namespace

int main(int argc, char** argv) {
  using namespace relance::cli;
  std::set_new_handler(end_without_memory);
  std::set_terminate(end_uncaught);
  const relance::SystemProcess ends_at_crash_points;  // where a test asks for it
  Program program;
  std::error_code unreadable;
  program.executable = std::filesystem::read_symlink("/proc/self/exe", unreadable).string();
  program.app.require_subcommand(1);
  program.app.set_version_flag("--version", version_text(), "say which release this is");
  for (AddCommand add :
       {add_run,      add_serve, add_token,  add_inspect, add_settle,      add_handoff,
        add_customer, add_pause, add_resume, add_reload,  add_generations, add_migrate,
        add_store,    add_check, add_audit,  add_report,  add_graph,       add_plugin,
        add_new,      add_meta,  add_talk,   add_test,    add_manual})
    add(program);
  try {
    program.app.parse(argc, argv);
  } catch (const CLI::ParseError& wrong) {
    const int code = program.app.exit(wrong);
    return code == 0 ? kDone : kWrongCall;
  }
  return program.exit;
}
