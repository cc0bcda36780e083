#include "script/bytecode.h"

#include <lua.h>

#include <cstring>

namespace relance {
namespace {

static_assert(LUA_VERSION_NUM == 504, "the layout of dumped functions belongs to Lua 5.4");

// The instructions that matter here, and ranges of those that write register A.
enum Op : uint8_t {
  kMove = 0,
  kLoadNil = 8,
  kGetUpvalue = 9,
  kSetUpvalue = 10,
  kGetTabUp = 11,
  kGetField = 14,
  kSetTabUp = 15,
  kSelf = 20,
  kTest = 66,
  kTestSet = 67,
  kCall = 68
};

bool writes_register(uint8_t op) {
  return op <= 9 || (op >= 11 && op <= 14) || (op >= 19 && op <= 45) || (op >= 49 && op <= 53) ||
         op == kTestSet || op == kCall || op == 79 || op == 80;
}

struct Instruction {
  uint32_t bits;
  uint8_t op() const { return bits & 0x7f; }
  uint8_t a() const { return (bits >> 7) & 0xff; }
  uint8_t b() const { return (bits >> 16) & 0xff; }
  uint8_t c() const { return (bits >> 24) & 0xff; }
};

struct Upvalue {
  std::string name;
  bool in_stack = false;  // a register of the function around, else an upvalue of it
  uint8_t index = 0;
};

struct Function {
  int first_line = 0;
  int parameters = 0;
  std::vector<Instruction> code;
  std::vector<std::string> constants;  // texts; empty for others
  std::vector<Upvalue> upvalues;
  std::vector<Function> inside;
  std::vector<int> lines;  // of each instruction
  std::string first_local;
};

// Reads what ldump.c wrote.
class DumpReader {
 public:
  explicit DumpReader(const std::string& bytes) : bytes_(bytes) {}

  Function read() {
    RELANCE_ASSERT(bytes_.compare(0, 6, "\x1bLua\x54\x00", 6) == 0);
    at_ = 6 + 6 + 3 + 8 + 8;  // check bytes, sizes, a sample integer and number
    byte();                   // count of upvalues of the closure
    return function();
  }

 private:
  uint8_t byte() {
    RELANCE_ASSERT(at_ < bytes_.size());
    return static_cast<uint8_t>(bytes_[at_++]);
  }

  // Seven bits a byte, high first; the last byte has its top bit set.
  size_t size() {
    size_t value = 0;
    for (;;) {
      const uint8_t next = byte();
      value = (value << 7) | (next & 0x7f);
      if ((next & 0x80) != 0) return value;
    }
  }
  int integer() { return static_cast<int>(size()); }

  std::string text() {
    const size_t length = size();
    if (length == 0) return "";
    std::string value = bytes_.substr(at_, length - 1);
    at_ += length - 1;
    return value;
  }

  std::string constant() {
    switch (byte()) {
      case 0x03:
      case 0x13: at_ += 8; return "";  // integer, number
      case 0x04:
      case 0x14: return text();  // short and long text
      default: return "";        // nil, false, true
    }
  }

  Function function() {
    Function made;
    text();  // source
    made.first_line = integer();
    integer();  // last line
    made.parameters = byte();
    byte();  // vararg
    byte();  // stack size
    made.code.resize(size());
    for (Instruction& instruction : made.code) {
      std::memcpy(&instruction.bits, bytes_.data() + at_, sizeof instruction.bits);
      at_ += sizeof instruction.bits;
    }
    made.constants.resize(size());
    for (std::string& value : made.constants) value = constant();
    made.upvalues.resize(size());
    for (Upvalue& upvalue : made.upvalues) {
      upvalue.in_stack = byte() != 0;
      upvalue.index = byte();
      byte();  // kind
    }
    made.inside.resize(size());
    for (Function& inner : made.inside) inner = function();
    debug_part(made);
    return made;
  }

  void debug_part(Function& made) {
    std::vector<int8_t> steps(size());
    for (int8_t& step : steps) step = static_cast<int8_t>(byte());
    std::vector<std::pair<int, int>> absolute(size());
    for (auto& [at, line] : absolute) {
      at = integer();
      line = integer();
    }
    set_lines(made, steps, absolute);
    const size_t locals = size();
    for (size_t i = 0; i < locals; ++i) {
      std::string name = text();
      if (i == 0) made.first_local = std::move(name);
      integer();
      integer();
    }
    const size_t names = size();
    for (size_t i = 0; i < names; ++i) made.upvalues[i].name = text();
  }

  static void set_lines(Function& made, const std::vector<int8_t>& steps,
                        const std::vector<std::pair<int, int>>& absolute) {
    constexpr int8_t kAbsolute = -0x80;
    int line = made.first_line;
    size_t next = 0;
    for (size_t i = 0; i < steps.size(); ++i) {
      line = steps[i] == kAbsolute ? absolute[next++].second : line + steps[i];
      made.lines.push_back(line);
    }
  }

