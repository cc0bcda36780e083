#include "script/reference.h"

#include <fmt/format.h>

#include "base/text.h"
#include "script/flow_start.h"
#include "script/step_kind.h"

namespace relance {
namespace {

constexpr size_t kStepKinds = std::variant_size_v<StepBody>;
constexpr size_t kTurnKinds = static_cast<size_t>(TurnKind::close) + 1;

std::string field_name(const Field& field) {
  return field.name[0] >= '1' && field.name[0] <= '9' ? "(first)" : std::string(field.name);
}

std::string field_table(std::span<const Field> fields) {
  std::string text = "| field | is | |\n| --- | --- | --- |\n";
  for (const Field& field : fields) {
    std::string shape(shape_name(field.shape));
    for (size_t at = shape.find('|'); at != std::string::npos; at = shape.find('|', at + 2))
      shape.insert(at, "\\");
    text += fmt::format("| `{}`{} | {} | {} |\n", field_name(field), field.required ? " *" : "",
                        shape, field.help);
  }
  return text + "\n";
}

std::string sentence(std::string_view text) {
  std::string out(text);
  out[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(out[0])));
  return out;
}

std::string kind_section(std::string_view name, std::string_view does, std::string_view outcomes,
                         std::span<const Field> fields) {
  return fmt::format("### {}\n\n{}. Outcomes: {}.\n\n", name, sentence(does),
                     outcomes == "-" ? "none" : outcomes) +
         field_table(fields);
}

std::string field_lines(std::span<const Field> fields) {
  std::string text;
  for (const Field& field : fields) {
    const bool item = field.name[0] >= '1' && field.name[0] <= '9';
    const std::string name = item ? fmt::format("[{}]", field.name) : std::string(field.name);
    text += fmt::format("---@field {}{} {} {}\n", name, field.required || item ? "" : "?",
                        shape_type(field.shape), field.help);
  }
  return text;
}

std::string kind_annotation(std::string_view prefix, std::string_view name, std::string_view does,
                            std::span<const Field> fields, std::span<const Field> common) {
  return fmt::format(
      "---@class relance.{0}.{1}\n{2}{3}\n---{4}\n---@param fields relance.{0}.{1}\n---@return "
      "relance.step\n"
      "function {1}(fields) end\n\n",
      prefix, name, field_lines(fields), field_lines(common), does);
}

// Words that are no kinds: the same in every flow.
constexpr std::string_view kCommonWords = R"(---@class relance.money
---@field minor integer
---@field currency string
---@class relance.duration
---@class relance.instant
---@class relance.step
---@class relance.after
---@class relance.events
---@class relance.moment
---@class relance.policy
---@alias relance.data table<string, any>|fun(run: relance.run): table

---@class relance.run
---@field event table data of the first event
---@field latest table data of the last event that joined
---@field customer table what the CRM told
---@field facts table what the engine keeps of his orders and reactions
---@field steps table<string, { outcome: string?, data: table }>
---@field touches { last: fun(filter: table): table?, count: fun(filter: table?): integer }
---@field said table<string, boolean>
---@field promised table<string, boolean>
---@field asked table<string, boolean>
---@field now relance.instant
---@field failures integer distinct failed payment attempts
---@field random number the same for the whole life of the run

---@param n number
---@return relance.duration
function seconds(n) end
---@param n number
---@return relance.duration
function minutes(n) end
---@param n number
---@return relance.duration
function hours(n) end
---n times 24 hours
---@param n number
---@return relance.duration
function days(n) end

---@param code string
---@param amount string
---@return relance.money
function money(code, amount) end
---@param amount string
---@return relance.money
function eur(amount) end
---@param amount string
---@return relance.money
function usd(amount) end
---@param amount string
---@return relance.money
function gbp(amount) end

---@return any
function at_least(bound) end
---@return any
function below(bound) end
---from `from` on, below `to`
---@return any
function between(from, to, weekdays) end

---@param type string an event of the catalogue
---@return relance.events
function event(type) end
---the first that arrives
---@return relance.after
function any(edges) end
---all of them
---@return relance.after
function all(edges) end
---outcomes that are left unhandled on purpose
function ignore(edges) end

)";

constexpr std::string_view kFlowWords = R"(---steps that run last, when the run ended so
---@param ends ("goal"|"stopped"|"expired"|"completed"|"failed")[]
---@return relance.after
function ended(ends) end
---@param type string an event of the catalogue
---@return fun(after: relance.duration): relance.events
function absence_of(type) end
---@param fields table<string, any> from, where, changed, every, pace
---@return relance.events
function segment(fields) end
---in a segment's cells: so long before now
---@param span relance.duration
---@return any
function ago(span) end
---@param name string
---@return relance.policy
function policy(name) end
---@param path string
---@return fun(offset: relance.duration|{ days: integer, at: string }): relance.moment
function before(path) end
---@param path string
---@return fun(offset: relance.duration): relance.moment
function since(path) end
---@param at string
---@return relance.moment
function until_local(at) end
---@param name string the file's
---@return fun(header: relance.flow.header): table
function flow(name) end

)";

}  // namespace

std::string flow_kinds_page() {
  std::string text =
      "# Step kinds\n\nThe fields of a flow's header, of every step kind and of the turns of a "
      "conversation. "
      "This page is made from the registry that checks them; fields with * must be given.\n\n## "
      "Header\n\n";
  text += field_table(header_fields());
  text += "## Segments\n\n`start = segment { ... }`.\n\n" + field_table(segment_fields());
  text += "## Every step\n\n" + field_table(common_step_fields()) + "## Kinds\n\n";
  for (size_t i = 0; i < kStepKinds; ++i) {
    const StepKindEntry& entry = step_kind_entry(static_cast<StepKind>(i));
    text += kind_section(step_kind_name(entry.kind), entry.does, entry.outcomes, entry.fields);
  }
  text += "## Conversations\n\nThe header of a script, and its turns.\n\n" +
          field_table(script_header_fields());
  for (size_t i = 0; i < kTurnKinds; ++i) {
    const TurnKindEntry& entry = turn_kind_entry(static_cast<TurnKind>(i));
    text += kind_section(turn_kind_name(entry.kind), entry.does, entry.outcomes, entry.fields);
  }
  return text;
}

std::string meta_files() {
  std::string text =
      "---@meta\n-- The vocabulary of flows, for editors. Written by `relance meta`.\n\n";
  text += kCommonWords;
  text += kFlowWords;
  text += "---@class relance.flow.header\n" + field_lines(header_fields()) + "\n";
  for (size_t i = 0; i < kStepKinds; ++i) {
    const StepKindEntry& entry = step_kind_entry(static_cast<StepKind>(i));
    text += kind_annotation("flow", step_kind_name(entry.kind), entry.does, entry.fields,
                            common_step_fields());
  }
  text += "---@class relance.script.header\n" + field_lines(script_header_fields()) + "\n";
  const std::array<Field, 1> after = {{{"after", Shape::after, false, "what starts it"}}};
  for (size_t i = 0; i < kTurnKinds; ++i) {
    const TurnKindEntry& entry = turn_kind_entry(static_cast<TurnKind>(i));
    if (entry.kind == TurnKind::await) continue;  // the flow's own has the same fields
    text += kind_annotation("script", turn_kind_name(entry.kind), entry.does, entry.fields, after);
  }
  return text;
}

}  // namespace relance
