// Which operations a plugin has, and how each is begun.
#include "plugins/c_text.h"
#include "plugins/check/trial.h"

namespace relance::conformance {
namespace {

rl_str of(std::string_view text) { return c_str(text); }

struct Question {
  std::vector<rl_str> expect;
  rl_question c{};
};

void produce(Stage& stage, rl_op op, uint32_t kind, std::string_view text, std::string_view input) {
  Question& question = stage.keep(Question{{of("yes"), of("no"), of("wants_human")}, {}});
  question.c.struct_size = sizeof question.c;
  question.c.kind = kind;
  question.c.text = of(text);
  question.c.language = of("en");
  if (kind == RL_UNDERSTAND) {
    question.c.expect = question.expect.data();
    question.c.expect_count = question.expect.size();
    question.c.expect_own = 2;
  }
  question.c.input = of(input);
  stage.call("produce",
             [&] { stage.bench().plugin().generate->produce(stage.self(), op, &question.c); });
}

void add_generate(const rl_generate& generate, std::vector<Drive>& all) {
  Drive drive;
  if (generate.kinds & RL_UNDERSTAND) {
    drive.name = "produce (understanding)";
    drive.begin = [](Stage& stage, rl_op op) {
      produce(stage, op, RL_UNDERSTAND, "yes please", R"({"heard":"words","step":"s"})");
    };
    all.push_back(drive);
  }
  if (generate.kinds & RL_CONTENT) {
    drive.name = "produce (content)";
    drive.begin = [](Stage& stage, rl_op op) {
      produce(stage, op, RL_CONTENT, "Remind {{name}} of the payment.",
              R"({"facts":{"name":"Ada"},"channel":"email"})");
    };
    all.push_back(drive);
  }
}

rl_read& read_of(Stage& stage, const char* what) {
  rl_read& read = stage.keep(rl_read{});
  read.struct_size = sizeof read;
  read.limit = 10;
  read.what = of(what);
  read.value = of("cus_1");
  return read;
}

void add_reads(const rl_connector& connector, std::vector<Drive>& all) {
  Drive drive;
  drive.may_be_absent = true;
  drive.name = "read";
  drive.begin = [](Stage& stage, rl_op op) {
    const rl_connector_caps* caps = stage.bench().connector_caps();
    const bool any = caps->objects_count == 0 || std::string_view(caps->objects[0]) == "*";
    rl_read& read = read_of(stage, any ? "customer" : caps->objects[0]);
    stage.call("read", [&] { stage.bench().plugin().connector->read(stage.self(), op, &read); });
  };
  all.push_back(drive);
  if (connector.page) {
    drive.name = "page";
    drive.begin = [](Stage& stage, rl_op op) {
      rl_read& read = read_of(stage, "customer");
      read.value = {};
      read.query = of("{}");
      stage.call("page", [&] { stage.bench().plugin().connector->page(stage.self(), op, &read); });
    };
    all.push_back(drive);
  }
  if (connector.fields) {
    drive.name = "fields";
    drive.begin = [](Stage& stage, rl_op op) {
      stage.call("fields", [&] { stage.bench().plugin().connector->fields(stage.self(), op); });
    };
    all.push_back(drive);
  }
}

void add_writes(const rl_connector& connector, const rl_connector_caps& caps,
                std::vector<Drive>& all) {
  for (size_t i = 0; i < caps.operations_count; ++i) {
    const std::string name = caps.operations[i]->name ? caps.operations[i]->name : "";
    const std::string operation = name == "*" ? "record" : name;
    Drive drive;
    drive.acts = true;
    drive.harmless = caps.operations[i]->delivery == RL_REPEATABLE;
    drive.name = "write '" + operation + "'";
    drive.begin = [operation](Stage& stage, rl_op op) {
      KitWrite& write = stage.write(operation, "first");
      stage.call("write",
                 [&] { stage.bench().plugin().connector->write(stage.self(), op, write.c()); });
    };
    if (connector.write) all.push_back(drive);
    if (!connector.lookup || !(caps.operations[i]->flags & RL_OP_LOOKUP)) continue;
    drive.acts = false;
    drive.may_be_absent = true;
    drive.name = "lookup of '" + operation + "'";
    drive.begin = [operation](Stage& stage, rl_op op) {
      KitWrite& write = stage.write(operation, "never written");
      stage.call("lookup",
                 [&] { stage.bench().plugin().connector->lookup(stage.self(), op, write.c()); });
    };
    all.push_back(drive);
  }
}

Drive asking(const std::string& name, bool recall) {
  Drive drive;
  drive.name = name;
  drive.may_be_absent = true;
  drive.touches = true;
  drive.begin = [recall](Stage& stage, rl_op op) {
    KitTouch& touch = stage.touch("never sent");
    const rl_channel& channel = *stage.bench().plugin().channel;
    rl_str& ref = stage.keep(of("kit_1"));
    stage.call(recall ? "recall" : "lookup", [&] {
      (recall ? channel.recall : channel.lookup)(stage.self(), op, touch.c(), &ref, 1);
    });
  };
  return drive;
}

void add_channel(const rl_channel& channel, const rl_channel_caps& caps, std::vector<Drive>& all) {
  if (!channel.send) return;
  Drive send = send_drive("first");
  send.cancels = (caps.flags & RL_CAN_CANCEL) && channel.cancel;
  all.push_back(send);
  Drive bare = send_drive("bare");
  bare.name = "send without address, parts and data";
  bare.begin = [](Stage& stage, rl_op op) {
    rl_touch& touch = *stage.touch("bare").c();
    touch.address = {};
    touch.parts = nullptr;
    touch.parts_count = 0;
    touch.data = {};
    touch.callback_url = {};
    stage.call("send", [&] { stage.bench().plugin().channel->send(stage.self(), op, &touch); });
  };
  all.push_back(bare);
  if ((caps.flags & RL_CAN_LOOKUP) && channel.lookup) all.push_back(asking("lookup", false));
  if ((caps.flags & RL_CAN_RECALL) && channel.recall) all.push_back(asking("recall", true));
}

Drive request_drive() {
  Drive drive;
  drive.name = "on_request";
  drive.answers = true;
  drive.begin = [](Stage& stage, rl_op op) {
    rl_request& request = stage.keep(rl_request{});
    request.struct_size = sizeof request;
    request.method = of("POST");
    request.url = of("https://relance.example/v1/hooks/it");
    request.body = of(R"({"id":"evt_1","type":"kit"})");
    stage.call("on_request",
               [&] { stage.bench().plugin().inbound->on_request(stage.self(), op, &request); });
  };
  return drive;
}

}  // namespace

Drive send_drive(const std::string& touch, uint32_t flags) {
  Drive drive;
  drive.name = flags & RL_REPEAT ? "a repeated send" : "send";
  drive.acts = true;
  drive.touches = true;
  drive.begin = [touch, flags](Stage& stage, rl_op op) {
    rl_touch* c = stage.touch(touch).c();
    c->flags = flags;
    stage.call("send", [&] { stage.bench().plugin().channel->send(stage.self(), op, c); });
  };
  return drive;
}

std::vector<Drive> drives(Bench& bench) {
  std::vector<Drive> all;
  const Mapped& plugin = bench.plugin();
  if (plugin.descriptor->start) {
    Drive start;
    start.name = "start";
    all.push_back(start);
  }
  if (plugin.channel) add_channel(*plugin.channel, *bench.channel_caps(), all);
  if (plugin.connector && plugin.connector->read) {
    add_reads(*plugin.connector, all);
    add_writes(*plugin.connector, *bench.connector_caps(), all);
  }
  if (plugin.generate && plugin.generate->produce) add_generate(*plugin.generate, all);
  if (plugin.inbound && plugin.inbound->on_request) all.push_back(request_drive());
  return all;
}

}  // namespace relance::conformance
