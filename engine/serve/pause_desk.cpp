#include "serve/pause_desk.h"

#include "serve/problem.h"

namespace relance {
namespace {

std::string text_of(DocView asked, std::string_view field) {
  return std::string(asked.find(field).text().value_or(""));
}

bool flag_of(DocView asked, std::string_view field) {
  return asked.find(field).boolean().value_or(false);
}

ServerAnswer answer_of(const Doc& told) {
  ServerAnswer answer;
  answer.body = to_json(told);
  return answer;
}

}  // namespace

Pause pause_asked(DocView asked) {
  Pause wanted;
  wanted.flow = text_of(asked, "flow");
  wanted.channel = text_of(asked, "channel");
  wanted.segment = text_of(asked, "segment");
  wanted.off = flag_of(asked, "off");
  wanted.author = text_of(asked, "author");
  wanted.reason = text_of(asked, "reason");
  return wanted;
}

PauseName pause_named(DocView asked) {
  return {static_cast<uint64_t>(std::max<int64_t>(asked.find("number").integer().value_or(0), 0)),
          text_of(asked, "flow"), text_of(asked, "channel"), text_of(asked, "segment"),
          flag_of(asked, "off")};
}

ServerAnswer pause_for(NodeCore& node, ActiveGeneration& live, const Doc& asked) {
  const Pause wanted = pause_asked(asked);
  if (auto known = check_scope(live, wanted); !known) return problem(409, known.error());
  const auto set = pause(node, wanted);
  return set ? answer_of(to_doc(*set)) : problem(409, set.error());
}

ServerAnswer resume_for(NodeCore& node, ActiveGeneration& live, const Doc& asked) {
  const DocView view = asked;
  const auto all = node.pauses();
  const auto known = find_pause(all ? all->all() : std::vector<Pause>{}, pause_named(view));
  if (!known) return problem(409, known.error());
  const auto preview = preview_resume(node, live.rules(), *known);
  if (!preview) return problem(503, preview.error());
  ResumeOrder order{known->number, Release::send, text_of(view, "author"), text_of(view, "reason")};
  const std::string release = text_of(view, "release");
  if (release.empty() || flag_of(view, "dry_run")) return answer_of(to_doc(*preview));
  if (!release_from(release, order.release))
    return problem(400, "release is send, shift, merge or drop");
  const auto released = resume(node, order);
  if (!released) return problem(503, released.error());
  return answer_of(
      Doc::merged(to_doc(*preview),
                  Doc::record({{"release", Doc::text(release)},
                               {"released", Doc::integer(static_cast<int64_t>(*released))}})));
}

}  // namespace relance
