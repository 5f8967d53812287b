#pragma once

/// Small tables of the record: a group whose datasets are columns of one length. Internal to io/.

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "io/hdf5.hpp"
#include "io/hdf5_reader.hpp"
#include "io/interval.hpp"
#include "io/record_value.hpp"

namespace cytocape {

/// Writes one column a call; `of` gives a row's value.
template <class Row>
class TableWriter {
 public:
  TableWriter(h5::File& file, std::string group, std::span<const Row> rows)
      : file_(file), group_(std::move(group)), rows_(rows) {}

  template <class Of>
  TableWriter& text(const std::string& column, const Of& of) {
    std::vector<std::string> values;
    for (const auto& row : rows_) values.emplace_back(std::invoke(of, row));
    file_.write_texts(group_ + "/" + column, values);
    return *this;
  }
  template <class Of>
  TableWriter& whole(const std::string& column, const Of& of) {
    std::vector<std::uint64_t> values;
    for (const auto& row : rows_)
      values.push_back(static_cast<std::uint64_t>(std::invoke(of, row)));
    return write(column, h5::Type::u64, values);
  }
  template <class Of>
  TableWriter& flag(const std::string& column, const Of& of) {
    std::vector<std::uint8_t> values;
    for (const auto& row : rows_) values.push_back(std::invoke(of, row) ? 1 : 0);
    return write(column, h5::Type::u8, values);
  }
  /// An optional number; NaN where there is none.
  template <class Of>
  TableWriter& real(const std::string& column, const Of& of) {
    std::vector<double> values;
    for (const auto& row : rows_)
      values.push_back(std::optional<double>(std::invoke(of, row)).value_or(kNone));
    write(column, h5::Type::f64, values);
    file_.set(group_ + "/" + column, "absent", std::string("NaN: there is none"));
    return *this;
  }
  /// An optional interval: `column`_low and `column`_high.
  template <class Of>
  TableWriter& interval(const std::string& column, const Of& of) {
    const auto end = [&](double Interval::*which) {
      return [&of, which](const Row& row) {
        const std::optional<Interval> found = std::invoke(of, row);
        return found ? std::optional((*found).*which) : std::nullopt;
      };
    };
    real(column + "_low", end(&Interval::low));
    return real(column + "_high", end(&Interval::high));
  }

  // The rest is for lists of columns that a TableFiller reads, too (record_columns.hpp).

  /// A fraction of a whole, or none.
  template <class Of>
  TableWriter& share(const std::string& column, const Of& of) {
    return real(column, of);
  }
  /// An interval that is there where `known` is.
  TableWriter& interval_of(const std::string& column, Interval Row::*member,
                           std::optional<double> Row::*known) {
    return interval(column, [=](const Row& row) {
      return row.*known ? std::optional(row.*member) : std::nullopt;
    });
  }
  /// A value that the file holds as a word: `words` gives a value's, `read` a word's value, if any.
  template <class Value, class Words, class Read>
  TableWriter& worded(const std::string& column, Value Row::*member, const Words& words,
                      const Read&) {
    return text(column, [&](const Row& row) { return words(row.*member); });
  }
  template <Vocabulary Value>
  TableWriter& named(const std::string& column, Value Row::*member) {
    return worded(column, member, to_string<Value>, value_named<Value>);
  }
  /// A column that records of the first builds do not have.
  TableWriter& later_text(const std::string& column, std::string Row::*member) {
    return text(column, member);
  }
  /// For other readers of the file: it is not read back.
  template <class Of>
  TableWriter& written_text(const std::string& column, const Of& of) {
    return text(column, of);
  }

 private:
  static constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

  template <class T>
  TableWriter& write(const std::string& column, h5::Type type, const std::vector<T>& values) {
    const auto path = group_ + "/" + column;
    file_.make_table(path, {.type = type, .row = {}});
    file_.append(path, std::span<const T>(values));
    return *this;
  }

  h5::File& file_;
  std::string group_;
  std::span<const Row> rows_;
};

/// Reads columns of as many rows as its first text column has.
class TableReader {
 public:
  TableReader(const h5::Reader& file, std::string group, const std::string& first_text)
      : file_(file),
        group_(std::move(group)),
        rows_(file.read_texts(group_ + "/" + first_text).size()) {}

