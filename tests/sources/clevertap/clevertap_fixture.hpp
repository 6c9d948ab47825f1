#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/source.hpp"
#include "sources/clevertap/account.hpp"
#include "sources/clevertap/config.hpp"
#include "sources/clevertap/exports/export_page.hpp"
#include "sources/clevertap/exports/record_maker.hpp"
#include "support/has.hpp"
#include "support/stream_fixture.hpp"

namespace engagement {
std::unique_ptr<engine::Source> make_clevertap_source();  // as the generated list of sources declares it
}

namespace engagement::clevertap {

inline protocol::Json config_json(const protocol::Json& changes = protocol::Json::object()) {
  protocol::Json json{{"account_id", "TEST-123-4567"}, {"passcode", "AAA-BBB-CCCC"}, {"start_date", 20260201}};
  json.update(changes);
  return json;
}

inline Config config_with(const protocol::Json& changes = protocol::Json::object()) {
  return read_config(config_json(changes));
}

inline Day day(int number) { return day_from_number(number).value(); }

// What a function's ConnectorError says; empty where it throws none.
template <typename Function>
std::string message_of(Function&& function) {
  try {
    function();
    return {};
  } catch (const ConnectorError& error) {
    return std::string(to_string(error.type())) + ": " + error.what();
  }
}

using test::has;

struct ClevertapFixture : test::StreamFixture {
  protocol::ConfiguredStream stream = test::configured("events");
  engine::StreamContext context{environment, logger, writer, stream, false};

  // The data of the records that a maker makes of these, given as one page of one export.
  std::vector<protocol::Json> records_of(RecordMaker& maker, const std::vector<std::string>& records) {
    std::string body = R"({"status":"success","records":[)";
    for (std::size_t i = 0; i < records.size(); ++i) body += (i == 0 ? "" : ",") + records[i];
    ExportPage page;
    page.response.status = 200;
    page.response.body.append(body + "]}");
    if (!page.read(maker.wanted()).succeeded) throw std::logic_error("the test's page is malformed");
    const std::size_t before = this->records().size();
    engine::RecordBatch batch(context);
    for (const auto& record : page.records) maker.append(record, batch);
    batch.flush();
    auto all = this->records();
    return {all.begin() + static_cast<std::ptrdiff_t>(before), all.end()};
  }
};

}  // namespace engagement::clevertap
