// relance talk: a conversation script, played in the terminal.
#include <fmt/format.h>

#include "base/text.h"
#include "cli/command.h"
#include "cli/talk_call.h"

namespace relance::cli {
namespace {

struct Options {
  std::string script, bundle = ".", language, event, customer;
  std::vector<std::string> said;
};

// A record from an option's JSON.
Result<Doc> record_of(const std::string& option, const std::string& json) {
  auto record = json.empty() ? Result<Doc>(Doc::empty_record()) : from_json(json);
  if (record && record->view().type() == DocType::record) return record;
  return Error{Code::usage, option + " wants a JSON object, found " + json, {}, ""};
}

// Eleven in the morning of the next working day: most contact rules let a call pass then.
Instant hour_for_calls(const Bundle& bundle) {
  const Zone& zone = bundle.zone ? *bundle.zone : Zone::utc();
  Instant at = zone.next(SystemClock().now(), {11 * 60});
  while (zone.local(at).weekday > 5) at = zone.next(at + hours(1), {11 * 60});
  return at;
}

Result<TalkCall::Setting> setting_of(const Bundle& bundle, const Options& options) {
  auto stage = talk_stage(bundle, options.script);
  if (!stage) return stage.error();
  auto event = record_of("--event", options.event);
  if (!event) return event.error();
  auto customer = record_of("--customer", options.customer);
  if (!customer) return customer.error();
  if (!options.language.empty())
    *customer = Doc::merged(*customer, Doc::record({{"locale", Doc::text(options.language)}}));
  return TalkCall::Setting{std::move(*stage), std::move(*event), std::move(*customer),
                           hour_for_calls(bundle)};
}

// What the flow may read of it, without the list of all that was said: that stands above.
Doc answers_of(const Doc& data) {
  std::vector<std::pair<std::string, Doc>> fields;
  for (const auto& [name, value] : data.view().items())
    if (name != "said") fields.emplace_back(std::string(name), Doc(value));
  return Doc::record(fields);
}

void print(const TalkCall::Ending& ending) {
  fmt::print("\noutcome   {}\n", ending.outcome);
  if (!ending.reason.empty()) fmt::print("reason    {}\n", ending.reason);
  if (const Doc answers = answers_of(ending.data); answers.view().size() > 0)
    fmt::print("data      {}\n", to_json(answers));
  if (!ending.run.empty())
    fmt::print("the run   {}\n", ending.run);
  else
    fmt::print("the flow  goes on with {}\n",
               ending.next.empty() ? "nothing" : join(ending.next, ", "));
}

void talk(Program& program, const Options& options) {
  const auto library = program.library();
  const auto bundle = load(program, *library, options.bundle, true);
  if (!bundle) return;
  auto setting = setting_of(*bundle, options);
  if (!setting) {
    print_error(setting.error());
    program.exit = kWrongCall;
    return;
  }
  Terminal terminal(options.said);
  terminal.remark("flow " + setting->stage.flow->name + ", step " +
                  setting->stage.flow->steps[setting->stage.call].name +
                  ". Answer in words, or with digits for keys; an empty line is silence, the end "
                  "of input hangs up");
  std::vector<Error> errors;
  auto call = TalkCall::make(std::move(*setting), *library, terminal, errors);
  if (!call) {
    print_errors(errors);
    program.exit = kCannotOpen;
    return;
  }
  const auto ending = (*call)->play();
  if (ending) return print(*ending);
  print_error(ending.error());
  program.exit = kProblems;
}

}  // namespace

void add_talk(Program& program) {
  auto options = std::make_shared<Options>();
  CLI::App* command = add_command(program, "talk", "a conversation script, played in the terminal",
                                  "relance talk payment_help --bundle flows --lang en --say yes "
                                  "--say \"it was my bank\" --say 2");
  command->add_option("script", options->script, "name of the script: payment_help")->required();
  command->add_option("--bundle", options->bundle, "directory with bundle.lua (default here)");
  command->add_option("--lang", options->language,
                      "what the customer speaks (default the bundle's)");
  command
      ->add_option("--say", options->said,
                   "an answer, before those of stdin are taken; may be given several times")
      ->allow_extra_args(false);
  command->add_option("--event", options->event,
                      "fields of the event that began the run, as JSON, over made-up ones");
  command->add_option("--customer", options->customer,
                      "what is known of the customer, as JSON, over what is made up");
  command->callback([&program, options] { talk(program, *options); });
}

}  // namespace relance::cli
