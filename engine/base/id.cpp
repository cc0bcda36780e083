#include "base/id.h"

#include <openssl/evp.h>

#include <memory>

namespace relance {
namespace {

constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz234567";
constexpr size_t kTextLength = 26;

using Digest = std::array<uint8_t, 32>;

// One SHA-256 at a time on each thread. Fetching the algorithm and making a state cost more than a
// short hash, so both happen once.
class Sha256 {
 public:
  static Sha256& begin() {
    static thread_local Sha256 sha;
    RELANCE_ASSERT(EVP_DigestInit_ex2(sha.context_.get(), nullptr, nullptr) == 1);
    return sha;
  }
  Sha256& add(std::string_view bytes) {
    RELANCE_ASSERT(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
    return *this;
  }
  Digest end() {
    Digest digest;
    RELANCE_ASSERT(EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr) == 1);
    return digest;
  }

 private:
  Sha256() { RELANCE_ASSERT(EVP_DigestInit_ex2(context_.get(), algorithm(), nullptr) == 1); }

  struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  static const EVP_MD* algorithm() {
    static const EVP_MD* fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    RELANCE_ASSERT(fetched != nullptr);
    return fetched;
  }
  std::unique_ptr<EVP_MD_CTX, Free> context_{EVP_MD_CTX_new()};
};

// Every part behind its length in 8 bytes, little endian. Short inputs, the usual ones, are
// gathered and hashed at once.
Digest digest_of(std::initializer_list<std::string_view> parts) {
  std::array<char, 512> gathered;  // NOLINT(*-member-init): filled before it is read
  size_t used = 0;
  Sha256& sha = Sha256::begin();
  auto add = [&](std::string_view bytes) {
    if (bytes.size() > gathered.size() - used) {
      sha.add({gathered.data(), used});
      used = 0;
      if (bytes.size() > gathered.size()) {
        sha.add(bytes);
        return;
      }
    }
    if (!bytes.empty()) std::memcpy(gathered.data() + used, bytes.data(), bytes.size());
    used += bytes.size();
  };
  for (std::string_view part : parts) {
    char length[8];
    for (size_t i = 0; i < 8; ++i) length[i] = static_cast<char>(part.size() >> (8 * i) & 0xff);
    add({length, sizeof length});
    add(part);
  }
  return sha.add({gathered.data(), used}).end();
}

Key first_half(const Digest& digest) {
  Key key;
  std::memcpy(key.bytes.data(), digest.data(), key.bytes.size());
  return key;
}

uint64_t big_endian(const uint8_t* bytes) {
  uint64_t value = 0;
  for (int i = 0; i < 8; ++i) value = value << 8 | bytes[i];
  return value;
}

Error not_a_key(std::string_view text) {
  return {Code::invalid_text,
          "'" + std::string(text) + "' is not an id",
          {},
          "an id is 26 characters of a-z and 2-7"};
}

}  // namespace

std::string Key::text() const {
  std::string out;
  out.reserve(kTextLength);
  uint32_t pending = 0;
  int bits = 0;
  for (uint8_t byte : bytes) {
    pending = pending << 8 | byte;
    for (bits += 8; bits >= 5; bits -= 5) out.push_back(kAlphabet[pending >> (bits - 5) & 31]);
  }
  // 128 bits: the last character carries three.
  out.push_back(kAlphabet[pending << (5 - bits) & 31]);
  return out;
}

Result<Key> Key::parse(std::string_view text) {
  if (text.size() != kTextLength) return not_a_key(text);
  Key key;
  size_t filled = 0;
  uint32_t pending = 0;
  int bits = 0;
  for (char c : text) {
    const size_t value = kAlphabet.find(c);
    if (value == std::string_view::npos) return not_a_key(text);
    pending = pending << 5 | static_cast<uint32_t>(value);
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    key.bytes[filled++] = static_cast<uint8_t>(pending >> bits & 0xff);
  }
  // The two bits left over must be zero, or one key would have several texts.
  if ((pending & 3) != 0) return not_a_key(text);
  return key;
}

uint64_t Key::high() const { return big_endian(bytes.data()); }
uint64_t Key::low() const { return big_endian(bytes.data() + 8); }

Key first_key(uint64_t high) {
  Key key;
  for (size_t i = 0; i < 8; ++i) key.bytes[i] = static_cast<uint8_t>(high >> (56 - 8 * i));
  return key;
}

Key Key::from(std::string_view sixteen_bytes) {
  RELANCE_ASSERT(sixteen_bytes.size() == 16);
  Key key;
  std::memcpy(key.bytes.data(), sixteen_bytes.data(), key.bytes.size());
  return key;
}

Key derive_key(std::initializer_list<std::string_view> parts) {
  return first_half(digest_of(parts));
}

Key derive_key_of(const Key& customer, std::initializer_list<std::string_view> parts) {
  Key key = derive_key(parts);
  std::copy_n(customer.bytes.begin(), 8, key.bytes.begin() + 8);
  return key;
}

uint64_t derive_hash(std::initializer_list<std::string_view> parts) {
  return big_endian(digest_of(parts).data());
}

std::string sha256_hex(std::string_view bytes) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  for (uint8_t byte : Sha256::begin().add(bytes).end()) {
    out.push_back(kHex[byte >> 4]);
    out.push_back(kHex[byte & 15]);
  }
  return out;
}

Key extend_chain(const Key& chain, std::string_view bytes) {
  return first_half(Sha256::begin().add(chain.view()).add(bytes).end());
}

Key customer_key(std::string_view tenant, std::string_view subject) {
  return derive_key({"customer", tenant, subject});
}

}  // namespace relance
