#pragma once

#include <httplib.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "simulator/clevertap/service.hpp"
#include "support/catch.hpp"
#include "support/fake_clock.hpp"

namespace engagement::simulator::clevertap {

// A simulator in this process, on a free port and a clock whose waits take no time, and a plain client of it.
class Simulated {
 public:
  static Options options() {
    Options options;
    options.records = 2'000;
    options.events = {{"Charged", 3}, {"Order Cancel / Fail", 1}};
    options.first_day = day_from_number(20260105).value();
    options.last_day = options.today = day_from_number(20260118).value();
    options.never_seen = {"Never Happened"};
    return options;
  }

  explicit Simulated(Options options = Simulated::options()) : service(std::move(options), clock) { service.start(0); }

  struct Answer {
    int status = -1;  // -1: no answer
    std::string body;
    httplib::Headers headers;
    nlohmann::json json() const { return nlohmann::json::parse(body); }
  };

  Answer get(const std::string& target, httplib::Headers more = {}) const {
    more.merge(credentials());
    httplib::Client client = new_client();
    return answer_of(client.Get(target, more));
  }
  Answer post(const std::string& target, const std::string& body, httplib::Headers more = {}) const {
    more.merge(credentials());
    httplib::Client client = new_client();
    return answer_of(client.Post(target, more, body, "application/json"));
  }
  Answer open(const std::string& kind = "events", const std::string& batch = "230",
              const std::string& event = "Charged") const {
    const nlohmann::json body = {{"event_name", event}, {"from", 20260105}, {"to", "20260118"}};
    return post("/1/" + kind + ".json?batch_size=" + batch + "&app=true&events=false&profile=true", body.dump());
  }
  std::string cursor(const std::string& kind = "events", const std::string& batch = "230") const {
    return open(kind, batch).json().at("cursor").get<std::string>();
  }
  Answer page(const std::string& cursor, const std::string& kind = "events", httplib::Headers more = {}) const {
    return get("/1/" + kind + ".json?cursor=" + cursor, std::move(more));
  }
  // Every record of an export, and the sizes of its pages.
  nlohmann::json read(const std::string& kind, std::vector<std::size_t>* sizes = nullptr) const {
    nlohmann::json records = nlohmann::json::array();
    for (std::string next = cursor(kind); !next.empty();) {
      const nlohmann::json page_json = page(next, kind).json();
      if (sizes != nullptr && page_json.contains("records")) sizes->push_back(page_json.at("records").size());
      for (const auto& record : page_json.value("records", nlohmann::json::array())) records.push_back(record);
      next = page_json.value("next_cursor", "");
    }
    return records;
  }
  void fault(const nlohmann::json& rules) { service.state().faults.replace(rules); }

  test::FakeClock clock;
  Service service;

 private:
  static httplib::Headers credentials() {
    return {{"X-CleverTap-Account-Id", "TEST-ACC-001"}, {"X-CleverTap-Passcode", "sim-passcode"}};
  }
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

}  // namespace engagement::simulator::clevertap
