#include <algorithm>

#include "client.hpp"
#include "core/error.hpp"

namespace engagement::simulator::kustomer {
namespace {

const json kBody =
    ascending("conversation", range("conversation_updated_at", "2025-12-01T00:00:00Z", "2026-02-01T00:00:00Z"));

TEST_CASE("Failures take the place of the answer, in either form of errors") {
  Simulated simulated;
  const auto answer = [&](const json& rule) {
    simulated.fault(rule);
    return simulated.search(kBody);
  };
  const auto plain = answer({{"fault", "error"}, {"status", 503}, {"code", "busy"}, {"message", "Try later"}});
  CHECK(plain.status == 503);
  CHECK(plain.body == R"({"errors":[{"code":"busy","message":"Try later","meta":{}}]})");
  const auto api = answer({{"fault", "error"}, {"status", 400}, {"shape", "jsonapi"}});
  CHECK(api.parsed().at("errors").at(0).at("status") == "400");
  CHECK(answer({{"fault", "expired"}}).status == 401);
  CHECK(answer({{"fault", "pod"}}).body.find("pod prod2 but request is being handled by prod1") != std::string::npos);
  CHECK(answer({{"fault", "missing_role"}, {"role", "message"}}).status == 403);
  CHECK(answer({{"fault", "page_404"}}).status == 404);
  CHECK(answer({{"fault", "html_page"}, {"status", 200}}).header("Content-Type") == "text/html");
  CHECK(answer({{"fault", "garbage"}}).status == 200);
  CHECK(answer({{"fault", "reset"}}).status == -1);
  CHECK(answer({{"fault", "truncate_body"}}).status == -1);
  CHECK(simulated.search(kBody).status == 200);
  CHECK_THROWS_AS(simulated.fault({{"fault", "nonsense"}}), ConnectorError);
}

TEST_CASE("A 429 comes with the rate headers or without them") {
  Simulated simulated;
  simulated.fault(json::array({{{"fault", "rate429"}, {"reset_seconds", 5}, {"retry_after", 3}},
                               {{"fault", "rate429"}, {"headers", false}, {"match", {{"nth", 2}}}}}));
  const auto with = simulated.search(kBody), without = simulated.search(kBody);
  CHECK(with.status == 429);
  const auto now = std::chrono::floor<std::chrono::seconds>(simulated.clock.now()).time_since_epoch().count();
  CHECK(with.header("x-ratelimit-reset") == std::to_string(now + 5));
  CHECK(with.header("x-ratelimit-remaining") == "0");
  CHECK(with.header("Retry-After") == "3");
  CHECK(without.status == 429);
  CHECK(without.header("x-ratelimit-reset").empty());
}

TEST_CASE("Searches and all requests have a limit a minute, told by headers") {
  Options options = Simulated::options();
  options.searches_per_minute = 3;
  options.requests_per_minute = 6;
  Simulated simulated(options);
  CHECK(simulated.search(kBody).header("x-ratelimit-remaining") == "2");
  CHECK(simulated.search(kBody).header("x-ratelimit-limit") == "3");
  CHECK(simulated.search(kBody).status == 200);
  const auto over = simulated.search(kBody);
  CHECK(over.status == 429);
  const auto end = simulated.clock.now() + std::chrono::minutes(1);
  CHECK(over.header("x-ratelimit-reset") ==
        std::to_string(std::chrono::floor<std::chrono::seconds>(end).time_since_epoch().count()));
  CHECK(simulated.get("/v1/users").header("x-ratelimit-limit") == "6");
  CHECK(simulated.get("/v1/users").status == 200);
  CHECK(simulated.get("/v1/users").status == 429);
  simulated.clock.advance(std::chrono::minutes(1));
  CHECK(simulated.search(kBody).status == 200);
}

TEST_CASE("Pages that lie, or lack what they should have") {
  Simulated simulated;
  const json rows = simulated.truth("stream=conversation&from=2025-12-01T00:00:00Z&until=2026-02-01T00:00:00Z");
  const auto page = [&](const json& rule) {
    simulated.fault(rule);
    return simulated.search(kBody, "pageSize=10").parsed();
  };
  const json partial = page({{"fault", "timed_out"}, {"rows", 3}});
  CHECK(partial.at("meta").at("timed_out") == true);
  CHECK(partial.at("data").size() == 3);
  CHECK(partial.at("meta").at("total") == 3);
  CHECK(partial.at("links").at("next").is_null());
  CHECK(page({{"fault", "lying_total"}, {"total", 12}}).at("meta").at("total") == 12);
  CHECK_FALSE(page({{"fault", "no_meta_total"}}).at("meta").contains("total"));
  CHECK_FALSE(page({{"fault", "no_links"}}).contains("links"));
  CHECK(page({{"fault", "no_next"}}).at("links").at("next").is_null());
  CHECK_FALSE(page({{"fault", "no_next_key"}}).at("links").contains("next"));
  CHECK(page({{"fault", "timed_out"}, {"open", true}}).at("meta").at("timed_out") == false);
  json open = kBody;
  open.at("and").erase(1);
  simulated.fault({{"fault", "timed_out"}, {"open", true}});
  CHECK(simulated.search(open).parsed().at("meta").at("timed_out") == true);
  CHECK(page({{"fault", "next_again"}}).at("links").at("next") == "/v1/customers/search?page=1&pageSize=10");
  CHECK(page(json::array()).at("meta").at("total") == rows.at("count"));
}

TEST_CASE("An empty or a repeated page in the middle takes no row from who reads on") {
  for (const char* kind : {"empty_page", "repeat_page"}) {
    for (const std::uint64_t at : {1U, 2U}) {
      Simulated simulated;
      const std::set<std::string> expected = id_set(simulated.read(kBody, 10));
      simulated.fault({{"fault", kind}, {"match", {{"page", at}}}});
      const json found = simulated.read(kBody, 10);
      CHECK(id_set(found) == expected);
      const bool repeats = std::string(kind) == "repeat_page" && at == 2;
      CHECK(found.size() == expected.size() + (repeats ? 10 : 0));
      CHECK(simulated.service.state().faults.list().at(0).at("committed") == 1);
    }
  }
}

TEST_CASE("A fault can be meant for one stream's pages") {
  Simulated simulated;
  simulated.fault({{"fault", "page_404"}, {"times", 0}, {"match", {{"event", "user"}, {"page", 2}}}});
  CHECK(simulated.get("/v1/users").status == 200);
  CHECK(simulated.get("/v1/users?page=2").status == 404);
  CHECK(simulated.get("/v1/tags?page=2").status == 200);
  CHECK(simulated.get("/v1/users/current").status == 200);
}

TEST_CASE("Lists that belong to one resource have faults of pages, too") {
  Simulated simulated;
  const std::string id = simulated.data("/v1/conversations").at(0).at("id");
  simulated.fault(json::array({{{"fault", "no_links"}, {"match", {{"event", "conversation_events"}}}},
                               {{"fault", "bad_utf8"}, {"match", {{"event", "kobject_order"}}}}}));
  CHECK_FALSE(simulated.get("/v1/conversations/" + id + "/events").parsed().contains("links"));
  CHECK(simulated.get("/v1/conversations/" + id + "/events").parsed().contains("links"));
  CHECK_FALSE(json::accept(simulated.get("/v1/klasses/order").body));
  CHECK(json::accept(simulated.get("/v1/klasses/order").body));
  const json requests = simulated.get("/_simulator/requests").parsed();
  CHECK(requests.at(1).at("step") == "page");
  CHECK(requests.at(1).at("event") == "conversation_events");
}

TEST_CASE("Rows move while a list is read") {
  Simulated simulated;
  simulated.fault({{"fault", "moving"}, {"inserts", 2}, {"match", {{"event", "tag"}, {"page", 2}}}});
  CHECK(simulated.read_list("/v1/tags").size() == 232);
}

TEST_CASE("One record can be spoiled and the others stay as they are") {
  Simulated simulated;
  const auto page = [&](const json& rule) {
    simulated.fault(rule);
    return simulated.search(kBody, "pageSize=4").body;
  };
  const json plain = json::parse(page(json::array()));
  CHECK_FALSE(json::accept(page({{"fault", "bad_number"}, {"record", 2}})));
  CHECK(page({{"fault", "lone_surrogate"}}).find(R"(lone \ud800)") != std::string::npos);
  CHECK(json::parse(page({{"fault", "pretty"}})) == plain);
  const json odd = json::parse(page({{"fault", "wrong_updated_at"}, {"record", 1}, {"value", 7}}));
  CHECK(odd.at("data").at(1).at("attributes").at("updatedAt") == 7);
  CHECK(odd.at("data").at(0) == plain.at("data").at(0));
  const json missing = json::parse(page({{"fault", "wrong_updated_at"}, {"all", true}, {"missing", true}}));
  for (const json& record : missing.at("data")) CHECK_FALSE(record.at("attributes").contains("updatedAt"));
  CHECK(json::parse(page({{"fault", "raw_record"}, {"text", "null"}})).at("data").at(0).is_null());
  CHECK(json::parse(page({{"fault", "collision"}})).at("data").at(0).at("attributes").at("slaData") == 1);
}

}  // namespace
}  // namespace engagement::simulator::kustomer
