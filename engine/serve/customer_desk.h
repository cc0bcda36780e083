// What a customer asks about the data kept of him (core/customer/privacy.h), told to a running
// node.
//
// Asked: {customer, command, author, data}; the customer is a key, data a record for rectify and
// supplement. Answers 200 with {customer, changed} once it is durable; `changed` false: it was so
// already. Threads: any; answers from any. Blocks: never.
#pragma once

#include "net/http_server.h"
#include "node/node.h"

namespace relance {

void work_on_customer(Node& node, const Doc& asked, HttpServer::Respond respond);

}  // namespace relance
