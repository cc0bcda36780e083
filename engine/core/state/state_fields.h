// The fields of every struct that is stored, in stored order: new ones go to the end. Internal to
// this room.
#pragma once

#include "core/state/pack.h"
#include "core/state/record.h"

namespace relance {

template <>
inline constexpr Purpose kLastOf<Purpose> = Purpose::marketing;
template <>
inline constexpr RunEnd kLastOf<RunEnd> = RunEnd::holdout;
template <>
inline constexpr DeliveryClass kLastOf<DeliveryClass> = DeliveryClass::repeatable;
template <>
inline constexpr TouchState kLastOf<TouchState> = TouchState::done;
template <>
inline constexpr TouchWhat kLastOf<TouchWhat> = TouchWhat::offer;
template <>
inline constexpr Phase kLastOf<Phase> = Phase::ended;
template <>
inline constexpr Release kLastOf<Release> = Release::drop;
template <>
inline constexpr Memory::Kind kLastOf<Memory::Kind> = Memory::Kind::told;

RELANCE_FIELDS(OpenTouch, s.frozen, s.effect_hash, s.boot_ms, s.settle_at, s.attempts, s.refs,
               s.answered, s.had_profile, s.event, s.profile, s.version, s.waits_since_ms)
RELANCE_FIELDS(Touch, s.key, s.run, s.step, s.try_no, s.what, s.state, s.delivery, s.purpose,
               s.requested, s.flow, s.step_name, s.channel, s.channel_kind, s.address,
               s.intended_at, s.done_at, s.outcome, s.reason, s.cost_micro, s.cost_currency, s.held,
               s.answered_s)
RELANCE_FIELDS(StepState, s.step, s.phase, s.try_no, s.callbacks, s.callback_next, s.began_at,
               s.first_sent_at, s.sent_at, s.wake_at, s.not_before, s.word, s.last_word, s.touch,
               s.data, s.talk, s.rechecked_at, s.side, s.channel, s.content, s.planned_at, s.opened)
RELANCE_FIELDS(SeenEvent, s.type, s.at, s.data)
RELANCE_FIELDS(MovedFrom, s.version, s.at, s.whole)
RELANCE_FIELDS(KeptEvent, s.type, s.time, s.at, s.touch, s.data)
RELANCE_FIELDS(Run, s.id, s.flow, s.version, s.started_at, s.expire_at, s.keys, s.event, s.latest,
               s.event_type, s.event_time, s.failures, s.ending, s.end_reason, s.ended_by, s.paused,
               s.steps, s.past, s.held, s.kept, s.moved, s.shifted)
RELANCE_FIELDS(Consent, s.channel, s.purpose, s.given, s.at, s.basis, s.source, s.text_version,
               s.expires_at, s.evidence)
RELANCE_FIELDS(PastRun, s.flow, s.key, s.end, s.ended_at)
RELANCE_FIELDS(Memory, s.kind, s.word, s.touch, s.at)
RELANCE_FIELDS(Lease, s.run, s.step, s.until, s.queue, s.by, s.opened_at, s.offers, s.follow_up,
               s.packet, s.call)
RELANCE_FIELDS(EarlyEvent, s.hash, s.reference, s.until, s.type, s.time, s.envelope, s.data)
RELANCE_FIELDS(Marker, s.name, s.key, s.open, s.at)
RELANCE_FIELDS(AbsenceWatch, s.flow, s.since, s.due_at, s.event)
RELANCE_FIELDS(Search, s.flow, s.version, s.round, s.running, s.began_at, s.whole_from, s.next_at,
               s.cursor, s.asked, s.looked_at, s.found, s.failures, s.trouble, s.pass)
RELANCE_FIELDS(Pause, s.number, s.flow, s.channel, s.segment, s.off, s.since, s.author, s.reason,
               s.ended_at, s.release, s.ended_by, s.end_reason)
RELANCE_FIELDS(GuardCount, s.flow, s.what, s.window_from, s.contacts, s.objections, s.past_contacts,
               s.past_objections)
RELANCE_FIELDS(Lookout, s.watches, s.facts, s.searches, s.pauses, s.last_pause, s.guards)
RELANCE_FIELDS(Privacy, s.restricted, s.erasing, s.erased_at, s.corrected, s.added)
RELANCE_FIELDS(Customer, s.id, s.subject, s.profile, s.profile_at, s.runs, s.past, s.touches,
               s.consents, s.memory, s.leases, s.recent_events, s.recent_next, s.older_events,
               s.entries, s.last_at, s.chain, s.touches_since, s.markers, s.lookout, s.early,
               s.privacy)

RELANCE_FIELDS(CustomerMet, s.subject)
RELANCE_FIELDS(EventTaken, s.hash, s.type, s.time, s.envelope, s.data, s.touch)
RELANCE_FIELDS(RunStarted, s.run, s.flow, s.version, s.expire_at, s.keys, s.failures, s.given, s.by)
RELANCE_FIELDS(RunJoined, s.run, s.event, s.failures, s.keep, s.late)
RELANCE_FIELDS(RunNotStarted, s.flow, s.version, s.how, s.reason)
RELANCE_FIELDS(StepMoved, s.run, s.state)
RELANCE_FIELDS(StepEnded, s.run, s.step, s.outcome, s.reason, s.data)
RELANCE_FIELDS(TouchJudged, s.run, s.step, s.try_no, s.channel, s.verdict, s.reason, s.until,
               s.facts)
RELANCE_FIELDS(TouchIntended, s.touch, s.moves)
RELANCE_FIELDS(TouchSettled, s.key, s.state, s.outcome, s.reason, s.refs, s.data, s.cost_micro,
               s.cost_currency, s.settle_at, s.attempts, s.acted_at, s.reference_hashes, s.boot_ms,
               s.forget)
RELANCE_FIELDS(ProfileRead, s.profile)
RELANCE_FIELDS(RunEnding, s.run, s.how, s.reason, s.by)
RELANCE_FIELDS(RunEnded, s.run)
RELANCE_FIELDS(ConsentChanged, s.consent)
RELANCE_FIELDS(AddressSuppressed, s.address, s.reason)
RELANCE_FIELDS(Remembered, s.memory)
RELANCE_FIELDS(LeaseChanged, s.lease, s.held)
RELANCE_FIELDS(Decided, s.run, s.step, s.what, s.choice, s.facts)
RELANCE_FIELDS(CommandTaken, s.command, s.author, s.detail)
RELANCE_FIELDS(Trimmed, s.before, s.runs_before)
RELANCE_FIELDS(Base, s.snapshot)
RELANCE_FIELDS(RunHeld, s.run, s.held, s.reason)
RELANCE_FIELDS(EventKept, s.run)
RELANCE_FIELDS(MarkerChanged, s.marker, s.forgotten)
RELANCE_FIELDS(TouchAnswered, s.key, s.at)
RELANCE_FIELDS(WatchSet, s.watch)
RELANCE_FIELDS(FactsKept, s.facts)
RELANCE_FIELDS(SearchMoved, s.search)
RELANCE_FIELDS(EventWaits, s.reference, s.until)
RELANCE_FIELDS(EventWaited, s.hash, s.touch)
RELANCE_FIELDS(StepMapped, s.from, s.to)
RELANCE_FIELDS(RunMoved, s.run, s.version, s.steps, s.back)
RELANCE_FIELDS(PauseChanged, s.pause, s.over)
RELANCE_FIELDS(GuardCounted, s.count)
RELANCE_FIELDS(RunShifted, s.run, s.by)
RELANCE_FIELDS(PrivacyChanged, s.restricted, s.erasing)
RELANCE_FIELDS(Amended, s.corrected, s.added)
RELANCE_FIELDS(RunAmended, s.run, s.event, s.latest)
RELANCE_FIELDS(CustomerErased, s.entries)

}  // namespace relance
