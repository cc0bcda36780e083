// One line of JSON to a typed event. The line is parsed once, into one Doc; data that needs no
// typing is copied as bytes.
#include <array>

#include "base/text.h"
#include "base/trace.h"
#include "script/decline_table.h"
#include "script/event_catalogue.h"

namespace relance {
namespace {

constexpr size_t kMaxAttributeBytes = 1024;
constexpr std::string_view kSpecVersion = "1.0";

Error bad_field(const std::string& place, std::string_view problem, std::string_view hint = {}) {
  return {Code::event_bad_field, "'" + place + "' " + std::string(problem), {}, std::string(hint)};
}

std::string_view hint_for(FieldType wanted, DocView value) {
  switch (wanted) {
    case FieldType::text: return value.number() ? R"(write it as text: "4711")" : "";
    case FieldType::number: return value.text() ? "write it without quotes" : "";
    case FieldType::money:
      return R"(write {"minor": 4900, "currency": "EUR"} or )"
             R"({"amount": "49.00", "currency": "EUR"})";
    case FieldType::instant: return "write 2026-01-05T08:00:00Z";
    case FieldType::date: return "write 2026-01-05";
    case FieldType::boolean: return "write true or false";
    case FieldType::record:
    default: return "write a JSON object or a list";
  }
}

// What a value becomes in its field's type. `same`: it is of that type already.
struct Typed {
  bool fits = false;
  bool same = false;
  Doc value;
};

Typed as(bool fits) { return {fits, fits, {}}; }

Typed typed_instant(DocView value) {
  if (value.instant()) return as(true);
  const Result<Instant> at = parse_instant(value.text().value_or(""));
  return at ? Typed{true, false, Doc::instant(*at)} : Typed{};
}

Typed typed_date(DocView value) {
  if (value.date()) return as(true);
  const Result<Date> date = parse_date(value.text().value_or(""));
  return date ? Typed{true, false, Doc::date(*date)} : Typed{};
}

Typed typed(FieldType wanted, DocView value) {
  if (value.is_null()) return as(true);
  switch (wanted) {
    case FieldType::text: return as(value.text().has_value());
    case FieldType::number: return as(value.number().has_value());
    case FieldType::money: return as(value.money().has_value());
    case FieldType::instant: return typed_instant(value);
    case FieldType::date: return typed_date(value);
    case FieldType::boolean: return as(value.boolean().has_value());
    case FieldType::record:
    default:
      // A record that happens to look like money was read as money.
      return as(value.type() == DocType::record || value.type() == DocType::list || value.money());
  }
}

using Fields = std::vector<std::pair<std::string, Doc>>;

// Both the fields of a type and those of a record are sorted by name, so one walk over the two
// meets every pair.
Status type_fields(const EventType& type, DocView data, Fields& changed) {
  auto declared = type.fields.begin();
  for (const auto& [name, value] : data.items()) {
    while (declared != type.fields.end() && declared->first < name) ++declared;
    if (declared == type.fields.end()) return {};
    if (declared->first != name) continue;
    Typed result = typed(declared->second, value);
    if (!result.fits) {
      const std::string wanted(field_type_name(declared->second));
      return bad_field("data." + std::string(name),
                       "must be " + wanted + ", and is " + std::string(doc_type_name(value.type())),
                       hint_for(declared->second, value));
    }
    if (!result.same) changed.emplace_back(name, std::move(result.value));
  }
  return {};
}

Result<Doc> type_data(const EventType& type, DocView data, std::optional<Instant> time) {
  if (data.is_null()) return Doc::empty_record();
  if (data.type() != DocType::record) {
    return bad_field("data",
                     "must be a JSON object, and is " + std::string(doc_type_name(data.type())));
  }
  Fields changed;
  if (Status fits = type_fields(type, data, changed); !fits) return fits.error();
  const DocView decline = type.fields.contains("decline") ? data.find("decline") : DocView();
  if (decline.type() == DocType::record) {
    Result<Doc> completed = complete_decline(decline, time, "data.decline");
    if (!completed) return completed.error();
    changed.emplace_back("decline", std::move(*completed));
  }
  return changed.empty() ? Doc(data) : Doc::merged(data, Doc::record(changed));
}

Error unknown_type(std::string_view name, const EventCatalogue& catalogue) {
  return {Code::event_unknown_type,
          "'type': no event type '" + std::string(name) + "' is declared",
          {},
          did_you_mean(name, catalogue.names())};
}

// Takes the attributes of an envelope one by one; the first that is wrong is the one reported.
class Attributes {
 public:
  explicit Attributes(DocView envelope) : envelope_(envelope) {}

  std::string_view needed(std::string_view name) {
    const std::string_view text = optional(name);
    if (text.empty() && problem_.ok()) {
      problem_ = Error{Code::event_incomplete, "'" + std::string(name) + "' is missing", {}, {}};
    }
    return text;
  }

