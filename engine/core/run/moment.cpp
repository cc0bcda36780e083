#include "core/run/moment.h"

namespace relance {

std::optional<Instant> resolve(const FieldMoment& moment, const View& view, const Zone& zone) {
  const DocView field = view.find(moment.path).first;
  std::optional<Instant> at = field.instant();
  if (auto date = field.date()) at = zone.instant(*date, TimeOfDay{0});
  if (!at) return std::nullopt;
  if (moment.kind == FieldMoment::Kind::since) return *at + moment.offset;
  if (moment.calendar_days == 0 && !moment.at) return *at - moment.offset;
  Local local = zone.local(*at - moment.offset);
  local.date.days -= moment.calendar_days;
  return moment.at ? zone.instant(local.date, *moment.at)
                   : zone.instant(local.date, local.second_of_day);
}

}  // namespace relance
