#include "serve/handoff_desk.h"

#include <algorithm>
#include <array>

#include "base/json_text.h"
#include "serve/problem.h"

namespace relance {
namespace {

std::string text_of(const Doc& asked, std::string_view field) {
  return std::string(asked.view().find(field).text().value_or(""));
}

bool is_command(std::string_view word) {
  constexpr std::array<std::string_view, 3> kCommands = {"take", "resolve", "return"};
  return std::find(kCommands.begin(), kCommands.end(), word) != kCommands.end();
}

ServerAnswer answer_to(const std::string& item, Accepted how) {
  switch (how) {
    case Accepted::kept: break;
    case Accepted::duplicate:
      return problem(409, Error{Code::item_taken,
                                "it changed nothing: the item is over, or another person has it",
                                {},
                                "see `relance handoff list`"});
    case Accepted::refused: return try_later("nothing is taken at this moment");
  }
  ServerAnswer done;
  done.body = JsonText().key("item").text(item).close();
  return done;
}

}  // namespace

void work_on_item(Node& node, const Doc& asked, HttpServer::Respond respond) {
  const auto item = Key::parse(text_of(asked, "item"));
  const auto customer = Key::parse(text_of(asked, "customer"));
  CommandInput command;
  command.command = text_of(asked, "command");
  command.author = text_of(asked, "author");
  if (!item || !customer || !is_command(command.command) || command.author.empty())
    return respond(problem(400, "item, customer, command and author are needed"));
  command.item = *item;
  command.word = text_of(asked, "word");
  if (const DocView data = asked.view().find("data"); !data.is_null()) command.data = Doc(data);
  node.command(*customer, std::move(command),
               [item = item->text(), respond = std::move(respond)](Accepted how) {
                 respond(answer_to(item, how));
               });
}

}  // namespace relance
