// What a person does with an item of a human queue, told to a running node.
//
// Asked: {item, customer, command, author, word, data}; item and customer are keys, the command is
// take, resolve or return (core/run/human_item.h). Answers 200 once it is durable; 409 (item_taken)
// where it changed nothing: the item is over, another person has it, or the word is none of its
// own. Threads: any; answers from any. Blocks: never.
#pragma once

#include "net/http_server.h"
#include "node/node.h"

namespace relance {

void work_on_item(Node& node, const Doc& asked, HttpServer::Respond respond);

}  // namespace relance
