#include "abi/fake_host.h"

TEST_CASE("the smallest channel delivers, and shows its abilities without an instance") {
  const rl_plugin* plugin = abi::Instance::load("relance.template");
  const auto* table = static_cast<const rl_channel*>(plugin->get_interface(RL_CHANNEL));
  REQUIRE(table != nullptr);
  CHECK(std::string(table->caps->kind) == "sms");
  CHECK(table->caps->delivery == RL_REPEATABLE);
  CHECK(plugin->get_interface("relance.channel/2") == nullptr);

  abi::FakeHost host;
  abi::Instance instance(host, "relance.template", "{}");
  rl_touch touch{};
  touch.struct_size = sizeof touch;
  touch.key_text = abi::str("abcdefghijklmnopqrstuvwxyz");
  const rl_op op = instance.next_op();
  table->send(instance.self(), op, &touch);
  CHECK(host.result(op).word == "delivered");
  CHECK(host.result(op).refs == std::vector<std::string>{"abcdefghijklmnopqrstuvwxyz"});
}

TEST_CASE("a plugin does not speak to a host of another major") {
  for (const char* id : {"relance.template", "relance.crm.csv", "relance.policy.smart_retry"}) {
    const std::string path = RELANCE_BUILD_DIR "/lib/relance/plugins/" + std::string(id) + ".so";
    void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    REQUIRE(library != nullptr);
    const auto entry = reinterpret_cast<rl_entry>(dlsym(library, RL_ENTRY));
    CHECK(entry((RL_ABI_MAJOR + 1) << 16) == nullptr);
    CHECK(entry((RL_ABI_MAJOR << 16) | 7) != nullptr);
  }
}
