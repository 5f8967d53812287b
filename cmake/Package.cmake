# What is installed beside the programs, and packages of it. Everything is found from where the program lies, so that
# the installed folder may be moved.
include(GNUInstallDirs)
find_package(Python3 COMPONENTS Interpreter)

install(DIRECTORY ${PROJECT_SOURCE_DIR}/configs/models DESTINATION share/cytocape)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/configs/cluster DESTINATION share/cytocape USE_SOURCE_PERMISSIONS)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/configs/criteria DESTINATION share/cytocape)
install(FILES
  ${PROJECT_SOURCE_DIR}/configs/analyze.toml
  ${PROJECT_SOURCE_DIR}/configs/taxonomy.toml
  ${PROJECT_SOURCE_DIR}/configs/train-bm.toml
  ${PROJECT_SOURCE_DIR}/configs/train-demo.toml
  ${PROJECT_SOURCE_DIR}/configs/train-pb.toml
  DESTINATION share/cytocape)
install(FILES LICENSE NOTICE README.md CHANGELOG.md DESTINATION share/doc/cytocape)
install(DIRECTORY docs/ DESTINATION share/doc/cytocape/docs)

# Man pages and completion are made of the commands' own definitions, by running the programs.
if(Python3_FOUND)
  set(manual ${CMAKE_BINARY_DIR}/manual)
  add_custom_command(OUTPUT ${manual}/cytocape.bash
    COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/script/make-manual
            $<TARGET_FILE:cytocape> $<TARGET_FILE:cytocape-engine> ${manual}
    DEPENDS cytocape cytocape-engine ${PROJECT_SOURCE_DIR}/script/make-manual
    COMMENT "Writing man pages and completion")
  add_custom_target(manual ALL DEPENDS ${manual}/cytocape.bash)
  install(DIRECTORY ${manual}/man1 DESTINATION share/man)
  install(FILES ${manual}/cytocape.bash DESTINATION share/bash-completion/completions RENAME cytocape)
else()
  message(STATUS "Python 3 is absent: no man pages and no completion will be installed")
endif()

set(unit ${PROJECT_SOURCE_DIR}/configs/systemd/cytocape-watch@.service)
install(FILES ${unit} DESTINATION lib/systemd/system)

set(CPACK_GENERATOR TGZ DEB)
set(CPACK_PACKAGE_NAME cytocape)
set(CPACK_PACKAGE_VENDOR "The cytocape authors")
set(CPACK_PACKAGE_CONTACT "The cytocape authors")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGE_DESCRIPTION "cytocape reads whole-slide images of blood and marrow smears, finds the nucleated
cells, classifies each with a CAPE network, and reports for CMML.
For Research Use Only. Not for use in diagnostic procedures.")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)
# The .tar.gz holds one folder, which may be unpacked anywhere.
set(CPACK_INCLUDE_TOPLEVEL_DIRECTORY ON)
set(CPACK_PACKAGE_FILE_NAME "cytocape-${PROJECT_VERSION}-linux-${CMAKE_SYSTEM_PROCESSOR}")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
# Of the libraries that the programs are linked to, which are Debian packages.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# The review station serves its scripts.
set(CPACK_DEBIAN_PACKAGE_DEPENDS libjs-leaflet)
include(CPack)
