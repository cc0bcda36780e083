#include "providers/fake_twilio.h"

#include <algorithm>
#include <ctime>

#include "base/doc.h"

namespace relance {
namespace {

constexpr size_t kMostLetters = 1600;
constexpr size_t kPage = 50;

std::string date_of(Instant at) {
  const std::time_t seconds = at.ms / 1000;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char text[64];
  return {text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S +0000", &utc)};
}

ServerAnswer error(int status, int code) {
  return json_answer(
      status, to_json(Doc::record({{"code", Doc::integer(code)},
                                   {"message", Doc::text("refused")},
                                   {"more_info", Doc::text("https://www.twilio.com/docs/errors/" +
                                                           std::to_string(code))},
                                   {"status", Doc::integer(status)}})));
}

// A provider does not wait for its own connections.
NetOptions plenty() {
  NetOptions options;
  options.most_connections_per_host = 2000;
  return options;
}

std::string path_of(const char* name) {
  return "/2010-04-01/Accounts/" + std::string(FakeTwilio::kAccount) + "/" + name;
}

}  // namespace

FakeTwilio::FakeTwilio() : FakeTwilio(Options()) {}

FakeTwilio::FakeTwilio(Options options)
    : FakeProvider(std::move(options)), net_(make_curl_net(plenty())) {
  twilio_fake::Line::Ports ports;
  ports.ask = [this](const std::string& url, const Form& form,
                     const std::function<void(int, std::string)>& done) {
    ask_for_twiml(url, form, done);
  };
  ports.report = [this](const std::string& url, const Form& form) { call_back(url, form); };
  ports.callee = [this](const std::string& number) {
    const std::lock_guard lock(mutex_);
    const auto it = callees_.find(number);
    return it == callees_.end() ? Callee{} : it->second;
  };
  line_ = std::make_unique<twilio_fake::Line>(std::move(ports));

  using Request = const FakeRequest&;
  route("POST", path_of("Messages.json"), [this](Request r) {
    return guarded(r, [this](const Form& form) { return send_message(form); });
  });
  route("GET", path_of("Messages.json"), [this](Request r) {
    return guarded(r, [&](const Form&) { return list(r, messages_, "messages"); });
  });
  route("GET", path_of("Messages/*"), [this](Request r) {
    return guarded(r, [&](const Form&) { return one(messages_, r.parts[0], "messages"); });
  });
  route("POST", path_of("Calls.json"), [this](Request r) {
    return guarded(r, [this](const Form& form) { return place_call(form); });
  });
  route("GET", path_of("Calls.json"), [this](Request r) {
    return guarded(r, [&](const Form&) { return list(r, calls_, "calls"); });
  });
  route("GET", path_of("Calls/*"), [this](Request r) {
    return guarded(r, [&](const Form&) { return one(calls_, r.parts[0], "calls"); });
  });
  route("POST", path_of("Calls/*"), [this](Request r) {
    return guarded(r, [&](const Form& form) { return change_call(r, form); });
  });
}

// Nobody asks it any more, then it plays no call any more, then nothing is on its way.
FakeTwilio::~FakeTwilio() {
  close();
  line_.reset();
  net_.reset();
}

ServerAnswer FakeTwilio::guarded(const FakeRequest& request, const Body& work) {
  const auto who = basic_credentials(request);
  if (!who || who->first != kAccount || who->second != kToken) return error(401, 20003);
  const Form form = parse_form(request.body);
  return work(form);
}

std::string FakeTwilio::new_sid(const char* prefix) {
  const std::lock_guard lock(mutex_);
  std::string number = std::to_string(++last_sid_);
  return prefix + std::string(32 - number.size(), '0') + number;
}

std::optional<ServerAnswer> FakeTwilio::refusal(const Form& form) const {
  const std::string to = field(form, "To");
  const std::lock_guard lock(mutex_);
  if (const auto it = refusals_.find(to); it != refusals_.end())
    return error(it->second.second, std::stoi(it->second.first));
  if (to.size() < 8 || to[0] != '+') return error(400, 21211);
  if (field(form, "From").empty() && field(form, "MessagingServiceSid").empty())
    return error(400, 21603);
  return std::nullopt;
}

// --- messages

ServerAnswer FakeTwilio::send_message(const Form& form) {
  if (auto refused = refusal(form)) return *refused;
  const std::string body = field(form, "Body");
  if (body.empty() || body.size() > 4 * kMostLetters) return error(400, 21617);
  Kept kept;
  kept.asked = form;
  kept.sid = new_sid("SM");
  kept.at = clock_.now();
  std::pair<std::string, int> ending{"delivered", 0};
  {
    const std::lock_guard lock(mutex_);
    if (const auto it = endings_.find(field(form, "To")); it != endings_.end()) ending = it->second;
    messages_.push_back(kept);
    messages_.back().status = ending.first;
    messages_.back().error_code = ending.second;
  }
  const std::string answer = json_of(kept, "messages");
  const std::string callback = field(form, "StatusCallback");
  ledger().add(callback.empty() ? kept.sid : callback, "message", field(form, "To"), answer);
  tell_message(kept, "sent");
  kept.error_code = ending.second;
  tell_message(kept, ending.first);
  return json_answer(201, answer);
}

void FakeTwilio::tell_message(const Kept& kept, const std::string& status) {
  const std::string url = field(kept.asked, "StatusCallback");
  if (url.empty()) return;
  Form form{{"MessageSid", kept.sid},
            {"SmsSid", kept.sid},
            {"MessageStatus", status},
            {"SmsStatus", status},
            {"AccountSid", kAccount},
            {"ApiVersion", "2010-04-01"},
            {"From", field(kept.asked, "From")},
            {"To", field(kept.asked, "To")}};
  if (kept.error_code != 0 && status != "sent")
    form.emplace_back("ErrorCode", std::to_string(kept.error_code));
  call_back(url, form);
}

void FakeTwilio::receive(const std::string& url, const std::string& from, const std::string& text,
                         const std::string& opt_out_type) {
  const std::string sid = new_sid("SM");
  Form form{{"MessageSid", sid},
            {"SmsSid", sid},
            {"SmsMessageSid", sid},
            {"AccountSid", kAccount},
            {"From", from},
            {"To", "+15005550006"},
            {"Body", text},
            {"NumMedia", "0"},
            {"NumSegments", "1"},
            {"SmsStatus", "received"},
            {"ApiVersion", "2010-04-01"}};
  if (!opt_out_type.empty()) form.emplace_back("OptOutType", opt_out_type);
  call_back(url, form);
}

// --- calls

ServerAnswer FakeTwilio::place_call(const Form& form) {
  if (auto refused = refusal(form)) return *refused;
  Kept kept;
  kept.asked = form;
  kept.sid = new_sid("CA");
  kept.at = clock_.now();
  twilio_fake::PlacedCall call{kept.sid,
                               kAccount,
                               field(form, "From"),
                               field(form, "To"),
                               field(form, "Url"),
                               field(form, "StatusCallback"),
                               {},
                               false,
                               false,
                               {}};
  for (const auto& [name, value] : form)
    if (name == "StatusCallbackEvent") call.status_events.push_back(value);
  if (call.status_events.empty()) call.status_events.emplace_back("completed");
  call.detects_machines = !field(form, "MachineDetection").empty();
  call.waits_for_beep = field(form, "MachineDetection") == "DetectMessageEnd";
  {
    const std::lock_guard lock(mutex_);
    if (const auto it = callees_.find(call.to); it != callees_.end()) call.callee = it->second;
    calls_.push_back(kept);
  }
  const std::string answer = json_of(kept, "calls");
  ledger().add(call.status_url.empty() ? kept.sid : call.status_url, "call", call.to, answer);
  line_->place(std::move(call));
  return json_answer(201, answer);
}

ServerAnswer FakeTwilio::change_call(const FakeRequest& request, const Form& form) {
  const std::string sid = request.parts[0].substr(0, request.parts[0].find('.'));
  if (!line_->end(sid, field(form, "Status"))) return error(400, 21220);
  return one(calls_, request.parts[0], "calls");
}

void FakeTwilio::callee(const std::string& number, Callee callee) {
  const std::lock_guard lock(mutex_);
  callees_[number] = std::move(callee);
}

// --- both

std::string FakeTwilio::json_of(const Kept& kept, const char* name) const {
  const bool call = std::string(name) == "calls";
  std::vector<std::pair<std::string, Doc>> fields{
      {"sid", Doc::text(kept.sid)},
      {"account_sid", Doc::text(kAccount)},
      {"api_version", Doc::text("2010-04-01")},
      {"to", Doc::text(field(kept.asked, "To"))},
      {"from", Doc::text(field(kept.asked, "From"))},
      {"direction", Doc::text("outbound-api")},
      {"date_created", Doc::text(date_of(kept.at))},
      {"date_updated", Doc::text(date_of(kept.at))},
      {"uri", Doc::text(path_of(call ? "Calls/" : "Messages/") + kept.sid + ".json")}};
  if (call) {
    const CallState state = line_->state(kept.sid);
    fields.emplace_back("status", Doc::text(state.status));
    fields.emplace_back("duration", Doc::text(std::to_string(state.duration_s)));
    fields.emplace_back("answered_by",
                        state.answered_by.empty() ? Doc() : Doc::text(state.answered_by));
  } else {
    fields.emplace_back("status", Doc::text(kept.status));
    fields.emplace_back("body", Doc::text(field(kept.asked, "Body")));
    fields.emplace_back("num_segments", Doc::text("1"));
    fields.emplace_back("num_media", Doc::text("0"));
    fields.emplace_back("error_code", kept.error_code == 0 ? Doc() : Doc::integer(kept.error_code));
  }
  return to_json(Doc::record(fields));
}

// Newest first, one page after the other; what the index does not have yet is not there.
ServerAnswer FakeTwilio::list(const FakeRequest& request, const std::vector<Kept>& all,
                              const char* name) {
  const Form query = parse_form(request.query());
  const std::string page = field(query, "Page");
  size_t skip = page.empty() ? 0 : static_cast<size_t>(std::stoul(page)) * kPage;
  std::vector<Kept> found;
  {
    const std::lock_guard lock(mutex_);
    for (const Kept& kept : all) {
      const bool fits = [&] {
        for (const char* wanted : {"To", "From"})
          if (const std::string value = field(query, wanted);
              !value.empty() && value != field(kept.asked, wanted))
            return false;
        return true;
      }();
      const std::string callback = field(kept.asked, "StatusCallback");
      if (fits && look_up(callback.empty() ? kept.sid : callback)) found.push_back(kept);
    }
  }
  std::reverse(found.begin(), found.end());
  std::string items, next = "null";
  for (size_t i = skip; i < std::min(found.size(), skip + kPage); ++i)
    items += (items.empty() ? "" : ",") + json_of(found[i], name);
  if (found.size() > skip + kPage) {
    Form more = query;
    std::erase_if(more, [](const auto& pair) { return pair.first == "Page"; });
    more.emplace_back("Page", std::to_string(skip / kPage + 1));
    next = '"' + std::string(request.path()) + '?' + write_form(more) + '"';
  }
  return json_answer(200, R"({")" + std::string(name) + "\":[" + items + R"(],"next_page_uri":)" +
                              next + ",\"page_size\":" + std::to_string(kPage) + '}');
}

ServerAnswer FakeTwilio::one(const std::vector<Kept>& all, std::string sid, const char* name) {
  sid = sid.substr(0, sid.find('.'));
  std::optional<Kept> found;
  {
    const std::lock_guard lock(mutex_);
    for (const Kept& kept : all)
      if (kept.sid == sid) found = kept;
  }
  return found ? json_answer(200, json_of(*found, name)) : error(404, 20404);
}

void FakeTwilio::message_ends(const std::string& to, std::string status, int error_code) {
  const std::lock_guard lock(mutex_);
  endings_[to] = {std::move(status), error_code};
}

void FakeTwilio::refuse(const std::string& to, int code, int status) {
  const std::lock_guard lock(mutex_);
  refusals_[to] = {std::to_string(code), status};
}

std::vector<Form> FakeTwilio::messages() const {
  const std::lock_guard lock(mutex_);
  std::vector<Form> all;
  for (const Kept& kept : messages_) all.push_back(kept.asked);
  return all;
}

std::vector<Form> FakeTwilio::calls() const {
  const std::lock_guard lock(mutex_);
  std::vector<Form> all;
  for (const Kept& kept : calls_) all.push_back(kept.asked);
  return all;
}

FakeTwilio::CallState FakeTwilio::call(size_t index) const {
  std::string sid;
  {
    const std::lock_guard lock(mutex_);
    if (index < calls_.size()) sid = calls_[index].sid;
  }
  return line_->state(sid);
}

// --- callbacks

void FakeTwilio::sign_with(std::string token) {
  const std::lock_guard lock(mutex_);
  token_ = std::move(token);
}

std::vector<std::pair<std::string, std::string>> FakeTwilio::headers_of(const std::string& url,
                                                                        const Form& form) const {
  Form sorted = form;
  std::sort(sorted.begin(), sorted.end());
  std::string text = url;
  for (const auto& [name, value] : sorted) text += name + value;
  const std::lock_guard lock(mutex_);
  return {{"Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"},
          {"User-Agent", "TwilioProxy/1.1"},
          {"X-Twilio-Signature", base64(hmac("SHA1", token_, text))}};
}

void FakeTwilio::call_back(const std::string& url, const Form& form) {
  post(url, headers_of(url, form), write_form(form));
}

void FakeTwilio::ask_for_twiml(const std::string& url, const Form& form,
                               const std::function<void(int, std::string)>& done) {
  struct Answers {
    std::mutex mutex;
    int missing;
    std::string first;
  };
  const auto answers = std::make_shared<Answers>();
  answers->missing = times_;
  ++questions_;
  HttpRequest request;
  request.method = "POST";
  request.url = url;
  request.headers = headers_of(url, form);
  request.body = write_form(form);
  for (int i = times_; i > 0; --i) {
    net_->http(request, [this, answers, done](HttpReply reply) {
      {
        const std::lock_guard lock(answers->mutex);
        if (answers->first.empty()) answers->first = reply.body;
        if (answers->first != reply.body) {
          const std::lock_guard also(mutex_);
          differing_.push_back(reply.body);
        }
        if (--answers->missing > 0) return;
      }
      done(reply.status, reply.body);
    });
  }
}

std::vector<std::string> FakeTwilio::differing_answers() const {
  const std::lock_guard lock(mutex_);
  return differing_;
}

}  // namespace relance
