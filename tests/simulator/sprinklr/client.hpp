#pragma once

#include <httplib.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "simulator/common/http_text.hpp"
#include "simulator/sprinklr/service.hpp"
#include "support/catch.hpp"
#include "support/fake_clock.hpp"

namespace engagement::simulator::sprinklr {

// A simulator in this process, on a free port and a clock whose waits take no time, and a plain client of it that
// keeps the tokens it is given.
class Simulated {
 public:
  static Options options() {
    Options options;
    options.records = 2'800;
    options.entities = 120;
    options.first_day = day_from_number(20260105).value();
    options.last_day = day_from_number(20260118).value();
    return options;
  }

  explicit Simulated(Options options = Simulated::options())
      : service(std::move(options), clock), token(service.state().options.access_token) {
    service.start(0);
  }

  struct Answer {
    int status = -1;  // -1: no answer
    std::string body;
    httplib::Headers headers;
    nlohmann::json json() const { return nlohmann::json::parse(body); }
    std::string header(const char* name) const {
      const auto found = headers.find(name);
      return found == headers.end() ? "" : found->second;
    }
    std::string error() const { return json().at("errors").at(0).at("message").get<std::string>(); }
  };

  httplib::Headers credentials() const { return {{"Key", "sim-key"}, {"Authorization", "Bearer " + token}}; }

  Answer get(const std::string& target) const { return get(target, credentials()); }
  Answer get(const std::string& target, const httplib::Headers& headers) const {
    httplib::Client client = new_client();
    return answer_of(client.Get(target, headers));
  }
  Answer post(const std::string& target, const nlohmann::json& body) const {
    return post(target, body.dump(), credentials(), "application/json");
  }
  Answer post(const std::string& target, const std::string& body, const httplib::Headers& headers,
              const std::string& type) const {
    httplib::Client client = new_client();
    return answer_of(client.Post(target, headers, body, type));
  }
  Answer put(const std::string& target, const std::string& body = {}) const {
    httplib::Client client = new_client();
    return answer_of(client.Put(target, body, "application/json"));
  }

  Answer refresh(const std::string& refresh_token) const {
    return post("/oauth/token",
                "grant_type=refresh_token&client_id=sim-key&client_secret=sim-secret&redirect_uri=" +
                    percent_encode("https://localhost/callback") + "&refresh_token=" + percent_encode(refresh_token),
                {}, "application/x-www-form-urlencoded");
  }

  // One row for each event of the days from 5 to 18 January.
  static nlohmann::json query(std::uint64_t page = 0, std::uint64_t page_size = 500) {
    return nlohmann::json::parse(R"({
      "reportingEngine":"PLATFORM","report":"POST_INSIGHTS","startTime":1767571200000,"endTime":"1768780799999",
      "timeZone":"UTC","filters":null,"jsonResponse":true,
      "groupBys":[{"heading":"POST_ID_0","dimensionName":"POST_ID","groupType":"FIELD","details":{}},
                  {"heading":"date_1","dimensionName":"date","groupType":"DATE_HISTOGRAM",
                   "details":{"isDateTypeDimension":true,"interval":"1d"}},
                  {"heading":"ACCOUNT_ID_2","dimensionName":"ACCOUNT_ID","groupType":"FIELD","details":null}],
      "projections":[{"heading":"M_LIKES_0","measurementName":"LIKES","aggregateFunction":"SUM","details":null}]})")
        .patch({{{"op", "add"}, {"path", "/page"}, {"value", page}},
                {{"op", "add"}, {"path", "/pageSize"}, {"value", page_size}}});
  }
  Answer report(const nlohmann::json& body) const { return post("/api/v2/reports/query", body); }
  // The rows of all pages of a query, until one has none.
  nlohmann::json read(nlohmann::json body) const {
    nlohmann::json rows = nlohmann::json::array();
    for (std::uint64_t page = 0;; ++page) {
      body["page"] = page;
      const nlohmann::json data = report(body).json().at("data");
      const char* key = data.contains("headings") ? "rows" : "data";
      if (!data.contains(key)) return rows;
      for (const auto& row : data.at(key)) rows.push_back(row);
    }
  }
  void fault(const nlohmann::json& rules) { service.state().faults.replace(rules); }

  test::FakeClock clock;
  Service service;
  std::string token;

 private:
  httplib::Client new_client() const {
    httplib::Client client("127.0.0.1", service.port());
    client.set_url_encode(false);
    client.set_default_headers({{"Accept-Encoding", "identity"}});  // newer versions would ask for gzip
    client.set_read_timeout(std::chrono::seconds(60));
    return client;
  }
  static Answer answer_of(const httplib::Result& result) {
    if (!result) return {};
    return {result->status, result->body, result->headers};
  }
};

}  // namespace engagement::simulator::sprinklr
