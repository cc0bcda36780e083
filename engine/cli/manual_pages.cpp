#include "cli/manual_pages.h"

#include <fmt/format.h>

namespace relance::cli {
namespace {

// What troff would take for its own: a backslash, a hyphen that is to be copied, a dot or an
// apostrophe that begins a line.
std::string plain(std::string_view text) {
  std::string out;
  bool line_begins = true;
  for (const char c : text) {
    if (line_begins && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else
      out += c;
    line_begins = c == '\n';
  }
  return out;
}

std::string heading(const std::string& page, const std::string& version) {
  return fmt::format(".TH {} 1 \"\" \"{}\" \"Relance\"\n", plain(page), plain(version));
}

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App* one) { return !one->get_group().empty(); });
}

std::vector<const CLI::Option*> options_of(const CLI::App& app, bool positional) {
  return app.get_options([positional](const CLI::Option* one) {
    return !one->get_group().empty() && one->get_positional() == positional;
  });
}

std::string synopsis(const CLI::App& app, const std::string& words) {
  std::string line = fmt::format(".B {}\n[\\fIoptions\\fR]", plain(words));
  for (const CLI::Option* one : options_of(app, true)) {
    const std::string name = plain(one->get_name(true, false));
    line +=
        one->get_required() ? fmt::format(" \\fI{}\\fR", name) : fmt::format(" [\\fI{}\\fR]", name);
  }
  if (!commands_of(app).empty())
    line += app.get_require_subcommand_min() > 0 ? " \\fIcommand\\fR" : " [\\fIcommand\\fR]";
  return line + "\n";
}

std::string one_option(const CLI::Option& option, bool positional) {
  std::string value;
  if (!positional && option.get_type_size() != 0)
    value = fmt::format(" \\fI{}\\fR", plain(option.get_type_name()));
  return fmt::format(".TP\n\\fB{}\\fR{}\n{}\n", plain(option.get_name(positional, !positional)),
                     value, plain(option.get_description()));
}

std::string options(const CLI::App& app) {
  std::string text;
  for (const bool positional : {true, false})
    for (const CLI::Option* one : options_of(app, positional)) text += one_option(*one, positional);
  return text;
}

std::string example(const CLI::App& app) {
  const std::string footer = app.get_footer();
  const size_t begins = footer.find("relance ");
  if (begins == std::string::npos) return "";
  return fmt::format(".SH EXAMPLE\n.nf\n{}\n.fi\n", plain(footer.substr(begins)));
}

std::string command_page(const CLI::App& command, const std::string& version) {
  const std::string words = "relance " + command.get_name();
  std::string page = heading("relance-" + command.get_name(), version);
  page += fmt::format(".SH NAME\nrelance\\-{} \\- {}\n.SH SYNOPSIS\n{}.SH OPTIONS\n{}",
                      plain(command.get_name()), plain(command.get_description()),
                      synopsis(command, words), options(command));
  for (const CLI::App* below : commands_of(command)) {
    const std::string deeper = words + " " + below->get_name();
    page += fmt::format(".SH {}\n{}\n.PP\n{}{}", plain(deeper), plain(below->get_description()),
                        synopsis(*below, deeper), options(*below));
  }
  return page + example(command) + ".SH SEE ALSO\n.BR relance (1)\n";
}

constexpr std::string_view kAroundCommands = R"(.SH EXIT STATUS
.TP
0
done
.TP
1
the work found problems: errors of a bundle, failed tests
.TP
2
the call was wrong
.TP
3
the store or a plugin could not be opened, or the store failed
.TP
4
finished, but some input was rejected
.TP
5
ended by a second SIGTERM, or because the time to stop was over
.SH ENVIRONMENT
.TP
RELANCE_STORE
the store where \-\-store is not given
.TP
RELANCE_LOG
error, warn (the default), info or debug: what goes to standard error
.TP
NO_COLOR
no colours, not even on a terminal
.PP
A bundle names its secrets; they are read from the environment too.
.SH FILES
.TP
\fIprefix\fR/share/relance/flows
the shipped bundle
.TP
\fIprefix\fR/lib/relance/plugins
the shipped plugins
.TP
\fIprefix\fR/share/doc/relance
the documentation
)";

}  // namespace

std::map<std::string, std::string> manual_pages(const CLI::App& program,
                                                const std::string& version) {
  std::map<std::string, std::string> pages;
  std::string& first = pages["relance.1"];
  first = heading("relance", version);
  first +=
      fmt::format(".SH NAME\nrelance \\- {}\n.SH SYNOPSIS\n{}.SH OPTIONS\n{}.SH COMMANDS\n",
                  plain(program.get_description()), synopsis(program, "relance"), options(program));
  for (const CLI::App* command : commands_of(program)) {
    first += fmt::format(".TP\n.BR relance\\-{} (1)\n{}\n", plain(command->get_name()),
                         plain(command->get_description()));
    pages["relance-" + command->get_name() + ".1"] = command_page(*command, version);
  }
  first += kAroundCommands;
  return pages;
}

}  // namespace relance::cli
