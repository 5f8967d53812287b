#include "io/hdf5_reader.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <optional>
#include <tuple>

#include "io/durable_file.hpp"
#include "io/hdf5_handles.hpp"
#include "io/hdf5_source.hpp"
#include "io/packet.hpp"
#include "io/reading_process.hpp"

namespace cytocape::h5 {
namespace {

/// The most that is read whole (texts, pictures, small tables), in all: a page of a tenth of it
/// cannot be looked at.
constexpr std::uint64_t kMaxKeptBytes = std::uint64_t{512} << 20;

/// Tables of cells and blocks have as many rows as the slide has; the others are alike.
constexpr std::uint64_t kRowsOfSmallTables = 128;

bool is_small(const Shape& shape) {
  return !shape.empty() && shape[0] <= kRowsOfSmallTables;
}

/// Opening must not wait for the writer of a pipe.
constexpr int kOpenFlags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;

/// What changes when a file is written to.
auto state_of(const struct stat& status) {
  return std::tuple(status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec,
                    status.st_ctim.tv_sec, status.st_ctim.tv_nsec);
}

/// Fails for what is no file that can be read now; none of it is a damage.
struct stat opened(const Descriptor& file, const std::filesystem::path& path) {
  const auto fail = [&](const std::string& what) {
    throw StorageError(path.string() + ": " + what);
  };
  if (file.get() < 0 && errno == ENOENT) fail("there is no such file");
  if (file.get() < 0) fail(fmt::format("cannot be opened: {}", std::strerror(errno)));
  struct stat status {};
  if (::fstat(file.get(), &status) != 0)
    fail(fmt::format("cannot be opened: {}", std::strerror(errno)));
  if (!S_ISREG(status.st_mode)) fail("this is a folder, pipe or device, not a file");
  // As HDF5 programs lock what they write. Where there are no locks, nobody can be asked.
  if (::flock(file.get(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK)
    fail("is being written by another program; try again once that has finished");
  static_cast<void>(::flock(file.get(), LOCK_UN));
  return status;
}

/// Inflating a honest file takes seconds a gigabyte; a small one has no reason to take long.
ReadingLimits limits_for(const struct stat& status) {
  ReadingLimits limits;
  limits.total_cpu_s = static_cast<unsigned>(10 + status.st_size / (1 << 20));
  return limits;
}

}  // namespace

struct Reader::State {
  explicit State(const std::filesystem::path& where)
      : path(where), file(where, kOpenFlags), status(opened(file, where)) {
    // Held while forking, so that no other thread is inside HDF5 then.
    const Lock lock;
    process.emplace(file.get(), source_of(fmt::format("/proc/self/fd/{}", ReadingProcess::kFile)),
                    limits_for(status));
  }

  /// `alike`: of another file it would be the same question.
  [[nodiscard]] std::string ask(const std::string& object, const std::string& question,
                                bool alike = true);
  /// Asks at once what reading another file asked.
  void ask_ahead();
  /// Calls `read` with the answer, whose form a damaged process may have broken.
  template <class Read>
  auto ask(const std::string& object, PacketWriter question, const Read& read, bool alike = true) {
    const auto bytes = ask(object, question.take(), alike);
    try {
      PacketReader answer(bytes);
      return read(answer);
    } catch (const std::out_of_range&) {
      fail(object, "reading it fails");
    }
  }
  [[noreturn]] void fail(const std::string& object, const std::string& what) const {
    require_unchanged();
    throw StorageError(fmt::format("{}: damaged record: {}: {}", path.string(), object, what));
  }
  void require_unchanged() const {
    struct stat now {};
    if (::fstat(file.get(), &now) == 0 && state_of(now) == state_of(status)) return;
    throw StorageError(
        path.string() +
        ": changed while it was being read; try again once it is no longer being written");
  }

