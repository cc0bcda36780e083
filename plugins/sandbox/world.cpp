#include "world.h"

#include <map>

namespace sandbox {

std::shared_ptr<World> World::of(const std::string& name) {
  static std::mutex mutex;
  static auto* const worlds = new std::map<std::string, std::weak_ptr<World>>;
  const std::lock_guard lock(mutex);
  std::weak_ptr<World>& known = (*worlds)[name];
  std::shared_ptr<World> world = known.lock();
  if (!world) known = world = std::make_shared<World>();
  return world;
}

void World::gave_new_method(const std::string& customer) {
  const std::lock_guard lock(mutex_);
  new_method_.insert(customer);
}

bool World::has_new_method(const std::string& customer) const {
  const std::lock_guard lock(mutex_);
  return new_method_.contains(customer);
}

bool World::pay(const std::string& bill) {
  const std::lock_guard lock(mutex_);
  return bill.empty() || paid_.insert(bill).second;
}

bool World::paid(const std::string& bill) const {
  const std::lock_guard lock(mutex_);
  return paid_.contains(bill);
}

}  // namespace sandbox