  std::string_view optional(std::string_view name) {
    const DocView value = envelope_.find(name);
    if (value.is_null() || !problem_.ok()) return {};
    const auto text = value.text();
    if (!text) {
      const std::string is(doc_type_name(value.type()));
      problem_ = bad_field(std::string(name), "must be text, and is " + is,
                           hint_for(FieldType::text, value));
    } else if (text->size() > kMaxAttributeBytes) {
      const std::string limit = std::to_string(kMaxAttributeBytes);
      problem_ = bad_field(std::string(name), "is longer than " + limit + " bytes");
    } else {
      return *text;
    }
    return {};
  }

  const Status& problem() const { return problem_; }

 private:
  DocView envelope_;
  Status problem_;
};

Status check_envelope(DocView envelope, std::string_view specversion,
                      std::string_view content_type) {
  if (specversion != kSpecVersion) {
    return bad_field("specversion", "must be \"1.0\", and is \"" + std::string(specversion) + "\"");
  }
  const bool json = content_type.empty() || content_type.find("json") != std::string_view::npos;
  if (!json) {
    return bad_field("datacontenttype", "must be application/json",
                     "send the data as a JSON object");
  }
  if (!envelope.find("data_base64").is_null()) {
    return bad_field("data_base64", "cannot be read", "send the data as a JSON object in 'data'");
  }
  return {};
}

Result<Instant> read_time(std::string_view text) {
  const Result<Instant> time = parse_instant(text);
  if (time) return *time;
  return bad_field("time", "must be an instant, and is \"" + std::string(text) + "\"",
                   hint_for(FieldType::instant, {}));
}

}  // namespace

Result<Doc> type_event_data(std::string_view type, DocView data, const EventCatalogue& catalogue,
                            std::optional<Instant> time) {
  const EventType* known = catalogue.find(type);
  if (known == nullptr) return unknown_type(type, catalogue);
  return type_data(*known, data, time);
}

Status check_event_limits(std::string_view id, std::string_view subject, DocView data) {
  if (id.empty()) return Error{Code::event_incomplete, "'id' is missing", {}, {}};
  const std::string limit = std::to_string(kMaxAttributeBytes);
  if (id.size() > kMaxAttributeBytes) return bad_field("id", "is longer than " + limit + " bytes");
  if (subject.size() > kMaxAttributeBytes)
    return bad_field("subject", "is longer than " + limit + " bytes");
  if (data.bytes().size() > kMaxEventBytes) {
    return Error{Code::event_too_large,
                 "its data has " + std::to_string(data.bytes().size()) + " bytes, more than " +
                     std::to_string(kMaxEventBytes),
                 {},
                 {}};
  }
  return {};
}

Result<ParsedEvent> parse_event(std::string_view json, const EventCatalogue& catalogue,
                                std::string_view tenant) {
  if (json.size() > kMaxEventBytes) {
    return Error{Code::event_too_large,
                 "the event has " + std::to_string(json.size()) + " bytes, more than " +
                     std::to_string(kMaxEventBytes),
                 {},
                 {}};
  }
  Result<Doc> envelope = from_json(json);
  if (!envelope) return envelope.error();
  if (envelope->view().type() != DocType::record) {
    return Error{Code::event_malformed, "the event is not a JSON object", {}, {}};
  }

  Attributes attributes(*envelope);
  const std::string_view specversion = attributes.needed("specversion");
  ParsedEvent parsed;
  EventInput& event = parsed.event;
  event.id = attributes.needed("id");
  event.source = attributes.needed("source");
  event.type = attributes.needed("type");
  const std::string_view time = attributes.needed("time");
  event.subject = attributes.needed("subject");
  const std::string_view own_tenant = attributes.optional("tenant");
  const std::string_view touch = attributes.optional("touch");
  const std::string_view content_type = attributes.optional("datacontenttype");
  if (!attributes.problem()) return attributes.problem().error();
  if (Status fits = check_envelope(*envelope, specversion, content_type); !fits)
    return fits.error();

  const EventType* type = catalogue.find(event.type);
  if (type == nullptr) return unknown_type(event.type, catalogue);
  Result<Instant> at = read_time(time);
  if (!at) return at.error();
  event.time = *at;
  if (!touch.empty()) {
    Result<Key> key = Key::parse(touch);
    if (!key)
      return bad_field("touch", "is not the key of a touch",
                       "a key is 26 characters of a-z and 2-7");
    event.touch = *key;
  }
  Result<Doc> data = type_data(*type, envelope->view().find("data"), event.time);
  if (!data) return data.error();
  const std::string_view trace = envelope->view().find("traceparent").text().value_or("");
  event.data = is_traceparent(trace)
                   ? Doc::merged(*data, Doc::record({{"traceparent", Doc::text(trace)}}))
                   : std::move(*data);
  parsed.tenant = own_tenant.empty() ? tenant : own_tenant;
  event.hash = event_hash(parsed.tenant, event.subject, event.source, event.id);
  return parsed;
}

}  // namespace relance
