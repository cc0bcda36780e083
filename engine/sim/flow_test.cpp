#include "sim/flow_test.h"

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#include "sim/flow_test_host.h"

namespace relance {

extern const std::string_view kFlowTestLibrary;

namespace {

constexpr int64_t kStepsOfTest = 100'000'000;
constexpr int64_t kUsOfTest = 120'000'000;  // the engine that it drives counts too

// A test looks at whole runs and loops over many: it may have more than a flow's function.
constexpr LuaLimits kLimits{256u << 20,   16u << 20, 4u << 20, size_t{4} << 30, kStepsOfTest,
                            kStepsOfTest, 1u << 20,  4u << 20, kUsOfTest,       kUsOfTest};

// The words of contact rules that `sim.contact` writes.
constexpr const char* kContactWords[] = {"any", "any_channel", "any_flow", "event",
                                         "max", "mutex",       "never",    "responded_to_campaign"};

// Errors of the library belong to the line of the test that called it.
int raise_in_test(lua_State* lua) {
  const char* said = lua_type(lua, 1) == LUA_TSTRING ? lua_tostring(lua, 1) : "";
  LuaState::of(lua).raise(Code::lua_runtime, said);
}

// One test file with its state.
class TestFile {
 public:
  TestFile(const FlowTestStage& stage, SourceFile file)
      : file_(std::move(file)), lua_(kLimits), host_(lua_, stage, file_) {}

  Status load() {
    if (auto opened = open_library(); !opened) return opened;
    Findings findings;
    load_file(lua_, Sheet::test, file_, findings);
    for (Finding& finding : findings.take_sorted())
      if (finding.severity == Severity::error) return std::move(finding.error);
    return {};
  }

  size_t count() {
    lua_.push(tests_);
    const auto length = static_cast<size_t>(lua_rawlen(lua_.raw(), -1));
    lua_pop(lua_.raw(), 1);
    return length;
  }

  std::string name_of(size_t test) {
    lua_State* lua = lua_.raw();
    push_field_of(test, "name");
    std::string name = lua_type(lua, -1) == LUA_TSTRING ? lua_tostring(lua, -1) : "";
    lua_pop(lua, 1);
    return name;
  }

  Status run(size_t test) {
    push_field_of(test, "body");
    Status status = lua_.call(0, 0, kStepsOfTest);
    host_.close();
    if (status.ok()) return status;
    Error error = status.error();
    if (error.where.file.empty()) error.where = {file_.path, 0};
    return error;
  }

 private:
  void push_field_of(size_t test, const char* field) {
    lua_State* lua = lua_.raw();
    lua_.push(tests_);
    lua_rawgeti(lua, -1, static_cast<lua_Integer>(test) + 1);
    lua_getfield(lua, -1, field);
    lua_insert(lua, -3);
    lua_pop(lua, 2);
  }

  // The library has Lua's own base, table and math; a test file has not.
  Status open_library() {
    lua_State* lua = lua_.raw();
    luaL_requiref(lua, LUA_GNAME, luaopen_base, 0);
    lua_.push_words(Sheet::test);  // its texts are those of the sandbox: they pay for their work
    lua_getfield(lua, -1, LUA_STRLIBNAME);
    lua_setfield(lua, -3, LUA_STRLIBNAME);
    lua_pop(lua, 1);
    const luaL_Reg libraries[] = {{LUA_TABLIBNAME, luaopen_table}, {LUA_MATHLIBNAME, luaopen_math}};
    for (const luaL_Reg& library : libraries) {
      luaL_requiref(lua, library.name, library.func, 0);
      lua_setfield(lua, -2, library.name);
    }
    lua_pushcfunction(lua, raise_in_test);
    lua_setfield(lua, -2, "error");
    lua_pop(lua, 1);
    const int loaded =
        luaL_loadbufferx(lua, kFlowTestLibrary.data(), kFlowTestLibrary.size(), "=flow tests", "t");
    RELANCE_ASSERT(loaded == LUA_OK);
    host_.push();
    if (auto called = lua_.call(1, 1, kStepsOfTest); !called) return called;
    define_words();
    return {};
  }

  // What the library gave back is on top of the stack.
  void define_words() {
    lua_State* lua = lua_.raw();
    lua_getfield(lua, -1, "globals");
    lua_pushnil(lua);
    for (; lua_next(lua, -2) != 0;) {
      const std::string name = lua_tostring(lua, -2);
      lua_.define(Sheet::test, name.c_str());
    }
    lua_pop(lua, 1);
    lua_getfield(lua, -1, "tests");
    tests_ = lua_.keep();
    lua_pop(lua, 1);
    lua_.push_words(Sheet::contact);
    for (const char* word : kContactWords) {
      lua_getfield(lua, -1, word);
      lua_.define(Sheet::test, word);
    }
    lua_pop(lua, 1);
  }

  SourceFile file_;
  LuaState lua_;
  FlowTestHost host_;
  LuaFunction tests_;
};

bool wanted(const FlowTestOptions& options, const std::string& file, const std::string& name) {
  return options.filter.empty() || name.find(options.filter) != std::string::npos ||
         file.find(options.filter) != std::string::npos;
}

std::string shown(const Bundle& bundle, const std::string& path) {
  if (bundle.directory.empty()) return path;
  return bundle.directory + (bundle.directory.ends_with('/') ? "" : "/") + path;
}

}  // namespace

FlowTestSummary run_flow_tests(std::shared_ptr<const Bundle> bundle, PluginLibrary& library,
                               const FlowTestOptions& options, const Clock& clock,
                               const std::function<void(const FlowTestResult&)>& told) {
  FlowTestSummary summary;
  auto stage = FlowTestStage::make(bundle, library, options.seed, summary.errors);
  if (!stage) return summary;
  const auto tell = [&](const FlowTestResult& result) {
    ++(result.passed ? summary.passed : summary.failed);
    told(result);
  };
  for (const auto& [path, text] : bundle->sources) {
    if (!path.ends_with("_test.lua")) continue;
    TestFile file(**stage, {shown(*bundle, path), text});
    if (auto loaded = file.load(); !loaded) {
      tell({shown(*bundle, path), path + " loads", false, loaded.error(), {}});
      continue;
    }
    for (size_t test = 0; test < file.count(); ++test) {
      FlowTestResult result{shown(*bundle, path), file.name_of(test), false, {}, {}};
      if (!wanted(options, result.file, result.name)) continue;
      const Duration before = clock.since_boot();
      const Status status = file.run(test);
      result.took = clock.since_boot() - before;
      result.passed = status.ok();
      if (!status.ok()) result.error = status.error();
      tell(result);
    }
  }
  return summary;
}

}  // namespace relance
