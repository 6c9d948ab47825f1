#include <algorithm>

#include "client.hpp"

namespace engagement::simulator::kustomer {
namespace {

TEST_CASE("The standard search and the archive together have every row once") {
  const Simulated simulated;
  for (const char* context : {"conversation", "customer", "message", "kobject"}) {
    const json standard = simulated.read(ascending(context)), archive = simulated.read(ascending(context), 500, true);
    std::set<std::string> all = id_set(standard);
    all.merge(id_set(archive));
    const json truth = simulated.truth(std::string("stream=") + context);
    CHECK(standard.size() + archive.size() == truth.at("count"));
    CHECK(all == id_set(truth.at("rows")));
    CHECK(archive.size() == truth.at("archived"));
    CHECK(archive.size() > 100);
    const std::string horizon = truth.at("horizon");
    CHECK(horizon == "2024-03-01T00:00:00.000Z");
    for (const json& record : standard) CHECK(record.at("attributes").at("updatedAt") >= horizon);
    for (const json& record : archive) CHECK(record.at("attributes").at("updatedAt") < horizon);
  }
}

TEST_CASE("A search's reply has the vendor's shape") {
  const Simulated simulated;
  const json reply = simulated.search(ascending("conversation"), "pageSize=7&page=2").parsed();
  CHECK(reply.at("meta").at("page") == 2);
  CHECK(reply.at("meta").at("pageSize") == 7);
  CHECK(reply.at("meta").at("timed_out") == false);
  CHECK(reply.at("meta").at("aggregations") == json::object());
  const std::uint64_t total = reply.at("meta").at("total");
  CHECK(reply.at("meta").at("totalPages") == (total + 6) / 7);
  const json& links = reply.at("links");
  CHECK(links.at("self") == "/v1/customers/search?page=2&pageSize=7");
  CHECK(links.at("first") == "/v1/customers/search?page=1&pageSize=7");
  CHECK(links.at("prev") == "/v1/customers/search?page=1&pageSize=7");
  CHECK(links.at("next") == "/v1/customers/search?page=3&pageSize=7");
  CHECK(reply.at("data").size() == 7);
  const json& record = reply.at("data").at(0);
  CHECK(record.at("type") == "conversation");
  CHECK(record.at("id").get<std::string>().size() == 24);
  CHECK(record.at("links").at("self") == "/v1/conversations/" + record.at("id").get<std::string>());
}

TEST_CASE("A page is at most 500 rows, 100 if no size is given, and no error if more are asked for") {
  const Simulated simulated;
  CHECK(simulated.search(ascending("message"), "pageSize=2000").parsed().at("data").size() == 500);
  CHECK(simulated.search(ascending("message"), "").parsed().at("data").size() == 100);
  CHECK(simulated.search(ascending("message"), "pageSize=many").status == 400);
  CHECK(simulated.search(ascending("message"), "page=0").status == 400);
}

TEST_CASE("Past the row limit a page is a 404 although the page before has a next link and the total says more") {
  Options options = Simulated::options();
  options.row_limit = 600;
  const Simulated simulated(options);
  const json last = simulated.search(ascending("conversation"), "pageSize=200&page=3").parsed();
  CHECK(last.at("links").at("next") == "/v1/customers/search?page=4&pageSize=200");
  CHECK(last.at("meta").at("total") > 600);
  const auto beyond = simulated.search(ascending("conversation"), "pageSize=200&page=4");
  CHECK(beyond.status == 404);
  CHECK(beyond.parsed().at("errors").at(0).at("code") == "not_found");
  CHECK(simulated.search(ascending("conversation"), "pageSize=5&page=100").status == 200);
  CHECK(simulated.search(ascending("conversation"), "pageSize=5&page=101").status == 404);
}

TEST_CASE("A total may be capped, and the pages go on") {
  Options options = Simulated::options();
  options.total_cap = 300;
  const Simulated simulated(options);
  const json page = simulated.search(ascending("conversation"), "pageSize=200&page=2").parsed();
  CHECK(page.at("meta").at("total") == 300);
  CHECK(page.at("data").size() == 200);
  CHECK(page.at("links").at("next") == "/v1/customers/search?page=3&pageSize=200");
}

TEST_CASE("A window is inclusive below and exclusive above, and counts what it holds") {
  const Simulated simulated;
  const json rows = simulated.truth("stream=conversation&from=2025-06-01T00:00:00Z").at("rows");
  const std::string from = rows.at(10).at("updatedAt"), until = rows.at(30).at("updatedAt");
  const json reply =
      simulated.search(ascending("conversation", range("conversation_updated_at", from, until))).parsed();
  CHECK(reply.at("meta").at("total") == 20);
  CHECK(reply.at("links").at("next").is_null());
  CHECK(reply.at("data").at(0).at("id") == rows.at(10).at("id"));
  CHECK(reply.at("data").at(19).at("id") == rows.at(29).at("id"));
  const json both =
      json::array({{{"conversation_updated_at", {{"gt", from}}}}, {{"conversation_updated_at", {{"lte", until}}}}});
  CHECK(ids_of(simulated.search(ascending("conversation", both)).parsed().at("data")).front() ==
        rows.at(11).at("id").get<std::string>());
}

TEST_CASE("Deleted rows are hidden unless they are asked for") {
  const Simulated simulated;
  json body = ascending("conversation");
  const json with = simulated.read(body);
  body.erase("includeDeleted");
  const json without = simulated.read(body);
  const auto is_deleted = [](const json& record) { return record.at("attributes").value("deleted", false); };
  const auto deleted = std::count_if(with.begin(), with.end(), is_deleted);
  CHECK(deleted > 5);
  CHECK(std::none_of(without.begin(), without.end(), is_deleted));
  CHECK(with.size() - without.size() == static_cast<std::size_t>(deleted));
}

TEST_CASE("Criteria of other attributes and other sorts are obeyed") {
  const Simulated simulated;
  const json all = simulated.read(ascending("conversation"));
  json body = {{"queryContext", "conversation"},
               {"and", json::array({{{"conversation_created_at", {{"gte", "2025-09-01"}}}}})},
               {"or", json::array({{{"conversation_status", {{"equals", "open"}}}},
                                   {{"conversation_status", {{"in", {"done"}}}}}})},
               {"not", json::array({{{"conversation_customer_id", {{"not_set", ""}}}}})},
               {"sort", json::array({{{"conversation_created_at", "desc"}}})},
               {"includeDeleted", true}};
  const json found = simulated.read(body, 100);
  std::set<std::string> expected;
  for (const json& record : all) {
    const json& attributes = record.at("attributes");
    const json customer = record.value("relationships", json::object()).value("customer", json::object());
    if (attributes.at("createdAt") < "2025-09-01" || attributes.at("status") == "snoozed") continue;
    if (!record.contains("relationships") || !customer.at("data").is_null()) expected.insert(record.at("id"));
  }
  // Rows without relationships have a customer that they do not show: they may or may not be found.
  for (const std::string& id : id_set(found)) CHECK(expected.count(id) == 1);
  CHECK(found.size() > 100);
  CHECK(std::is_sorted(found.begin(), found.end(), [](const json& one, const json& other) {
    return one.at("attributes").at("createdAt") > other.at("attributes").at("createdAt");
  }));
}

TEST_CASE("A klass's context has the objects of that klass alone") {
  const Simulated simulated;
  std::size_t sum = 0;
  for (const Klass& klass : kKlasses) {
    const json found = simulated.read(ascending("kobject_" + std::string(klass.name)));
    sum += found.size();
    for (const json& record : found) {
      CHECK(record.at("attributes").at("klassDisplayName") == std::string(klass.display_name));
    }
  }
  CHECK(sum == simulated.read(ascending("kobject")).size());
}

TEST_CASE("idsOnly leaves types and ids, and its links carry it on") {
  const Simulated simulated;
  const json reply = simulated.search(ascending("customer"), "pageSize=3&idsOnly=true").parsed();
  const json whole = simulated.search(ascending("customer"), "pageSize=3").parsed();
  CHECK(ids_of(reply.at("data")) == ids_of(whole.at("data")));
  CHECK(reply.at("data").at(0) == json({{"type", "customer"}, {"id", whole.at("data").at(0).at("id")}}));
  CHECK(reply.at("links").at("next") == "/v1/customers/search?page=2&pageSize=3&idsOnly=true");
}

TEST_CASE("What the vendor's documentation does not know is refused") {
  const Simulated simulated;
  const auto status = [&](const json& body, bool archive = false) {
    return simulated.search(body, "", archive).status;
  };
  const auto filtered = [](const char* context, const char* attribute, const json& condition) {
    return json({{"queryContext", context}, {"and", json::array({{{attribute, condition}}})}});
  };
  const json since = {{"gte", "2025-01-01T00:00:00.000Z"}};
  CHECK(status(filtered("conversation", "conversation_updated_at", since)) == 200);
  CHECK(status(filtered("company", "company_updated_at", since)) == 200);
  CHECK(status(filtered("company", "company_created_at", since)) == 400);
  CHECK(status(filtered("conversation", "message_updated_at", since)) == 400);
  CHECK(status(filtered("conversation", "conversation_id", {{"equals", "5c0a"}})) == 400);
  CHECK(status(filtered("conversation", "conversation_id", {{"equals", "5c0a"}}), true) == 200);
  CHECK(status(filtered("conversation", "conversation_updated_at", {{"after", "2025-01-01"}})) == 400);
  CHECK(status(filtered("conversation", "conversation_updated_at", {{"gte", 1'735'689'600'000}})) == 400);
  CHECK(status(filtered("conversation", "conversation_updated_at", {{"gte", "yesterday"}})) == 400);
  CHECK(status(filtered("conversation", "conversation_updated_at", {{"gte", "2025-01-01"}, {"lt", "2025-02-01"}})) ==
        400);
  CHECK(status({{"queryContext", "note"}}) == 200);
  CHECK(status({{"queryContext", "note"}}, true) == 400);
  CHECK(status({{"queryContext", "conversation_time"}}, true) == 400);
  CHECK(status({{"queryContext", "user"}}) == 400);
  CHECK(status({{"queryContext", "kobject_unknown"}}) == 400);
  CHECK(status(json::object()) == 400);
  CHECK(status({{"queryContext", "note"}, {"limit", 5}}) == 400);
  CHECK(status({{"queryContext", "note"}, {"aggs", json::object()}}) == 200);
  CHECK(status({{"queryContext", "company"}, {"aggs", json::object()}}, true) == 400);
  CHECK(status({{"queryContext", "note"}, {"sort", {{"note_updated_at", "asc"}}}}) == 400);
  CHECK(status({{"queryContext", "note"}, {"sort", json::array({{{"note_body", "asc"}}})}}) == 400);
  CHECK(simulated.post("/v1/customers/search", "no json").status == 400);
  CHECK(simulated.post("/v1/customers/search", R"({"queryContext":"note"})", Simulated::credentials(), "text/plain")
            .status == 400);
  CHECK(simulated.get("/v1/customers/search").status == 404);
}

TEST_CASE("The contexts that are seen working, though not documented, have their filters") {
  const Simulated simulated;
  const std::pair<const char*, const char*> contexts[] = {{"conversation_time", "conversation_time_handle_at"},
                                                          {"work_item", "work_item_handle_completed_at"},
                                                          {"work_session", "work_session_updated_at"}};
  for (const auto& [context, attribute] : contexts) {
    const json body = {{"queryContext", context},
                       {"and", range(attribute, "2025-01-01T00:00:00.000Z", "2025-07-01T00:00:00.000000Z")},
                       {"sort", json::array({{{attribute, "asc"}}})}};
    const json truth =
        simulated.truth(std::string("stream=") + context + "&from=2025-01-01T00:00:00Z&until=2025-07-01T00:00:00Z");
    CHECK(simulated.read(body).size() == truth.at("count"));
    CHECK(truth.at("count") > 3);
  }
}

TEST_CASE("Bare dates start at midnight of the query's zone") {
  const Simulated simulated;
  json body = ascending("message", json::array({{{"message_updated_at", {{"gte", "2026-02-20"}}}}}));
  const std::string utc = simulated.read(body).at(0).at("attributes").at("updatedAt");
  body["timeZone"] = "Pacific/Auckland";
  const json there = simulated.read(body);
  CHECK(utc >= "2026-02-20T00:00:00.000Z");
  CHECK(there.at(0).at("attributes").at("updatedAt") >= "2026-02-19T11:00:00.000Z");
  CHECK(there.at(0).at("attributes").at("updatedAt") < utc);
  body["timeZone"] = "Mars/Olympus";
  CHECK(simulated.search(body).status == 400);
}

TEST_CASE("A bulk import shares one updatedAt; in which order it comes is another question each time") {
  Options options = Simulated::options();
  options.ties[Kind::kConversation] = {300, 30};
  options.stable_ties = false;
  const Simulated simulated(options);
  const std::string day = "2026-01-30T00:00:00.000Z";
  const json body = ascending("conversation", range("conversation_updated_at", day, "2026-01-30T00:00:00.001Z"));
  const json once = simulated.search(body).parsed(), again = simulated.search(body).parsed();
  CHECK(once.at("meta").at("total") == 300);
  CHECK(ids_of(once.at("data")) != ids_of(again.at("data")));
  CHECK(id_set(once.at("data")) == id_set(again.at("data")));
  CHECK(id_set(simulated.read(body, 100)).size() < 300);  // pages of different orders
}

}  // namespace
}  // namespace engagement::simulator::kustomer
