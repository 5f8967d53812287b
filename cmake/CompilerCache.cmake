# Uses ccache when it is installed; set before any target exists.
find_program(CYTOCAPE_CCACHE ccache)
mark_as_advanced(CYTOCAPE_CCACHE)
if(CYTOCAPE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # pch_defines and time_macros let ccache reuse objects that were built with the precompiled
  # LibTorch header.
  set(CMAKE_CXX_COMPILER_LAUNCHER
    ${CMAKE_COMMAND} -E env
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
    ${CYTOCAPE_CCACHE})
endif()
