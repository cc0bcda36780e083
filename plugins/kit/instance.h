// `create` and `destroy` of a C++ plugin: an instance is a T(host, configuration). Its constructor
// may throw a std::exception, whose text becomes the reason of the refusal.
#pragma once

#include <relance/host.h>

#include <exception>

#include "kit/text.h"

namespace kit {

template <class T>
void* create(const rl_host* host, rl_str config, const rl_out* problem) {
  try {
    return new T(host, view(config));
  } catch (const std::exception& error) {
    put(problem, error.what());
    return nullptr;
  }
}

template <class T>
void destroy(void* self) {
  delete static_cast<T*>(self);
}

}  // namespace kit
