#include "io/secrets.hpp"

#include <sodium.h>

#include <array>

#include "io/errors.hpp"

namespace cytocape {
namespace {

/// Thread-safe, and quick after the first call.
void start_library() {
  if (sodium_init() < 0) throw StorageError("libsodium: cannot be started: no random numbers");
}

}  // namespace

std::string hash_password(std::string_view password) {
  start_library();
  std::array<char, crypto_pwhash_STRBYTES> text{};
  if (crypto_pwhash_str(text.data(), password.data(), password.size(),
                        crypto_pwhash_OPSLIMIT_INTERACTIVE,
                        crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
    throw StorageError("a password cannot be hashed: there are not 64 MiB of memory left");
  return text.data();
}

bool is_password(const std::string& hash, std::string_view password) {
  start_library();
  return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

std::string random_token() {
  start_library();
  constexpr std::size_t kBytes = 32;
  std::array<unsigned char, kBytes> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  std::array<char, 2 * kBytes + 1> text{};
  sodium_bin2hex(text.data(), text.size(), bytes.data(), bytes.size());
  return text.data();
}

bool same_secret(std::string_view a, std::string_view b) {
  start_library();
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace cytocape
