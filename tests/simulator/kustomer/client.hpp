#pragma once

#include <httplib.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "simulator/kustomer/service.hpp"
#include "support/catch.hpp"
#include "support/fake_clock.hpp"

namespace engagement::simulator::kustomer {

using nlohmann::json;

// A simulator in this process, on a free port and a clock whose waits take no time, and a plain client of it.
class Simulated {
 public:
  static Options options() {
    Options options;
    options.records = 1'500;
    options.last = test::FakeClock::kStart;
    options.first = options.last - std::chrono::days(4 * 365);
    options.record_bytes = 0;
    options.searches_per_minute = options.requests_per_minute = 0;
    options.stable_ties = true;
    return options;
  }

  explicit Simulated(const Options& options = Simulated::options()) : service(options, clock) { service.start(0); }

  struct Answer {
    int status = -1;  // -1: no answer
    std::string body;
    httplib::Headers headers;
    json parsed() const { return json::parse(body); }
    std::string header(const std::string& name) const {
      const auto found = headers.find(name);
      return found == headers.end() ? "" : found->second;
    }
  };

  Answer get(const std::string& target, httplib::Headers headers = credentials()) const {
    httplib::Client client = new_client();
    return answer_of(client.Get(target, headers));
  }
  Answer post(const std::string& target, const std::string& body, httplib::Headers headers = credentials(),
              const std::string& content_type = "application/json") const {
    httplib::Client client = new_client();
    return answer_of(client.Post(target, headers, body, content_type));
  }
  Answer put(const std::string& target, const std::string& body) const {
    httplib::Client client = new_client();
    return answer_of(client.Put(target, body, "application/json"));
  }
  Answer search(const json& body, const std::string& query = "pageSize=500", bool archive = false) const {
    return post(std::string(archive ? "/v1/customers/archive/search?" : "/v1/customers/search?") + query, body.dump());
  }
  // Every record of a search, page by page as its links lead.
  json read(const json& body, std::size_t page_size = 500, bool archive = false) const {
    const Answer first = search(body, "pageSize=" + std::to_string(page_size), archive);
    json records = first.parsed().at("data");
    for (json next = first.parsed().at("links").at("next"); next.is_string();) {
      const json page = post(next.get<std::string>(), body.dump()).parsed();
      records.insert(records.end(), page.at("data").begin(), page.at("data").end());
      next = page.at("links").at("next");
    }
    return records;
  }
  json data(const std::string& target) const { return get(target).parsed().at("data"); }
  // Every record of a list.
  json read_list(const std::string& target) const {
    json records = json::array();
    for (json next = target; next.is_string();) {
      const json page = get(next.get<std::string>()).parsed();
      records.insert(records.end(), page.at("data").begin(), page.at("data").end());
      next = page.at("links").at("next");
    }
    return records;
  }
  json truth(const std::string& query) const { return get("/_simulator/truth?" + query).parsed(); }
  void fault(const json& rules) { service.state().faults.replace(rules); }

  static httplib::Headers credentials() { return {{"Authorization", "Bearer sim-api-token"}}; }

  test::FakeClock clock;
  Service service;

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

inline std::vector<std::string> ids_of(const json& records) {
  std::vector<std::string> ids;
  for (const json& record : records) ids.push_back(record.at("id"));
  return ids;
}

inline std::set<std::string> id_set(const json& records) {
  const auto ids = ids_of(records);
  return {ids.begin(), ids.end()};
}

// {"queryContext":"conversation", …} sorted by updatedAt, deleted rows included.
inline json ascending(const std::string& context, const json& criteria = json::array()) {
  const std::string object = context.substr(0, context.rfind("kobject", 0) == 0 ? 7 : std::string::npos);
  return {{"queryContext", context},
          {"and", criteria},
          {"sort", json::array({{{object + "_updated_at", "asc"}}})},
          {"includeDeleted", true}};
}

inline json range(const std::string& attribute, const std::string& from, const std::string& until) {
  return json::array({{{attribute, {{"gte", from}}}}, {{attribute, {{"lt", until}}}}});
}

}  // namespace engagement::simulator::kustomer
