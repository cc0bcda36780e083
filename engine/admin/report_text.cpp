// A report as a person, a program and a spreadsheet read it.
#include <fmt/format.h>

#include <algorithm>

#include "admin/report.h"

namespace relance {
namespace {

constexpr std::string_view kDefinitions = "docs/reference/metrics.md";
// Stated in every report, because a share of what came back means nothing without it.
constexpr std::string_view kAttribution =
    "the charge that succeeded, else the last contact within the bundle's attribution span, "
    "else a person who resolved a hand-off, else the customer himself";

void add_sheet(std::string& out, const Sheet& sheet, bool colours) {
  std::vector<size_t> widths;
  for (const std::string& column : sheet.columns) widths.push_back(column.size());
  for (const auto& row : sheet.rows)
    for (size_t n = 0; n < row.size(); ++n) widths[n] = std::max(widths[n], row[n].text.size());
  out += colours ? "\n\033[1m" + sheet.name + "\033[0m\n" : "\n" + sheet.name + "\n";
  const auto line = [&](auto text_of, auto to_the_right) {
    std::string text = " ";
    for (size_t n = 0; n < widths.size(); ++n)
      text += to_the_right(n) ? fmt::format(" {:>{}}", text_of(n), widths[n])
                              : fmt::format(" {:<{}}", text_of(n), widths[n]);
    out += text.substr(0, text.find_last_not_of(' ') + 1) + "\n";
  };
  const auto right = [&](size_t n) { return !sheet.rows.empty() && sheet.rows[0][n].right; };
  line([&](size_t n) { return sheet.columns[n]; }, right);
  for (const auto& row : sheet.rows)
    line([&](size_t n) { return row[n].text; }, [&](size_t n) { return row[n].right; });
  if (sheet.rows.empty()) out += "  (nothing)\n";
}

std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

std::string span_of(const Report& report) {
  const bool whole = report.since == Instant::beginning();
  return (whole ? "the beginning" : format_instant(report.since)) + " to " +
         format_instant(report.to);
}

}  // namespace

std::string report_text(const Report& report, bool colours) {
  std::string out =
      fmt::format("{}, from {} (see {})\n", report.name, span_of(report), kDefinitions);
  for (const Sheet& sheet : report.sheets) add_sheet(out, sheet, colours);
  return out + fmt::format("\nA recovery counts for {}.\n", kAttribution);
}

std::string report_json(const Report& report) {
  std::vector<std::pair<std::string, Doc>> sheets;
  for (const Sheet& sheet : report.sheets) {
    std::vector<Doc> rows;
    for (const auto& row : sheet.rows) {
      std::vector<std::pair<std::string, Doc>> fields;
      for (size_t n = 0; n < row.size(); ++n) fields.emplace_back(sheet.columns[n], row[n].value);
      rows.push_back(Doc::record(fields));
    }
    sheets.emplace_back(sheet.name, Doc::list(rows));
  }
  const bool whole = report.since == Instant::beginning();
  return to_json(Doc::record({{"report", Doc::text(report.name)},
                              {"since", whole ? Doc{} : Doc::instant(report.since)},
                              {"to", Doc::instant(report.to)},
                              {"attribution", Doc::text(kAttribution)},
                              {"definitions", Doc::text(kDefinitions)},
                              {"sheets", Doc::record(sheets)}})) +
         "\n";
}

std::string report_csv(const Report& report) {
  std::string out;
  for (const Sheet& sheet : report.sheets) {
    out += "sheet";
    for (const std::string& column : sheet.columns) out += "," + quoted(column);
    out += "\r\n";
    for (const auto& row : sheet.rows) {
      out += quoted(sheet.name);
      for (const Figure& figure : row) out += "," + quoted(figure.text == "-" ? "" : figure.text);
      out += "\r\n";
    }
  }
  return out;
}

}  // namespace relance
