#include "admin/rows.h"

namespace relance {
namespace {

Doc instant_or_null(Instant at) {
  return at.is_never() || at == Instant{} ? Doc{} : Doc::instant(at);
}

Doc rendered(const TouchRow& row, const Archive& archive) {
  std::vector<std::pair<std::string, Doc>> fields;
  for (const Part& part : archive.render(row.frozen))
    fields.emplace_back(part.role == "html"      ? "html"
                        : part.role == "subject" ? "subject"
                                                 : "text",
                        Doc::text(part.text));
  return Doc::record(fields);
}

// The run and step a record speaks about, and its facts.
struct Journal {
  Archive& archive;
  Key run;
  Key version;
  std::map<Key, Key> touches;  // touch -> run

  struct Line {
    Key run;
    StepIndex step = kNoStep;
    Doc facts;
  };

  Line of(const Record& record) {
    return std::visit([&](const auto& r) { return line(r); }, record);
  }

  template <class R>
  Line line(const R&) {
    return {};
  }
  Line line(const RunStarted& r) {
    if (r.run == run) version = r.version;
    const Doc begun =
        Doc::record({{"flow", Doc::text(r.flow)}, {"version", Doc::text(r.version.text())}});
    if (!r.by) return {r.run, kNoStep, begun};
    return {r.run, kNoStep, Doc::merged(begun, Doc::record({{"by", Doc::text(r.by.text())}}))};
  }
  Line line(const RunMoved& r) {
    if (r.run == run) version = r.version;
    return {r.run, kNoStep, Doc::record({{"version", Doc::text(r.version.text())}})};
  }
  Line line(const RunJoined& r) {
    return {r.run, kNoStep, Doc::record({{"failures", Doc::integer(r.failures)}})};
  }
  Line line(const StepMoved& r) {
    return {r.run, r.state.step,
            Doc::record({{"phase", Doc::text(phase_name(r.state.phase))},
                         {"word", Doc::text(r.state.word)},
                         {"wake_at", instant_or_null(r.state.wake_at)}})};
  }
  Line line(const StepEnded& r) {
    return {r.run, r.step,
            Doc::record({{"outcome", Doc::text(r.outcome)}, {"reason", Doc::text(r.reason)}})};
  }
  Line line(const TouchJudged& r) {
    return {r.run, r.step,
            Doc::merged(r.facts, Doc::record({{"verdict", Doc::text(r.verdict)},
                                              {"reason", Doc::text(r.reason)},
                                              {"until", instant_or_null(r.until)}}))};
  }
  Line line(const TouchIntended& r) {
    touches[r.touch.key] = r.touch.run;
    return {r.touch.run, r.touch.step,
            Doc::record({{"key", Doc::text(r.touch.key.text())},
                         {"channel", Doc::text(r.touch.channel)},
                         {"try", Doc::integer(r.touch.try_no)}})};
  }
  Line line(const TouchSettled& r) {
    const auto it = touches.find(r.key);
    return {it == touches.end() ? Key{} : it->second, kNoStep,
            Doc::record({{"key", Doc::text(r.key.text())},
                         {"state", Doc::text(touch_state_name(r.state))},
                         {"outcome", Doc::text(r.outcome)},
                         {"reason", Doc::text(r.reason)}})};
  }
  Line line(const TouchAnswered& r) {
    const auto it = touches.find(r.key);
    return {it == touches.end() ? Key{} : it->second, kNoStep,
            Doc::record({{"key", Doc::text(r.key.text())}, {"at", Doc::instant(r.at)}})};
  }
  Line line(const Decided& r) {
    return {r.run, r.step,
            Doc::merged(r.facts, Doc::record({{"what", Doc::text(r.what)},
                                              {"choice", Doc::text(r.choice)}}))};
  }
  Line line(const LeaseChanged& r) {
    return {r.lease.run, r.lease.step,
            Doc::record({{"held", Doc::boolean(r.held)},
                         {"queue", Doc::text(r.lease.queue)},
                         {"by", Doc::text(r.lease.by)}})};
  }
  Line line(const RunHeld& r) {
    return {r.run, kNoStep,
            Doc::record({{"held", Doc::boolean(r.held)}, {"reason", Doc::text(r.reason)}})};
  }
  Line line(const EventKept& r) { return {r.run, kNoStep, Doc::empty_record()}; }
  Line line(const MarkerChanged& r) {
    return {{},
            kNoStep,
            Doc::record({{"marker", Doc::text(r.marker.name)},
                         {"open", Doc::boolean(r.marker.open)},
                         {"at", Doc::instant(r.marker.at)},
                         {"forgotten", Doc::boolean(r.forgotten)}})};
  }
  Line line(const RunEnding& r) {
    return {
        r.run, kNoStep,
        Doc::record({{"how", Doc::text(run_end_name(r.how))}, {"reason", Doc::text(r.reason)}})};
  }
  Line line(const RunEnded& r) { return {r.run, kNoStep, Doc::empty_record()}; }
};

}  // namespace

std::string run_json(const RunRow& row) {
  return to_json(Doc::record({{"run", Doc::text(row.run.text())},
                              {"flow", Doc::text(row.flow)},
                              {"version", Doc::text(row.version.text())},
                              {"key", Doc::text(row.key)},
                              {"customer", Doc::text(row.subject)},
                              {"status", Doc::text(row.status)},
                              {"reason", Doc::text(row.reason)},
                              {"started_at", Doc::instant(row.started_at)},
                              {"ended_at", instant_or_null(row.ended_at)},
                              {"next_at", instant_or_null(row.next_at)},
                              {"waiting_for", Doc::text(row.waiting_for)}}));
}

std::string touch_json(const TouchRow& row, const Archive& archive) {
  const Touch& touch = row.touch;
  const bool sent = row.verdict == "sent";
  return to_json(
      Doc::record({{"key", sent ? Doc::text(touch.key.text()) : Doc{}},
                   {"run", touch.of_customer() ? Doc{} : Doc::text(touch.run.text())},
                   {"flow", Doc::text(touch.flow)},
                   {"step", Doc::text(touch.step_name)},
                   {"try", Doc::integer(touch.try_no)},
                   {"customer", Doc::text(row.subject)},
                   {"channel", Doc::text(touch.channel)},
                   {"contact", Doc::boolean(touch.is_contact())},
                   {"intended_at", Doc::instant(row.at)},
                   {"sent_at", sent ? Doc::instant(row.at) : Doc{}},
                   {"done_at", instant_or_null(touch.done_at)},
                   {"outcome", Doc::text(sent ? touch.state == TouchState::done
                                                    ? std::string_view(touch.outcome)
                                                    : touch_state_name(touch.state)
                                              : std::string_view(row.verdict))},
                   {"reason", Doc::text(row.reason)},
                   {"cost_minor", Doc::number(static_cast<double>(touch.cost_micro) / 10'000)},
                   {"currency", Doc::text(touch.cost_currency.text())},
                   {"rendered", rendered(row, archive)}}));
}

Result<std::vector<std::string>> journal_of(Archive& archive, const Key& run) {
  std::vector<std::string> lines;
  Journal journal{archive, run, {}, {}};
  auto read = archive.each_entry([&](const StoredEntry&, const Entry& entry) {
    for (const Record& record : entry.records) {
      Journal::Line line = journal.of(record);
      if (line.run != run) continue;
      lines.push_back(to_json(
          Doc::record({{"at", Doc::instant(entry.at)},
                       {"run", Doc::text(run.text())},
                       {"step", Doc::text(archive.step_name(journal.version, line.step))},
                       {"what", Doc::text(record_name(record))},
                       {"facts", line.facts},
                       {"version", Doc::text(journal.version.text())},
                       {"generation", Doc::integer(static_cast<int64_t>(entry.generation))}})));
    }
    return true;
  });
  if (!read) return read.error();
  return lines;
}

}  // namespace relance
