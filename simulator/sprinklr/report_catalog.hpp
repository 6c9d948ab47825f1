#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/sprinklr/options.hpp"

namespace engagement::simulator::sprinklr {

// The reporting engines of the vendor's documentation, and the reports that the simulator knows in them (reference
// 2.1, 2.7). Ids are case sensitive here; what the vendor does is not known.
bool has_engine(std::string_view engine);
bool has_report(std::string_view engine, std::string_view report, const Options& options);
std::vector<std::string> reports_of(std::string_view engine, const Options& options);

// `[{"id","name"}]`
nlohmann::ordered_json engine_list();
nlohmann::ordered_json report_list(std::string_view engine, const Options& options);
// The answer of /api/v1/reports/metadata/{engine}: an object by report id, without the data wrapper.
nlohmann::ordered_json metadata(std::string_view engine, const Options& options);

// A dashboard's widget: its id and the report query that it stands for, in the API's shape but for the times.
struct Widget {
  std::string id, title;
  nlohmann::json query;
};
const std::vector<Widget>& widgets();

// `POST /api/v2/entity/{manager}/filter`: one page of dashboards. REQUIRES one of the two managers.
nlohmann::ordered_json dashboards(std::string_view manager, std::uint64_t start, std::uint64_t rows);

}  // namespace engagement::simulator::sprinklr
