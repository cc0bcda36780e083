#include "net/request_reader.h"

#include <boost/beast/http/basic_parser.hpp>
#include <cctype>
#include <cstring>
#include <optional>

namespace relance {
namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;
using boost::beast::iequals;
using Text = boost::beast::string_view;

constexpr size_t kFirstRoom = 4096;
constexpr size_t kLeastRoom = 1024;
// The shortest end of a chunked body: "0", CRLF, CRLF.
constexpr size_t kLeastChunked = 5;

std::string lower(Text text) {
  std::string made(text.data(), text.size());
  for (char& c : made) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return made;
}

// Writes a request as Beast finds its parts.
class Parser final : public http::basic_parser<true> {
 public:
  Parser(size_t most_header_bytes, size_t most_body_bytes) : most_header_(most_header_bytes) {
    header_limit(static_cast<uint32_t>(most_header_bytes));
    body_limit(most_body_bytes);
    eager(true);
  }

  ServerRequest request;
  bool expects_continue = false;
  bool old = false;  // HTTP/1.0

 private:
  // Beast bounds what it has not understood yet; the sum is bounded here.
  void count(size_t bytes, error_code& wrong) {
    header_bytes_ += bytes;
    if (header_bytes_ > most_header_) wrong = http::error::header_limit;
  }

  void on_request_impl(http::verb, Text method, Text target, int version,
                       error_code& wrong) override {
    old = version < 11;
    request.method.assign(method.data(), method.size());
    request.target.assign(target.data(), target.size());
    count(method.size() + target.size() + 12, wrong);
  }

  void on_field_impl(http::field name, Text text, Text value, error_code& wrong) override {
    count(text.size() + value.size() + 4, wrong);
    if (is_header_done()) return;  // behind the last chunk; nobody may rely on those
    if (name == http::field::host) ++hosts_;
    if (name == http::field::expect) expects_continue = iequals(value, "100-continue");
    // Anything else would leave the end of the body to guessing.
    if (name == http::field::transfer_encoding && (old || !iequals(value, "chunked")))
      wrong = http::error::bad_transfer_encoding;
    request.headers.emplace_back(lower(text), std::string(value.data(), value.size()));
  }

  void on_header_impl(error_code& wrong) override {
    if (hosts_ > 1 || (hosts_ == 0 && !old)) wrong = http::error::bad_field;
  }

  void on_body_init_impl(const boost::optional<uint64_t>&, error_code&) override {}
  size_t on_body_impl(Text bytes, error_code&) override {
    request.body.append(bytes.data(), bytes.size());
    return bytes.size();
  }
  size_t on_chunk_body_impl(uint64_t, Text bytes, error_code&) override {
    request.body.append(bytes.data(), bytes.size());
    return bytes.size();
  }
  void on_chunk_header_impl(uint64_t, Text, error_code&) override {}
  void on_response_impl(int, Text, int, error_code&) override {}
  void on_finish_impl(error_code&) override {}

  size_t most_header_, header_bytes_ = 0;
  int hosts_ = 0;
};

}  // namespace

struct RequestReader::Inside {
  size_t most_header = 0, most_body = 0;
  std::string bytes = std::string(kFirstRoom, '\0');
  size_t begin = 0, end = 0;  // what is not read yet
  std::optional<Parser> parser;
  State state = State::idle;
  int status = 0;
  std::string reason;

  size_t most_bytes() const { return most_header + kFirstRoom; }
  size_t unread() const { return end - begin; }

  void refuse(int with, std::string why) {
    state = State::wrong;
    status = with;
    reason = std::move(why);
  }

  void refuse(const error_code& wrong) {
    if (wrong == http::error::header_limit)
      refuse(431, "the header is larger than " + std::to_string(most_header) + " bytes");
    else if (wrong == http::error::body_limit)
      refuse(413, "the body is larger than " + std::to_string(most_body) + " bytes");
    else
      refuse(400, "this is not HTTP: " + wrong.message());
  }

  // Reads on as far as the bytes go.
  void parse() {
    if (state == State::idle) {  // empty lines before a request are overlooked
      while (begin < end && (bytes[begin] == '\r' || bytes[begin] == '\n')) ++begin;
      if (begin == end) return;
      parser.emplace(most_header, most_body);
      state = State::header;
    }
    // Beast asserts, rather than asks for more, where the end of a chunked body comes in parts.
    const bool chunked = parser->is_header_done() && parser->chunked();
    if (unread() == 0 || (chunked && unread() < kLeastChunked)) return;
    error_code wrong;
    begin += parser->put(boost::asio::const_buffer(bytes.data() + begin, unread()), wrong);
    if (wrong && wrong != http::error::need_more) return refuse(wrong);
    if (parser->is_done())
      state = State::done;
    else if (unread() >= most_bytes())  // a line that does not end
      refuse(400, "a line of the body is too long");
    else if (parser->is_header_done())
      state = State::body;
  }
};

RequestReader::RequestReader(size_t most_header_bytes, size_t most_body_bytes)
    : inside_(std::make_unique<Inside>()) {
  inside_->most_header = most_header_bytes;
  inside_->most_body = most_body_bytes;
}
RequestReader::~RequestReader() = default;

std::span<char> RequestReader::room() {
  Inside& in = *inside_;
  if (in.bytes.size() - in.end < kLeastRoom) {
    std::memmove(in.bytes.data(), in.bytes.data() + in.begin, in.unread());
    in.end -= in.begin;
    in.begin = 0;
    if (in.bytes.size() - in.end < kLeastRoom)
      in.bytes.resize(std::min(in.bytes.size() * 2, in.most_bytes() + kLeastRoom));
  }
  return {in.bytes.data() + in.end, in.bytes.size() - in.end};
}

RequestReader::State RequestReader::take(size_t bytes) {
  inside_->end += bytes;
  inside_->parse();
  return state();
}

RequestReader::State RequestReader::next() {
  Inside& in = *inside_;
  in.parser.reset();
  in.state = State::idle;
  if (in.unread() == 0) in.begin = in.end = 0;
  in.parse();
  return state();
}

RequestReader::State RequestReader::state() const { return inside_->state; }
ServerRequest RequestReader::request() { return std::move(inside_->parser->request); }
bool RequestReader::keeps_alive() const {
  return inside_->parser->keep_alive() && !inside_->parser->old;
}
bool RequestReader::waits_for_continue() const {
  const Inside& in = *inside_;
  return in.state == State::body && in.parser->expects_continue && !in.parser->old &&
         in.unread() == 0 && in.parser->request.body.empty();
}
size_t RequestReader::bytes_held() const {
  const Inside& in = *inside_;
  const bool begun = in.state == State::header || in.state == State::body;
  return begun ? in.bytes.size() + in.parser->request.body.size() : 0;
}
int RequestReader::status() const { return inside_->status; }
std::string RequestReader::reason() const { return inside_->reason; }

std::string_view ServerRequest::path() const {
  return std::string_view(target).substr(0, target.find('?'));
}

std::string_view ServerRequest::query() const {
  const size_t mark = target.find('?');
  return mark == std::string::npos ? std::string_view() : std::string_view(target).substr(mark + 1);
}

std::string_view ServerRequest::header(std::string_view name) const {
  for (const auto& [known, value] : headers)
    if (known == name) return value;
  return {};
}

}  // namespace relance
