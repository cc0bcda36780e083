// What the customers of a sandbox have done so far: who gave a new card, which bill is paid. Shared
// by the instances of one world, because the charge that follows a new card goes over another
// channel.
//
// Threads: any. Lifetime: a world is forgotten with its last instance.
#pragma once

#include <memory>
#include <mutex>
#include <set>
#include <string>

namespace sandbox {

class World {
 public:
  // The world of that name, made where there is none.
  static std::shared_ptr<World> of(const std::string& name);

  void gave_new_method(const std::string& customer);
  bool has_new_method(const std::string& customer) const;

  // False: it was paid before; nobody pays a bill twice. An unknown bill (empty) is always payable.
  bool pay(const std::string& bill);
  bool paid(const std::string& bill) const;

 private:
  mutable std::mutex mutex_;
  std::set<std::string> new_method_, paid_;
};

}  // namespace sandbox
