#pragma once

/// Passwords and tokens by libsodium. All functions are thread-safe and throw StorageError where
/// the library cannot be started or has no memory.

#include <cstddef>
#include <string>
#include <string_view>

namespace cytocape {

/// Argon2id with libsodium's "interactive" limits (64 MiB, two passes) and a random salt; the text
/// holds all of it ("$argon2id$v=19$..").
[[nodiscard]] std::string hash_password(std::string_view password);

/// Takes as long for a wrong password as for the right one.
[[nodiscard]] bool is_password(const std::string& hash, std::string_view password);

/// Random, of 256 bits, as 64 lower-case hex digits.
[[nodiscard]] std::string random_token();

/// Whether two texts are the same, in a time that does not tell where they differ.
[[nodiscard]] bool same_secret(std::string_view a, std::string_view b);

}  // namespace cytocape
