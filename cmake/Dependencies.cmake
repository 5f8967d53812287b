# Every library is found here and nowhere else; all are Debian 12 packages (script/bootstrap).
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)

pkg_check_modules(openslide REQUIRED IMPORTED_TARGET openslide>=3.4.1)
pkg_check_modules(vips REQUIRED IMPORTED_TARGET vips)
pkg_check_modules(tiff REQUIRED IMPORTED_TARGET libtiff-4)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(httplib REQUIRED IMPORTED_TARGET cpp-httplib)
pkg_check_modules(openjpeg REQUIRED IMPORTED_TARGET libopenjp2)
pkg_check_modules(lcms REQUIRED IMPORTED_TARGET lcms2)
find_package(DCMTK CONFIG REQUIRED)
find_package(JPEG REQUIRED)
find_package(ZLIB REQUIRED)
find_package(SQLite3 REQUIRED)
find_path(CYTOCAPE_CSV_INCLUDE csv.h REQUIRED)
find_library(CYTOCAPE_CSV_LIBRARY csv REQUIRED)
mark_as_advanced(CYTOCAPE_CSV_INCLUDE CYTOCAPE_CSV_LIBRARY)
find_package(HDF5 REQUIRED COMPONENTS C)
# By hand: OpenCVConfig.cmake is in libopencv-dev, which installs VTK and Qt.
find_path(OpenCV_INCLUDE_DIRS opencv2/imgproc.hpp PATH_SUFFIXES opencv4 REQUIRED)
foreach(module IN ITEMS opencv_core opencv_imgproc)
  find_library(${module}_LIBRARY ${module} REQUIRED)
  add_library(${module} UNKNOWN IMPORTED)
  set_target_properties(${module} PROPERTIES
    IMPORTED_LOCATION "${${module}_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${OpenCV_INCLUDE_DIRS}")
  mark_as_advanced(${module}_LIBRARY)
endforeach()
mark_as_advanced(OpenCV_INCLUDE_DIRS)
find_package(TBB REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto SSL)
find_package(nlohmann_json REQUIRED)
find_package(toml11 REQUIRED)
find_package(CLI11 REQUIRED)
find_package(fmt REQUIRED)
if(CYTOCAPE_CUDA)
  # TorchConfig looks in the system's folders first and would link Debian's LibTorch beside its own.
  foreach(library IN ITEMS c10 torch)
    string(REPLACE torch TORCH variable ${library})
    find_library(${variable}_LIBRARY ${library}
      PATHS "${CMAKE_PREFIX_PATH}/../../lib" NO_DEFAULT_PATH REQUIRED)
  endforeach()
  # Its libraries export an incomplete std::filesystem of their own; the system's must be found
  # first, by every program that links them.
  add_link_options(LINKER:--push-state,--no-as-needed -lstdc++ LINKER:--pop-state)
endif()
find_package(Torch REQUIRED)
