#include "cli/event_file.h"

#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "cli/line_source.h"

namespace relance::cli {
namespace {

constexpr size_t kLongest = 256 * 1024;

// Bytes that are no UTF-8 are kept as \xNN, so that the file stays readable and nothing is lost.
std::string readable(std::string_view bytes) {
  if (valid_utf8(bytes)) return std::string(bytes);
  static constexpr char kHex[] = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80)
      text.push_back(c);
    else
      text += {'\\', 'x', kHex[byte >> 4], kHex[byte & 15]};
  }
  return text;
}

// Beside the events; where nothing can be written there, in the working directory.
class Rejects {
 public:
  explicit Rejects(const std::string& events)
      : path_((events == "-" ? "stdin" : events) + ".rejected.jsonl") {}

  void keep(uint64_t line, const Error& error, std::string_view text) {
    if (!file_.is_open()) open();
    std::vector<std::pair<std::string, Doc>> fields{
        {"line", Doc::integer(static_cast<int64_t>(line))},
        {"code", Doc::text(code_text(error.code))},
        {"reason", Doc::text(error.message)},
        {"text", Doc::text(readable(text))}};
    if (!error.hint.empty()) fields.emplace_back("hint", Doc::text(error.hint));
    file_ << to_json(Doc::record(fields)) << '\n';
  }
  // Empty: they could not be kept, or there were none.
  std::string path() const { return file_.is_open() && file_.good() ? path_ : ""; }

 private:
  void open() {
    file_.open(path_, std::ios::trunc);
    if (file_.is_open()) return;
    path_ = std::filesystem::path(path_).filename().string();
    file_.clear();
    file_.open(path_, std::ios::trunc);
  }

  std::string path_;
  std::ofstream file_;
};

}  // namespace

Result<EventFile> read_event_file(const EventSource& from, const EventCatalogue& catalogue,
                                  const std::string& tenant,
                                  const std::function<void(EventInput)>& take) {
  auto source = LineSource::open(from.path, from.stop);
  if (!source) return source.error();
  EventFile file;
  Rejects rejects(from.path);
  std::string line;
  bool too_long = false;
  for (uint64_t number = 1; (*source)->next(line, kLongest, too_long); ++number) {
    if (line.find_first_not_of(" \t") == std::string::npos) continue;
    ++file.read;
    auto event = too_long ? Result<ParsedEvent>(Error{
                                Code::event_too_large, "the line is longer than 256 KiB", {}, ""})
                          : parse_event(line, catalogue, tenant);
    if (!event) {
      if (file.rejected++ == 0) {
        file.first_rejection = event.error();
        file.first_rejection.where = {from.path, static_cast<int>(number)};
      }
      rejects.keep(number, event.error(), line);
      if (from.rejected) from.rejected(number, event.error());
      continue;
    }
    file.first = std::min(file.first, event->event.time);
    file.last = std::max(file.last, event->event.time);
    take(std::move(event->event));
  }
  file.rejected_path = rejects.path();
  if (!(*source)->failure()) return (*source)->failure().error();
  return file;
}

}  // namespace relance::cli
