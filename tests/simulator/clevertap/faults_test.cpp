#include "simulator/common/faults.hpp"

#include <algorithm>

#include "client.hpp"
#include "core/error.hpp"

namespace engagement::simulator::clevertap {
namespace {

using nlohmann::json;

std::string committed(Faults& faults, int requests,
                      const FaultSubject& subject = {"GET", "/1/events.json", "page", "A", 0, "t"}) {
  std::string marks;
  for (int request = 0; request < requests; ++request) marks += faults.next(subject) ? 'x' : '.';
  return marks;
}

TEST_CASE("A fault is committed at the nth matching request, at every so many, and as often as it says") {
  const test::FakeClock clock;
  Faults faults(fault_kinds(), clock);
  const auto marks = [&](const char* rule) {
    faults.replace(json::parse(rule));
    return committed(faults, 8);
  };
  CHECK(marks(R"({"fault":"code1"})") == "x.......");
  CHECK(marks(R"({"fault":"code1","times":3})") == "xxx.....");
  CHECK(marks(R"({"fault":"code1","times":0})") == "xxxxxxxx");
  CHECK(marks(R"({"fault":"code1","match":{"nth":3},"times":2})") == "..xx....");
  CHECK(marks(R"({"fault":"code1","match":{"every":3},"times":0})") == "..x..x..");
  CHECK(marks(R"({"fault":"code1","match":{"nth":2,"every":3},"times":2})") == ".x..x...");
  CHECK(marks(R"({"fault":"code1","match":{"event":"B"},"times":0})") == "........");
  CHECK(marks(R"({"fault":"code1","match":{"method":"GET","path":"/1/events.json","page":0}})") == "x.......");
}

TEST_CASE("A fault that concerns pages leaves other requests alone") {
  const test::FakeClock clock;
  Faults faults(fault_kinds(), clock);
  faults.replace(json::parse(R"([{"fault":"empty_page","times":0}])"));
  CHECK(committed(faults, 2, {"POST", "/1/events.json", "create", "A", std::nullopt, "t"}) == "..");
  CHECK(committed(faults, 2) == "xx");
}

TEST_CASE("Not ready for some seconds means the same request until they are over") {
  test::FakeClock clock;
  Faults faults(fault_kinds(), clock);
  faults.replace(json::parse(R"({"fault":"code2","not_ready_seconds":5})"));
  CHECK(committed(faults, 2) == "xx");
  CHECK(committed(faults, 1, {"GET", "/1/events.json", "page", "A", 1, "another"}) == ".");
  clock.advance(std::chrono::seconds(6));
  CHECK(committed(faults, 2) == "..");
}

TEST_CASE("A rule that is not understood is refused and the old ones stay") {
  const test::FakeClock clock;
  Faults faults(fault_kinds(), clock);
  faults.replace(json::parse(R"([{"fault":"code1"}])"));
  for (const char* rule : {R"({"fault":"cod1"})", R"({"fault":"code1","tims":2})", R"({"fault":"code1","times":-1})",
                           R"({"fault":"short_page","rows":"two"})", R"({"fault":"code1","match":{"n":1}})", "7"}) {
    CHECK_THROWS_AS(faults.replace(json::parse(rule)), ConnectorError);
  }
  CHECK(faults.list().size() == 1);
}

TEST_CASE("Failures in HTTP 200 and rate limits say what they should") {
  Simulated simulated;
  const std::string cursor = simulated.cursor();
  const auto answer = [&](const char* rule) {
    simulated.fault(json::parse(rule));
    return simulated.page(cursor);
  };
  CHECK(answer(R"({"fault":"code1"})").body == R"({"status":"fail","error":"Request Throttled","code":1})");
  CHECK(answer(R"({"fault":"code2","status":202})").status == 202);
  CHECK(answer(R"({"fault":"code2"})").json().at("error") == "Request still in progress, please retry later");
  CHECK(answer(R"({"fault":"fail200","code":7,"error":"odd"})").body == R"({"status":"fail","error":"odd","code":7})");
  const auto limited = answer(R"({"fault":"rate429","retry_after":2})");
  CHECK(limited.status == 429);
  CHECK(limited.headers.find("Retry-After")->second == "2");
  CHECK(answer(R"({"fault":"html_page"})").status == 502);
  CHECK(answer(R"({"fault":"status","status":503,"body":{"a":1},"headers":{"X-A":"b"}})").body == R"({"a":1})");
  CHECK(!json::accept(answer(R"({"fault":"garbage"})").body));
  CHECK(simulated.page(cursor).json().at("status") == "success");
}

TEST_CASE("Short and empty pages lose no record, also when they are read again") {
  Simulated simulated;
  simulated.fault(
      json::parse(R"([{"fault":"empty_page","match":{"page":1}},{"fault":"short_page","rows":7,"match":{"page":2}}])"));
  std::vector<std::size_t> sizes;
  const json records = simulated.read("events", &sizes);
  CHECK(records.size() == 1'500);
  REQUIRE(sizes.size() > 3);
  CHECK(std::vector<std::size_t>(sizes.begin(), sizes.begin() + 4) == std::vector<std::size_t>{230, 0, 7, 230});
  CHECK(records == simulated.read("events"));
}

TEST_CASE("A repeated cursor is the one that was sent, and a cycle goes back one page") {
  Simulated simulated;
  const std::string first = simulated.cursor();
  const std::string second = simulated.page(first).json().at("next_cursor").get<std::string>();
  simulated.fault(json::parse(R"([{"fault":"repeat_cursor"},{"fault":"cursor_cycle"}])"));
  CHECK(simulated.page(second).json().at("next_cursor") == second);
  CHECK(simulated.page(second).json().at("next_cursor") == first);
}

TEST_CASE("An expired export stays expired") {
  Simulated simulated;
  const std::string cursor = simulated.cursor();
  simulated.fault(json::parse(R"({"fault":"expired_cursor"})"));
  CHECK(simulated.page(cursor).json().at("error") == "Invalid cursor");
  CHECK(simulated.page(cursor).json().at("error") == "Invalid cursor");
  CHECK(simulated.page(simulated.cursor()).json().at("status") == "success");
}

TEST_CASE("Faults of one record alter that one alone") {
  Simulated simulated;
  const std::string cursor = simulated.cursor();
  const json whole = simulated.page(cursor).json().at("records");
  const auto altered = [&](const std::string& rule) {
    simulated.fault(json::parse(rule));
    return simulated.page(cursor).body;
  };
  const auto valid_but_for_third = [&](const std::string& body, const json& expected_ts) {
    const json records = json::parse(body).at("records");
    for (std::size_t at = 0; at < records.size(); ++at) {
      if (at == 3 ? records[at].value("ts", json("gone")) != expected_ts : records[at] != whole[at]) return false;
    }
    return records[3] != whole[3];
  };
  CHECK(valid_but_for_third(altered(R"({"fault":"wrong_type_ts","record":3,"value":null})"), nullptr));
  CHECK(valid_but_for_third(altered(R"({"fault":"wrong_type_ts","record":3})"), "soon"));
  CHECK(valid_but_for_third(altered(R"({"fault":"wrong_type_ts","record":3,"missing":true})"), "gone"));
  CHECK(valid_but_for_third(altered(R"({"fault":"duplicate_keys","record":3})"), whole[3].at("ts")));
  CHECK(valid_but_for_third(altered(R"({"fault":"collision","record":3})"), whole[3].at("ts")));
  CHECK(valid_but_for_third(altered(R"({"fault":"line_separator","record":3})"), whole[3].at("ts")));
  CHECK(json::parse(altered(R"({"fault":"raw_record","record":3,"text":"17"})")).at("records")[3] == 17);
  CHECK(json::parse(altered(R"({"fault":"pretty"})")).at("records") == whole);
  CHECK(!json::parse(altered(R"({"fault":"missing_status"})")).contains("status"));
}

TEST_CASE("Faults of a record's text are what they are called") {
  Simulated simulated;
  const std::string cursor = simulated.cursor();
  const auto has = [&](const std::string& rule, const std::string& text) {
    simulated.fault(json::parse(rule));
    return simulated.page(cursor).body.find(text) != std::string::npos;
  };
  CHECK(has(R"({"fault":"bad_utf8"})", "\xff\xfe"));
  CHECK(has(R"({"fault":"lone_surrogate"})", R"(\ud800)"));
  CHECK(has(R"({"fault":"raw_newline"})", "line\nsecond"));
  CHECK(has(R"({"fault":"bad_number","form":"tru"})", ":tru,"));
  CHECK(has(R"({"fault":"bad_number","form":"missing_comma"})", R"(1 "sim b")"));
  CHECK(has(R"({"fault":"huge_numbers"})", "1e999"));
  CHECK(has(R"({"fault":"deep_nesting","depth":40})", std::string(40, '[') + std::string(40, ']')));
}

TEST_CASE("A cut or reset connection is no answer, and the same request succeeds after it") {
  Simulated simulated;
  const std::string cursor = simulated.cursor();
  for (const char* rule : {R"({"fault":"truncate_body"})", R"({"fault":"truncate_body","after_bytes":10})",
                           R"({"fault":"reset"})", R"({"fault":"reset","at":"body"})"}) {
    simulated.fault(json::parse(rule));
    CHECK(simulated.page(cursor).status == -1);
    CHECK(simulated.page(cursor).status == 200);
  }
}

TEST_CASE("Stalls and slow bodies take the time they say and change nothing") {
  Simulated simulated;
  const std::string cursor = simulated.cursor();
  const std::string whole = simulated.page(cursor).body;
  for (const char* rule : {R"({"fault":"stall","seconds":90})", R"({"fault":"stall","seconds":90,"at":"body"})"}) {
    const auto before = simulated.clock.waited();
    simulated.fault(json::parse(rule));
    CHECK(simulated.page(cursor).body == whole);
    CHECK(simulated.clock.waited() - before == std::chrono::seconds(90));
  }
  const auto before = simulated.clock.waited();
  simulated.fault(json::parse(R"({"fault":"slow","bytes_per_second":2000})"));
  CHECK(simulated.page(cursor).body == whole);
  const auto seconds = static_cast<std::size_t>((simulated.clock.waited() - before) / std::chrono::seconds(1));
  CHECK(seconds + 2 > whole.size() / 2'000);
  CHECK(seconds < whole.size() / 2'000 + 2);
}

TEST_CASE("A spoiled gzip body is whole for HTTP and broken inside") {
  Simulated simulated;
  const std::string cursor = simulated.cursor();
  const httplib::Headers gzip = {{"Accept-Encoding", "gzip"}};
  for (const char* rule : {R"({"fault":"corrupt_gzip"})", R"({"fault":"truncate_gzip"})"}) {
    simulated.fault(json::parse(rule));
    const auto answer = simulated.page(cursor, "events", gzip);
    const bool broken = answer.status == -1 || !json::accept(answer.body);
    CHECK(broken);
    CHECK(json::accept(simulated.page(cursor, "events", gzip).body));
  }
}

TEST_CASE("Late events are missing in the export under way and present in the next") {
  Simulated simulated;
  simulated.fault(json::parse(R"({"fault":"late_events","day":20260106,"rows":5,"match":{"step":"page"}})"));
  CHECK(simulated.read("events").size() == 1'500);
  CHECK(simulated.read("events").size() == 1'505);
  CHECK(simulated.get("/_simulator/truth?event=Charged&from=20260106&to=20260106").json().at("events") ==
        simulated.service.state().project.corpus().rows(0, day_from_number(20260106).value()) + 5);
}

TEST_CASE("An export that grows while it is read ends at its cap, and the rows stay") {
  Simulated simulated;
  simulated.fault(json::parse(R"({"fault":"growing","rows":230,"cap":1000,"match":{"step":"create"}})"));
  CHECK(simulated.read("events").size() == 2'500);
  CHECK(simulated.read("events").size() == 2'500);
}

TEST_CASE("An export of closed days does not grow") {
  Options options = Simulated::options();
  options.today += std::chrono::days(1);
  Simulated simulated(options);
  simulated.fault(json::parse(R"({"fault":"growing","rows":230,"match":{"step":"create"}})"));
  CHECK(simulated.read("events").size() == 1'500);
}

TEST_CASE("Faults can be set, listed and removed over HTTP") {
  const Simulated simulated;
  httplib::Client client("127.0.0.1", simulated.service.port());
  CHECK(client.Put("/_simulator/faults", R"([{"fault":"code1"}])", "application/json")->status == 200);
  CHECK(simulated.open().json().at("code") == 1);
  CHECK(json::parse(client.Get("/_simulator/faults")->body)[0].at("committed") == 1);
  CHECK(client.Put("/_simulator/faults", R"([{"fault":"cod1"}])", "application/json")->status == 400);
  CHECK(client.Delete("/_simulator/faults")->status == 200);
  CHECK(simulated.open().status == 200);
}

}  // namespace
}  // namespace engagement::simulator::clevertap
