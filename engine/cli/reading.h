// A store opened for reading, for the commands that look. Prints what fails and sets the program's
// exit.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "admin/casebook.h"
#include "cli/command.h"

namespace relance::cli {

struct Reading {
  std::unique_ptr<Store> store;
  std::unique_ptr<Archive> archive;
};

Result<std::unique_ptr<Store>> open_to_read(const std::string& store);
std::optional<Reading> open_reading(Program& program, const std::string& store);
std::optional<Casebook> read_book(Program& program, Reading& reading);

}  // namespace relance::cli
