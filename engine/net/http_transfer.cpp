#include <algorithm>
#include <cctype>

#include "net/transfer.h"

namespace relance {
namespace {

constexpr long kConnectMs = 10'000;
constexpr size_t kMostHeaderBytes = 256u << 10;

std::string_view trimmed(std::string_view text) {
  const auto space = [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; };
  while (!text.empty() && space(text.front())) text.remove_prefix(1);
  while (!text.empty() && space(text.back())) text.remove_suffix(1);
  return text;
}

class HttpTransfer final : public Transfer {
 public:
  HttpTransfer(HttpRequest request, Net::Reply reply)
      : Transfer(host_of(request.url), request.timeout, std::move(reply)),
        request_(std::move(request)) {}

 private:
  void set_options(const NetOptions& options) override {
    slow_grace_ = options.slow_grace;
    slowest_bytes_ = options.slowest_bytes;
    set(CURLOPT_URL, request_.url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
    set(CURLOPT_CONNECTTIMEOUT_MS, kConnectMs);
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(request_.timeout.ms));
    set(CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(request_.most_bytes));
    set_request();
    set_receivers();
  }

  void set_request() {
    const std::string& method = request_.method;
    if (method == "HEAD") set(CURLOPT_NOBODY, 1L);
    if (!request_.body.empty() || method == "POST" || method == "PUT" || method == "PATCH") {
      set(CURLOPT_POST, 1L);
      set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
      set(CURLOPT_READDATA, this);
      set(
          CURLOPT_READFUNCTION, +[](char* to, size_t size, size_t count, void* from) {
            return static_cast<HttpTransfer*>(from)->give_body(to, size * count);
          });
      // libcurl sends a request again by itself where a connection it kept turns out to be dead:
      // the server may have acted on the first. What has left cannot be rewound, and without a body
      // the connection is a new one.
      set(CURLOPT_SEEKDATA, this);
      set(
          CURLOPT_SEEKFUNCTION, +[](void* from, curl_off_t, int) {
            return static_cast<HttpTransfer*>(from)->given_ == 0 ? CURL_SEEKFUNC_OK
                                                                 : CURL_SEEKFUNC_FAIL;
          });
      if (request_.body.empty()) set(CURLOPT_FRESH_CONNECT, 1L);
    }
    set(CURLOPT_CUSTOMREQUEST, method.c_str());
    for (const auto& [name, value] : request_.headers)
      add(value.empty() ? name + ";" : name + ": " + value);
    add("Expect:");  // no waiting for a "100 Continue" that many servers never send
    set(CURLOPT_HTTPHEADER, lines_);
    if (!request_.basic.first.empty()) {
      set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
      set(CURLOPT_USERNAME, request_.basic.first.c_str());
      set(CURLOPT_PASSWORD, request_.basic.second.c_str());
    }
  }

  void set_receivers() {
    set(CURLOPT_WRITEDATA, this);
    set(
        CURLOPT_WRITEFUNCTION, +[](char* bytes, size_t size, size_t count, void* to) {
          return static_cast<HttpTransfer*>(to)->take_body({bytes, size * count});
        });
    set(CURLOPT_HEADERDATA, this);
    set(
        CURLOPT_HEADERFUNCTION, +[](char* bytes, size_t size, size_t count, void* to) {
          return static_cast<HttpTransfer*>(to)->take_header({bytes, size * count});
        });
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFODATA, this);
    set(
        CURLOPT_XFERINFOFUNCTION, +[](void* of, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
          return static_cast<HttpTransfer*>(of)->too_slow() ? 1 : 0;
        });
  }

  size_t give_body(char* to, size_t room) {
    const size_t length = std::min(room, request_.body.size() - given_);
    std::copy_n(request_.body.data() + given_, length, to);
    given_ += length;
    return length;
  }

  // Taking less than was given makes libcurl end the transfer with an error.
  size_t take_body(std::string_view bytes) {
    if (answer_.body.size() + bytes.size() > request_.most_bytes) {
      problem_ = too_long();
      return 0;
    }
    answer_.body.append(bytes);
    return bytes.size();
  }

  size_t take_header(std::string_view line) {
    header_bytes_ += line.size();
    if (header_bytes_ > kMostHeaderBytes) {
      problem_ =
          "the answer's header is longer than " + std::to_string(kMostHeaderBytes) + " bytes";
      return 0;
    }
    if (line.starts_with("HTTP/")) {
      answer_.headers.clear();  // of an interim answer
      header_ended_ = false;
    }
    if (trimmed(line).empty()) header_ended_ = true;
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos) return line.size();
    std::string name(line.substr(0, colon));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    answer_.headers.emplace_back(std::move(name), trimmed(line.substr(colon + 1)));
    return line.size();
  }

  bool too_slow() {
    curl_off_t began = 0, now = 0;  // microseconds
    curl_easy_getinfo(easy_, CURLINFO_STARTTRANSFER_TIME_T, &began);
    curl_easy_getinfo(easy_, CURLINFO_TOTAL_TIME_T, &now);
    const curl_off_t took = now - began;
    if (began == 0 || took < slow_grace_.ms * 1000) return false;
    const auto bytes = static_cast<curl_off_t>(header_bytes_ + answer_.body.size());
    if (bytes * 1'000'000 >= slowest_bytes_ * took) return false;
    problem_ = "the answer came slower than " + std::to_string(slowest_bytes_) + " bytes a second";
    return true;
  }

  std::string too_long() const {
    return "the answer is longer than " + std::to_string(request_.most_bytes) + " bytes";
  }

  // An answer that was not read to its end is none: what it said is not known.
  void read_answer(CURLcode result) override {
    if (result == CURLE_OK && header_ended_) {
      long status = 0;
      curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
      answer_.status = static_cast<int>(status);
      answer_.wire = Wire::answered;
      return;
    }
    if (result == CURLE_FILESIZE_EXCEEDED) problem_ = too_long();
    if (result == CURLE_OK) problem_ = "the answer broke off in its header";
    long sent = 0;
    curl_easy_getinfo(easy_, CURLINFO_REQUEST_SIZE, &sent);
    answer_.wire = sent > 0 ? Wire::maybe : Wire::not_sent;
  }

  HttpRequest request_;
  size_t given_ = 0, header_bytes_ = 0;
  bool header_ended_ = false;  // libcurl takes the end of the connection for that of the header
  Duration slow_grace_;
  int slowest_bytes_ = 0;
};

}  // namespace

std::unique_ptr<Transfer> make_http_transfer(HttpRequest request, Net::Reply reply) {
  return std::make_unique<HttpTransfer>(std::move(request), std::move(reply));
}

}  // namespace relance
