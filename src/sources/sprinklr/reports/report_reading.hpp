#pragma once

#include <atomic>
#include <memory>

#include "sources/sprinklr/account.hpp"
#include "sources/sprinklr/config.hpp"
#include "sources/sprinklr/reports/window_reader.hpp"

namespace engagement::sprinklr {

// What all requests for one report share, of a stream, of `check` and of `discover`.
struct ReportReading {
  ReportReading(const Config& config_given, const ReportDefinition& definition, const std::shared_ptr<Account>& account)
      : config(config_given),
        report(definition),
        zone(definition.zone.value_or(config_given.zone)),
        caller(account, Special::report, kPermission),
        patient(account, Special::none, kPermission),
        page_size(config_given.page_size) {}

  ReportSource source() { return {report, zone, caller, patient, page_size}; }

  static constexpr std::string_view kPermission =
      "the right to view this report's data and accounts, and \"Generate API Token\"";

  const Config config;
  const ReportDefinition report;
  const TimeZone zone;
  const StreamCaller caller;
  const StreamCaller patient;
  std::atomic<std::size_t> page_size;
};

}  // namespace engagement::sprinklr
