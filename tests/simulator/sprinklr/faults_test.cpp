#include "client.hpp"

namespace engagement::simulator::sprinklr {
namespace {

using nlohmann::json;

TEST_CASE("Over the limits of a second and an hour the answer is a 429 that says when to come back") {
  Options options = Simulated::options();
  options.per_second = 3;
  options.per_hour = 5;
  Simulated simulated(options);
  for (int call = 0; call < 3; ++call) CHECK(simulated.get("/api/v2/me").status == 200);
  const auto second = simulated.get("/api/v2/me");
  CHECK(second.status == 429);
  CHECK(second.header("Retry-After") == "1");
  simulated.clock.advance(std::chrono::seconds(1));
  CHECK(simulated.get("/api/v2/me").header("X-RateLimit-Remaining") == "1");
  CHECK(simulated.get("/api/v2/me").status == 200);
  const auto hour = simulated.get("/api/v2/me");
  CHECK(hour.status == 429);
  CHECK(hour.header("Retry-After") == "3599");
  CHECK(hour.header("X-RateLimit-Limit") == "5");
  CHECK(hour.json().at("errors").at(0).at("code") == "RATE_LIMIT_EXCEEDED");
  CHECK(hour.json().at("errors").at(0).at("details").at("resetAt") == "2026-03-01T01:00:00Z");
  simulated.clock.advance(std::chrono::hours(1));
  CHECK(simulated.get("/api/v2/me").status == 200);
}

TEST_CASE("What is forbidden answers 403, or 400 where that was asked for") {
  Options options = Simulated::options();
  options.forbidden = {"POST_INSIGHTS", "TASK", "scim"};
  CHECK(Simulated(options).report(Simulated::query()).error() == "Forbidden");
  options.forbidden_400 = true;
  const Simulated simulated(options);
  const auto task = simulated.post("/api/v2/search/TASK", json::object());
  CHECK(task.status == 400);
  CHECK(task.error() == "Access to resource is forbidden");
  CHECK(simulated.get("/api/v2/scim/Users").status == 400);
  CHECK(simulated.post("/api/v2/search/CASE", json::object()).status == 200);
}

TEST_CASE("The gateway's refusals are XML with its own header, or JSON") {
  Simulated simulated;
  const auto answer = [&](const char* rule) {
    simulated.fault(json::parse(rule));
    return simulated.report(Simulated::query());
  };
  const auto qps = answer(R"({"fault":"over_qps","retry_after":1})");
  CHECK(qps.status == 403);
  CHECK(qps.body == "<h1>Developer Over Qps</h1>");
  CHECK(qps.header("X-Mashery-Error-Code") == "ERR_403_DEVELOPER_OVER_QPS");
  CHECK(qps.header("Retry-After") == "1");
  CHECK(answer(R"({"fault":"over_rate","json":true})").error() == "Developer Over Rate");
  CHECK(answer(R"({"fault":"try_again"})").error() == "Please try again");
  CHECK(answer(R"({"fault":"beyond_cap"})").error() == "Cannot fetch more than 10000 messages overall");
  const auto application = answer(R"({"fault":"app_errors","message":"odd"})");
  CHECK(application.status == 200);
  CHECK(application.error() == "odd");
  CHECK(answer(R"({"fault":"bare_message","message":"gone"})").body == R"({"message":"gone"})");
  CHECK(answer(R"({"fault":"misdirected"})").status == 421);
  CHECK(answer(R"({"fault":"html_page"})").status == 502);
  CHECK(simulated.report(Simulated::query()).status == 200);
}

TEST_CASE("Large pages can time out while smaller ones do not") {
  Simulated simulated;
  simulated.fault({{"fault", "timeout_above"}, {"page_size", 200}, {"times", 0}});
  CHECK(simulated.report(Simulated::query(0, 500)).status == 504);
  CHECK(simulated.report(Simulated::query(0, 200)).status == 200);
}

TEST_CASE("A repeated page is the one before, and an empty one says that there is more") {
  Simulated simulated;
  const json first = simulated.report(Simulated::query(0)).json();
  simulated.fault({{"fault", "repeat_page"}});
  CHECK(simulated.report(Simulated::query(1)).json().at("data").at("data") == first.at("data").at("data"));
  simulated.fault({{"fault", "empty_page"}});
  CHECK(simulated.report(Simulated::query(0)).body == R"({"data":{"hasMore":true},"errors":[]})");
  simulated.fault({{"fault", "null_rows"}});
  CHECK(simulated.report(Simulated::query(0)).body == R"({"data":{"data":null,"hasMore":true},"errors":[]})");
}

TEST_CASE("Faults of one record alter that one alone, in objects and in lists") {
  Simulated simulated;
  json query = Simulated::query(0, 5);
  for (const bool objects : {true, false}) {
    query["jsonResponse"] = objects;
    simulated.fault({{"fault", "bad_utf8"}, {"record", 3}});
    CHECK(simulated.report(query).body.find("\xff\xfe") != std::string::npos);
    simulated.fault({{"fault", "raw_members"}, {"record", 3}, {"text", R"("sim":7)"}});
    const json rows = simulated.report(query).json().at("data").at(objects ? "data" : "rows");
    const json whole = simulated.report(query).json().at("data").at(objects ? "data" : "rows");
    for (std::size_t at = 0; at < 5; ++at) CHECK((rows[at] == whole[at]) == (at != 3));
  }
  simulated.fault({{"fault", "raw_record"}, {"text", "null"}});
  CHECK(simulated.post("/api/v2/search/CASE", json::object()).json().at("data").at("results").at(0).is_null());
}

TEST_CASE("A cut connection is no answer, and a rotated token is a 401") {
  Simulated simulated;
  simulated.fault({{"fault", "truncate_body"}});
  CHECK(simulated.report(Simulated::query()).status == -1);
  simulated.fault({{"fault", "reset"}});
  CHECK(simulated.report(Simulated::query()).status == -1);
  simulated.fault({{"fault", "rotated"}, {"match", {{"event", "POST_INSIGHTS"}, {"page", 1}}}});
  CHECK(simulated.report(Simulated::query(0)).status == 200);
  CHECK(simulated.report(Simulated::query(1)).status == 401);
}

TEST_CASE("Compressed and plain answers are the same text") {
  const Simulated simulated;
  auto headers = simulated.credentials();
  const std::string body = Simulated::query(0, 1000).dump();
  const auto plain = simulated.post("/api/v2/reports/query", body, headers, "application/json");
  headers.emplace("Accept-Encoding", "gzip");
  const auto compressed = simulated.post("/api/v2/reports/query", body, headers, "application/json");
  CHECK(compressed.header("Content-Encoding") == "gzip");
  CHECK(compressed.body == plain.body);  // the client inflates it
  CHECK(std::stoul(compressed.header("Content-Length")) < plain.body.size() / 2);
  CHECK(plain.header("Content-Encoding").empty());
}

TEST_CASE("Wrong methods, media types and paths are refused, and every page is logged as one") {
  const Simulated simulated;
  CHECK(simulated.get("/api/v2/nothing").status == 404);
  CHECK(simulated.get("/oauth/token").status == 405);
  CHECK(simulated.post("/api/v2/reports/query", "{}", simulated.credentials(), "text/plain").status == 415);
  simulated.report(Simulated::query(2));
  const json last = simulated.get("/_simulator/requests").json().back();
  CHECK(last.at("step") == "page");
  CHECK(last.at("event") == "POST_INSIGHTS");
  CHECK(last.at("page") == 2);
  CHECK(last.at("records") == 500);
  CHECK(last.at("status") == 200);
  CHECK(last.at("headers").at("Authorization") == "right");
}

}  // namespace
}  // namespace engagement::simulator::sprinklr
