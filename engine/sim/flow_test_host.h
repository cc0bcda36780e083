// The eleven primitives that lua/test/library.lua is written in, as functions of a Lua state: what
// a test says becomes a call of its world, what cannot be done becomes nil and a sentence.
//
// Threads: as LuaState. Lifetime: state, stage and file outlive it; it outlives every call of a
// function of the test file.
#pragma once

#include "sim/flow_test_stage.h"

namespace relance {

class FlowTestHost {
 public:
  FlowTestHost(LuaState& lua, const FlowTestStage& stage, const SourceFile& file)
      : lua_(lua), stage_(stage), file_(file) {}

  void push();                      // the table `host`
  void close() { world_.reset(); }  // after each test

  Status open(std::optional<int64_t> at_ms, const Value& contact);
  bool is_open() const { return world_ != nullptr; }
  FlowTestWorld& world() { return *world_; }
  LuaState& lua() { return lua_; }

 private:
  LuaState& lua_;
  const FlowTestStage& stage_;
  const SourceFile& file_;
  std::unique_ptr<FlowTestWorld> world_;
};

}  // namespace relance
