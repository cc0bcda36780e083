// JSON <-> Doc over RapidJSON. Reading is iterative (hostile nesting costs no stack) and strict:
// full precision, UTF-8 only, at most kMaxDepth lists and records inside each other.
#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <array>
#include <charconv>

#include "base/doc.h"
#include "base/doc_encoding.h"
#include "base/json_text.h"
#include "base/text.h"

namespace relance {
namespace {

using namespace doc_encoding;

// {"minor": 4900, "currency": "EUR"} or {"amount": "49.00", "currency": "EUR"}, and nothing else in
// it.
std::optional<Money> money_shape(const std::vector<Field>& fields) {
  if (fields.size() != 2) return std::nullopt;
  const Field* currency_field = nullptr;
  const Field* amount_field = nullptr;
  for (const Field& field : fields) {
    if (field.key == "currency") currency_field = &field;
    if (field.key == "minor" || field.key == "amount") amount_field = &field;
  }
  if (currency_field == nullptr || amount_field == nullptr) return std::nullopt;
  const auto code = DocView(currency_field->value).text();
  const Result<Currency> currency = Currency::parse(code.value_or(""));
  if (!currency) return std::nullopt;

  const DocView amount(amount_field->value);
  if (amount_field->key == "minor") {
    if (const auto minor = amount.integer()) return Money{*minor, *currency};
    return std::nullopt;
  }
  const auto text = amount.text();
  if (!text) return std::nullopt;
  const Result<Money> money = Money::parse(*text, *currency);
  if (!money) return std::nullopt;
  return *money;
}

// A number without point and exponent that fits.
bool read_whole(std::string_view digits, int64_t& whole) {
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), whole);
  return problem == std::errc() && end == digits.data() + digits.size();
}

// Receives the reader's calls. Finished values pile up in `values_`; a list or record that ends
// takes those that belong to it off the pile and leaves one instead.
class Builder {
 public:
  using Ch = char;

  // Room for an ordinary event, so that reading one seldom allocates.
  explicit Builder(size_t json_size) {
    values_.reserve(json_size);
    keys_.reserve(json_size / 2);
    members_.reserve(32);
    fields_.reserve(32);
    frames_.reserve(8);
  }

  bool Null() {
    return added([&] { values_.push_back(static_cast<char>(DocType::null)); });
  }
  bool Bool(bool v) {
    return added([&] { put_boolean(values_, v); });
  }
  // Numbers come as text (kParseNumbersAsStrings): RapidJSON's exact conversion of decimals is
  // undefined for 0e-60.
  bool RawNumber(const char* text, rapidjson::SizeType length, bool) {
    const std::string_view digits(text, length);
    int64_t whole = 0;
    if (read_whole(digits, whole)) return added([&] { put_integer(values_, whole); });
    double number = 0;
    bad_number_ = std::from_chars(text, text + length, number).ec != std::errc();
    if (bad_number_) return false;
    return added([&] { put_number(values_, number); });
  }
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(int64_t) { return false; }
  bool Uint64(uint64_t) { return false; }
  bool Double(double) { return false; }

  bool String(const char* text, rapidjson::SizeType length, bool) {
    const std::string_view view(text, length);
    if (!check_text(view)) return false;
    return added([&] { put_text(values_, view); });
  }
  bool Key(const char* text, rapidjson::SizeType length, bool) {
    const std::string_view view(text, length);
    if (!check_text(view)) return false;
    members_.push_back({keys_.size(), view.size(), 0, 0});
    keys_ += view;
    return true;
  }

  bool StartObject() { return start(); }
  bool StartArray() { return start(); }

