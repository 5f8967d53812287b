#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include "io/hdf5_handles.hpp"
#include "io/versions.hpp"

namespace cytocape {

std::string hdf5_library_version() {
  const h5::Lock lock;
  unsigned major = 0;
  unsigned minor = 0;
  unsigned release = 0;
  H5get_libversion(&major, &minor, &release);
  return fmt::format("{}.{}.{}", major, minor, release);
}

namespace h5 {
namespace {

constexpr std::uint64_t kTextsAChunk = 8192;

std::vector<const char*> pointers_to(const std::vector<std::string>& texts) {
  std::vector<const char*> pointers;
  for (const auto& text : texts) pointers.push_back(text.c_str());
  return pointers;
}

/// HDF5 strings end at a zero byte and must be UTF-8.
std::vector<std::string> storable(const std::vector<std::string>& texts) {
  std::vector<std::string> clean;
  for (const auto& text : texts) clean.push_back(valid_utf8(text.c_str()));
  return clean;
}

}  // namespace

File::File(std::unique_ptr<State> state) : state_(std::move(state)) {}
File::File(File&&) noexcept = default;
File& File::operator=(File&&) noexcept = default;
File::~File() {
  const Lock lock;
  state_.reset();
}

/// HDF5 cannot close a file whose last bytes the disk does not take, and would hold the disk's
/// space until the process ends. Such a file is thrown away anyhow, so the rest goes to memory
/// instead: the descriptor is made to point there, which frees the disk as well.
void File::State::make_closable() const {
  if (file.get() < 0 || H5Fflush(file.get(), H5F_SCOPE_GLOBAL) >= 0) return;
  void* handle = nullptr;
  if (H5Fget_vfd_handle(file.get(), H5P_DEFAULT, &handle) < 0 || handle == nullptr) return;
  const int memory = ::memfd_create("abandoned-record", MFD_CLOEXEC);
  if (memory < 0) return;
  ::dup2(memory, *static_cast<const int*>(handle));
  ::close(memory);
}

File File::create(const std::filesystem::path& path) {
  const Lock lock;
  // Whatever is still open inside goes with the file, also after a failed write.
  const auto access = file_access();
  Id file(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access.get()), H5Fclose);
  if (file.get() < 0) throw StorageError(path.string() + ": cannot create: " + cause());
  return File(std::make_unique<State>(path, std::move(file)));
}

void File::fail(const std::string& object, const std::string& what) const {
  state_->fail(object, what);
}

void File::make_group(const std::string& path) {
  const Lock lock;
  const Id properties(H5Pcreate(H5P_GROUP_CREATE), H5Pclose);
  H5Pset_obj_track_times(properties.get(), false);
  const Id group(
      H5Gcreate2(state_->file.get(), path.c_str(), H5P_DEFAULT, properties.get(), H5P_DEFAULT),
      H5Gclose);
  state_->check(group.get() >= 0, path, "create");
}

void File::link(const std::string& path, const std::filesystem::path& file,
                const std::string& object) {
  const Lock lock;
  state_->check(H5Lcreate_external(file.c_str(), object.c_str(), state_->file.get(), path.c_str(),
                                   H5P_DEFAULT, H5P_DEFAULT) >= 0,
                path, "link");
}

void File::State::make_chunked(const std::string& name, const TableSpec& spec, hid_t type) {
  std::vector<hsize_t> dims{0};
  std::vector<hsize_t> limits{H5S_UNLIMITED};
  std::vector<hsize_t> chunk{spec.chunk_rows};
  for (const auto edge : spec.row) {
    dims.push_back(edge);
    limits.push_back(edge);
    chunk.push_back(std::max<std::uint64_t>(1, edge));
  }
  const Id space(H5Screate_simple(static_cast<int>(dims.size()), dims.data(), limits.data()),
                 H5Sclose);
  const Id properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  H5Pset_obj_track_times(properties.get(), false);
  check(H5Pset_chunk(properties.get(), static_cast<int>(chunk.size()), chunk.data()) >= 0 &&
            H5Pset_shuffle(properties.get()) >= 0 && H5Pset_deflate(properties.get(), 4) >= 0,
        name, "set up compression");
  Id table(H5Dcreate2(file.get(), name.c_str(), type, space.get(), H5P_DEFAULT, properties.get(),
                      H5P_DEFAULT),
           H5Dclose);
  check(table.get() >= 0, name, "create");
  tables.emplace(name, std::move(table));
  specs.emplace(name, spec);
}

void File::make_table(const std::string& path, const TableSpec& given) {
  const Lock lock;
  auto spec = given;
  if (spec.chunk_rows == 0) {
    const auto row_bytes = std::max<std::uint64_t>(1, product(spec.row)) * bytes_of(spec.type);
    spec.chunk_rows = std::clamp<std::uint64_t>((std::uint64_t{1} << 20) / row_bytes, 1, 8192);
  }
  state_->make_chunked(path, spec, file_type(spec.type).get());
}

void File::make_texts(const std::string& path) {
  const Lock lock;
  state_->make_chunked(path, {.type = Type::u64, .row = {}, .chunk_rows = kTextsAChunk},
                       text_type().get());
}

std::uint64_t File::chunk_rows(const std::string& path) const {
  return state_->specs.at(path).chunk_rows;
}

void File::append_bytes(const std::string& path, Type type, const void* data, std::size_t values) {
  const Lock lock;
  const auto& spec = state_->specs.at(path);
  const auto row_values = std::max<std::uint64_t>(1, product(spec.row));
  if (values == 0) return;
  if (values % row_values != 0) {
    fail(path, fmt::format("{} values do not make whole rows of {}", values, printed(spec.row)));
  }
  state_->append_rows(path, native(type), data, values / row_values);
}

void File::State::append_rows(const std::string& name, hid_t type, const void* data,
                              std::uint64_t rows) {
  const auto table = tables.at(name).get();
  const Id old_space(H5Dget_space(table), H5Sclose);
  auto dims = shape_of(old_space.get());
  std::vector<hsize_t> start(dims.size(), 0);
  start[0] = dims[0];
  std::vector<hsize_t> count(dims.begin(), dims.end());
  count[0] = rows;
  std::vector<hsize_t> extent(count);
  extent[0] += start[0];
  check(H5Dset_extent(table, extent.data()) >= 0, name, "grow");
  const Id target(H5Dget_space(table), H5Sclose);
  const Id source(H5Screate_simple(static_cast<int>(count.size()), count.data(), nullptr),
                  H5Sclose);
  check(H5Sselect_hyperslab(target.get(), H5S_SELECT_SET, start.data(), nullptr, count.data(),
                            nullptr) >= 0,
        name, "select rows");
  check(H5Dwrite(table, type, source.get(), target.get(), H5P_DEFAULT, data) >= 0, name, "write");
}

void File::append_texts(const std::string& path, const std::vector<std::string>& texts) {
  const Lock lock;
  if (texts.empty()) return;
  const auto clean = storable(texts);
  const auto pointers = pointers_to(clean);
  state_->append_rows(path, text_type().get(), pointers.data(), texts.size());
}

void File::State::write_strings(const std::string& name, const Shape& shape,
                                const std::vector<const char*>& texts) {
  const auto type = text_type();
  const auto space = space_of(shape);
  const Id properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  H5Pset_obj_track_times(properties.get(), false);
  const Id table(H5Dcreate2(file.get(), name.c_str(), type.get(), space.get(), H5P_DEFAULT,
                            properties.get(), H5P_DEFAULT),
                 H5Dclose);
  check(table.get() >= 0, name, "create");
  if (texts.empty()) return;
  check(H5Dwrite(table.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, texts.data()) >= 0, name,
        "write");
}

void File::write_text(const std::string& path, const std::string& text) {
  const Lock lock;
  const auto clean = storable({text});
  state_->write_strings(path, {}, pointers_to(clean));
}

void File::write_texts(const std::string& path, const std::vector<std::string>& texts) {
  const Lock lock;
  const auto clean = storable(texts);
  state_->write_strings(path, {texts.size()}, pointers_to(clean));
}

namespace {

template <class T>
constexpr bool is_list = false;
template <class T>
constexpr bool is_list<std::vector<T>> = true;

Shape shape_of(const Attribute& value) {
  return std::visit(
      []<class T>(const T& held) -> Shape {
        if constexpr (is_list<T>)
          return {held.size()};
        else
          return {};
      },
      value);
}

Id file_type(const Attribute& value) {
  switch (value.index()) {
    case 0:
    case 3:
      return file_type(Type::f64);
    case 1:
    case 4:
      return file_type(Type::i64);
    default:
      return text_type();
  }
}

herr_t write_texts_to(hid_t attribute, const std::vector<std::string>& texts) {
  const auto clean = storable(texts);
  const auto pointers = pointers_to(clean);
  const auto type = text_type();
  return H5Awrite(attribute, type.get(), pointers.data());
}

herr_t write_value(hid_t attribute, double value) {
  return H5Awrite(attribute, H5T_NATIVE_DOUBLE, &value);
}
herr_t write_value(hid_t attribute, std::int64_t value) {
  return H5Awrite(attribute, H5T_NATIVE_INT64, &value);
}
herr_t write_value(hid_t attribute, const std::string& value) {
  return write_texts_to(attribute, {value});
}
herr_t write_value(hid_t attribute, const std::vector<double>& values) {
  return H5Awrite(attribute, H5T_NATIVE_DOUBLE, values.data());
}
herr_t write_value(hid_t attribute, const std::vector<std::int64_t>& values) {
  return H5Awrite(attribute, H5T_NATIVE_INT64, values.data());
}
herr_t write_value(hid_t attribute, const std::vector<std::string>& values) {
  return write_texts_to(attribute, values);
}

}  // namespace

void File::set(const std::string& object, const std::string& name, const Attribute& value) {
  const Lock lock;
  const auto where = object + "@" + name;
  const auto owner = state_->object(object);
  const auto shape = shape_of(value);
  const auto type = file_type(value);
  const auto space = space_of(shape);
  const Id attribute(
      H5Acreate2(owner.get(), name.c_str(), type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT),
      H5Aclose);
  state_->check(attribute.get() >= 0, where, "create");
  if (product(shape) == 0) return;
  const auto written =
      std::visit([&](const auto& held) { return write_value(attribute.get(), held); }, value);
  state_->check(written >= 0, where, "write");
}

void File::close() {
  const Lock lock;
  state_->check(H5Fflush(state_->file.get(), H5F_SCOPE_GLOBAL) >= 0, "/", "write");
  for (auto& [path, table] : state_->tables) state_->check(table.reset() >= 0, path, "write");
  state_->tables.clear();
  state_->check(state_->file.reset() >= 0, "/", "close");
}

}  // namespace h5
}  // namespace cytocape
