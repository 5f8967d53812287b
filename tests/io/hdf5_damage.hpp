#pragma once

/// Changes to a written record as damage or malice would make them, by HDF5 itself.

#include <hdf5.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace cytocape::testing {

using Dims = std::vector<hsize_t>;

inline hid_t valid(hid_t id) {
  if (id < 0) throw std::runtime_error("HDF5 refuses to damage the record so");
  return id;
}

/// Opens the file for changes and closes it afterwards, with all that is open in it.
inline void damage(const std::filesystem::path& path, const std::function<void(hid_t)>& change) {
  const auto access = H5Pcreate(H5P_FILE_ACCESS);
  H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
  const auto file = valid(H5Fopen(path.c_str(), H5F_ACC_RDWR, access));
  change(file);
  H5Fclose(file);
  H5Pclose(access);
}

template <class T>
hid_t native_type() {
  if constexpr (std::is_same_v<T, double>) return H5T_NATIVE_DOUBLE;
  if constexpr (std::is_same_v<T, std::int64_t>) return H5T_NATIVE_INT64;
  if constexpr (std::is_same_v<T, const char*>) {
    const auto type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, H5T_VARIABLE);
    H5Tset_cset(type, H5T_CSET_UTF8);
    return type;
  }
}

inline hid_t space_of(const Dims& dims) {
  return dims.empty() ? H5Screate(H5S_SCALAR)
                      : H5Screate_simple(static_cast<int>(dims.size()), dims.data(), nullptr);
}

/// Replaces an attribute; no dims make a scalar.
template <class T>
void set_attribute(hid_t file, const char* object, const char* name, const std::vector<T>& values,
                   const Dims& dims) {
  const auto owner = valid(H5Oopen(file, object, H5P_DEFAULT));
  H5Adelete(owner, name);
  const auto attribute =
      valid(H5Acreate2(owner, name, native_type<T>(), space_of(dims), H5P_DEFAULT, H5P_DEFAULT));
  if (!values.empty()) valid(H5Awrite(attribute, native_type<T>(), values.data()));
}

/// Changes one value of a dataset, counted through all its rows.
template <class T>
void poke(hid_t file, const char* dataset, std::size_t at, T value) {
  const auto table = valid(H5Dopen2(file, dataset, H5P_DEFAULT));
  const auto count = H5Sget_simple_extent_npoints(H5Dget_space(table));
  std::vector<T> values(static_cast<std::size_t>(count));
  valid(H5Dread(table, native_type<T>(), H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()));
  values.at(at) = value;
  valid(H5Dwrite(table, native_type<T>(), H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()));
}

/// Another dataset in the place of one, zero everywhere.
inline void replace(hid_t file, const char* dataset, hid_t type, const Dims& dims,
                    hid_t properties = H5P_DEFAULT) {
  valid(H5Ldelete(file, dataset, H5P_DEFAULT));
  const auto table =
      valid(H5Dcreate2(file, dataset, type, space_of(dims), H5P_DEFAULT, properties, H5P_DEFAULT));
  hsize_t values = 1;
  for (const auto edge : dims) values *= edge;
  if (properties != H5P_DEFAULT) return;
  const std::vector<double> zeros(static_cast<std::size_t>(values), 0);
  valid(H5Dwrite(table, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, zeros.data()));
}

}  // namespace cytocape::testing
