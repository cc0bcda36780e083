#include "cli/pausing.h"

#include <fmt/format.h>

#include "serve/pause_desk.h"

namespace relance::cli {
namespace {

std::string_view text_in(DocView record, std::string_view field) {
  return record.find(field).text().value_or("");
}

int64_t number_in(DocView record, std::string_view field) {
  return record.find(field).integer().value_or(0);
}

Doc asked_of(const PausingOptions& options) {
  return Doc::record({{"author", Doc::text(author_of(options.by))},
                      {"reason", Doc::text(options.by.reason)},
                      {"number", Doc::integer(options.number)},
                      {"flow", Doc::text(options.flow)},
                      {"channel", Doc::text(options.channel)},
                      {"segment", Doc::text(options.segment)},
                      {"off", Doc::boolean(options.off)},
                      {"release", Doc::text(options.release)},
                      {"dry_run", Doc::boolean(options.dry_run)}});
}

Result<Doc> pause_at_rest(StoreAtRest& store, const Doc& asked) {
  const auto set = store.pause(pause_asked(asked));
  if (!set) return set.error();
  return to_doc(*set);
}

Result<Doc> resume_at_rest(StoreAtRest& store, const PausingOptions& options, const Doc& asked) {
  const auto all = store.pauses();
  if (!all) return all.error();
  const auto known = find_pause(*all, pause_named(asked));
  if (!known) return known.error();
  const auto preview = store.preview_resume(*known);
  if (!preview) return preview.error();
  if (options.release.empty() || options.dry_run) return to_doc(*preview);
  ResumeOrder order{known->number, Release::send, author_of(options.by), options.by.reason};
  release_from(options.release, order.release);
  if (auto resumed = store.resume(order); !resumed) return resumed.error();
  return Doc::merged(to_doc(*preview), Doc::record({{"release", Doc::text(options.release)}}));
}

std::string fate_words(std::string_view fate, std::string_view because) {
  const std::string why = because.empty() ? "" : fmt::format(": {}", because);
  if (fate == "leaves") return "would leave now";
  if (fate == "waits") return "would still wait" + why;
  if (fate == "late") return "would come too late" + why;
  if (fate == "refused") return "would be refused now" + why;
  return "cannot be told before something is read" + why;
}

}  // namespace

void add_scope_options(CLI::App& command, PausingOptions& options) {
  add_operator_options(command, options.by);
  command.add_option("--flow", options.flow, "touches of this flow");
  command.add_option("--channel", options.channel, "touches over this channel, or of this kind");
  command.add_option("--segment", options.segment, "touches to customers of this segment");
  command.add_flag("--off", options.off, "the channel is off: touches are refused, not held");
  command.add_flag("--virtual", options.virtual_clock,
                   "of a store at rest: `run` had a virtual clock");
  command.add_flag("--sandbox", options.sandbox, "of a store at rest, as `run` had it");
}

bool names_a_pause(const PausingOptions& options) {
  return options.number != 0 || !options.flow.empty() || !options.channel.empty() ||
         !options.segment.empty();
}

std::optional<Doc> ask_about_pauses(Program& program, const PausingOptions& options,
                                    const std::string& command, int& exit) {
  const Doc asked = asked_of(options);
  if (engine_runs(options.by))
    return ask_engine(options.by, "POST", "/v1/admin/" + command, asked, exit);
  const auto library = program.library();
  std::vector<Error> errors;
  const AtRestOptions how{store_url(options.by.store), options.sandbox, options.virtual_clock};
  const auto store = StoreAtRest::open(how, *library, errors);
  if (!store) {
    print_errors(errors);
    exit = kCannotOpen;
    return std::nullopt;
  }
  auto told =
      command == "pause" ? pause_at_rest(**store, asked) : resume_at_rest(**store, options, asked);
  if (told) return std::move(*told);
  print_error(told.error());
  exit = kProblems;
  return std::nullopt;
}

void print_held(DocView told) {
  const DocView pause = told.find("pause");
  Pause scope = pause_asked(pause);
  fmt::print("pause {}: {}{}; since {}, by {}{}{}\n", number_in(pause, "number"),
             scope_words(scope), scope.off ? ", off" : "",
             format_instant(pause.find("since").instant().value_or(Instant{})), scope.author,
             scope.reason.empty() ? "" : ": ", scope.reason);
  fmt::print("it holds {} touches of {} customers\n", number_in(told, "touches"),
             number_in(told, "customers"));
  for (const auto& [key, group] : told.find("held").items()) {
    fmt::print("  {:>7}  {}\n", number_in(group, "count"),
               fate_words(text_in(group, "fate"), text_in(group, "because")));
    for (const auto& [index, one] : group.find("examples").items())
      fmt::print("           {}: {}.{} over {}, held since {}\n", text_in(one, "customer"),
                 text_in(one, "flow"), text_in(one, "step"), text_in(one, "channel"),
                 format_instant(one.find("held_since").instant().value_or(Instant{})));
  }
  if (const int64_t seconds = number_in(told, "seconds"))
    fmt::print("  {:>7}  of them stand beside a better message of the same customer\n", seconds);
  if (const int64_t expired = number_in(told, "expired_runs"))
    fmt::print("  {:>7}  runs came to their end by time meanwhile\n", expired);
}

}  // namespace relance::cli
