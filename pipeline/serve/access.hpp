#pragma once

/// Who may do what in the station.

#include <cstdint>
#include <string>

#include "io/vocabulary.hpp"

namespace cytocape {

enum class Role : std::uint8_t { viewer, technician, reader, signer, administrator };

[[nodiscard]] constexpr CodeLabel labels_of(Role role) {
  switch (role) {
    case Role::viewer:
      return {"viewer"};
    case Role::technician:
      return {"technician"};
    case Role::reader:
      return {"reader"};
    case Role::signer:
      return {"signer"};
    case Role::administrator:
      return {"administrator"};
  }
  return {};
}

/// What a request asks for.
enum class Right : std::uint8_t {
  see,         ///< slides, cells, decisions, who made them
  decide,      ///< on cells and morphology
  verify,      ///< answer for a count
  sign,        ///< answer for a report, and amend it
  administer,  ///< accounts
};

/// Administrators name accounts and decide nothing on cells.
[[nodiscard]] constexpr bool may(Role role, Right right) {
  switch (right) {
    case Right::see:
      return true;
    case Right::decide:
      return role == Role::technician || role == Role::reader || role == Role::signer;
    case Right::verify:
      return role == Role::technician || role == Role::signer;
    case Right::sign:
      return role == Role::signer;
    case Right::administer:
      return role == Role::administrator;
  }
  return false;
}

/// Throws ConfigError naming the roles.
[[nodiscard]] Role role_named(const std::string& name);

}  // namespace cytocape
