// The engine's orders carried over the C contract, one interface each. Internal to this room.
//
// Each begins one operation, and `answer` is called once, when it completes.
#pragma once

#include <functional>

#include "plugins/describe_instance.h"

namespace relance {

using Answer = std::function<void(OperationResult)>;

void send_touch(Instance& channel, TouchOrder order, Answer answer);
void look_up_touch(Instance& channel, TouchOrder order, std::vector<std::string> refs,
                   Answer answer);
void recall_touch(Instance& channel, TouchOrder order, std::vector<std::string> refs,
                  Answer answer);
void cancel_touch(Instance& channel, uint64_t operation, const Operations& operations);

void read_connector(Instance& connector, Read read, Answer answer);
// What its records can have; empty: it does not tell, or not before this returns.
std::vector<std::string> fields_of_connector(Instance& connector);
void page_connector(Instance& connector, Page page, Answer answer);
void write_connector(Instance& connector, TouchOrder order, Answer answer);
void look_up_write(Instance& connector, TouchOrder order, Answer answer);

// `call`: the send operation of the conversation. A line that was said is reported to the inbox as
// heard.
void perform_turn(Instance& channel, uint64_t call, Perform turn, Inbox& inbox);

// Asks one understanding plugin after the other, until one of them understands.
using Understanding = std::vector<std::shared_ptr<Instance>>;
void ask_understanding(const std::shared_ptr<const Understanding>& plugins, size_t first,
                       Understand question, Inbox& inbox);

// Asks a writer for a message; its answer's data are parts.
void compose_message(Instance& writer, Compose question, Answer answer);

// Fails with plugin_refused when it answers a problem or no JSON.
Result<Doc> ask_policy(Instance& policy, std::string_view kind, std::string_view ask);

}  // namespace relance
