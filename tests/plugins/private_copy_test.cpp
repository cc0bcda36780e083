// What becomes of a loaded plugin when its file is written over.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "plugins/loaded_plugin.h"

using namespace relance;

namespace {

const std::string kTemplate = RELANCE_BUILD_DIR "/lib/relance/plugins/relance.template.so";

// A place whose file is written over as `cp` does it: in place.
struct Place {
  std::string path = RELANCE_BUILD_DIR "/tests/private_copy.so";
  Place() { std::filesystem::create_directories(RELANCE_BUILD_DIR "/tests"); }
  ~Place() { std::filesystem::remove(path); }
  void write(const std::string& bytes) const {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
  }
  // The template with a mark behind its end makes another build of it.
  const LoadedPlugin* build(const std::string& mark) const {
    write(*read_file(kTemplate) + mark);
    const auto loaded = load_plugin(path);
    REQUIRE(loaded.ok());
    return *loaded;
  }
};

// Runs code of the plugin and reads its tables.
void works(const LoadedPlugin& plugin) {
  REQUIRE(plugin.descriptor->get_interface(RL_CHANNEL) == plugin.channel);
  REQUIRE(std::string(plugin.descriptor->id) == "relance.template");
  REQUIRE(std::string(plugin.channel->caps->kind) == "sms");
}

}  // namespace

TEST_CASE_METHOD(Place, "two builds of one path live side by side") {
  const LoadedPlugin* first = build("first");
  const LoadedPlugin* second = build("second");
  REQUIRE(first->descriptor != second->descriptor);
  REQUIRE(first->info.hash != second->info.hash);
  works(*first);
  works(*second);
  REQUIRE(build("first") == first);
}

TEST_CASE_METHOD(Place, "a plugin whose file is cut off while it runs goes on") {
  const LoadedPlugin* plugin = build("cut off");
  write("");
  works(*plugin);
  const auto again = load_plugin(path);
  REQUIRE_FALSE(again.ok());
  REQUIRE(again.error().code == Code::plugin_open);
  REQUIRE(again.error().message.find("/proc/") == std::string::npos);
}