  bool EndObject(rapidjson::SizeType) {
    const Frame frame = frames_.back();
    frames_.pop_back();
    fields_.clear();
    for (size_t i = frame.members; i < members_.size(); ++i) {
      const Member& m = members_[i];
      fields_.push_back({std::string_view(keys_).substr(m.key, m.key_size),
                         std::string_view(values_).substr(m.value, m.value_size)});
    }
    finished_.clear();
    if (const auto money = money_shape(fields_)) {
      put_money(finished_, *money);
    } else {
      put_record(finished_, fields_);
    }
    members_.resize(frame.members);
    keys_.resize(frame.keys);
    return replace_from(frame.values);
  }

  bool EndArray(rapidjson::SizeType) {
    const Frame frame = frames_.back();
    frames_.pop_back();
    finished_.clear();
    put_container(finished_, DocType::list, std::string_view(values_).substr(frame.values));
    return replace_from(frame.values);
  }

  bool too_deep() const { return too_deep_; }
  bool bad_text() const { return bad_text_; }
  bool bad_number() const { return bad_number_; }
  const std::string& value() const { return values_; }

 private:
  struct Frame {  // where the piles stood when a list or record began
    size_t values, members, keys;
  };
  struct Member {  // offsets into keys_ and values_
    size_t key, key_size, value, value_size;
  };

  template <class Put>
  bool added(Put put) {
    const size_t begin = values_.size();
    put();
    note_value(begin);
    return true;
  }
  // The value that begins at `begin` belongs to the key read last, when a record is open.
  void note_value(size_t begin) {
    if (members_.empty() || (!frames_.empty() && members_.size() == frames_.back().members)) return;
    members_.back().value = begin;
    members_.back().value_size = values_.size() - begin;
  }
  bool replace_from(size_t begin) {
    values_.resize(begin);
    values_ += finished_;
    note_value(begin);
    return true;
  }
  bool start() {
    too_deep_ = frames_.size() >= static_cast<size_t>(kMaxDepth);
    if (!too_deep_) frames_.push_back({values_.size(), members_.size(), keys_.size()});
    return !too_deep_;
  }
  bool check_text(std::string_view text) {
    bad_text_ = !valid_utf8(text);
    return !bad_text_;
  }

  std::string values_;
  std::string keys_;
  std::string finished_;
  std::vector<Member> members_;
  std::vector<Field> fields_;
  std::vector<Frame> frames_;
  bool too_deep_ = false;
  bool bad_text_ = false;
  bool bad_number_ = false;
};

// Bytes that stand for themselves within quotes.
constexpr auto kPlain = [] {
  std::array<bool, 256> plain{};
  for (size_t byte = 0x20; byte < 0x80; ++byte) plain[byte] = byte != '"' && byte != '\\';
  return plain;
}();

class JsonWriter : public rapidjson::Writer<rapidjson::StringBuffer> {
 public:
  explicit JsonWriter(rapidjson::StringBuffer& buffer) : Writer(buffer) {}

  // A text of nothing else, as most are: copied at once.
  bool plain_text(std::string_view text) {
    for (const char c : text)
      if (!kPlain[static_cast<uint8_t>(c)]) return false;
    Prefix(rapidjson::kStringType);
    char* out = os_->Push(text.size() + 2);
    *out = '"';
    text.copy(out + 1, text.size());
    out[text.size() + 1] = '"';
    EndValue(true);
    return true;
  }
};

void write_text(JsonWriter& writer, std::string_view text) {
  if (writer.plain_text(text)) return;
  if (valid_utf8(text)) {
    writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
    return;
  }
  const std::string repaired = repaired_utf8(text);
  writer.String(repaired.data(), static_cast<rapidjson::SizeType>(repaired.size()));
}

void write_money(JsonWriter& writer, const Money& money) {
  writer.StartObject();
  writer.Key("currency");
  write_text(writer, money.currency.text());
  writer.Key("minor");
  writer.Int64(money.minor);
  writer.EndObject();
}

