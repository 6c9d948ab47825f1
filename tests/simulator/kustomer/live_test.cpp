#include <algorithm>

#include "client.hpp"

namespace engagement::simulator::kustomer {
namespace {

TEST_CASE("Rows change on demand, and the truth and the search know it") {
  Simulated simulated;
  const json before = simulated.truth("stream=note");
  const std::string id = before.at("rows").at(200).at("id");
  const json updated = simulated.post("/_simulator/rows?stream=note&do=update&id=" + id, "").parsed().at(0);
  CHECK(updated.at("updatedAt") == "2026-03-01T00:00:00.000Z");
  const json inserted = simulated.post("/_simulator/rows?stream=note&do=insert&rows=2", "").parsed();
  const json after = simulated.truth("stream=note");
  CHECK(after.at("count") == before.at("count").get<int>() + 2);
  CHECK(after.at("rows").back().at("id") == inserted.at(1).at("id"));
  const json found = simulated.search(ascending("note", json::array({{{"note_updated_at", {{"gte", "2026-03-01"}}}}})))
                         .parsed()
                         .at("data");
  CHECK(ids_of(found) == std::vector<std::string>{id, inserted.at(0).at("id"), inserted.at(1).at("id")});
  simulated.post("/_simulator/rows?stream=note&do=delete&id=" + id, "");
  CHECK(simulated.truth("stream=note&deleted=false").at("count") ==
        after.at("count").get<int>() - after.at("deleted").get<int>() - 1);
  CHECK(simulated.get("/v1/notes/" + id).parsed().at("data").at("attributes").at("deleted") == true);
  CHECK(simulated.post("/_simulator/rows?stream=note&do=update&id=none", "").status == 400);
}

TEST_CASE("With each so many searches rows move to the present") {
  Options options = Simulated::options();
  options.live_every = 2;
  options.live_moves = 5;
  options.live_inserts = 3;
  Simulated simulated(options);
  const json body = ascending("message", json::array({{{"message_updated_at", {{"gte", "2026-03-01"}}}}}));
  CHECK(simulated.search(body).parsed().at("meta").at("total") == 0);
  CHECK(simulated.search(body).parsed().at("meta").at("total") == 8);
  CHECK(simulated.truth("stream=message").at("count") == 3'003);
  CHECK(simulated.truth("stream=message&from=2026-03-01").at("count") == 8);
}

TEST_CASE("A growing stream has new rows at each request, to its cap") {
  Simulated simulated;
  simulated.fault({{"fault", "growing"}, {"rows", 40}, {"cap", 100}, {"times", 0}});
  const json body = ascending("message", json::array({{{"message_updated_at", {{"gte", "2026-03-01"}}}}}));
  std::vector<int> totals;
  for (int request = 0; request < 4; ++request)
    totals.push_back(simulated.search(body).parsed().at("meta").at("total"));
  CHECK(totals == std::vector<int>{40, 80, 100, 100});
}

TEST_CASE("The index may lag behind") {
  Options options = Simulated::options();
  options.index_lag = std::chrono::milliseconds(2'000);
  Simulated simulated(options);
  const json body = ascending("message", json::array({{{"message_updated_at", {{"gte", "2026-03-01"}}}}}));
  simulated.post("/_simulator/rows?stream=message&do=update&rows=4", "");
  CHECK(simulated.search(body).parsed().at("meta").at("total") == 0);
  CHECK(simulated.truth("stream=message&from=2026-03-01").at("count") == 4);
  simulated.clock.advance(std::chrono::seconds(2));
  CHECK(simulated.search(body).parsed().at("meta").at("total") == 4);
}

TEST_CASE("Another present moves the two-year line") {
  const Simulated simulated;
  CHECK(simulated.put("/_simulator/now?time=2028-02-29T12:00:00Z", "").status == 200);
  CHECK(simulated.truth("stream=tag").at("horizon") == "2026-02-28T12:00:00.000Z");
  const json recent = simulated.read(ascending("conversation"));
  CHECK(recent.size() < 50);
  CHECK(simulated.put("/_simulator/now?time=soon", "").status == 400);
}

TEST_CASE("Requests are recorded with what they were for, and without the token") {
  const Simulated simulated;
  simulated.search(ascending("conversation"), "page=2&pageSize=50");
  simulated.get("/v1/users/current");
  const auto answer = simulated.get("/_simulator/requests");
  CHECK(answer.body.find("sim-api-token") == std::string::npos);
  const json requests = answer.parsed();
  REQUIRE(requests.size() == 2);
  CHECK(requests.at(0).at("step") == "page");
  CHECK(requests.at(0).at("event") == "conversation");
  CHECK(requests.at(0).at("page") == 2);
  CHECK(requests.at(0).at("records") == 50);
  CHECK(requests.at(0).at("status") == 200);
  CHECK(requests.at(0).at("headers").at("Authorization") == "right");
  CHECK(requests.at(1).at("step") == "");
  CHECK(answer.body.find(R"("step":"page")") != std::string::npos);
}

TEST_CASE("Compressed and plain pages say the same, whatever rows they hold") {
  Options options = Simulated::options();
  options.record_bytes = 5'000;
  Simulated simulated(options);
  simulated.post("/_simulator/rows?stream=conversation&do=update&rows=40", "");
  httplib::Headers gzip = Simulated::credentials();
  gzip.emplace("Accept-Encoding", "gzip");
  for (const int page : {1, 2, 7}) {
    const std::string target = "/v1/customers/search?pageSize=130&page=" + std::to_string(page);
    const std::string body = ascending("conversation").dump();
    const auto plain = simulated.post(target, body), compressed = simulated.post(target, body, gzip);
    CHECK(compressed.header("Content-Encoding") == "gzip");
    CHECK(plain.body == compressed.body);
    CHECK(json::accept(plain.body));
  }
  const std::string one = simulated.search(ascending("conversation"), "pageSize=100").body;
  CHECK(one.size() / 100 > 4'000);
  CHECK(one.size() / 100 < 6'000);
}

TEST_CASE("Records have the oddities of live data") {
  const Simulated simulated;
  std::size_t null_data = 0, no_relationships = 0, colliding = 0, long_ids = 0;
  for (const json& record : simulated.read(ascending("conversation"))) {
    const json& attributes = record.at("attributes");
    no_relationships += record.contains("relationships") ? 0 : 1;
    const json relationships = record.value("relationships", json::object());
    for (const auto& [name, value] : relationships.items()) {
      null_data += value.contains("data") && value.at("data").is_null() ? 1 : 0;
    }
    colliding += attributes.contains("externalID") && attributes.contains("external_id") ? 1 : 0;
    long_ids += attributes.at("custom").contains("ledgerNum") ? 1 : 0;
  }
  CHECK(null_data > 100);
  CHECK(no_relationships > 5);
  CHECK(colliding > 20);
  CHECK(long_ids > 50);
  std::set<json::value_t> address_types;
  for (const json& record : simulated.read(ascending("message"))) {
    address_types.insert(record.at("attributes").at("meta").at("to").type());
  }
  CHECK(address_types ==
        std::set{json::value_t::string, json::value_t::object, json::value_t::array, json::value_t::null});
}

}  // namespace
}  // namespace engagement::simulator::kustomer
