#include "sources/sprinklr/reports/report_check.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sources/sprinklr/reports/report_reading.hpp"
#include "sources/sprinklr/reports/report_schema.hpp"
#include "sources/sprinklr/reports/report_windows.hpp"
#include "sources/sprinklr/reports/row_maker.hpp"

namespace engagement::sprinklr {

namespace {

constexpr std::size_t kSampledDays = 3;
constexpr std::chrono::hours kDay{24};

// The newest days of the report's period, the newest first; a day that has not ended comes last.
std::vector<ReportWindow> newest_days(const ReportReading& reading, SystemTime now) {
  const Period period = period_at(reading.config, reading.zone, now);
  auto days =
      report_windows(period.end - (kSampledDays + 1) * kDay, period, reading.zone, kDay, reading.config.start, now);
  std::reverse(days.begin(), days.end());
  if (!days.empty() && days.front().end > now) std::rotate(days.begin(), days.begin() + 1, days.end());
  return days;
}

// Asks for the first rows of a window.
void ask(ReportReading& reading, const ReportWindow& window, std::size_t rows, rest::Page& page,
         engine::Context& context, const std::stop_token& stop) {
  const std::string path = report_path(reading.report);
  const auto request = reading.patient.account().post(
      path, report_body(reading.report, reading.zone, {window.begin, window.read_end, 0, rows}));
  rest::Answer answer;
  const auto action =
      rest::call_page(reading.patient.caller(), request, fmt::format("POST {} ({})", path, reading.report.name),
                      report_page_shape(), report_judge(reading.report), page, answer, context, stop);
  if (action != rest::Action::ok) throw system_error(fmt::format("Sprinklr answered \"{}\".", answer.text), path);
}

// Says which report it was.
template <typename Function>
void naming(const ReportDefinition& report, Function&& function) {
  try {
    function();
  } catch (const ConnectorError& error) {
    throw ConnectorError(error.type(), fmt::format("The report \"{}\": {}", report.name, error.what()),
                         error.internal_message());
  }
}

}  // namespace

void probe_report(const Config& config, const ReportDefinition& report, const std::shared_ptr<Account>& account,
                  engine::Context& context, const std::stop_token& stop) {
  ReportReading reading(config, report, account);
  rest::Page page;
  naming(report, [&] {
    const auto newest = newest_days(reading, context.environment().clock.now());
    if (!newest.empty()) ask(reading, newest.front(), 1, page, context, stop);
  });
}

engine::StreamDescription discover_report(const Config& config, const ReportDefinition& report,
                                          const std::shared_ptr<Account>& account, engine::Context& context,
                                          const std::stop_token& stop) {
  if (!needs_sample(report)) return describe_report(report);
  ReportReading reading(config, report, account);
  RowMaker maker(report, context, nullptr);
  ColumnSample sample;
  rest::Page page;
  naming(report, [&] {
    for (const auto& day : newest_days(reading, context.environment().clock.now())) {
      ask(reading, day, config.page_size, page, context, stop);
      maker.window_began(day.begin, day.end, kDay);
      maker.page_began(page);
      for (const auto& row : page.records()) {
        std::string record;
        maker.append(row, record);
        sample.add(engine::Json::parse(record, nullptr, false));
      }
      if (!page.records().empty()) return;
    }
  });
  return describe_report(report, &sample);
}

}  // namespace engagement::sprinklr
