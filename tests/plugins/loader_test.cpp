// The loader refuses what does not keep the contract, by name, before anything of it can act. Each
// plugin under made/ breaks one promise.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "plugins/plugin_host.h"

namespace fs = std::filesystem;
using namespace relance;

namespace {

const fs::path kMade = fs::path(RELANCE_BUILD_DIR) / "tests/plugins";

struct Refusal {
  std::string made;  // test.NAME.so
  Code code;
  std::string says;  // what was wrong, and what was expected
};

// An empty directory of this test's own.
fs::path empty_directory(const std::string& name) {
  const fs::path path = fs::path(RELANCE_BUILD_DIR) / "tests/loader" / name;
  fs::remove_all(path);
  fs::create_directories(path);
  return path;
}

Error refusal_of(const fs::path& file) {
  const auto library = open_plugin_library({});
  const auto info = library->inspect(file);
  REQUIRE_FALSE(info);
  return info.error();
}

}  // namespace

TEST_CASE("what breaks the contract is refused with its file, what was wrong and what was wanted") {
  const std::vector<Refusal> refusals = {
      {"other_major", Code::plugin_abi, "it needs ABI 2.0, this host speaks 1.0"},
      {"newer_minor", Code::plugin_abi, "it needs ABI 1.7, this host speaks 1.0"},
      {"speaks_no_abi", Code::plugin_abi, "it does not speak ABI 1.0"},
      {"no_entry", Code::plugin_incomplete, "it exports no rl_plugin_entry"},
      {"entry_throws", Code::plugin_threw, "its rl_plugin_entry threw an exception"},
      {"interface_throws", Code::plugin_threw, "its get_interface threw an exception"},
      {"short_descriptor", Code::plugin_incomplete, "its descriptor has 56 bytes, the contract's"},
      {"no_functions", Code::plugin_incomplete,
       "missing or too short: config_schema, create, destroy"},
      {"no_send", Code::plugin_incomplete,
       "missing or too short: channel.send, channel.lookup, channel.recall"},
      {"no_interface", Code::plugin_incomplete, "missing or too short: an interface"},
      {"short_caps", Code::plugin_incomplete, "missing or too short: channel.caps"},
      {"no_words", Code::plugin_incomplete, "missing or too short: channel.caps.words"},
      {"unasked_connector", Code::plugin_incomplete, "missing or too short: connector.lookup"},
  };
  for (const Refusal& refusal : refusals) {
    const std::string file = (kMade / ("test." + refusal.made + ".so")).string();
    INFO(file);
    const Error error = refusal_of(file);
    CHECK(error.code == refusal.code);
    CHECK(error.message.find("plugin " + file + " is refused: " + refusal.says) == 0);
    CHECK_FALSE(error.hint.empty());
    CHECK(
        fs::exists(fs::path(RELANCE_SOURCE_DIR) / "docs/errors" / (code_text(error.code) + ".md")));
    // The same answer again: a refusal is not remembered as a success.
    CHECK(refusal_of(file).message == error.message);
  }
}

TEST_CASE("a file that is no library, an empty one and none at all are refused by name") {
  const fs::path directory = empty_directory("no_library");
  std::ofstream(directory / "text.so") << "this is no library";
  std::ofstream(directory / "empty.so") << "";
  for (const char* name : {"text.so", "empty.so", "nowhere.so"}) {
    const Error error = refusal_of(directory / name);
    CHECK(error.code == Code::plugin_open);
    CHECK(error.message.find("plugin " + (directory / name).string() + " is refused: ") == 0);
  }
}

TEST_CASE("a plugin is found by its id, and its file is called like it") {
  const auto library = open_plugin_library({kMade});
  const auto good = library->find("test.unsettled");
  REQUIRE(good);
  CHECK(good->id == "test.unsettled");
  CHECK(good->channel_kind == "retry");
  CHECK(good->interfaces == std::vector<std::string>{"relance.channel/1"});

  const auto other = library->find("test.other_name");
  REQUIRE_FALSE(other);
  CHECK(other.error().code == Code::plugin_ambiguous);
  CHECK(other.error().message == "plugin " + (kMade / "test.other_name.so").string() +
                                     " is refused: it says that it is 'test.unsettled'");

  const auto unknown = library->find("test.unsettld");
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().code == Code::unknown_plugin);
  CHECK(unknown.error().hint.find("test.unsettled") != std::string::npos);
}

TEST_CASE("two builds of one id are refused, the same build twice is one plugin") {
  const fs::path same = empty_directory("same"), another = empty_directory("another");
  fs::copy(kMade / "test.unsettled.so", same / "test.unsettled.so");
  fs::copy(kMade / "test.other_name.so", another / "test.unsettled.so");

  CHECK(open_plugin_library({kMade, same})->find("test.unsettled"));
  const auto twice = open_plugin_library({kMade, another})->find("test.unsettled");
  REQUIRE_FALSE(twice);
  CHECK(twice.error().code == Code::plugin_ambiguous);
  CHECK(twice.error().message.find((kMade / "test.unsettled.so").string()) != std::string::npos);
  CHECK(twice.error().message.find((another / "test.unsettled.so").string()) != std::string::npos);
}

TEST_CASE("a second build is refused where the loader would mix it up with the first") {
  const fs::path file = empty_directory("unique") / "test.unique.so";
  const std::string bytes = *read_file(RELANCE_BUILD_DIR "/tests/plugins_unique/test.unique.so");
  const auto write = [&](const std::string& mark) {
    std::ofstream(file, std::ios::binary) << bytes << mark;
  };
  write("");
  REQUIRE(open_plugin_library({})->inspect(file));
  write("another build");
  const Error error = refusal_of(file);
  CHECK(error.code == Code::plugin_open);
  CHECK(error.message.find("plugin " + file.string() +
                           " is refused: another build of 'test.unique' is loaded, and the loader "
                           "keeps one '") == 0);
  CHECK(error.message.find("count") != std::string::npos);
  CHECK(error.hint.find("-fno-gnu-unique") != std::string::npos);
  write("");
  CHECK(open_plugin_library({})->inspect(file));
}

TEST_CASE("a list gives what is good and names every file that is refused") {
  std::vector<Error> refused;
  const auto good = open_plugin_library({kMade})->list(refused);
  REQUIRE(good.size() == 1);
  CHECK(good[0].id == "test.unsettled");
  size_t files = 0;
  for (const auto& file : fs::directory_iterator(kMade))
    if (file.path().extension() == ".so") ++files;
  CHECK(refused.size() == files - 1);
  for (const Error& error : refused)
    CHECK(error.message.find("plugin " + kMade.string() + "/test.") == 0);
}
