#include "io/json_fault.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "io/text.hpp"

namespace cytocape {
namespace {

using Json = nlohmann::json;

/// Called by the parser as it goes; false ends it.
class Watch : public Json::json_sax_t {
 public:
  explicit Watch(const JsonLimits& limits) : limits_(limits) {}

  [[nodiscard]] const std::string& fault() const { return fault_; }

  bool null() override { return count(); }
  bool boolean(bool) override { return count(); }
  bool number_integer(number_integer_t) override { return count(); }
  bool number_unsigned(number_unsigned_t) override { return count(); }
  bool number_float(number_float_t, const string_t&) override { return count(); }
  bool string(string_t&) override { return count(); }
  bool binary(binary_t&) override { return count(); }
  bool start_object(std::size_t) override { return open(); }
  bool start_array(std::size_t) override { return open(); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    if (!open_.back().insert(name).second)
      return refuse(
          fmt::format("is ambiguous: key \"{}\" occurs twice in one object", shortened(name)));
    return count();
  }
  bool parse_error(std::size_t, const std::string&, const Json::exception& error) override {
    // The parser quotes what it read, which in a damaged file can be all of it.
    constexpr std::size_t kQuoted = 160;
    return refuse(fmt::format("is not JSON ({})", shortened(one_line(error.what()), kQuoted)));
  }

 private:
  bool refuse(std::string fault) {
    fault_ = std::move(fault);
    return false;
  }
  bool count() {
    if (++values_ <= limits_.values) return true;
    return refuse(fmt::format("has more than {} values", limits_.values));
  }
  bool open() {
    open_.emplace_back();
    if (open_.size() <= limits_.depth) return count();
    return refuse(fmt::format("is nested too deeply: more than {} levels", limits_.depth));
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  const JsonLimits& limits_;
  std::vector<std::set<std::string>> open_;  ///< the keys of each object or list that is open
  std::size_t values_ = 0;
  std::string fault_;
};

}  // namespace

std::string json_fault(std::string_view text, const JsonLimits& limits) {
  Watch watch(limits);
  Json::sax_parse(text, &watch);
  return watch.fault();
}

}  // namespace cytocape
