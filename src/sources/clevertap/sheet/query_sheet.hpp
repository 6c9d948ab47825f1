#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "engine/source.hpp"
#include "sources/clevertap/account.hpp"

// What a command does with the query sheet of the configuration. Each reads the sheet once, and throws the
// ConnectorError of a sheet that cannot be read, and Stopped.
namespace engagement::clevertap {

// Reads the rows and sends each good one once, for one day. What is wrong with a row, in its words or to CleverTap,
// becomes a remark: a colleague's mistake must not stop everybody's numbers. Throws a config ConnectorError where no
// row is good. REQUIRES: the credentials are proven; config.query_sheet.
void check_query_sheet(const Config& config, const Account& account, engine::CheckReport& report,
                       engine::Context& context, const std::stop_token& stop);

// The queries of the rows whose streams can be listed, also of bad ones: those have an error. Every bad row is logged.
// REQUIRES: config.query_sheet.
std::vector<Query> listed_sheet_queries(const Config& config, engine::Context& context, const std::stop_token& stop);

// The streams of these names, none of which is a built-in's or of the configuration's queries. A sheet that cannot be
// read is a failure of each of them. REQUIRES: config.query_sheet.
std::vector<std::unique_ptr<engine::Stream>> sheet_streams(const std::set<std::string>& names, const Config& config,
                                                           const std::shared_ptr<const Account>& account,
                                                           engine::Context& context, const std::stop_token& stop);

// An object for each row: {"row","name","kind","query"} or {"row","error"}. Throws a config ConnectorError where the
// configuration has no query sheet.
std::vector<protocol::Json> print_sheet_queries(const Config& config, engine::Context& context,
                                                const std::stop_token& stop);

}  // namespace engagement::clevertap