void write_value(JsonWriter& writer, DocView view) {
  switch (view.type()) {
    case DocType::boolean: writer.Bool(view.boolean().value_or(false)); break;
    case DocType::integer: writer.Int64(view.integer().value_or(0)); break;
    case DocType::number: writer.Double(view.number().value_or(0)); break;
    case DocType::text: write_text(writer, view.text().value_or("")); break;
    case DocType::money: write_money(writer, view.money().value_or(Money{})); break;
    case DocType::instant:
      write_text(writer, format_instant(view.instant().value_or(Instant{})));
      break;
    case DocType::date: write_text(writer, format_date(view.date().value_or(Date{}))); break;
    case DocType::list:
      writer.StartArray();
      for (const auto& item : view.items()) write_value(writer, item.value);
      writer.EndArray();
      break;
    case DocType::record:
      writer.StartObject();
      for (const auto& [key, value] : view.items()) {
        write_text(writer, key);
        write_value(writer, value);
      }
      writer.EndObject();
      break;
    case DocType::null:
    default: writer.Null();
  }
}

}  // namespace

struct JsonText::Inside {
  rapidjson::StringBuffer buffer;
  JsonWriter writer{buffer};
};

JsonText::JsonText() : inside_(std::make_unique<Inside>()) { begin_object(); }
JsonText::~JsonText() = default;

JsonText& JsonText::key(std::string_view name) {
  write_text(inside_->writer, name);
  return *this;
}
JsonText& JsonText::text(std::string_view value) {
  write_text(inside_->writer, value);
  return *this;
}
JsonText& JsonText::integer(int64_t value) {
  inside_->writer.Int64(value);
  return *this;
}
JsonText& JsonText::value(DocView value) {
  write_value(inside_->writer, value);
  return *this;
}
JsonText& JsonText::begin_object() {
  inside_->writer.StartObject();
  return *this;
}
JsonText& JsonText::end_object() {
  inside_->writer.EndObject();
  return *this;
}
JsonText& JsonText::begin_list() {
  inside_->writer.StartArray();
  return *this;
}
JsonText& JsonText::end_list() {
  inside_->writer.EndArray();
  return *this;
}

std::string JsonText::close() {
  end_object();
  return {inside_->buffer.GetString(), inside_->buffer.GetSize()};
}

std::string to_json(DocView view) {
  rapidjson::StringBuffer buffer;
  JsonWriter writer(buffer);
  write_value(writer, view);
  return {buffer.GetString(), buffer.GetSize()};
}

Result<Doc> from_json(std::string_view json) {
  if (json.find('\0') != std::string_view::npos) {
    // RapidJSON takes a zero byte for the end and would not see what stands behind it.
    return Error{Code::event_malformed, "the JSON holds a zero byte", {}, {}};
  }
  constexpr unsigned kFlags =
      rapidjson::kParseIterativeFlag | rapidjson::kParseNumbersAsStringsFlag;
  rapidjson::MemoryStream memory(json.data(), json.size());
  rapidjson::EncodedInputStream<rapidjson::UTF8<>, rapidjson::MemoryStream> stream(memory);
  rapidjson::Reader reader;
  Builder builder(json.size());
  const rapidjson::ParseResult result = reader.Parse<kFlags>(stream, builder);
  if (builder.too_deep()) {
    return Error{Code::event_too_deep,
                 "the JSON nests deeper than " + std::to_string(kMaxDepth) + " levels",
                 {},
                 "flatten it"};
  }
  if (builder.bad_text()) {
    return Error{Code::event_malformed, "the JSON holds text that is not UTF-8", {}, {}};
  }
  if (builder.bad_number()) {
    return Error{
        Code::event_malformed, "the JSON holds a number beyond the range of numbers", {}, {}};
  }
  if (result.IsError()) {
    return Error{Code::event_malformed,
                 "not JSON: " + std::string(rapidjson::GetParseError_En(result.Code())) +
                     " (byte " + std::to_string(result.Offset()) + ")",
                 {},
                 {}};
  }
  const DocView parsed(builder.value());
  return parsed.is_null() ? Doc() : Doc(parsed);
}

}  // namespace relance
