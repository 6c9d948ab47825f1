#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "core/time_text.hpp"
#include "sources/kustomer/search/search_query.hpp"
#include "support/scripted_client.hpp"

namespace engagement::kustomer {

// Kustomer's search over rows in memory, as unkind as allowed: equal rows come in another order in each answer, rows
// change whenever a test says so, pages end at a limit with a 404, answers come empty, partial or with odd totals.
// Thread safe.
class FakeSearch {
 public:
  struct Row {
    std::string id;
    SystemTime updated;
    std::optional<SystemTime> created;
    std::string klass;
    bool archived = false;
  };
  // One answer before it is sent; a hook may spoil it.
  struct Answer {
    nlohmann::ordered_json query;
    bool archive = false;
    std::size_t page = 1;
    std::size_t page_size = 500;
    std::vector<Row> rows;
    std::optional<std::size_t> total;
    bool next = false;
    bool links = true;
    bool meta = true;
    bool timed_out = false;
    int number = 0;  // of the search, from 1
  };

  std::vector<Row> rows;
  bool shuffled_ties = true;
  std::size_t row_limit = 10'000;
  std::size_t largest_page = 500;
  std::function<void(FakeSearch&, int)> before_search;  // may change `rows`; gets the search's number
  std::function<void(Answer&)> spoil;
  std::vector<nlohmann::ordered_json> queries;  // all bodies, in order
  std::map<std::string, std::string> others;    // answers to GETs by path and query

  void add(const std::string& prefix, std::size_t count, SystemTime updated, std::chrono::milliseconds step,
           std::optional<SystemTime> created = std::nullopt, std::chrono::milliseconds created_step = {}) {
    for (std::size_t at = 0; at < count; ++at) {
      const auto steps = static_cast<std::int64_t>(at);
      rows.push_back({prefix + std::to_string(at), updated + step * steps,
                      created ? std::optional(*created + created_step * steps) : std::nullopt, "order", false});
    }
  }

  std::set<std::string> ids() const {
    std::set<std::string> all;
    for (const auto& row : rows) all.insert(row.id);
    return all;
  }

  test::ScriptedAnswer operator()(const http::Request& request, const std::stop_token&) {
    const std::lock_guard lock(mutex_);
    if (request.method == http::Method::get) return answer_get(request.url);
    Answer answer = search(request);
    if (answer.page > 1 && (answer.page > 100 || answer.page * answer.page_size > row_limit)) {
      return test::answer(R"({"errors":[{"code":"not_found","message":"Page not found"}]})", 404);
    }
    if (spoil) spoil(answer);
    return test::answer(to_text(answer));
  }

 private:
  test::ScriptedAnswer answer_get(const std::string& url) const {
    const auto path = url.substr(url.find("/v1/"));
    auto found = others.find(path);
    // What a list was asked for goes on behind its links, which name the page alone here.
    const auto page = path.find("?page=");
    if (found == others.end() && page != std::string::npos) found = others.find(path.substr(0, path.find('&', page)));
    if (found != others.end()) return test::answer(found->second);
    return test::answer(R"({"errors":[{"code":"not_found","message":"nothing at )" + path + "\"}]}", 404);
  }

  static std::size_t number_in(const std::string& url, const std::string& name) {
    return std::stoul(url.substr(url.find(name) + name.size()));
  }

  // A query's criteria, read once for all rows.
  class Wanted {
   public:
    explicit Wanted(const nlohmann::ordered_json& query) : context_(query.at("queryContext").get<std::string>()) {
      for (const auto& criterion : query.at("and")) {
        const auto& condition = criterion.begin().value();
        bounds_.push_back({criterion.begin().key().ends_with("_created_at"), condition.begin().key() == "gte",
                           time_from_rfc3339(condition.begin().value().get<std::string>()).value()});
      }
    }

    bool matches(const Row& row) const {
      if (context_.starts_with("kobject_") && context_.substr(8) != row.klass) return false;
      return std::all_of(bounds_.begin(), bounds_.end(), [&](const Bound& bound) {
        if (bound.of_creation && !row.created) return false;
        const SystemTime own = bound.of_creation ? *row.created : row.updated;
        return bound.from ? own >= bound.time : own < bound.time;
      });
    }

   private:
    struct Bound {
      bool of_creation;
      bool from;
      SystemTime time;
    };
    std::string context_;
    std::vector<Bound> bounds_;
  };

  Answer search(const http::Request& request) {
    Answer answer;
    answer.query = nlohmann::ordered_json::parse(request.body);
    answer.archive = request.url.find("/archive/") != std::string::npos;
    answer.page = number_in(request.url, "page=");
    answer.page_size = std::min(number_in(request.url, "pageSize="), largest_page);
    answer.number = ++searches_;
    queries.push_back(answer.query);
    if (before_search) before_search(*this, answer.number);
    const Wanted wanted(answer.query);
    std::vector<const Row*> found;
    for (const auto& row : rows) {
      if (row.archived == answer.archive && wanted.matches(row)) found.push_back(&row);
    }
    if (shuffled_ties) std::shuffle(found.begin(), found.end(), random_);
    std::stable_sort(found.begin(), found.end(), [](const Row* a, const Row* b) { return a->updated < b->updated; });
    answer.total = found.size();
    const std::size_t begin = std::min((answer.page - 1) * answer.page_size, found.size());
    const std::size_t end = std::min(begin + answer.page_size, found.size());
    for (std::size_t at = begin; at < end; ++at) answer.rows.push_back(*found[at]);
    answer.next = end < found.size();
    return answer;
  }

  static std::string to_text(const Answer& answer) {
    nlohmann::ordered_json body;
    if (answer.meta) {
      body["meta"] = {{"page", answer.page}, {"pageSize", answer.page_size}, {"timed_out", answer.timed_out}};
      if (answer.total) body["meta"]["total"] = *answer.total;
    }
    if (answer.links) {
      body["links"] = {{"next", nullptr}};
      if (answer.next) body["links"]["next"] = "/v1/customers/search?page=" + std::to_string(answer.page + 1);
    }
    body["data"] = nlohmann::ordered_json::array();
    for (const auto& row : answer.rows) {
      nlohmann::ordered_json attributes{{"updatedAt", to_query_time(row.updated)}};
      if (row.created) attributes["createdAt"] = to_query_time(*row.created);
      body["data"].push_back({{"type", "x"}, {"id", row.id}, {"attributes", attributes}});
    }
    return body.dump();
  }

  std::mutex mutex_;
  std::mt19937 random_{7};
  int searches_ = 0;
};

}  // namespace engagement::kustomer
