// Addresses that a provider calls back: they name the instance and the touch, and are signed, so
// that nobody else can report on a touch.
//
//   BASE/v1/hooks/INSTANCE/k/KEY.SIGNATURE[/REST]
//
// KEY is the touch's key in base32, SIGNATURE the first 16 bytes of HMAC-SHA-256(secret, "INSTANCE
// KEY") in lower case hex. Threads: any.
#pragma once

#include <optional>
#include <string>

#include "base/id.h"

namespace relance {

class CallbackUrls {
 public:
  // `base`: "https://shop.example", without a slash at its end; `secret`: of this installation,
  // at least 16 bytes.
  CallbackUrls(std::string base, std::string secret);

  std::string url(std::string_view instance, const Key& touch) const;

  struct Target {
    std::string instance;
    Key touch;         // all zero: the path carries none
    std::string rest;  // of the path, with its slash; "" where there is none
  };
  // Of a request's path. nullopt: it is no hook, or its signature is wrong.
  std::optional<Target> read(std::string_view path) const;
  // The address as the sender wrote it: base and target.
  std::string as_sent(std::string_view target) const { return base_ + std::string(target); }

  // Changes with base and secret: what a provider was given to call back is part of the effect.
  std::string identity() const { return base_ + " " + sha256_hex(secret_); }

 private:
  std::string sign(std::string_view instance, std::string_view key) const;

  std::string base_, secret_;
};

}  // namespace relance
