#include "sources/mapping/source_plugin.h"

#include "kit/plugin.h"
#include "sources/mapping/source.h"

namespace sources {
namespace {

constexpr rl_inbound kInbound = kit::inbound<Source>();
constexpr kit::Interface kInterfaces[] = {{RL_INBOUND, &kInbound}};

}  // namespace

rl_plugin source_plugin(const char* id, const char* title, const char* schema) {
  return kit::plugin<Source>({.id = id,
                              .title = title,
                              .config_schema = schema,
                              .check_config = kit::check<Source::problems>,
                              .find = kit::find<kInterfaces>});
}

}  // namespace sources
