#include "io/hdf5_source.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include "io/hdf5_handles.hpp"
#include "io/packet.hpp"

namespace cytocape::h5 {
namespace {

/// deflate's most is 1032 to 1; the rest is for the last, partly filled chunk's bookkeeping.
constexpr std::uint64_t kMaxCompression = 1100;
constexpr std::uint64_t kMaxChunkBytes = std::uint64_t{128} << 20;
constexpr std::uint64_t kMaxTexts = 1'000'000;
constexpr std::size_t kMaxNames = 100'000;

[[noreturn]] void fail(const std::string& object, const std::string& what) {
  throw StorageError(object + ": " + what);
}

void check(bool ok, const std::string& object, const char* action) {
  if (!ok) fail(object, fmt::format("cannot {}: {}", action, cause()));
}

/// A record holds its own data: a link out of it would open what its writer chose.
herr_t follow_no_link(const char*, const char*, const char*, const char*, unsigned*, hid_t, void*) {
  return -1;
}

/// Access to objects (`kind`: H5P_LINK_ACCESS or H5P_DATASET_ACCESS).
Id access_inside(hid_t kind) {
  Id access(H5Pcreate(kind), H5Pclose);
  H5Pset_elink_cb(access.get(), follow_no_link, nullptr);
  return access;
}

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
  [[nodiscard]] std::vector<std::string> copy(const std::string& where) const {
    std::vector<std::string> out;
    std::uint64_t bytes = 0;
    for (const char* text : texts_) {
      out.emplace_back(text == nullptr ? "" : text);
      bytes += out.back().size() + sizeof(std::string);
      if (bytes > kMaxTextBytes) fail(where, "its texts are implausibly long");
      if (!is_utf8(out.back())) fail(where, "holds text that is not UTF-8");
    }
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

/// A plain array, which null spaces, whose reading leaves memory as it was, are not.
bool is_array(hid_t space, std::size_t rank) {
  const auto kind = H5Sget_simple_extent_type(space);
  return (kind == H5S_SCALAR || kind == H5S_SIMPLE) && shape_of(space).size() == rank;
}

/// Every number of the stored type is one of `type`, but for the digits of a real one.
bool fits(hid_t stored, Type type) {
  const bool real = type == Type::f32 || type == Type::f64;
  if (H5Tget_size(stored) > bytes_of(type)) return false;
  if (real) return H5Tget_class(stored) == H5T_FLOAT;
  const bool with_sign = type == Type::i16 || type == Type::i32 || type == Type::i64;
  return H5Tget_class(stored) == H5T_INTEGER &&
         H5Tget_sign(stored) == (with_sign ? H5T_SGN_2 : H5T_SGN_NONE);
}

class Source {
 public:
  explicit Source(std::string path) : path_(std::move(path)) {}
  std::string answer(std::string_view question);

 private:
  void open();
  [[nodiscard]] Id object(const std::string& name) const;
  [[nodiscard]] Id dataset(const std::string& name) const;
  [[nodiscard]] Shape plausible_shape(hid_t table, const std::string& path) const;
  [[nodiscard]] Shape shape(const std::string& path) const;
  [[nodiscard]] std::uint64_t checked_rows(PacketReader& question) const;
  [[nodiscard]] std::string rows(PacketReader& question) const;
  [[nodiscard]] std::vector<std::string> texts(const std::string& path) const;
  [[nodiscard]] std::vector<std::string> member_names(const std::string& group) const;
  [[nodiscard]] std::vector<std::string> attribute_names(const std::string& owner) const;
  [[nodiscard]] std::string link_target(const std::string& link) const;
  [[nodiscard]] std::string attribute(Ask ask, PacketReader& question) const;
  [[nodiscard]] std::vector<std::string> text_if_any(PacketReader& question) const;
  [[nodiscard]] std::vector<std::string> several(PacketReader& question);

  std::string path_;
  Id file_{-1, H5Fclose};
  Id links_{-1, H5Pclose};
  Id tables_{-1, H5Pclose};
  std::uint64_t file_bytes_ = 0;
};

void Source::open() {
  // No plug-in is loaded for a filter that the file names.
  H5PLset_loading_state(0);
  links_ = access_inside(H5P_LINK_ACCESS);
  tables_ = access_inside(H5P_DATASET_ACCESS);
  struct stat status {};
  if (::stat(path_.c_str(), &status) == 0) file_bytes_ = static_cast<std::uint64_t>(status.st_size);
  const auto access = file_access();
  file_ = Id(H5Fopen(path_.c_str(), H5F_ACC_RDONLY, access.get()), H5Fclose);
  if (file_.get() < 0) throw StorageError(cause());
}

Id Source::object(const std::string& name) const {
  Id id(H5Oopen(file_.get(), name.c_str(), links_.get()), H5Oclose);
  check(id.get() >= 0, name, "open");
  return id;
}

/// Fails where the data lie in other files, or in chunks that no record has.
Id Source::dataset(const std::string& name) const {
  Id id(H5Dopen2(file_.get(), name.c_str(), tables_.get()), H5Dclose);
  check(id.get() >= 0, name, "open");
  const Id made(H5Dget_create_plist(id.get()), H5Pclose);
  check(made.get() >= 0, name, "open");
  const auto layout = H5Pget_layout(made.get());
  check(layout >= 0, name, "open");
  if (layout == H5D_VIRTUAL || (layout == H5D_CONTIGUOUS && H5Pget_external_count(made.get()) != 0))
    fail(name, "its values are stored in other files");
  if (layout != H5D_CHUNKED) return id;
  std::array<hsize_t, H5S_MAX_RANK> edges{};
  const int rank = H5Pget_chunk(made.get(), static_cast<int>(edges.size()), edges.data());
  const Id type(H5Dget_type(id.get()), H5Tclose);
  Shape chunk{H5Tget_size(type.get())};
  for (int i = 0; i < rank; ++i) chunk.push_back(edges.at(static_cast<std::size_t>(i)));
  if (rank < 1 || product(chunk) > kMaxChunkBytes) fail(name, "its chunks are implausibly large");
  return id;
}

/// The shape, where the file is large enough to hold as many values. What was never written is no
/// claim that costs anything, and no record has it.
Shape Source::plausible_shape(hid_t table, const std::string& path) const {
  const Id space(H5Dget_space(table), H5Sclose);
  if (H5Sget_simple_extent_type(space.get()) != H5S_SIMPLE) fail(path, "is not an array");
  auto found = shape_of(space.get());
  const Id type(H5Dget_type(table), H5Tclose);
  const auto values = product(found);
  const auto stored = H5Dget_storage_size(table);
  if (values > kMaxValues || stored > file_bytes_ ||
      values * H5Tget_size(type.get()) > kMaxCompression * stored)
    fail(path, fmt::format("its shape {} claims more than the file holds", printed(found)));
  return found;
}

Shape Source::shape(const std::string& path) const {
  return plausible_shape(dataset(path).get(), path);
}

std::uint64_t Source::checked_rows(PacketReader& question) const {
  const std::string path(question.text());
  const auto type = question.number<Type>();
  const auto expected = question.numbers<std::uint64_t>();
  const auto table = dataset(path);
  const auto found = plausible_shape(table.get(), path);
  if (found != expected)
    fail(path, fmt::format("its shape is {}, expected {}", printed(found), printed(expected)));
  const Id stored(H5Dget_type(table.get()), H5Tclose);
  const bool real = type == Type::f32 || type == Type::f64;
  if (!fits(stored.get(), type))
    fail(path, real ? "does not hold real numbers of the expected type"
                    : "does not hold whole numbers of the expected type");
  return found.at(0);
}

std::string Source::rows(PacketReader& question) const {
  const std::string path(question.text());
  const auto type = question.number<Type>();
  const auto first = question.number<std::uint64_t>();
  const auto count = question.number<std::uint64_t>();
  const auto table = dataset(path);
  const Id space(H5Dget_space(table.get()), H5Sclose);
  auto part = shape_of(space.get());
  if (part.empty() || first > part[0] || count > part[0] - first) fail(path, "has too few rows");
  part[0] = count;
  std::vector<hsize_t> start(part.size(), 0);
  start[0] = first;
  const auto memory = space_of(part);
  std::string bytes(static_cast<std::size_t>(product(part)) * bytes_of(type), '\0');
  check(H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, start.data(), nullptr,
                            std::vector<hsize_t>(part.begin(), part.end()).data(), nullptr) >= 0 &&
            H5Dread(table.get(), native(type), memory.get(), space.get(), H5P_DEFAULT,
                    bytes.data()) >= 0,
        path, "read");
  return bytes;
}

std::vector<std::string> Source::texts(const std::string& path) const {
  const auto table = dataset(path);
  const auto found = plausible_shape(table.get(), path);
  const Id space(H5Dget_space(table.get()), H5Sclose);
  const Id type(H5Dget_type(table.get()), H5Tclose);
  if (found.size() != 1 || found[0] > kMaxTexts || !is_variable_text(type.get()))
    fail(path, "does not hold a list of texts");
  if (found[0] == 0) return {};
  ReadTexts texts(static_cast<std::size_t>(found[0]), space.get());
  check(H5Dread(table.get(), texts.type(), H5S_ALL, H5S_ALL, H5P_DEFAULT, texts.data()) >= 0, path,
        "read");
  return texts.copy(path);
}

herr_t collect(void* to, const char* name) {
  auto& names = *static_cast<std::vector<std::string>*>(to);
  if (names.size() >= kMaxNames) return -1;
  names.emplace_back(name);
  return 0;
}

herr_t collect_attribute(hid_t, const char* name, const H5A_info_t*, void* to) {
  return collect(to, name);
}

herr_t collect_member(hid_t, const char* name, const H5L_info_t*, void* to) {
  return collect(to, name);
}

std::vector<std::string> Source::member_names(const std::string& group) const {
  const auto owner = object(group);
  std::vector<std::string> names;
  hsize_t position = 0;
  check(H5Literate(owner.get(), H5_INDEX_NAME, H5_ITER_INC, &position, collect_member, &names) >= 0,
        group, "list the members of");
  return names;
}

std::vector<std::string> Source::attribute_names(const std::string& owner) const {
  const auto holder = object(owner);
  std::vector<std::string> names;
  hsize_t position = 0;
  check(H5Aiterate2(holder.get(), H5_INDEX_NAME, H5_ITER_INC, &position, collect_attribute,
                    &names) >= 0,
        owner, "list attributes of");
  return names;
}

std::string Source::link_target(const std::string& link) const {
  H5L_info_t info{};
  check(H5Lget_info(file_.get(), link.c_str(), &info, links_.get()) >= 0, link, "open");
  if (info.type != H5L_TYPE_EXTERNAL) fail(link, "is not a link to another file");
  std::vector<char> value(info.u.val_size);
  const char* file = nullptr;
  const char* inside = nullptr;
  check(H5Lget_val(file_.get(), link.c_str(), value.data(), value.size(), links_.get()) >= 0 &&
            H5Lunpack_elink_val(value.data(), value.size(), nullptr, &file, &inside) >= 0,
        link, "read");
  return PacketWriter().text(file).text(inside).take();
}

template <class T>
std::vector<T> numbers_of(hid_t attribute, std::size_t count, const std::string& where) {
  std::vector<T> values(count);
  if (count > 0)
    check(H5Aread(attribute, native(memory_type<T>()), values.data()) >= 0, where, "read");
  return values;
}

std::string Source::attribute(Ask ask, PacketReader& question) const {
  const std::string owner(question.text()), name(question.text());
  const bool many = question.number<bool>();
  const auto where = owner + "@" + name;
  const auto holder = object(owner);
  const Id attribute(H5Aopen(holder.get(), name.c_str(), H5P_DEFAULT), H5Aclose);
  check(attribute.get() >= 0, where, "open");
  const Id type(H5Aget_type(attribute.get()), H5Tclose);
  const Id space(H5Aget_space(attribute.get()), H5Sclose);
  const bool fitting = ask == Ask::attribute_texts    ? is_variable_text(type.get())
                       : ask == Ask::attribute_wholes ? fits(type.get(), Type::i64)
                                                      : fits(type.get(), Type::f64);
  if (!fitting || !is_array(space.get(), many ? 1 : 0)) fail(where, "is not of the expected kind");
  const auto values = product(shape_of(space.get()));
  if (values > kMaxTexts || values * H5Tget_size(type.get()) > file_bytes_)
    fail(where, "claims more than the file holds");
  const auto count = static_cast<std::size_t>(values);
  if (ask == Ask::attribute_wholes)
    return PacketWriter()
        .numbers(
            std::span<const std::int64_t>(numbers_of<std::int64_t>(attribute.get(), count, where)))
        .take();
  if (ask == Ask::attribute_reals)
    return PacketWriter()
        .numbers(std::span<const double>(numbers_of<double>(attribute.get(), count, where)))
        .take();
  ReadTexts texts(count, space.get());
  if (count > 0) check(H5Aread(attribute.get(), texts.type(), texts.data()) >= 0, where, "read");
  return PacketWriter().texts(texts.copy(where)).take();
}

/// One text, or none.
std::vector<std::string> Source::text_if_any(PacketReader& question) const {
  const std::string owner(question.text()), name(question.text());
  const auto holder = object(owner);
  const auto there = H5Aexists(holder.get(), name.c_str());
  check(there >= 0, owner + "@" + name, "open");
  if (there == 0) return {};
  const Id attribute(H5Aopen(holder.get(), name.c_str(), H5P_DEFAULT), H5Aclose);
  check(attribute.get() >= 0, owner + "@" + name, "open");
  const Id type(H5Aget_type(attribute.get()), H5Tclose);
  const Id space(H5Aget_space(attribute.get()), H5Sclose);
  if (!is_variable_text(type.get()) || !is_array(space.get(), 0)) return {};
  ReadTexts texts(1, space.get());
  check(H5Aread(attribute.get(), texts.type(), texts.data()) >= 0, owner + "@" + name, "read");
  return texts.copy(owner + "@" + name);
}

/// Question and answer in turn, of those that can be answered: what cannot be, or is not reached,
/// is asked again by itself and its cause named.
std::vector<std::string> Source::several(PacketReader& question) {
  std::vector<std::string> answers;
  std::uint64_t bytes = 0;
  for (auto& one : question.texts()) {
    try {
      auto reply = answer(one);
      bytes += one.size() + reply.size();
      if (bytes > kWindowBytes) break;
      answers.push_back(std::move(one));
      answers.push_back(std::move(reply));
    } catch (const StorageError&) {
      continue;
    } catch (const std::out_of_range&) {
      continue;
    }
  }
  return answers;
}

std::string Source::answer(std::string_view asked) {
  PacketReader question(asked);
  const auto ask = question.number<Ask>();
  const auto text = [&] { return std::string(question.text()); };
  switch (ask) {
    case Ask::open:
      open();
      return {};
    case Ask::shape:
      return PacketWriter().numbers(std::span<const std::uint64_t>(shape(text()))).take();
    case Ask::checked_rows:
      return PacketWriter().number(checked_rows(question)).take();
    case Ask::rows:
      return rows(question);
    case Ask::texts:
      return PacketWriter().texts(texts(text())).take();
    case Ask::member_names:
      return PacketWriter().texts(member_names(text())).take();
    case Ask::attribute_names:
      return PacketWriter().texts(attribute_names(text())).take();
    case Ask::link_target:
      return link_target(text());
    case Ask::attribute_texts:
    case Ask::attribute_wholes:
    case Ask::attribute_reals:
      return attribute(ask, question);
    case Ask::text_if_any:
      return PacketWriter().texts(text_if_any(question)).take();
    case Ask::several:
      return PacketWriter().texts(several(question)).take();
  }
  throw StorageError("/: an unknown question");
}

}  // namespace

std::function<std::string(std::string_view)> source_of(const std::string& path) {
  return [source = std::make_shared<Source>(path)](std::string_view question) {
    return source->answer(question);
  };
}

}  // namespace cytocape::h5
