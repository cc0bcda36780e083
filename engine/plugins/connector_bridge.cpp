// relance.connector/1: reads and conditional writes of systems of record.
#include "plugins/bridges.h"
#include "plugins/c_text.h"
#include "plugins/trace.h"

namespace relance {
namespace {

constexpr Duration kReadLimit = seconds(30);
constexpr Duration kPageLimit = minutes(2);
constexpr Duration kWriteLimit = minutes(2);

// What an rl_write points to; lives until the operation completes.
struct CWrite {
  TouchOrder order;
  std::string key_text, operation, data, only_if;
  rl_write c{};

  CWrite(const Instance& connector, TouchOrder from)
      : order(std::move(from)), key_text(order.touch.key.text()) {
    const rl_operation* known = find_operation(connector, order.op);
    operation = known && std::string_view(known->name) != "*" ? known->name : order.op;
    // A fact that the CRM takes under its one name keeps its own inside.
    const bool renamed = operation != order.op;
    data = to_json(renamed ? Doc::merged(Doc::record({{"what", Doc::text(order.op)}}), order.data)
                           : order.data);
    only_if = order.only_if.is_null() ? "" : to_json(order.only_if);
    c.struct_size = sizeof c;
    c.try_no = order.touch.try_no;
    c.key = c_key(order.touch.key);
    c.key_text = c_str(key_text);
    c.operation = c_str(operation);
    c.customer = c_str(order.subject);
    c.data = c_str(data);
    c.only_if = c_str(only_if);
    c.intended_at = order.touch.intended_at.ms;
  }
};

Operation operation_of(const std::shared_ptr<CWrite>& write, Answer answer) {
  Operation operation;
  operation.customer = write->order.customer;
  operation.touch = write->order.touch.key;
  operation.done = [write, answer = std::move(answer)](OperationResult result) {
    answer(std::move(result));
  };
  return operation;
}

void refuse(const Operation& operation, OperationStatus status, std::string reason) {
  OperationResult result;
  result.status = status;
  result.reason = std::move(reason);
  operation.done(std::move(result));
}

}  // namespace

void read_connector(Instance& connector, Read read, Answer answer) {
  struct Asked {
    Read read;
    std::string what, value;
    rl_read c{};
  };
  const auto asked = std::make_shared<Asked>();
  asked->read = std::move(read);
  asked->what = asked->read.what.empty() ? "customer" : asked->read.what;
  asked->value = asked->read.by.empty() ? asked->read.subject : asked->read.by;
  asked->c.struct_size = sizeof asked->c;
  asked->c.what = c_str(asked->what);
  asked->c.value = c_str(asked->value);
  Operation operation;
  operation.customer = asked->read.customer;
  operation.touch = asked->read.operation;
  operation.done = [asked, answer = std::move(answer)](OperationResult result) {
    answer(std::move(result));
  };
  connector.run(std::move(operation), kReadLimit, [&](uint64_t id) {
    connector.plugin().connector->read(connector.self(), id, &asked->c);
  });
}

std::vector<std::string> fields_of_connector(Instance& connector) {
  if (!connector.plugin().connector->fields) return {};
  const auto told = std::make_shared<OperationResult>();
  Operation operation;
  operation.done = [told](OperationResult result) { *told = std::move(result); };
  connector.run(std::move(operation), kReadLimit,
                [&](uint64_t id) { connector.plugin().connector->fields(connector.self(), id); });
  std::vector<std::string> names;
  for (const auto& [name, type] : told->data.view().find("fields").items())
    names.emplace_back(name);
  return names;
}

void page_connector(Instance& connector, Page page, Answer answer) {
  struct Asked {
    Page page;
    rl_read c{};
  };
  const auto asked = std::make_shared<Asked>();
  asked->page = std::move(page);
  asked->c.struct_size = sizeof asked->c;
  asked->c.limit = asked->page.limit;
  asked->c.what = c_str("customer");
  asked->c.query = c_str(asked->page.query);
  asked->c.cursor = c_str(asked->page.cursor);
  Operation operation;
  operation.customer = asked->page.customer;
  operation.touch = asked->page.operation;
  operation.done = [asked, answer = std::move(answer)](OperationResult result) {
    answer(std::move(result));
  };
  if (!connector.plugin().connector->page)
    return refuse(operation, OperationStatus::failed, "it cannot be searched");
  connector.run(std::move(operation), kPageLimit, [&](uint64_t id) {
    connector.plugin().connector->page(connector.self(), id, &asked->c);
  });
}

void write_connector(Instance& connector, TouchOrder order, Answer answer) {
  const auto write = std::make_shared<CWrite>(connector, std::move(order));
  Operation operation = operation_of(write, std::move(answer));
  operation.trace = traceparent_of(write->order);
  operation.acts = true;
  const bool can =
      connector.plugin().connector->write && find_operation(connector, write->order.op);
  if (!can)
    return refuse(operation, OperationStatus::failed,
                  "it has no operation '" + write->order.op + "'");
  connector.run(std::move(operation), kWriteLimit, [&](uint64_t id) {
    connector.plugin().connector->write(connector.self(), id, &write->c);
  });
}

void look_up_write(Instance& connector, TouchOrder order, Answer answer) {
  const auto write = std::make_shared<CWrite>(connector, std::move(order));
  Operation operation = operation_of(write, std::move(answer));
  operation.trace = traceparent_of(write->order);
  if (!connector.plugin().connector->lookup)
    return refuse(operation, OperationStatus::unknown, "the connector cannot be asked");
  connector.run(std::move(operation), kReadLimit, [&](uint64_t id) {
    connector.plugin().connector->lookup(connector.self(), id, &write->c);
  });
}

}  // namespace relance
