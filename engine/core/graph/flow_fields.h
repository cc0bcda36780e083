// The fields of a compiled flow and of all its parts, by the names they have in its canonical JSON:
// one list for writing, reading and comparing. A field that equals its default is left out of the
// JSON, so a default is part of the format: changing one needs a new number of the language
// (kLanguage).
//
// fields(object) gives a tuple of Field; object is only looked at for its type.
#pragma once

#include <string_view>
#include <tuple>

#include "core/graph/flow.h"

namespace relance {

template <class Owner, class Value>
struct Field {
  std::string_view name;
  Value Owner::*member;
};
template <class Owner, class Value>
Field(std::string_view, Value Owner::*) -> Field<Owner, Value>;

inline auto fields(const EventPattern&) {
  return std::tuple{Field{"type", &EventPattern::type}, Field{"where", &EventPattern::where}};
}

inline auto fields(const Edge&) {
  return std::tuple{Field{"step", &Edge::step}, Field{"outcomes", &Edge::outcomes},
                    Field{"bare", &Edge::bare}, Field{"otherwise", &Edge::otherwise}};
}

inline auto fields(const DataSource&) {
  return std::tuple{Field{"function", &DataSource::function},
                    Field{"constant", &DataSource::constant}};
}

inline auto fields(const FieldMoment&) {
  return std::tuple{Field{"kind", &FieldMoment::kind}, Field{"path", &FieldMoment::path},
                    Field{"offset_ms", &FieldMoment::offset},
                    Field{"calendar_days", &FieldMoment::calendar_days},
                    Field{"at", &FieldMoment::at}};
}

inline auto fields(const SendTime&) {
  return std::tuple{Field{"local", &SendTime::local}, Field{"policy", &SendTime::policy},
                    Field{"path", &SendTime::path}};
}

inline auto fields(const Override&) {
  return std::tuple{Field{"rule", &Override::rule}, Field{"reason", &Override::reason}};
}

inline auto fields(const FetchStep&) {
  return std::tuple{Field{"from", &FetchStep::from}, Field{"what", &FetchStep::what},
                    Field{"by", &FetchStep::by}, Field{"need", &FetchStep::need},
                    Field{"defaults", &FetchStep::defaults}};
}

inline auto fields(const ChargeStep&) {
  return std::tuple{Field{"via", &ChargeStep::via}, Field{"tries", &ChargeStep::tries},
                    Field{"gap_ms", &ChargeStep::gap}, Field{"at", &ChargeStep::at},
                    Field{"data", &ChargeStep::data}};
}

inline auto fields(const SendChannel&) {
  return std::tuple{Field{"via", &SendChannel::via}, Field{"kind", &SendChannel::kind}};
}

inline auto fields(const SendStep&) {
  return std::tuple{Field{"via", &SendStep::via},
                    Field{"channel_kind", &SendStep::channel_kind},
                    Field{"template", &SendStep::template_name},
                    Field{"script", &SendStep::script},
                    Field{"data", &SendStep::data},
                    Field{"tries", &SendStep::tries},
                    Field{"gap_ms", &SendStep::gap},
                    Field{"at", &SendStep::at},
                    Field{"expect", &SendStep::expect},
                    Field{"deadline", &SendStep::deadline},
                    Field{"callbacks", &SendStep::callbacks},
                    Field{"resend_unknown", &SendStep::resend_unknown},
                    Field{"requested", &SendStep::requested},
                    Field{"overrides", &SendStep::overrides},
                    Field{"channels", &SendStep::channels},
                    Field{"choose", &SendStep::choose},
                    Field{"content", &SendStep::content},
                    Field{"content_within_ms", &SendStep::content_within}};
}

inline auto fields(const WaitStep&) {
  return std::tuple{Field{"duration_ms", &WaitStep::duration}, Field{"before", &WaitStep::before},
                    Field{"until_local", &WaitStep::until_local}};
}

inline auto fields(const AwaitStep&) {
  return std::tuple{Field{"events", &AwaitStep::events}, Field{"within_ms", &AwaitStep::within}};
}

inline auto fields(const Cell&) {
  return std::tuple{Field{"kind", &Cell::kind}, Field{"values", &Cell::values}};
}

inline auto fields(const TableRow&) {
  return std::tuple{Field{"cells", &TableRow::cells}, Field{"outcome", &TableRow::outcome},
                    Field{"data", &TableRow::data}, Field{"line", &TableRow::line}};
}

inline auto fields(const DecideStep&) {
  return std::tuple{
      Field{"kind", &DecideStep::kind},           Field{"columns", &DecideStep::columns},
      Field{"paths", &DecideStep::paths},         Field{"rows", &DecideStep::rows},
      Field{"first_hit", &DecideStep::first_hit}, Field{"function", &DecideStep::function},
      Field{"policy", &DecideStep::policy},       Field{"split", &DecideStep::split},
      Field{"words", &DecideStep::words},         Field{"otherwise", &DecideStep::otherwise}};
}

inline auto fields(const ActStep&) {
  return std::tuple{Field{"on", &ActStep::on}, Field{"op", &ActStep::op},
                    Field{"data", &ActStep::data}, Field{"only_if", &ActStep::only_if},
                    Field{"settles", &ActStep::settles}};
}

inline auto fields(const HoldStep&) {
  return std::tuple{Field{"on", &HoldStep::on}, Field{"op", &HoldStep::op},
                    Field{"undo", &HoldStep::undo}, Field{"data", &HoldStep::data},
                    Field{"at_most_ms", &HoldStep::at_most}};
}

inline auto fields(const ReleaseStep&) { return std::tuple{Field{"hold", &ReleaseStep::hold}}; }

inline auto fields(const HandoffStep&) {
  return std::tuple{Field{"queue", &HandoffStep::queue}, Field{"within_ms", &HandoffStep::within},
                    Field{"words", &HandoffStep::words}, Field{"lost", &HandoffStep::lost}};
}

inline auto fields(const RecordStep&) {
  return std::tuple{Field{"what", &RecordStep::what}, Field{"data", &RecordStep::data}};
}

inline auto fields(const StopStep&) { return std::tuple{Field{"reason", &StopStep::reason}}; }

inline auto fields(const StartFlowStep&) {
  return std::tuple{Field{"flow", &StartFlowStep::flow}, Field{"data", &StartFlowStep::data}};
}

// Without its body, which stands under the name of its kind.
inline auto fields(const Step&) {
  return std::tuple{Field{"name", &Step::name},
                    Field{"was", &Step::was},
                    Field{"line", &Step::line},
                    Field{"after", &Step::after},
                    Field{"when", &Step::when},
                    Field{"outcomes", &Step::outcomes},
                    Field{"close_words", &Step::close_words}};
}

inline auto fields(const RuleScope&) {
  return std::tuple{Field{"channel", &RuleScope::channel}, Field{"purpose", &RuleScope::purpose}};
}

inline auto fields(const WindowRule&) {
  return std::tuple{Field{"scope", &WindowRule::scope}, Field{"from", &WindowRule::from},
                    Field{"to", &WindowRule::to}, Field{"weekdays", &WindowRule::weekdays}};
}

inline auto fields(const CapRule&) {
  return std::tuple{Field{"scope", &CapRule::scope}, Field{"at_most", &CapRule::at_most},
                    Field{"per_ms", &CapRule::per}};
}

inline auto fields(const QuietDayRule&) {
  return std::tuple{Field{"scope", &QuietDayRule::scope},
                    Field{"holidays", &QuietDayRule::holidays},
                    Field{"dates", &QuietDayRule::dates}};
}

inline auto fields(const ContactRules&) {
  return std::tuple{
      Field{"windows", &ContactRules::windows},
      Field{"caps", &ContactRules::caps},
      Field{"gap_ms", &ContactRules::gap},
      Field{"suppress_on", &ContactRules::suppress_on},
      Field{"priority", &ContactRules::priority},
      Field{"off", &ContactRules::off},
      Field{"consent_needed_for_recovery", &ContactRules::consent_needed_for_recovery},
      Field{"quiet_days", &ContactRules::quiet_days},
      Field{"self_cure_ms", &ContactRules::self_cure}};
}

inline auto fields(const Recheck&) {
  return std::tuple{Field{"from", &Recheck::from}, Field{"what", &Recheck::what},
                    Field{"by", &Recheck::by}, Field{"goal", &Recheck::goal},
                    Field{"stop", &Recheck::stop}};
}

inline auto fields(const Absence&) {
  return std::tuple{Field{"type", &Absence::type}, Field{"after_ms", &Absence::after}};
}

inline auto fields(const Segment&) {
  return std::tuple{Field{"from", &Segment::from},       Field{"columns", &Segment::columns},
                    Field{"cells", &Segment::cells},     Field{"every_ms", &Segment::every},
                    Field{"changed", &Segment::changed}, Field{"pace", &Segment::pace},
                    Field{"line", &Segment::line}};
}

inline auto fields(const Flow&) {
  return std::tuple{Field{"name", &Flow::name},
                    Field{"version", &Flow::version},
                    Field{"file", &Flow::file},
                    Field{"start", &Flow::start},
                    Field{"absence", &Flow::absence},
                    Field{"segment", &Flow::segment},
                    Field{"key", &Flow::key},
                    Field{"goal", &Flow::goal},
                    Field{"stop", &Flow::stop},
                    Field{"updates", &Flow::updates},
                    Field{"when", &Flow::when},
                    Field{"purpose", &Flow::purpose},
                    Field{"expire_ms", &Flow::expire},
                    Field{"recheck", &Flow::recheck},
                    Field{"holdout_percent", &Flow::holdout_percent},
                    Field{"re_entry", &Flow::re_entry},
                    Field{"re_entry_after_ms", &Flow::re_entry_after},
                    Field{"tighten", &Flow::tighten},
                    Field{"ignored", &Flow::ignored},
                    Field{"steps", &Flow::steps},
                    Field{"function_lines", &Flow::function_lines}};
}

}  // namespace relance
