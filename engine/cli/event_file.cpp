#include "cli/event_file.h"

#include <fstream>

#include "base/text.h"

namespace relance::cli {
namespace {

constexpr size_t kLongest = 256 * 1024;

// One line without its end; what is beyond the limit is skipped, so a hostile line costs no memory.
bool next_line(std::istream& in, std::string& line, bool& too_long) {
  line.clear();
  too_long = false;
  int c = in.get();
  if (c == EOF) return false;
  for (; c != EOF && c != '\n'; c = in.get()) {
    if (line.size() < kLongest + 1)
      line.push_back(static_cast<char>(c));
    else
      too_long = true;
  }
  too_long |= line.size() > kLongest;
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return true;
}

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

class Rejects {
 public:
  explicit Rejects(const std::string& events) : path_(events + ".rejected.jsonl") {}

  void keep(uint64_t line, const Error& error, std::string_view text) {
    if (!file_.is_open()) file_.open(path_, std::ios::trunc);
    std::vector<std::pair<std::string, Doc>> fields{
        {"line", Doc::integer(static_cast<int64_t>(line))},
        {"code", Doc::text(code_text(error.code))},
        {"reason", Doc::text(error.message)},
        {"text", Doc::text(readable(text))}};
    if (!error.hint.empty()) fields.emplace_back("hint", Doc::text(error.hint));
    file_ << to_json(Doc::record(fields)) << '\n';
  }
  std::string path() const { return file_.is_open() ? path_ : ""; }

 private:
  std::string path_;
  std::ofstream file_;
};

}  // namespace

Result<EventFile> read_event_file(const std::string& path, const EventCatalogue& catalogue,
                                  const std::string& tenant,
                                  const std::function<void(EventInput)>& take) {
  std::ifstream in(path, std::ios::binary);
  if (!in)
    return Error{Code::file_not_found, "the events file " + path + " cannot be opened", {}, ""};
  EventFile file;
  Rejects rejects(path);
  std::string line;
  bool too_long = false;
  for (uint64_t number = 1; next_line(in, line, too_long); ++number) {
    if (line.find_first_not_of(" \t") == std::string::npos) continue;
    ++file.read;
    auto event = too_long ? Result<ParsedEvent>(Error{
                                Code::event_too_large, "the line is longer than 256 KiB", {}, ""})
                          : parse_event(line, catalogue, tenant);
    if (!event) {
      if (file.rejected++ == 0) {
        file.first_rejection = event.error();
        file.first_rejection.where = {path, static_cast<int>(number)};
      }
      rejects.keep(number, event.error(), line);
      continue;
    }
    file.first = std::min(file.first, event->event.time);
    file.last = std::max(file.last, event->event.time);
    take(std::move(event->event));
  }
  file.rejected_path = rejects.path();
  return file;
}

}  // namespace relance::cli
