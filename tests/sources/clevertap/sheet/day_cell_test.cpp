#include "sources/clevertap/sheet/day_cell.hpp"

#include "sources/clevertap/clevertap_fixture.hpp"
#include "support/catch.hpp"

namespace engagement::clevertap {
namespace {

using protocol::Json;

Day read_day(const std::string& cell, const char* zone = "UTC") {
  return day_in_cell(Json::parse(cell), day(20260301), TimeZone::find(zone).value());
}

TEST_CASE("a day can be written in each of these forms") {
  const std::vector<std::pair<std::string, int>> forms = {
      {"46053", 20260131},  // days since 1899-12-30
      {"46053.0", 20260131},
      {"46053.99", 20260131},
      {"25569", 19700101},
      {"20260131", 20260131},
      {R"("20260131")", 20260131},
      {R"(" 20260131 ")", 20260131},
      {R"("2026-01-31")", 20260131},
      {R"("2026-01-31T23:30:00")", 20260131},
      {R"("2026-01-31 23:30")", 20260131},
      {R"("2026-01-31T23:30:00Z")", 20260131},
      {R"("today")", 20260301},
      {R"("Today")", 20260301},
      {R"("yesterday")", 20260228},
      {R"("-7d")", 20260222},
      {R"("-7D")", 20260222},
      {R"("-0d")", 20260301},
      {R"("-365d")", 20250301},
  };
  for (const auto& [cell, wanted] : forms) {
    INFO(cell);
    CHECK(read_day(cell) == day(wanted));
  }
}

TEST_CASE("a moment with an offset is a day of the project's zone") {
  CHECK(read_day(R"("2026-01-31T23:30:00Z")", "Asia/Kolkata") == day(20260201));
  CHECK(read_day(R"("2026-01-31T23:30:00")", "Asia/Kolkata") == day(20260131));
}

TEST_CASE("anything else is an error that shows the forms") {
  for (const char* cell : {R"("03/04")",
                           R"("31.01.2026")",
                           R"("2026-02-31")",
                           R"("20260231")",
                           "20260231",
                           R"("202601")",
                           R"("46053")",
                           R"("7d")",
                           R"("-d")",
                           R"("--7d")",
                           R"("-7")",
                           R"("- 7d")",
                           R"("tomorrow")",
                           R"("\"2026-01-31\"")",
                           "true",
                           "-7",
                           "7",
                           "2026",
                           "20260131.5",
                           "1e9",
                           R"("Jan 31")",
                           R"("-99999d")"}) {
    INFO(cell);
    std::string problem;
    try {
      read_day(cell);
    } catch (const CellProblem& found) {
      problem = found.what();
    }
    for (const char* form : {"date cell", "20260131", "2026-01-31", "today", "yesterday", "-7d"}) {
      CHECK(has(problem, form));
    }
  }
}

}  // namespace
}  // namespace engagement::clevertap