  [[nodiscard]] std::size_t rows() const { return rows_; }
  [[nodiscard]] std::vector<std::string> text(const std::string& column) const {
    auto values = file_.read_texts(group_ + "/" + column);
    if (values.size() != rows_)
      file_.fail(group_ + "/" + column, "differs from the other columns in length");
    return values;
  }
  [[nodiscard]] std::vector<std::uint64_t> whole(const std::string& column) const {
    return file_.read<std::uint64_t>(group_ + "/" + column, {rows_});
  }
  [[nodiscard]] std::vector<std::uint8_t> flag(const std::string& column) const {
    return file_.read<std::uint8_t>(group_ + "/" + column, {rows_});
  }
  /// The high end may be infinite.
  [[nodiscard]] std::vector<std::optional<Interval>> interval(const std::string& column) const {
    const auto low = real(column + "_low");
    const auto high = optional_numbers(column + "_high");
    std::vector<std::optional<Interval>> values(rows_);
    for (std::size_t i = 0; i < rows_; ++i) {
      if (low[i].has_value() != high[i].has_value() || (low[i] && *low[i] > *high[i]))
        fail(column, i, "is not an interval");
      if (low[i]) values[i] = Interval{*low[i], *high[i]};
    }
    return values;
  }
  [[nodiscard]] std::vector<std::optional<double>> real(const std::string& column) const {
    auto values = optional_numbers(column);
    for (std::size_t i = 0; i < rows_; ++i)
      if (values[i] && std::isinf(*values[i])) fail(column, i, "is infinite");
    return values;
  }
  /// A fraction of a whole.
  [[nodiscard]] std::vector<std::optional<double>> share(const std::string& column) const {
    auto values = real(column);
    for (std::size_t i = 0; i < rows_; ++i)
      if (values[i] && !(*values[i] >= -kRounding && *values[i] <= 1 + kRounding))
        fail(column, i, "is not a share from 0 to 1");
    return values;
  }
  [[noreturn]] void fail(const std::string& column, std::size_t row, const char* what) const {
    file_.fail(group_ + "/" + column, "row " + std::to_string(row) + " " + what);
  }

 private:
  static constexpr double kRounding = 1e-9;

  [[nodiscard]] std::vector<std::optional<double>> optional_numbers(
      const std::string& column) const {
    std::vector<std::optional<double>> values;
    for (const double value : file_.read<double>(group_ + "/" + column, {rows_}))
      values.push_back(std::isnan(value) ? std::nullopt : std::optional(value));
    return values;
  }

  const h5::Reader& file_;
  std::string group_;
  std::size_t rows_;
};

/// Fills the members of `rows` from columns, by the same calls that write them.
template <class Row>
class TableFiller {
 public:
  /// As many rows as the text column `first_text` has.
  TableFiller(const h5::Reader& file, const std::string& group, const std::string& first_text,
              std::vector<Row>& rows)
      : file_(file), group_(group), table_(file, group, first_text), rows_(rows) {
    rows_.resize(table_.rows());
  }

  template <class Text>
  TableFiller& text(const std::string& column, Text Row::*member) {
    return fill(table_.text(column), member);
  }
  template <class Whole>
  TableFiller& whole(const std::string& column, Whole Row::*member) {
    const auto values = table_.whole(column);
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (values[i] > static_cast<std::uint64_t>(std::numeric_limits<Whole>::max()))
        table_.fail(column, i, "is too large");
      rows_[i].*member = static_cast<Whole>(values[i]);
    }
    return *this;
  }
  TableFiller& flag(const std::string& column, bool Row::*member) {
    const auto values = table_.flag(column);
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (values[i] > 1) table_.fail(column, i, "is neither 0 nor 1");
      rows_[i].*member = values[i] != 0;
    }
    return *this;
  }
  TableFiller& real(const std::string& column, std::optional<double> Row::*member) {
    return fill(table_.real(column), member);
  }
  TableFiller& share(const std::string& column, std::optional<double> Row::*member) {
    return fill(table_.share(column), member);
  }
  TableFiller& interval(const std::string& column, std::optional<Interval> Row::*member) {
    return fill(table_.interval(column), member);
  }
  TableFiller& interval_of(const std::string& column, Interval Row::*member,
                           std::optional<double> Row::*) {
    const auto values = table_.interval(column);
    for (std::size_t i = 0; i < rows_.size(); ++i)
      rows_[i].*member = values[i].value_or(Interval{});
    return *this;
  }
  template <class Value, class Words, class Read>
  TableFiller& worded(const std::string& column, Value Row::*member, const Words&,
                      const Read& read) {
    const auto names = table_.text(column);
    for (std::size_t i = 0; i < rows_.size(); ++i)
      rows_[i].*member = known(file_, group_ + "/" + column, names[i], read(names[i]));
    return *this;
  }
  template <Vocabulary Value>
  TableFiller& named(const std::string& column, Value Row::*member) {
    return worded(column, member, to_string<Value>, value_named<Value>);
  }
  TableFiller& later_text(const std::string& column, std::string Row::*member) {
    const auto columns = file_.member_names(group_);
    const bool there = std::find(columns.begin(), columns.end(), column) != columns.end();
    return there ? text(column, member) : *this;
  }
  template <class Of>
  TableFiller& written_text(const std::string&, const Of&) {
    return *this;
  }

  [[noreturn]] void fail(const std::string& column, std::size_t row, const char* what) const {
    table_.fail(column, row, what);
  }

 private:
  template <class Values, class Member>
  TableFiller& fill(Values values, Member member) {
    for (std::size_t i = 0; i < rows_.size(); ++i) rows_[i].*member = std::move(values[i]);
    return *this;
  }

  const h5::Reader& file_;
  std::string group_;
  TableReader table_;
  std::vector<Row>& rows_;
};

}  // namespace cytocape
