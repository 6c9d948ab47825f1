#include "sources/clevertap/sheet/query_sheet.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sources/clevertap/built_in_streams.hpp"
#include "sources/clevertap/queries/check_queries.hpp"
#include "sources/clevertap/queries/query_stream.hpp"
#include "sources/clevertap/sheet/google_sheets.hpp"
#include "sources/clevertap/sheet/rows_stream.hpp"

namespace engagement::clevertap {

namespace {

using protocol::Json;

SheetRows read_sheet(const Config& config, engine::Context& context, const std::stop_token& stop) {
  RowSettings settings{period_at(config, context.environment().clock.now()), config.zone, built_in_names()};
  settings.taken.emplace_back(kSheetRowsStream);
  for (const auto& query : config.queries) settings.taken.push_back(query.name);
  return read_rows(GoogleSheets(*config.query_sheet).read(context, stop), settings);
}

SheetReading try_sheet(const Config& config, engine::Context& context, const std::stop_token& stop) {
  try {
    return {read_sheet(config, context, stop), std::nullopt};
  } catch (const ConnectorError& error) {
    return {{}, error};
  }
}

// A name that the catalog has and no row of the sheet makes a stream of.
class AbsentRowStream final : public engine::Stream {
 public:
  AbsentRowStream(const std::string& name, const ConnectorError& error)
      : error_(error) {  // NOLINT(bugprone-throw-keyword-missing): kept until the stream begins
    description_.name = name;
    description_.json_schema = {{"type", "object"}};
    description_.time_bound = true;  // so that a backfill hears of the row too
  }

  const engine::StreamDescription& description() const override { return description_; }
  std::unique_ptr<engine::StreamRead> begin(const engine::SyncRequest& /*request*/, engine::StreamContext& /*context*/,
                                            const std::stop_token& /*stop*/) override {
    throw ConnectorError(error_);
  }

 private:
  const ConnectorError error_;
  engine::StreamDescription description_;
};

// Why there is no stream of that name.
ConnectorError absence_of(const std::string& name, const SheetRows& sheet) {
  if (sheet.problem) return config_error(*sheet.problem);
  const auto bad = std::find_if(sheet.rows.begin(), sheet.rows.end(),
                                [&](const SheetRow& row) { return row.error && row.written_name == name; });
  if (bad != sheet.rows.end()) return config_error(*bad->error);
  if (const auto row = sheet.disabled.find(name); row != sheet.disabled.end()) {
    return config_error(
        fmt::format("Sheet \"{}\", row {}: the query \"{}\" is switched off by its column \"enabled\". Empty that "
                    "cell, or remove the stream from the connection.",
                    sheet.title, row->second, name));
  }
  return config_error(fmt::format(
      "The sheet \"{}\" has no row with the name \"{}\". Write one, or remove the stream from the connection.",
      sheet.title, name));
}

std::unique_ptr<engine::Stream> sheet_stream(const std::string& name, const std::shared_ptr<const SheetReading>& sheet,
                                             const Config& config, const std::shared_ptr<const Account>& account) {
  if (name == kSheetRowsStream) return make_sheet_rows_stream(sheet);
  if (sheet->failure) return std::make_unique<AbsentRowStream>(name, *sheet->failure);
  const auto& rows = sheet->rows.rows;
  const auto row =
      std::find_if(rows.begin(), rows.end(), [&](const SheetRow& one) { return one.kind && one.name == name; });
  if (row != rows.end()) return make_query_stream(row->query, config, account);
  return std::make_unique<AbsentRowStream>(name, absence_of(name, sheet->rows));
}

ConnectorError no_good_row(const SheetRows& sheet, const std::vector<std::string>& problems) {
  if (!problems.empty()) {
    return config_error(fmt::format("Query Sheet (query_sheet): no row of the sheet \"{}\" can be used. {}",
                                    sheet.title, fmt::join(problems, " ")));
  }
  return config_error(
      fmt::format("Query Sheet (query_sheet): the sheet \"{}\" has no row {}. Below the first row, which names the "
                  "columns, each row is a query; \"name\" is the one column that it must have.",
                  sheet.title, sheet.disabled.empty() ? "with a query" : "that is switched on"));
}

std::string place_of(const SheetRows& sheet, const SheetRow& row) {
  return fmt::format("Sheet \"{}\", row {}, \"{}\"", sheet.title, row.number, row.query.name);
}

}  // namespace

void check_query_sheet(const Config& config, const Account& account, engine::CheckReport& report,
                       engine::Context& context, const std::stop_token& stop) {
  const auto sheet = read_sheet(config, context, stop);
  if (sheet.problem) throw config_error("Query Sheet (query_sheet): " + *sheet.problem);
  std::vector<std::string> problems;
  std::vector<const SheetRow*> good;
  std::vector<Query> queries;
  for (const auto& row : sheet.rows) {
    if (row.error) {
      problems.push_back(*row.error);
    } else {
      good.push_back(&row);
      queries.push_back(row.query);
    }
  }
  const auto verdicts = try_queries(queries, config, account, context, stop);
  std::vector<std::string> unchecked;
  std::size_t broken = 0;
  for (std::size_t index = 0; index < verdicts.size(); ++index) {
    const auto& [is_broken, words] = verdicts[index];
    if (words.empty()) continue;
    const auto place = place_of(sheet, *good[index]);
    broken += is_broken ? 1 : 0;
    if (is_broken) {
      problems.push_back(fmt::format("{}: {}", place, words));
    } else {
      unchecked.push_back(fmt::format("{} could not be checked: {}", place, words));
    }
  }
  if (broken == good.size()) throw no_good_row(sheet, problems);
  const auto remark = [&](const std::vector<std::string>& remarks) {
    report.remarks.insert(report.remarks.end(), remarks.begin(), remarks.end());
  };
  remark(problems);
  remark(unchecked);
  remark(sheet.warnings);
}

std::vector<Query> listed_sheet_queries(const Config& config, engine::Context& context, const std::stop_token& stop) {
  std::vector<Query> queries;
  const auto sheet = read_sheet(config, context, stop);
  if (sheet.problem) context.log(engine::LogLevel::warn, *sheet.problem);
  for (const auto& row : sheet.rows) {
    if (sheet.problem) break;
    if (row.error) context.log(engine::LogLevel::warn, *row.error);
    if (row.name && row.kind) queries.push_back(row.query);
  }
  return queries;
}

std::vector<std::unique_ptr<engine::Stream>> sheet_streams(const std::set<std::string>& names, const Config& config,
                                                           const std::shared_ptr<const Account>& account,
                                                           engine::Context& context, const std::stop_token& stop) {
  std::vector<std::unique_ptr<engine::Stream>> streams;
  if (names.empty()) return streams;
  const auto sheet = std::make_shared<const SheetReading>(try_sheet(config, context, stop));
  for (const auto& name : names) streams.push_back(sheet_stream(name, sheet, config, account));
  return streams;
}

std::vector<Json> print_sheet_queries(const Config& config, engine::Context& context, const std::stop_token& stop) {
  if (!config.query_sheet) {
    throw config_error("The configuration has no Query Sheet (query_sheet), so there are no rows to show.");
  }
  std::vector<Json> lines;
  for (const auto& row : read_sheet(config, context, stop).rows) {
    if (row.error) {
      lines.push_back({{"row", row.number}, {"error", *row.error}});
    } else {
      lines.push_back({{"row", row.number},
                       {"name", row.query.name},
                       {"kind", to_string(row.query.kind)},
                       {"query", query_as_sent(row)}});
    }
  }
  return lines;
}

}  // namespace engagement::clevertap
