# Warnings and sanitizers as INTERFACE targets: a library links what it wants to be held to.

add_library(cytocape_warnings INTERFACE)
# Designated initialisers that leave members at their defaults are the project's way to name
# options; GCC 12 takes them for forgotten ones, hence -Wno-missing-field-initializers.
target_compile_options(cytocape_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
  -Wold-style-cast -Woverloaded-virtual -Wimplicit-fallthrough
  -Wno-missing-field-initializers)
if(CYTOCAPE_WERROR)
  target_compile_options(cytocape_warnings INTERFACE -Werror)
endif()

add_library(cytocape_sanitizers INTERFACE)
if(CYTOCAPE_SANITIZE)
  target_compile_options(cytocape_sanitizers INTERFACE
    -fsanitize=${CYTOCAPE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(cytocape_sanitizers INTERFACE -fsanitize=${CYTOCAPE_SANITIZE})
endif()

# Of every source, for libFuzzer goes by what they cover; its `main` is linked by the targets alone.
if(CYTOCAPE_FUZZ)
  target_compile_options(cytocape_sanitizers INTERFACE -fsanitize=fuzzer-no-link)
endif()

# What every target of the project shares. C++20 per target: a global CMAKE_CXX_STANDARD breaks
# the CUDA detection in LibTorch 2.11's CMake files.
function(cytocape_target name)
  target_compile_features(${name} PUBLIC cxx_std_20)
  set_target_properties(${name} PROPERTIES CXX_EXTENSIONS OFF)
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE cytocape_warnings PUBLIC cytocape_sanitizers)
endfunction()
