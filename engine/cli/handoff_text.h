// Items of human queues, for people on a terminal.
#pragma once

#include "admin/casebook.h"
#include "admin/items.h"
#include "core/run/input.h"

namespace relance::cli {

void print_items(const std::vector<ItemRow>& rows);
// The packet, and of the book what automation has pending for this customer now.
void print_item(const ItemRow& row, const Casebook& book);
void print_done(const ItemRow& row, const CommandInput& command, bool json);

}  // namespace relance::cli
