#include <map>

#include "base/text.h"
#include "script/decline_table.h"

namespace relance {
namespace {

using Fields = std::vector<std::pair<std::string, Doc>>;

Error bad_field(std::string_view place, std::string_view field, std::string problem,
                std::string hint = {}) {
  return {Code::event_bad_field,
          "'" + std::string(place) + "." + std::string(field) + "' " + std::move(problem),
          {},
          std::move(hint)};
}

template <class From>
Status check_word(DocView decline, std::string_view place, std::string_view field,
                  const std::vector<std::string>& words, From from) {
  const DocView value = decline.find(field);
  if (value.is_null()) return {};
  const auto word = value.text();
  if (word && from(*word)) return {};
  const std::string near = word ? did_you_mean(*word, words) : std::string();
  return bad_field(place, field, "must be one of " + join(words, ", "), near);
}

const std::vector<std::string>& class_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (int i = 0; i <= static_cast<int>(DeclineClass::config); ++i) {
      all.emplace_back(decline_class_name(static_cast<DeclineClass>(i)));
    }
    return all;
  }();
  return names;
}

const std::vector<std::string>& action_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (int i = 0; i <= static_cast<int>(DeclineAction::stop_and_respect); ++i) {
      all.emplace_back(decline_action_name(static_cast<DeclineAction>(i)));
    }
    return all;
  }();
  return names;
}

Status check_words(DocView decline, std::string_view place) {
  DeclineClass kind{};
  const Status fits =
      check_word(decline, place, "class", class_names(),
                 [&](std::string_view word) { return decline_class_from(word, kind); });
  if (!fits) return fits;
  DeclineAction action{};
  return check_word(decline, place, "action", action_names(),
                    [&](std::string_view word) { return decline_action_from(word, action); });
}

// Reads the codes, which some gateways write as numbers; `changed` gets their text form.
class CodeFields {
 public:
  CodeFields(DocView decline, std::string_view place, Fields& changed)
      : decline_(decline), place_(place), changed_(changed) {}

  std::string take(std::string_view field) {
    const DocView value = decline_.find(field);
    if (value.is_null()) return {};
    if (const auto text = value.text()) return std::string(*text);
    if (const auto number = value.integer()) {
      std::string text = std::to_string(*number);
      changed_.emplace_back(field, Doc::text(text));
      return text;
    }
    if (problem_) problem_ = bad_field(place_, field, "must be text");
    return {};
  }
  const Status& problem() const { return problem_; }

 private:
  DocView decline_;
  std::string_view place_;
  Fields& changed_;
  Status problem_;
};

Result<std::optional<Instant>> read_instant(DocView decline, std::string_view place,
                                            std::string_view field) {
  const DocView value = decline.find(field);
  if (value.is_null()) return std::optional<Instant>();
  if (const auto at = value.instant()) return at;
  const auto text = value.text();
  const Result<Instant> at = parse_instant(text.value_or(""));
  if (!at) return bad_field(place, field, "must be an instant", "write 2026-01-05T08:00:00Z");
  return std::optional(*at);
}

void add_missing(DocView decline, std::string_view field, Doc value, Fields& changed) {
  if (decline.find(field).is_null()) changed.emplace_back(field, std::move(value));
}

void add_verdict(DocView decline, const DeclineVerdict& verdict, Fields& changed) {
  add_missing(decline, "class", Doc::text(decline_class_name(verdict.kind)), changed);
  add_missing(decline, "action", Doc::text(decline_action_name(verdict.action)), changed);
  add_missing(decline, "retry_allowed_same_credential", Doc::boolean(verdict.same_credential),
              changed);
  add_missing(decline, "decided_by", Doc::text(verdict.decided_by), changed);
}

}  // namespace

Result<Doc> complete_decline(DocView decline, std::optional<Instant> declined_at,
                             std::string_view place) {
  if (Status fits = check_words(decline, place); !fits) return fits.error();
  Result<std::optional<Instant>> told = read_instant(decline, place, "earliest_retry_at");
  if (!told) return told.error();
  Result<std::optional<Instant>> when = read_instant(decline, place, "declined_at");
  if (!when) return when.error();
  const DocView allowed = decline.find("retry_allowed_same_credential");
  if (!allowed.is_null() && !allowed.boolean()) {
    return bad_field(place, "retry_allowed_same_credential", "must be true or false");
  }

  Fields changed;
  CodeFields fields(decline, place, changed);
  const std::string provider = fields.take("provider");
  const std::string raw_code = fields.take("raw_code");
  const std::string network = fields.take("network");
  const std::string network_code = fields.take("network_decline_code");
  const std::string advice_code = fields.take("network_advice_code");
  const std::string advice = fields.take("provider_advice");
  if (!fields.problem()) return fields.problem().error();

  std::optional<Instant> retry_at = *told;
  const bool any_code =
      !(raw_code.empty() && network_code.empty() && advice_code.empty() && advice.empty());
  if (any_code) {
    const DeclineVerdict verdict =
        judge_decline({provider, raw_code, network, network_code, advice_code, advice});
    add_verdict(decline, verdict, changed);
    const std::optional<Instant> base = *when ? *when : declined_at;
    if (base && verdict.wait > Duration{}) {
      retry_at = std::max(retry_at.value_or(Instant::beginning()), *base + verdict.wait);
    }
  }
  if (retry_at) changed.emplace_back("earliest_retry_at", Doc::instant(*retry_at));
  if (*when) changed.emplace_back("declined_at", Doc::instant(**when));
  return changed.empty() ? Doc(decline) : Doc::merged(decline, Doc::record(changed));
}

}  // namespace relance
