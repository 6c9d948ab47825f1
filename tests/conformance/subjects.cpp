#include "conformance/subjects.hpp"

#include "support/catch.hpp"

namespace engagement::test {

namespace {

const char* const kPasscode = "Pass+word/47==&wort";

std::size_t clevertap_truth(const SimulatorProcess& simulator, const std::string& stream) {
  const auto truth = simulator.truth("from=20260302&to=20260307");
  return truth.at(stream == "events" ? "events" : "distinct_people").get<std::size_t>();
}

Json clevertap_future(bool incremental) {
  Json events{{"App Launched", "2999-12-31"}, {"Order Cancel / Fail", "2999-12-31"}, {"Bestellt ☕", "2999-12-31"}};
  return {{"version", 1},
          {"sync_mode", incremental ? "incremental" : "full_refresh"},
          {"start_date", "2026-03-02"},
          {"events", std::move(events)}};
}

Subject clevertap() {
  Subject subject;
  subject.source = "clevertap";
  subject.simulator = {"clevertap",
                       "--records",
                       "420",
                       "--profiles",
                       "90",
                       "--events",
                       "App Launched=5,Order Cancel / Fail=2,Bestellt ☕=1",
                       "--refused",
                       "",
                       "--first-day",
                       "20260302",
                       "--last-day",
                       "20260307",
                       "--passcode",
                       kPasscode,
                       "--duplicates",
                       "0.1"};
  subject.config = {{"account_id", "TEST-ACC-001"}, {"passcode", kPasscode}, {"start_date", 20260302},
                    {"end_date", 20260307},         {"window_days", 2},      {"batch_size", 46},
                    {"lookback_days", 1},           {"retry_seconds", 30}};
  subject.secrets = {kPasscode};
  subject.rate_limited = {{"fault", "rate429"}, {"retry_after", 1}, {"times", 1}, {"match", {{"step", "page"}}}};
  subject.growing = {{"fault", "growing"}, {"rows", 46}, {"cap", 460}, {"times", 0}, {"match", {{"step", "create"}}}};
  subject.growing_config = {{"end_date", nullptr}, {"window_days", 366}};
  subject.reread_from = "2026-03-07T00:00:00Z";
  subject.future = {{"events", clevertap_future(true)}, {"profiles", clevertap_future(true)}};
  subject.truth = clevertap_truth;
  return subject;
}

}  // namespace

const Subject& subject_of(std::string_view source) {
  static const std::vector<Subject> subjects = {clevertap(), kustomer_subject(), sprinklr_subject()};
  for (const Subject& subject : subjects) {
    if (subject.source == source) return subject;
  }
  FAIL("tests/conformance/subjects.cpp has no row for " << source);
  return subjects.front();
}

}  // namespace engagement::test
