#include "pipeline/criteria/days.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace cytocape::criteria {

bool is_day(const std::string& text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const auto part = [&](std::size_t begin, std::size_t size) {
    int number = -1;
    const auto* end = text.data() + begin + size;
    const auto result = std::from_chars(text.data() + begin, end, number);
    return result.ptr == end ? number : -1;
  };
  const int year = part(0, 4);
  const int month = part(5, 2);
  const int day = part(8, 2);
  if (year < 1900 || month < 1 || month > 12) return false;
  constexpr std::array<int, 12> days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  const int last = days[static_cast<std::size_t>(month) - 1] + (leap && month == 2 ? 1 : 0);
  return day >= 1 && day <= last;
}

std::chrono::sys_days day_of(const std::string& iso) {
  return std::chrono::year(std::stoi(iso.substr(0, 4))) /
         std::chrono::month(static_cast<unsigned>(std::stoi(iso.substr(5, 2)))) /
         std::chrono::day(static_cast<unsigned>(std::stoi(iso.substr(8, 2))));
}

bool is_before_workup(const std::string& answer, const std::string& found) {
  constexpr std::chrono::days kOneWorkup{30};
  return is_day(answer) && is_day(found) && day_of(found) - day_of(answer) > kOneWorkup;
}

std::string day_words(std::chrono::sys_days day) {
  const std::chrono::year_month_day date(day);
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

}  // namespace cytocape::criteria
