#include "core/gate/reason.h"

#include <algorithm>
#include <array>

namespace relance {
namespace {

struct Wording {
  std::string_view name, sentence;
};

// In the order of Reason. Each sentence goes on after "because".
constexpr std::array kWordings = std::to_array<Wording>({
    {"none", "nothing stood against it"},
    {"outside_window", "it was outside the hours in which the customer may be contacted"},
    {"quiet_day", "it was a holiday or a quiet day where the customer is"},
    {"self_cure", "the failure was fresh, and many customers put it right by themselves"},
    {"recent_answer", "the customer had given an answer too recently"},
    {"merged", "another contact that waited as well stood for both"},
    {"cap_reached", "the customer had already been contacted as often as the rules allow"},
    {"gap_too_short", "the last contact with the customer was too recent"},
    {"person_owns_case", "a person of the team was taking care of the customer"},
    {"paused", "an operator had paused it"},
    {"charge_open", "another payment attempt for the same bill was not settled yet"},
    {"network_ceiling", "the card networks allow no further payment attempt for now"},
    {"flow_excluded",
     "another flow, which must not meet this one, had just contacted the customer"},
    {"outranked", "a more urgent flow wanted to contact the customer"},
    {"marker_open", "the customer was in the middle of something that forbids it"},
    {"restricted", "the customer asked that his data be kept and not used"},
    {"profile_unread", "the customer's profile had to be read first"},
    {"recheck_unread", "the facts had to be read again first"},
    {"history_unread", "a contact rule looks back further than the customer's recent history"},
    {"no_consent", "the customer never agreed to messages of this kind"},
    {"consent_withdrawn", "the customer asked for no more messages of this kind"},
    {"consent_expired", "the customer's consent has run out"},
    {"suppressed_address", "this address must not be contacted any more"},
    {"do_not_call", "the number is on a do-not-call list"},
    {"no_address", "no address of the customer is known for this channel"},
    {"invalid_address", "the customer's address for this channel cannot be right"},
    {"never_clears", "a contact rule would have put it off for too long"},
    {"deadline_passed", "it could not leave before its deadline"},
    {"goal_reached", "the goal had already been reached when the facts were read again"},
    {"stopped_by_recheck", "the facts read again said to stop"},
    {"credential_dead", "the card network forbids any further attempt with this card"},
    {"channel_off", "the channel is switched off"},
    {"language_not_spoken", "the channel does not speak the customer's language"},
    {"already_responded", "the customer had already responded to this campaign"},
    {"left_segment", "the customer no longer belonged to the group that the flow is for"},
    {"resumed", "the pause that held it had ended, and its turn had not come yet"},
});
static_assert(kWordings.size() == static_cast<size_t>(Reason::resumed) + 1);

const Wording& wording(Reason reason) { return kWordings[static_cast<size_t>(reason)]; }

}  // namespace

std::string_view reason_name(Reason reason) { return wording(reason).name; }

bool reason_from(std::string_view name, Reason& reason) {
  const auto found = std::find_if(kWordings.begin(), kWordings.end(),
                                  [&](const Wording& each) { return each.name == name; });
  if (found == kWordings.end()) return false;
  reason = static_cast<Reason>(found - kWordings.begin());
  return true;
}

std::string_view reason_sentence(Reason reason) { return wording(reason).sentence; }

}  // namespace relance