  const std::string& bytes_;
  size_t at_ = 0;
};

int append(lua_State*, const void* bytes, size_t size, void* out) {
  static_cast<std::string*>(out)->append(static_cast<const char*>(bytes), size);
  return 0;
}

// The function on top of the stack; it stays there.
Function dumped(LuaState& lua) {
  std::string bytes;
  lua_dump(lua.raw(), append, &bytes, 0);
  return DumpReader(bytes).read();
}

// --- globals and remembered variables

class FactFinder {
 public:
  ChunkFacts facts;

  // `outside[i]`: upvalue i of the function is a variable of the chunk itself (not of a function).
  void visit(const Function& function, const std::vector<bool>& outside, bool is_chunk) {
    for (size_t i = 0; i < function.code.size(); ++i) {
      const Instruction instruction = function.code[i];
      const int line = function.lines[i];
      if (instruction.op() == kGetTabUp && is_env(function, instruction.b())) {
        facts.reads.push_back({function.constants[instruction.c()], line});
      } else if (instruction.op() == kSetTabUp && is_env(function, instruction.a())) {
        facts.writes.push_back({function.constants[instruction.b()], line});
      } else if (instruction.op() == kSetUpvalue &&
                 (outside[instruction.b()] || is_env(function, instruction.b()))) {
        facts.remembered.push_back({function.upvalues[instruction.b()].name, line});
      }
    }
    for (const Function& inner : function.inside) {
      std::vector<bool> inner_outside;
      for (const Upvalue& upvalue : inner.upvalues) {
        inner_outside.push_back(upvalue.in_stack ? is_chunk : outside[upvalue.index]);
      }
      visit(inner, inner_outside, false);
    }
  }

 private:
  static bool is_env(const Function& function, uint8_t upvalue) {
    return function.upvalues[upvalue].name == "_ENV";
  }
};

// --- paths

constexpr size_t kLongestPath = 200;  // no flow has a deeper one

// Follows registers through straight code. Where branches meet it keeps what came last, which is
// good enough: the same names are read on either way.
class PathFinder {
 public:
  std::vector<PathRead> reads;

  void visit(const Function& function, const std::string& parameter) {
    std::vector<std::string> registers(258);
    const bool own = function.parameters > 0 && function.first_local == parameter;
    if (own) registers[0] = "*";
    for (size_t i = 0; i < function.code.size(); ++i) step(function, i, registers, parameter);
    for (const Function& inner : function.inside) {
      // A parameter of the same name in a function inside hides this one.
      if (!(inner.parameters > 0 && inner.first_local == parameter)) visit(inner, parameter);
    }
  }

 private:
  void step(const Function& function, size_t at, std::vector<std::string>& registers,
            const std::string& parameter) {
    const Instruction now = function.code[at];
    std::string result;
    switch (now.op()) {
      case kMove: result = registers[now.b()]; break;
      case kGetUpvalue:
        if (function.upvalues[now.b()].name == parameter) result = "*";
        break;
      case kGetTabUp:
        if (function.upvalues[now.b()].name == parameter)
          result = follow("*", function, at, now.c());
        break;
      case kSelf:
      case kGetField: result = follow(registers[now.b()], function, at, now.c()); break;
      default: break;
    }
    if (!writes_register(now.op())) return;
    registers[now.a()] = std::move(result);
    if (now.op() == kSelf) registers[now.a() + 1u].clear();
    if (now.op() == kCall) std::fill(registers.begin() + now.a(), registers.end(), "");
    if (now.op() == kLoadNil) std::fill_n(registers.begin() + now.a(), now.b() + 1, "");
  }

  std::string follow(const std::string& from, const Function& function, size_t at,
                     uint8_t constant) {
    if (from.size() > kLongestPath || from.empty()) return "";
    const std::string& key = function.constants[constant];
    std::string path = from == "*" ? key : from + "." + key;
    reads.push_back({path, function.lines[at], is_tested(function, at)});
    return path;
  }

  static bool is_tested(const Function& function, size_t at) {
    if (at + 1 >= function.code.size()) return false;
    const Instruction next = function.code[at + 1];
    const uint8_t result = function.code[at].a();
    return (next.op() == kTest && next.a() == result) ||
           (next.op() == kTestSet && next.b() == result);
  }
};

}  // namespace

ChunkFacts facts_of_chunk(LuaState& lua) {
  const Function chunk = dumped(lua);
  FactFinder finder;
  finder.visit(chunk, std::vector<bool>(chunk.upvalues.size(), false), true);
  return std::move(finder.facts);
}

std::optional<NameUse> first_remembered(LuaState& lua) {
  const Function function = dumped(lua);
  FactFinder finder;
  finder.visit(function, std::vector<bool>(function.upvalues.size(), true), false);
  if (finder.facts.remembered.empty()) return std::nullopt;
  return std::move(finder.facts.remembered.front());
}

std::vector<PathRead> paths_read(LuaState& lua, LuaFunction function) {
  lua.push(function);
  if (lua_iscfunction(lua.raw(), -1) != 0) {
    lua_pop(lua.raw(), 1);
    return {};
  }
  const Function dump = dumped(lua);
  lua_pop(lua.raw(), 1);
  PathFinder finder;
  if (dump.parameters > 0) finder.visit(dump, dump.first_local);
  return std::move(finder.reads);
}

}  // namespace relance