  std::filesystem::path path;
  Descriptor file;
  struct stat status;
  std::optional<ReadingProcess> process;
  std::uint64_t kept = 0;
  Series* series = nullptr;
  std::vector<std::string> asked;            ///< for the next of the series
  std::map<std::string, std::string> ahead;  ///< question -> answer
};

void Reader::State::ask_ahead() {
  if (series == nullptr || series->questions.empty()) return;
  const auto answer =
      process->ask(PacketWriter().number(Ask::several).texts(series->questions).take());
  if (answer.kind != ReadingAnswer::Kind::answered) return;  // the next question meets the same
  try {
    auto texts = PacketReader(answer.bytes).texts();
    for (std::size_t i = 0; i + 1 < texts.size(); i += 2)
      ahead.emplace(std::move(texts[i]), std::move(texts[i + 1]));
  } catch (const std::out_of_range&) {
    ahead.clear();
  }
}

std::string Reader::State::ask(const std::string& object, const std::string& question, bool alike) {
  using Kind = ReadingAnswer::Kind;
  constexpr std::size_t kMostQuestions = 4096;
  if (series != nullptr && alike && asked.size() < kMostQuestions) asked.push_back(question);
  if (const auto known = ahead.find(question); known != ahead.end()) return known->second;
  auto answer = process->ask(question);
  if (answer.kind == Kind::answered) return std::move(answer.bytes);
  if (answer.kind == Kind::lost) throw StorageError(path.string() + ": " + answer.bytes);
  if (answer.kind == Kind::damaged) fail(object, answer.bytes);
  // The source names the object itself.
  require_unchanged();
  throw StorageError(path.string() + ": damaged record: " + one_line(answer.bytes));
}

Reader::Reader(const std::filesystem::path& path, Series* series) {
  try {
    state_ = std::make_unique<State>(path);
  } catch (const StorageError& error) {
    // From the process, which knows no file.
    if (std::string_view(error.what()).starts_with(path.string())) throw;
    throw StorageError(path.string() + ": " + error.what());
  }
  const auto answer = state_->process->ask(PacketWriter().number(Ask::open).take());
  using Kind = ReadingAnswer::Kind;
  if (answer.kind == Kind::answered) {
    state_->series = series;
    state_->ask_ahead();
    return;
  }
  state_->require_unchanged();
  if (answer.kind == Kind::lost) throw StorageError(path.string() + ": " + answer.bytes);
  throw StorageError(path.string() +
                     ": is not an HDF5 file, or is damaged: " + one_line(answer.bytes));
}
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;
Reader::~Reader() {
  if (state_ && state_->series != nullptr) state_->series->questions = std::move(state_->asked);
}

void Reader::fail(const std::string& object, const std::string& what) const {
  state_->fail(object, what);
}

void Reader::refuse(const std::string& object, const std::string& what) const {
  throw StorageError(fmt::format("{}: {}: {}", state_->path.string(), object, what));
}

void Reader::require_unchanged() const {
  state_->require_unchanged();
}

void Reader::keep(const std::string& object, std::uint64_t bytes) const {
  state_->kept += std::min(bytes, kMaxKeptBytes + 1);
  if (state_->kept > kMaxKeptBytes)
    fail(object, "the file claims to hold more than any report does");
}

std::size_t Reader::row_values(const Shape& shape) {
  return static_cast<std::size_t>(product({shape.begin() + 1, shape.end()}));
}

Shape Reader::shape(const std::string& path) const {
  return state_->ask(path, PacketWriter().number(Ask::shape).text(path),
                     [](auto& answer) { return answer.template numbers<std::uint64_t>(); });
}

std::uint64_t Reader::checked_rows(const std::string& path, Type type,
                                   const Shape& expected) const {
  const auto rows = state_->ask(
      path,
      PacketWriter()
          .number(Ask::checked_rows)
          .text(path)
          .number(type)
          .numbers(std::span<const std::uint64_t>(expected)),
      [](auto& answer) { return answer.template number<std::uint64_t>(); }, is_small(expected));
  if (expected.empty() || rows != expected[0] || product(expected) > kMaxValues)
    fail(path, "reading it fails");
  return rows;
}

void Reader::read_bytes(const std::string& path, Type type, Rows rows, Target target) const {
  if (target.row_bytes == 0) return;
  if (target.row_bytes > kMaxRowBytes) fail(path, "its rows are implausibly long");
  auto* data = static_cast<char*>(target.data);
  while (rows.count > 0) {
    const auto count = std::clamp<std::uint64_t>(kWindowBytes / target.row_bytes, 1, rows.count);
    const auto bytes = state_->ask(path,
                                   PacketWriter()
                                       .number(Ask::rows)
                                       .text(path)
                                       .number(type)
                                       .number(rows.first)
                                       .number(count)
                                       .take(),
                                   rows.count <= kRowsOfSmallTables);
    if (bytes.size() != count * target.row_bytes) fail(path, "reading it fails");
    std::copy(bytes.begin(), bytes.end(), data);
    data += bytes.size();
    rows = {rows.first + count, rows.count - count};
  }
}

namespace {

std::vector<std::string> texts_in(PacketReader& answer) {
  return answer.texts();
}

std::uint64_t bytes_in(const std::vector<std::string>& texts) {
  std::uint64_t bytes = 0;
  for (const auto& text : texts) bytes += sizeof(std::string) + text.size();
  return bytes;
}

}  // namespace

std::vector<std::string> Reader::read_texts(const std::string& path) const {
  auto texts = state_->ask(path, PacketWriter().number(Ask::texts).text(path), texts_in);
  keep(path, bytes_in(texts));
  return texts;
}

std::vector<std::string> Reader::member_names(const std::string& group) const {
  return state_->ask(group, PacketWriter().number(Ask::member_names).text(group), texts_in);
}

std::vector<std::string> Reader::attribute_names(const std::string& object) const {
  return state_->ask(object, PacketWriter().number(Ask::attribute_names).text(object), texts_in);
}

LinkTarget Reader::link_target(const std::string& link) const {
  return state_->ask(link, PacketWriter().number(Ask::link_target).text(link), [](auto& answer) {
    const std::string file(answer.text()), object(answer.text());
    return LinkTarget{file, object};
  });
}

std::string Reader::text_if_any(const std::string& object, const std::string& name) const {
  const auto found =
      state_->ask(object + "@" + name,
                  PacketWriter().number(Ask::text_if_any).text(object).text(name), texts_in);
  return found.empty() ? std::string() : found.front();
}

template <class T>
T Reader::get(const std::string& object, const std::string& name) const {
  constexpr bool many = !std::is_same_v<T, double> && !std::is_same_v<T, std::int64_t> &&
                        !std::is_same_v<T, std::string>;
  constexpr bool text =
      std::is_same_v<T, std::string> || std::is_same_v<T, std::vector<std::string>>;
  constexpr bool real = std::is_same_v<T, double> || std::is_same_v<T, std::vector<double>>;
  using Value = std::conditional_t<real, double, std::int64_t>;
  constexpr auto ask = text   ? Ask::attribute_texts
                       : real ? Ask::attribute_reals
                              : Ask::attribute_wholes;
  const auto where = object + "@" + name;
  auto values = state_->ask(where, PacketWriter().number(ask).text(object).text(name).number(many),
                            [](auto& answer) {
                              if constexpr (text)
                                return answer.texts();
                              else
                                return answer.template numbers<Value>();
                            });
  if constexpr (text) keep(where, bytes_in(values));
  if constexpr (many) {
    return values;
  } else {
    if (values.size() != 1) fail(where, "reading it fails");
    return values.front();
  }
}

template double Reader::get(const std::string&, const std::string&) const;
template std::int64_t Reader::get(const std::string&, const std::string&) const;
template std::string Reader::get(const std::string&, const std::string&) const;
template std::vector<double> Reader::get(const std::string&, const std::string&) const;
template std::vector<std::int64_t> Reader::get(const std::string&, const std::string&) const;
template std::vector<std::string> Reader::get(const std::string&, const std::string&) const;

}  // namespace cytocape::h5
