#include <array>

#include "conformance/subjects.hpp"

namespace engagement::test {

namespace {

const char* const kSecret = "sim+secret/47==&x";
const char* const kAccess = "sim+access/11==";
const char* const kRefresh = "sim+refresh/29==";

// One row for each message, in order of time; the Lambda's report in small.
Json payload() {
  return {{"reportingEngine", "PLATFORM"},
          {"report", "POST_RESPONSE_TIME"},
          {"timeZone", "UTC"},
          {"groupBys",
           {{{"heading", "UNIFIED_MESSAGE_ID_1"}, {"dimensionName", "UNIFIED_MESSAGE_ID"}, {"groupType", "FIELD"}},
            {{"heading", "MESSAGE_SN_CREATED_TIME_2"},
             {"dimensionName", "MESSAGE_SN_CREATED_TIME"},
             {"groupType", "FIELD"},
             {"details", {{"isDateTypeDimension", true}, {"interval", "1h"}}}}}},
          {"projections",
           {{{"heading", "M_RESPONSE_TIME_0"},
             {"measurementName", "MESSAGE_RESPONSE_TIME"},
             {"aggregateFunction", "SUM"}}}},
          {"sorts", {{{"heading", "MESSAGE_SN_CREATED_TIME_2"}, {"order", "ASC"}}}}};
}

struct Searched {
  const char* stream;
  const char* entity;
  const char* key;  // of its time; empty: everything comes
};
constexpr std::array kSearched = {Searched{"cases", "CASE", "modifiedTime"},
                                  Searched{"messages", "MESSAGE", "createdTime"},
                                  Searched{"outbound_messages", "OUTBOUND_MESSAGE", "modifiedTime"},
                                  Searched{"campaigns", "CAMPAIGN", "modifiedTime"},
                                  Searched{"sub_campaigns", "SUB_CAMPAIGN", "modifiedTime"},
                                  Searched{"tasks", "TASK", "modifiedTime"},
                                  Searched{"profiles", "PROFILE", "modifiedTime"},
                                  Searched{"users", "USER", "meta.lastModified"},
                                  Searched{"audience_activities", "AUDIENCE_ACTIVITY", "activityTime"},
                                  Searched{"custom_fields", "CUSTOM_FIELD", "modifiedTime"},
                                  Searched{"social_assets", "SOCIAL_ASSET", ""},
                                  Searched{"transactions", "TRANSACTION", ""},
                                  Searched{"scim_users", "USER", ""}};

std::size_t rows_of(const SimulatorProcess& simulator, const std::string& stream) {
  if (stream == "responses") {
    return simulator.truth("report=POST_RESPONSE_TIME&from=20260302&to=20260307").at("events");
  }
  for (const auto& row : kSearched) {
    if (stream != row.stream) continue;
    const std::string key = row.key;
    const std::string period = key.empty() ? "" : "&key=" + key + "&from=20260302&to=20260307";
    return simulator.truth(std::string("stream=") + row.entity + period).at("distinct_keys");
  }
  // Two of each for every case that was modified in the period.
  const std::size_t cases =
      simulator.truth("stream=CASE&key=modifiedTime&from=20260302&to=20260307").at("distinct_keys");
  if (stream == "comments" || stream == "case_messages") return 2 * cases;
  // The same whatever the corpus.
  if (stream == "report_engines") return 40;
  if (stream == "report_definitions") return 13;
  if (stream == "listening_topics") return 12;
  if (stream == "url_shorteners") return 1;
  if (stream == "audit_entries") return 3862;  // of this corpus
  return 25;
}

}  // namespace

Subject sprinklr_subject() {
  Subject subject;
  subject.source = "sprinklr";
  subject.simulator = {"sprinklr",        "--records",       "420",         "--entities",       "60",
                       "--first-day",     "20260302",        "--last-day",  "20260307",         "--now",
                       "20260307",        "--client-secret", kSecret,       "--access-token",   kAccess,
                       "--refresh-token", kRefresh,          "--client-id", "simulated+key/3=="};
  subject.config = {{"credentials",
                     {{"auth_type", "refresh_token"},
                      {"client_id", "simulated+key/3=="},
                      {"client_secret", kSecret},
                      {"redirect_uri", "https://localhost/callback"},
                      {"refresh_token", kRefresh},
                      {"access_token", kAccess}}},
                    {"start_date", "2026-03-02"},
                    {"end_date", "2026-03-07"},
                    {"reports", {{{"name", "responses"}, {"payload", payload().dump()}}}},
                    {"page_size", 5},
                    {"lookback_days", 1},
                    {"requests_per_second", 0},
                    {"requests_per_hour", 0},
                    {"retry_seconds", 30}};
  subject.secrets = {"simulated+key/3==", kSecret, kRefresh, kAccess};
  subject.rate_limited = {{"fault", "rate429"}, {"retry_after", 1}, {"times", 1}};
  subject.growing = {{"fault", "restate"}, {"times", 0}};
  subject.growing_config = Json::object();
  subject.reread_from = "2026-03-07T00:00:00Z";
  subject.older_than_reread = {"case_messages", "comments", "audit_entries", "scim_users"};
  for (const auto& stream : {"responses", "cases", "messages", "outbound_messages", "campaigns", "sub_campaigns",
                             "tasks", "profiles", "users", "social_assets", "audience_activities", "custom_fields",
                             "case_messages", "comments", "audit_entries"}) {
    subject.future[stream] = {{"version", 1},
                              {"sync_mode", "incremental"},
                              {"start_date", "2026-03-02"},
                              {"through", "2999-12-31T00:00:00Z"}};
  }
  subject.future["scim_users"] = {{"version", 1}, {"sync_mode", "incremental"}, {"cursor", "2999-12-31T00:00:00Z"}};
  subject.truth = rows_of;
  return subject;
}

}  // namespace engagement::test
