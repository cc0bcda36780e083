#include "cli/handoff_text.h"

#include <fmt/format.h>

#include "base/text.h"

namespace relance::cli {
namespace {

std::string who_has(const Lease& lease) {
  if (lease.by.empty()) return lease.until.is_never() ? "nobody" : "offered to its desk";
  return fmt::format("{} until {}", lease.by.str(), format_instant(lease.until));
}

std::string plain(DocView value) {
  return value.text() ? std::string(*value.text()) : to_json(value);
}

void print_record(const char* title, DocView record) {
  fmt::print("\n{}\n", title);
  for (const auto& [name, value] : record.items()) fmt::print("  {:<16} {}\n", name, plain(value));
}

void print_said(DocView said) {
  if (said.size() == 0) return;
  fmt::print("\nsaid\n");
  for (const auto& [place, line] : said.items())
    fmt::print("  {:<10} {}\n", plain(line.find("by")), plain(line.find("what")));
}

void print_touches(DocView touches) {
  if (touches.size() == 0) return;
  fmt::print("\nearlier contacts\n");
  for (const auto& [place, touch] : touches.items())
    fmt::print("  {:<25}{:<9}{:<14}{}.{}\n", plain(touch.find("at")), plain(touch.find("channel")),
               plain(touch.find("outcome")), plain(touch.find("flow")), plain(touch.find("step")));
}

void print_pending(const Key& customer, const Casebook& book) {
  fmt::print("\nwhat automation has pending\n");
  bool any = false;
  for (const RunRow& run : book.runs) {
    if (run.customer != customer || !run.ended_at.is_never()) continue;
    any = true;
    const std::string next = run.next_at.is_never() ? "" : " until " + format_instant(run.next_at);
    fmt::print("  {:<18}{:<14}{}{}\n", run.flow, run.key, run.waiting_for, next);
  }
  if (!any) fmt::print("  nothing\n");
}

}  // namespace

void print_items(const std::vector<ItemRow>& rows) {
  fmt::print("{:<27}{:<10}{:<15}{:<18}{:<25}{:<25}{}\n", "item", "queue", "customer", "flow", "why",
             "since", "who has it");
  for (const ItemRow& row : rows)
    fmt::print("{:<27}{:<10}{:<15}{:<18}{:<25}{:<25}{}\n", row.item.text(), row.lease.queue.view(),
               row.subject, row.flow(), row.why(), format_instant(row.lease.opened_at),
               who_has(row.lease));
}

void print_item(const ItemRow& row, const Casebook& book) {
  const DocView packet = row.packet;
  fmt::print("item {} in queue '{}': {}\n", row.item.text(), row.lease.queue.view(),
             who_has(row.lease));
  fmt::print("customer {}; {}.{} since {}; because of {}\n", row.subject, row.flow(), row.step(),
             format_instant(row.lease.opened_at), row.why());
  if (!row.text("script").empty())
    fmt::print("script {}, as far as {}\n", row.text("script"), row.text("reached"));
  if (row.lease.follow_up)
    fmt::print("the customer was dissatisfied: nothing is sent until this is ended\n");
  fmt::print("controller {}\n", row.text("controller"));
  print_said(packet.find("said"));
  print_record("customer", packet.find("customer"));
  print_record("facts", packet.find("event"));
  print_touches(packet.find("touches"));
  print_pending(row.customer, book);
  fmt::print("\nend it with: {}\n", join(row.outcomes(), ", "));
}

void print_done(const ItemRow& row, const CommandInput& command, bool json) {
  const std::string word = command.command == "return" ? "returned" : command.word;
  if (json) {
    fmt::print("{}\n", to_json(Doc::record({{"item", Doc::text(row.item.text())},
                                            {"command", Doc::text(command.command)},
                                            {"by", Doc::text(command.author)},
                                            {"word", Doc::text(word)}})));
    return;
  }
  if (command.command == "take")
    fmt::print("{} has item {} of {}\n", command.author, row.item.text(), row.subject);
  else
    fmt::print("item {} of {} is ended: {}; its run goes on\n", row.item.text(), row.subject, word);
}

}  // namespace relance::cli
