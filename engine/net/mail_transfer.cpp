#include <algorithm>
#include <cctype>

#include "net/transfer.h"

namespace relance {
namespace {

constexpr long kGreetingMs = 30'000;  // to connect, greet, agree on TLS and a password
constexpr size_t kMostReplyBytes = 64u << 10;

// SMTP has no other border than these (RFC 5321, 4.1.2): one of them inside an address would be the
// end of it, or another command.
bool is_address(std::string_view address) {
  return std::none_of(address.begin(), address.end(), [](unsigned char c) {
    return c <= 0x20 || c == 0x7f || c == '<' || c == '>';
  });
}

class MailTransfer final : public Transfer {
 public:
  MailTransfer(MailRequest request, Net::Reply reply)
      : Transfer(host_of(request.url), request.timeout, std::move(reply)),
        request_(std::move(request)) {}

 private:
  void set_options(const NetOptions&) override {
    const auto timeout = static_cast<long>(request_.timeout.ms);
    set(CURLOPT_URL, request_.url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    set(CURLOPT_USE_SSL, static_cast<long>(request_.require_tls ? CURLUSESSL_ALL : CURLUSESSL_TRY));
    set(CURLOPT_CONNECTTIMEOUT_MS, std::min(kGreetingMs, timeout));
    set(CURLOPT_TIMEOUT_MS, timeout);
    set(CURLOPT_SERVER_RESPONSE_TIMEOUT, std::max(1L, timeout / 1000));
    if (!request_.user.empty()) {
      set(CURLOPT_USERNAME, request_.user.c_str());
      set(CURLOPT_PASSWORD, request_.password.c_str());
    }
    from_ = "<" + request_.from + ">";
    set(CURLOPT_MAIL_FROM, from_.c_str());
    for (const std::string& to : request_.to) add("<" + to + ">");
    set(CURLOPT_MAIL_RCPT, lines_);
    set(CURLOPT_UPLOAD, 1L);
    set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(request_.message.size()));
    set(CURLOPT_READDATA, this);
    set(
        CURLOPT_READFUNCTION, +[](char* to, size_t size, size_t count, void* from) {
          return static_cast<MailTransfer*>(from)->give(to, size * count);
        });
    set(CURLOPT_HEADERDATA, this);
    set(
        CURLOPT_HEADERFUNCTION, +[](char* bytes, size_t size, size_t count, void* to) {
          static_cast<MailTransfer*>(to)->take_line({bytes, size * count});
          return size * count;
        });
  }

  // libcurl asks for the first bytes when the server has said "354, go ahead".
  size_t give(char* to, size_t room) {
    begun_ = true;
    const size_t length = std::min(room, request_.message.size() - given_);
    std::copy_n(request_.message.data() + given_, length, to);
    given_ += length;
    return length;
  }

  // "250-first line", "250 last line". 221 only says goodbye, after the word that counts.
  void take_line(std::string_view line) {
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
    if (line.size() < 3 || line.starts_with("221")) return;
    if (whole_) text_.clear();
    whole_ = line.size() < 4 || line[3] == ' ';
    if (text_.size() + line.size() > kMostReplyBytes) return;
    if (!text_.empty()) text_ += '\n';
    if (line.size() > 4) text_ += line.substr(4);
  }

  // Codes below 400 are steps on the way: only after all of them is the message the server's.
  void read_answer(CURLcode result) override {
    long status = 0;
    curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
    if (result == CURLE_OK || (status >= 400 && result != CURLE_ABORTED_BY_CALLBACK)) {
      answer_.status = static_cast<int>(status);
      answer_.body = std::move(text_);
      answer_.wire = Wire::answered;
      return;
    }
    if (result == CURLE_USE_SSL_FAILED) problem_ = "the server offers no TLS, and it is required";
    answer_.wire = begun_ ? Wire::maybe : Wire::not_sent;
  }

  MailRequest request_;
  std::string from_, text_;
  size_t given_ = 0;
  bool begun_ = false, whole_ = true;
};

// A mail that nobody may send: its reply says why.
class ImpossibleMail final : public Transfer {
 public:
  ImpossibleMail(const std::string& url, Net::Reply reply)
      : Transfer(host_of(url), seconds(60), std::move(reply)) {
    problem_ = "an address has a space, an angle bracket or a control character";
  }

 private:
  void set_options(const NetOptions&) override {}  // without a URL it fails at once
  void read_answer(CURLcode) override {}
};

}  // namespace

std::unique_ptr<Transfer> make_mail_transfer(MailRequest request, Net::Reply reply) {
  if (!is_address(request.from) || request.to.empty() ||
      !std::all_of(request.to.begin(), request.to.end(), is_address))
    return std::make_unique<ImpossibleMail>(request.url, std::move(reply));
  return std::make_unique<MailTransfer>(std::move(request), std::move(reply));
}

}  // namespace relance
