#include "serve/customer_desk.h"

#include "base/json_text.h"
#include "core/customer/privacy.h"
#include "serve/problem.h"

namespace relance {

void work_on_customer(Node& node, const Doc& asked, HttpServer::Respond respond) {
  const DocView view = asked;
  const auto text_of = [&](std::string_view field) {
    return std::string(view.find(field).text().value_or(""));
  };
  const auto customer = Key::parse(text_of("customer"));
  CommandInput command;
  command.command = text_of("command");
  command.author = text_of("author");
  const DocView data = view.find("data");
  const bool fits = data.is_null() || data.type() == DocType::record;
  if (!customer || !is_privacy_command(command.command) || command.author.empty() || !fits)
    return respond(problem(400, "customer, command and author are needed; data is a record"));
  if (!data.is_null()) command.data = Doc(data);
  node.command(*customer, std::move(command),
               [key = customer->text(), respond = std::move(respond)](Accepted how) {
                 if (how == Accepted::refused)
                   return respond(try_later("nothing is taken at this moment"));
                 ServerAnswer done;
                 done.body = JsonText()
                                 .key("customer")
                                 .text(key)
                                 .key("changed")
                                 .value(Doc::boolean(how == Accepted::kept))
                                 .close();
                 respond(done);
               });
}

}  // namespace relance
