#include "io/hdf5_handles.hpp"

namespace cytocape::h5 {
namespace {

template <class T>
constexpr bool is_list = false;
template <class T>
constexpr bool is_list<std::vector<T>> = true;

/// Strings that HDF5 allocated while reading, given back with the space they came with.
class ReadTexts {
 public:
  ReadTexts(std::size_t count, hid_t space) : space_(space), texts_(count, nullptr) {}
  ~ReadTexts() {
    if (!texts_.empty()) H5Dvlen_reclaim(type_.get(), space_, H5P_DEFAULT, texts_.data());
  }
  ReadTexts(const ReadTexts&) = delete;
  ReadTexts& operator=(const ReadTexts&) = delete;
  [[nodiscard]] char** data() { return texts_.data(); }
  [[nodiscard]] hid_t type() const { return type_.get(); }
  [[nodiscard]] std::vector<std::string> copy() const {
    std::vector<std::string> out;
    for (const char* text : texts_) out.emplace_back(text == nullptr ? "" : text);
    return out;
  }

 private:
  hid_t space_;
  Id type_ = text_type();
  std::vector<char*> texts_;
};

bool is_variable_text(hid_t type) {
  return H5Tis_variable_str(type) > 0;
}

}  // namespace

Shape File::shape(const std::string& path) const {
  const Lock lock;
  const auto table = state_->dataset(path);
  const Id space(H5Dget_space(table.get()), H5Sclose);
  return shape_of(space.get());
}

std::size_t File::checked_size(const std::string& path, Type type, const Shape& expected) const {
  const Lock lock;
  const auto table = state_->dataset(path);
  const Id space(H5Dget_space(table.get()), H5Sclose);
  const auto found = shape_of(space.get());
  if (found != expected) {
    fail(path, fmt::format("its shape is {}, expected {}", printed(found), printed(expected)));
  }
  if (product(found) > kMaxValues) fail(path, "its shape " + printed(found) + " is absurd");
  const Id stored(H5Dget_type(table.get()), H5Tclose);
  const bool real = type == Type::f32 || type == Type::f64;
  if (H5Tget_class(stored.get()) != (real ? H5T_FLOAT : H5T_INTEGER)) {
    fail(path, real ? "holds no real numbers" : "holds no whole numbers");
  }
  return static_cast<std::size_t>(product(found));
}

void File::read_bytes(const std::string& path, Type type, void* data) const {
  const Lock lock;
  const auto table = state_->dataset(path);
  state_->check(H5Dread(table.get(), native(type), H5S_ALL, H5S_ALL, H5P_DEFAULT, data) >= 0, path,
                "read");
}

std::vector<std::string> File::read_texts(const std::string& path) const {
  const Lock lock;
  const auto table = state_->dataset(path);
  const Id space(H5Dget_space(table.get()), H5Sclose);
  const Id type(H5Dget_type(table.get()), H5Tclose);
  const auto found = shape_of(space.get());
  if (found.size() != 1 || product(found) > 1'000'000 || !is_variable_text(type.get())) {
    fail(path, "holds no list of texts");
  }
  ReadTexts texts(static_cast<std::size_t>(found[0]), space.get());
  if (found[0] == 0) return {};
  state_->check(
      H5Dread(table.get(), texts.type(), H5S_ALL, H5S_ALL, H5P_DEFAULT, texts.data()) >= 0, path,
      "read");
  return texts.copy();
}

namespace {

herr_t collect_name(hid_t, const char* name, const H5A_info_t*, void* to) {
  static_cast<std::vector<std::string>*>(to)->emplace_back(name);
  return 0;
}

herr_t collect_member(hid_t, const char* name, const H5L_info_t*, void* to) {
  static_cast<std::vector<std::string>*>(to)->emplace_back(name);
  return 0;
}

}  // namespace

std::vector<std::string> File::member_names(const std::string& group) const {
  const Lock lock;
  const auto owner = state_->object(group);
  std::vector<std::string> names;
  hsize_t position = 0;
  state_->check(
      H5Literate(owner.get(), H5_INDEX_NAME, H5_ITER_INC, &position, collect_member, &names) >= 0,
      group, "list the members of");
  return names;
}

std::filesystem::path File::linked_file(const std::string& link) const {
  const Lock lock;
  H5L_info_t info{};
  state_->check(H5Lget_info(state_->file.get(), link.c_str(), &info, H5P_DEFAULT) >= 0, link,
                "open");
  if (info.type != H5L_TYPE_EXTERNAL) fail(link, "is no link to another file");
  std::vector<char> value(info.u.val_size);
  const char* file = nullptr;
  state_->check(
      H5Lget_val(state_->file.get(), link.c_str(), value.data(), value.size(), H5P_DEFAULT) >= 0 &&
          H5Lunpack_elink_val(value.data(), value.size(), nullptr, &file, nullptr) >= 0,
      link, "read");
  return file;
}

std::vector<std::string> File::attribute_names(const std::string& object) const {
  const Lock lock;
  const auto owner = state_->object(object);
  std::vector<std::string> names;
  hsize_t position = 0;
  state_->check(
      H5Aiterate2(owner.get(), H5_INDEX_NAME, H5_ITER_INC, &position, collect_name, &names) >= 0,
      object, "list attributes of");
  return names;
}

template <class T>
T File::get(const std::string& object, const std::string& name) const {
  const Lock lock;
  const auto where = object + "@" + name;
  const auto owner = state_->object(object);
  const Id attribute(H5Aopen(owner.get(), name.c_str(), H5P_DEFAULT), H5Aclose);
  state_->check(attribute.get() >= 0, where, "open");
  const Id type(H5Aget_type(attribute.get()), H5Tclose);
  const Id space(H5Aget_space(attribute.get()), H5Sclose);
  const auto shape = shape_of(space.get());
  constexpr bool many = is_list<T>;
  constexpr bool text =
      std::is_same_v<T, std::string> || std::is_same_v<T, std::vector<std::string>>;
  constexpr bool real = std::is_same_v<T, double> || std::is_same_v<T, std::vector<double>>;
  const bool fits = text ? is_variable_text(type.get())
                         : H5Tget_class(type.get()) == (real ? H5T_FLOAT : H5T_INTEGER);
  if (!fits || shape.size() != (many ? 1 : 0) || product(shape) > 1'000'000) {
    fail(where, "is of another kind than expected");
  }
  const auto count = static_cast<std::size_t>(product(shape));
  if constexpr (text) {
    ReadTexts texts(count, space.get());
    if (count > 0) {
      state_->check(H5Aread(attribute.get(), texts.type(), texts.data()) >= 0, where, "read");
    }
    if constexpr (many)
      return texts.copy();
    else
      return texts.copy().front();
  } else {
    using Value = std::conditional_t<real, double, std::int64_t>;
    std::vector<Value> values(count);
    if (count > 0) {
      state_->check(H5Aread(attribute.get(), native(memory_type<Value>()), values.data()) >= 0,
                    where, "read");
    }
    if constexpr (many)
      return values;
    else
      return values.front();
  }
}

template double File::get(const std::string&, const std::string&) const;
template std::int64_t File::get(const std::string&, const std::string&) const;
template std::string File::get(const std::string&, const std::string&) const;
template std::vector<double> File::get(const std::string&, const std::string&) const;
template std::vector<std::int64_t> File::get(const std::string&, const std::string&) const;
template std::vector<std::string> File::get(const std::string&, const std::string&) const;

}  // namespace cytocape::h5
