# cytocape_embed_text(TARGET NAME FILE): compiles FILE into TARGET as the string `text::NAME`,
# declared in the generated header "embedded/NAME.hpp". A default that ships with the program and
# the commented file a user reads are then the same text.
function(cytocape_embed_text target name file)
  get_filename_component(path ${file} ABSOLUTE BASE_DIR ${PROJECT_SOURCE_DIR})
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${path})
  file(READ ${path} content)
  set(header ${CMAKE_CURRENT_BINARY_DIR}/embedded/${name}.hpp)
  string(LENGTH "${content}" length)
  # A string literal may hold 65536 characters; pieces of 8000 are joined by the compiler.
  set(pieces "")
  set(begin 0)
  while(begin LESS length)
    string(SUBSTRING "${content}" ${begin} 8000 piece)
    string(APPEND pieces "R\"~~~~(${piece})~~~~\"\n")
    math(EXPR begin "${begin} + 8000")
  endwhile()
  file(CONFIGURE OUTPUT ${header} CONTENT
"#pragma once
#include <string_view>
namespace cytocape::text {
inline constexpr std::string_view ${name} =
@pieces@;
}
" @ONLY)
  target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR})
endfunction()
