#include <condition_variable>
#include <mutex>
#include <set>
#include <sstream>
#include <thread>

#include "client.hpp"
#include "simulator/common/http_text.hpp"

namespace engagement::simulator::clevertap {
namespace {

TEST_CASE("An export is opened with a cursor and ends with a page that has neither records nor a next cursor") {
  const Simulated simulated;
  const auto opened = simulated.open();
  CHECK(opened.status == 200);
  CHECK(opened.json().size() == 2);
  const auto first = simulated.page(opened.json().at("cursor").get<std::string>()).json();
  CHECK(first.at("records").size() == 230);
  CHECK(!first.contains("cursor"));

  std::string next = first.at("next_cursor").get<std::string>(), last;
  while (!next.empty()) {
    last = simulated.page(next).body;
    next = nlohmann::json::parse(last).value("next_cursor", "");
  }
  CHECK(last == R"({"status":"success"})");
}

TEST_CASE("The pages of an export hold exactly what the truth says, the last ones short") {
  const Simulated simulated;
  std::vector<std::size_t> sizes;
  const auto rows = simulated.read("events", &sizes);
  const auto truth = simulated.get("/_simulator/truth?event=Charged&from=20260105&to=20260118").json();
  CHECK(rows.size() == truth.at("events").get<std::size_t>());
  CHECK(rows.size() == 1'500);
  CHECK(std::set<nlohmann::json>(rows.begin(), rows.end()).size() == truth.at("distinct_rows").get<std::size_t>());
  CHECK(sizes.back() < 230);

  const auto people = simulated.read("profiles");
  CHECK(people.size() == truth.at("distinct_people").get<std::size_t>());
  CHECK(std::set<nlohmann::json>(people.begin(), people.end()).size() == people.size());
}

TEST_CASE("The direct rendering gives the same records as the export") {
  const Simulated simulated;
  const std::string lines = simulated.get("/_simulator/records?event=Charged&events=false").body;
  nlohmann::json expected = nlohmann::json::array();
  std::istringstream stream(lines);
  for (std::string line; std::getline(stream, line);) expected.push_back(nlohmann::json::parse(line));
  CHECK(simulated.read("events") == expected);
}

TEST_CASE("A cursor is 1.5 to 2.4 KB long, percent-encoded, and gives the same page each time") {
  const Simulated simulated;
  for (int i = 0; i < 20; ++i) {
    const std::string cursor = simulated.cursor();
    REQUIRE(cursor.size() > 1'500);
    REQUIRE(cursor.size() < 2'410);
    REQUIRE(cursor.find("%3D") != std::string::npos);
    REQUIRE(cursor.find_first_of("+/=") == std::string::npos);
  }
  const std::string cursor = simulated.cursor();
  CHECK(simulated.page(cursor).body == simulated.page(cursor).body);
}

TEST_CASE("A cursor that was encoded again, cut, altered or sent to the other API is incorrect usage in HTTP 200") {
  const Simulated simulated;
  const std::string cursor = simulated.cursor();
  std::string altered = cursor;
  altered[700] = altered[700] == 'A' ? 'B' : 'A';
  const auto refused = [](const Simulated::Answer& answer) {
    return answer.status == 200 && answer.body == R"({"status":"fail","error":"Incorrect Usage","code":3})";
  };
  CHECK(refused(simulated.page(percent_encode(cursor))));
  CHECK(refused(simulated.page(cursor.substr(0, cursor.size() - 4))));
  CHECK(refused(simulated.page(altered)));
  CHECK(refused(simulated.page(cursor, "profiles")));
  CHECK(refused(simulated.page("")));
  CHECK(!refused(simulated.page(cursor)));
}

TEST_CASE("The cursor of a page that was never reached is refused") {
  const Simulated simulated;
  simulated.cursor();
  CHECK(simulated.page(cursor_text(1, {0, 3})).json().at("code") == 3);
}

TEST_CASE("A page size is rounded down to whole multiples of 23, and is unlimited below") {
  const Simulated simulated;
  const auto first_page = [&](const char* batch) {
    return simulated.page(simulated.cursor("events", batch)).json().at("records").size();
  };
  CHECK(first_page("23") == 23);
  CHECK(first_page("50") == 46);
  CHECK(first_page("5") == 937);  // all 1 500: the first of an export's short pages
  CHECK(simulated.open("events", "5001").status == 400);
  CHECK(simulated.open("events", "many").status == 400);
  CHECK(simulated.open("events", "5000").status == 200);
}

TEST_CASE("Compressed pages hold the same as plain ones") {
  const Simulated simulated;
  const std::string cursor = simulated.cursor();
  const auto plain = simulated.page(cursor);
  const auto compressed = simulated.page(cursor, "events", {{"Accept-Encoding", "gzip, deflate"}});
  CHECK(plain.headers.count("Content-Encoding") == 0);
  CHECK(compressed.headers.find("Content-Encoding")->second == "gzip");
  CHECK(compressed.body == plain.body);
  CHECK(accepts_gzip("br;q=1, gzip;q=0.5"));
  CHECK(!accepts_gzip("gzip;q=0"));
  CHECK(!accepts_gzip("identity"));
}

TEST_CASE("Wrong or missing credentials are answered with 401 and logged without the passcode") {
  const Simulated simulated;
  httplib::Client client("127.0.0.1", simulated.service.port());
  const auto answer = client.Get("/getSchema?type=events",
                                 {{"x-clevertap-account-id", "TEST-ACC-001"}, {"x-clevertap-passcode", "typed wrong"}});
  CHECK(answer->status == 401);
  CHECK(answer->body == R"({"status":"fail","error":"Invalid Credentials","code":401})");
  CHECK(simulated.get("/getSchema?type=events").status == 200);
  const std::string log = simulated.get("/_simulator/requests").body;
  CHECK(log.find("typed wrong") == std::string::npos);
  CHECK(log.find("sim-passcode") == std::string::npos);
  CHECK(nlohmann::json::parse(log)[0].at("headers").at("x-clevertap-passcode") == "wrong");
  CHECK(nlohmann::json::parse(log)[1].at("authorized") == true);
}

TEST_CASE("Unknown, unseen and refused events and impossible days are errors") {
  const Simulated simulated;
  CHECK(simulated.open("events", "23", "charged").body ==
        R"({"status":"fail","error":"[\"Invalid event : charged\"]","code":400})");
  CHECK(simulated.open("events", "23", "Never Happened").status == 400);
  CHECK(simulated.open("events", "23", "Notification Sent").json().at("error") == "Export not allowed for this event");
  const auto code_of = [&](const char* from, const char* to) {
    const std::string body = std::string(R"({"event_name":"Charged","from":)") + from + R"(,"to":)" + to + "}";
    return simulated.post("/1/events.json", body).json().value("code", 0);
  };
  CHECK(code_of("20260231", "20260301") == 4002);
  CHECK(code_of("20260110", "20260109") == 4002);
  CHECK(code_of("\"2026-01-10\"", "20260111") == 4002);
  CHECK(code_of("20260110", "20260110") == 0);
  CHECK(code_of("20260110", "20990110") == 0);
}

TEST_CASE("A day after today is an error where that was asked for") {
  Options options = Simulated::options();
  options.reject_future_to = true;
  const Simulated simulated(options);
  const std::string start = R"({"event_name":"Charged","from":20260110,"to":)";
  CHECK(simulated.post("/1/events.json", start + "20260118}").status == 200);
  CHECK(simulated.post("/1/events.json", start + "20260119}").status == 400);
}

TEST_CASE("Days without events give a cursor and at once the terminal page") {
  const Simulated simulated;
  const auto opened = simulated.post("/1/events.json", R"({"event_name":"Charged","from":20200101,"to":20200131})");
  CHECK(simulated.page(opened.json().at("cursor").get<std::string>()).body == R"({"status":"success"})");
}

TEST_CASE("An export's cursors expire in time or by reads") {
  Options options = Simulated::options();
  options.cursor_reads = 2;
  options.cursor_life = std::chrono::hours(4);
  Simulated simulated(options);
  const std::string read = simulated.cursor(), waiting = simulated.cursor();
  CHECK(simulated.page(read).json().at("status") == "success");
  CHECK(simulated.page(read).json().at("status") == "success");
  CHECK(simulated.page(read).json().at("error") == "Invalid cursor");
  simulated.clock.advance(std::chrono::hours(5));
  CHECK(simulated.page(waiting).json().at("error") == "Invalid cursor");
}

TEST_CASE("From a pool, whole pages come round again") {
  Options options = Simulated::options();
  options.pool = 2;
  const Simulated simulated(options);
  std::vector<nlohmann::json> pages;
  for (std::string next = simulated.cursor(); !next.empty();) {
    const auto page = simulated.page(next).json();
    if (page.contains("records")) pages.push_back(page.at("records"));
    next = page.value("next_cursor", "");
  }
  REQUIRE(pages.size() > 4);
  CHECK(pages[2] == pages[0]);
  CHECK(pages[3] == pages[1]);
  CHECK(pages[1] != pages[0]);
}

TEST_CASE("The schema lists every event, the refused ones too") {
  const Simulated simulated;
  std::set<std::string> names;
  const nlohmann::json schema = simulated.get("/getSchema?type=events").json();
  for (const auto& event : schema.at("events")) {
    names.insert(event.at("name").get<std::string>());
  }
  CHECK(names == std::set<std::string>{"Charged", "Order Cancel / Fail", "Notification Sent", "Never Happened"});
  CHECK(simulated.get("/getSchema?type=userProperties").json().at("userProperties").size() > 5);
}

TEST_CASE("One profile is found by exactly one of identity, email and objectId") {
  const Simulated simulated;
  const auto& people = simulated.service.state().project.people_text();
  Person person = 0;
  while (people.email(person).find('+') == std::string::npos) ++person;
  const std::string target = "/1/profile.json?email=" + percent_encode(people.email(person));
  const auto record = simulated.get(target).json().at("record");
  CHECK(record.at("identity") == people.identity(person));
  CHECK(simulated.get("/1/profile.json?objectId=" + people.object_id(person, 0)).json().at("record") == record);
  CHECK(simulated.get("/1/profile.json?identity=nobody").status == 404);
  CHECK(simulated.get(target + "&identity=1").json().at("code") == 3);
}

TEST_CASE("A fourth request at a time to one API is refused with 429, not one to another API") {
  Options options = Simulated::options();
  options.latency = std::chrono::milliseconds(10);
  Simulated simulated(options);
  std::mutex mutex;
  std::condition_variable changed;
  int waiting = 0;
  bool released = false;
  simulated.clock.on_wait([&](std::chrono::milliseconds) {
    std::unique_lock lock(mutex);
    ++waiting;
    changed.notify_all();
    changed.wait(lock, [&] { return released; });
  });
  std::vector<int> statuses(4, 0);
  std::vector<std::thread> clients;
  for (std::size_t client = 0; client < 3; ++client) {
    clients.emplace_back([&, client] { statuses[client] = simulated.open().status; });
  }
  {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return waiting == 3; });
  }
  const auto refused = simulated.open();
  clients.emplace_back([&] { statuses[3] = simulated.open("profiles").status; });
  {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return waiting == 4; });
    released = true;
    changed.notify_all();
  }
  for (std::thread& client : clients) client.join();
  simulated.clock.on_wait(nullptr);
  CHECK(refused.status == 429);
  CHECK(refused.json().at("error") == "Too many concurrent requests");
  CHECK(statuses == std::vector<int>{200, 200, 200, 200});
  CHECK(simulated.open().status == 200);
}

TEST_CASE("The log says how each request was made and answered") {
  Simulated simulated;
  simulated.page(simulated.cursor(), "events", {{"Content-Type", "application/json"}});
  const auto log = simulated.get("/_simulator/requests").json();
  REQUIRE(log.size() == 2);
  CHECK(log[0].at("step") == "create");
  CHECK(nlohmann::json::parse(log[0].at("body").get<std::string>()).at("to") == "20260118");
  CHECK(log[1].at("event") == "Charged");
  CHECK(log[1].at("cursor_verbatim") == true);
  CHECK(log[1].at("content_type_on_get") == true);
  CHECK(log[1].at("status") == 200);
  CHECK(log[1].at("records") == 230);
  CHECK(log[1].at("in_flight_ms").is_number());
  simulated.service.state().log.reset();
  CHECK(simulated.get("/_simulator/requests").json().empty());
}

}  // namespace
}  // namespace engagement::simulator::clevertap
