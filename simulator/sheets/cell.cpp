#include <fmt/format.h>

#include <cstdio>
#include <optional>

#include "core/time_text.hpp"
#include "simulator/sheets/spreadsheet.hpp"

namespace engagement::simulator::sheets {

namespace {

using nlohmann::json;

constexpr std::int64_t kSecondsOfDay = 86'400;

// Seconds of "22:30" or "22:30:15".
std::int64_t seconds_of(const std::string& text) {
  unsigned hours = 0, minutes = 0, seconds = 0;
  std::sscanf(text.c_str(), "%2u:%2u:%2u", &hours, &minutes, &seconds);
  return std::int64_t{hours} * 3'600 + std::int64_t{minutes} * 60 + std::int64_t{seconds};
}

json serial_number(const std::string& day, const std::string& time) {
  static const Day epoch = day_from_text("1899-12-30").value();
  const std::int64_t days = day.empty() ? 0 : (day_from_text(day).value_or(epoch) - epoch).count();
  const std::int64_t seconds = time.empty() ? 0 : seconds_of(time);
  if (seconds == 0) return days;
  return static_cast<double>(days) + static_cast<double>(seconds) / static_cast<double>(kSecondsOfDay);
}

}  // namespace

json rendered(const json& cell, ValueRender value, DateRender date) {
  if (cell.is_null()) return "";
  if (cell.is_object()) {
    const std::string moment = cell.value("datetime", "");
    const std::string day = moment.empty() ? cell.value("date", "") : moment.substr(0, 10);
    const std::string time = moment.size() > 11 ? moment.substr(11) : cell.value("time", "");
    if (value == ValueRender::kFormatted || date == DateRender::kFormattedText) {
      return day.empty() || time.empty() ? day + time : day + ' ' + time;
    }
    return serial_number(day, time);
  }
  if (value == ValueRender::kUnformatted || cell.is_string()) return cell;
  if (cell.is_boolean()) return cell.get<bool>() ? "TRUE" : "FALSE";
  return cell.dump();
}

}  // namespace engagement::simulator::sheets
