// Reports over the history of a store: tables of figures for people, spreadsheets and programs.
// What each figure means stands in docs/reference/metrics.md; each is worked out in one place here.
//
// Threads: any. Memory: a few rows a run. Fails: never; an empty store gives empty tables.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "admin/casebook.h"

namespace relance {

// One value as a person reads it and as a program does.
struct Figure {
  std::string text;
  Doc value;
  bool right = false;  // set to the right: a number
};

struct Sheet {
  std::string name;
  std::vector<std::string> columns;
  std::vector<std::vector<Figure>> rows;
};

struct Report {
  std::string name;
  Instant since, to;  // runs that began, and contacts made, from `since` to the last entry
  std::vector<Sheet> sheets;
};

// How many came back, with which channels, against those held out; how much, and what is open.
Report recovery_report(const Casebook& book, Instant since);
// What became of everybody who should have been asked: contacted, waiting, excluded: 100 %. What
// needed a person, and how long the first contact took.
Report coverage_report(const Casebook& book, Instant since);
// How often customers were contacted, answered and objected; what was not sent, and why.
Report contacts_report(const Casebook& book, Instant since);
// What channels and recoveries cost.
Report cost_report(const Casebook& book, Instant since);

// What each customer allowed or withdrew, where, by which wording; and what of it stands.
Report consents_report(const Casebook& book, Instant since);

std::string report_text(const Report& report, bool colours);
std::string report_json(const Report& report);
// RFC 4180: each sheet has a line of column names; the first column of each line is its name.
std::string report_csv(const Report& report);

}  // namespace relance
