#include <algorithm>

#include "client.hpp"

namespace engagement::simulator::kustomer {
namespace {

TEST_CASE("Every list leads through all its rows by its links") {
  const Simulated simulated;
  for (const KindInfo& entry : kinds()) {
    if (entry.list_path.empty() || entry.kind == Kind::kAuditLog || entry.kind == Kind::kKlass) continue;
    const json found = simulated.read_list("/v1/" + std::string(entry.list_path));
    const json truth = simulated.truth("stream=" + std::string(entry.type));
    const std::uint64_t deleted = entry.is_searchable ? truth.at("deleted").get<std::uint64_t>() : 0;
    INFO(entry.type);
    CHECK(found.size() == truth.at("count").get<std::uint64_t>() - deleted);
    CHECK(id_set(found).size() == found.size());
    for (const json& record : found) {
      CHECK(record.at("type") == std::string(entry.type));
      CHECK(record.at("attributes").contains("createdAt"));
    }
  }
}

TEST_CASE("A list's page has its own greatest size, to which more is cut without a word") {
  const Simulated simulated;
  CHECK(simulated.data("/v1/users?pageSize=1000").size() == 230);
  CHECK(simulated.data("/v1/tags?pageSize=1000").size() == 100);
  CHECK(simulated.data("/v1/kb/articles?pageSize=500").size() == 140);
  CHECK(simulated.data("/v1/users?page[size]=10").size() == 100);
  CHECK(simulated.data("/v1/users?page=9").empty());
}

TEST_CASE("A list ends at ten thousand rows, or where the option says") {
  Options options = Simulated::options();
  options.row_limit = 400;
  const Simulated simulated(options);
  CHECK(simulated.get("/v1/conversations?page=4").parsed().at("links").at("next").is_string());
  CHECK(simulated.get("/v1/conversations?page=5").status == 404);
}

TEST_CASE("Lists are in the order of their ids, backwards if that is asked") {
  const Simulated simulated;
  const auto ids = ids_of(simulated.read_list("/v1/conversations"));
  CHECK(std::is_sorted(ids.begin(), ids.end(), [](const std::string& one, const std::string& other) {
    return one.substr(0, 8) < other.substr(0, 8);
  }));
  const json reversed = simulated.get("/v1/conversations?sort=desc&pageSize=3").parsed();
  CHECK(ids_of(reversed.at("data")).front() == ids.back());
  CHECK(reversed.at("links").at("next") == "/v1/conversations?page=2&pageSize=3&sort=desc");
}

TEST_CASE("Users, tags and klasses have their filters") {
  const Simulated simulated;
  const auto size = [&](const std::string& target) { return simulated.read_list(target).size(); };
  CHECK(size("/v1/users?deleted=true") + size("/v1/users?deleted=false") == size("/v1/users"));
  CHECK(size("/v1/users?deleted=true") > 5);
  CHECK(size("/v1/users?userType=machine") > 5);
  CHECK(simulated.get("/v1/users?deleted=true&userType=machine").status == 400);
  CHECK(size("/v1/tags?deleted=true") + size("/v1/tags?deleted=false") == size("/v1/tags"));
  CHECK(size("/v1/klasses") == 4);
  CHECK(size("/v1/klasses?status=existing_only") == 1);
  CHECK(size("/v1/klasses?status=disabled") == 1);
  CHECK(simulated.get("/v1/klasses?status=all").status == 400);
}

TEST_CASE("The last page of a list may lack its links") {
  Options options = Simulated::options();
  options.omit_last_links = true;
  const Simulated simulated(options);
  CHECK(simulated.get("/v1/tags?page=2").parsed().contains("links"));
  CHECK_FALSE(simulated.get("/v1/tags?page=3").parsed().contains("links"));
}

TEST_CASE("Versions of SLAs and holidays of schedules are included where they are asked for") {
  const Simulated simulated;
  CHECK_FALSE(simulated.get("/v1/slas").parsed().contains("included"));
  const json versions = simulated.get("/v1/slas?versions=all").parsed().at("included");
  CHECK(versions.size() > 5);
  CHECK(versions.at(0).at("type") == "sla_version");
  const std::string schedule = simulated.data("/v1/schedules").at(0).at("id");
  CHECK_FALSE(simulated.get("/v1/schedules/" + schedule).parsed().contains("included"));
  CHECK(simulated.get("/v1/schedules/" + schedule + "?include=holidays").parsed().at("included").size() == 3);
  CHECK(simulated.get("/v1/schedules/default").status == 200);
}

TEST_CASE("The audit log may lack its links") {
  Simulated simulated;
  simulated.fault({{"fault", "no_links"}, {"match", {{"path", "/v1/audit-logs"}}}});
  const json page = simulated.get("/v1/audit-logs?count=10").parsed();
  CHECK_FALSE(page.contains("links"));
  CHECK(page.at("data").size() == 10);
}

TEST_CASE("The audit log is read backwards by cursor") {
  const Simulated simulated;
  json all = json::array();
  std::string before_time = "9";
  for (json next = "/v1/audit-logs?count=150"; next.is_string();) {
    const json page = simulated.get(next.get<std::string>()).parsed();
    CHECK(page.at("meta").at("cursorCount") == page.at("data").size());
    for (const json& entry : page.at("data")) {
      CHECK(entry.at("attributes").at("createdAt") <= before_time);
      before_time = entry.at("attributes").at("createdAt");
      all.push_back(entry);
    }
    next = page.at("links").at("next");
  }
  CHECK(id_set(all) == id_set(simulated.truth("stream=audit_log").at("rows")));
  CHECK(simulated.data("/v1/audit-logs?count=5000").size() == 750);
  CHECK(simulated.get("/v1/audit-logs?before=nonsense").status == 400);
  const json users = simulated.data("/v1/audit-logs?count=1000&filter[objectType]=user");
  CHECK(users.size() > 50);
  for (const json& entry : users) CHECK(entry.at("attributes").at("objectType") == "user");
  const std::string third = all.at(2).at("id");
  CHECK(simulated.data("/v1/audit-logs?after=" + third).size() == 2);
}

TEST_CASE("A conversation's children and single resources are found by id") {
  const Simulated simulated;
  const json conversations = simulated.data("/v1/conversations");
  const std::string id = conversations.at(0).at("id"), other = conversations.at(1).at("id");
  CHECK(simulated.data("/v1/conversations/" + id) == conversations.at(0));
  CHECK(simulated.data("/v1/conversations/" + id + ',' + other).size() == 2);
  CHECK(simulated.get("/v1/conversations/" + std::string(24, 'f')).status == 404);
  CHECK_FALSE(simulated.data("/v1/conversations/" + id + "/events").empty());
  const json time = simulated.data("/v1/conversations/" + id + "/times").at(0);
  const json precise = simulated.data("/v2/conversations/" + id + "/times").at(0);
  CHECK(precise.at("attributes").at("handleTime") == time.at("attributes").at("handleTime").get<int>() * 1'000);
  CHECK(time.at("relationships").at("conversation").at("data").at("id") == id);
  const std::string time_id = time.at("id");
  CHECK(simulated.data("/v1/conversations/times/" + time_id) == time);
  for (const json& message : simulated.data("/v1/conversations/" + id + "/messages")) {
    if (message.contains("relationships"))
      CHECK(message.at("relationships").at("conversation").at("data").at("id") == id);
  }
  CHECK(simulated.get("/v1/conversations/" + id + "/attachments").status == 200);
  std::size_t merged = 0;
  for (const json& customer : simulated.data("/v1/customers")) {
    merged += simulated.data("/v1/customers/" + customer.at("id").get<std::string>() + "/merges").size();
  }
  CHECK(merged > 3);
  CHECK(simulated.get("/v1/customers/x/events").status == 404);
}

TEST_CASE("Metadata names the custom attributes that records have") {
  const Simulated simulated;
  const json properties =
      simulated.get("/v1/metadata/conversation").parsed().at("data").at("attributes").at("properties");
  CHECK(properties.at("orderTotalNum").at("type") == "number");
  std::set<std::string> unknown;
  for (const json& record : simulated.read(ascending("conversation"))) {
    for (const auto& [name, value] : record.at("attributes").at("custom").items()) {
      if (!properties.contains(name)) unknown.insert(name);
    }
  }
  CHECK(unknown == std::set<std::string>{"order_number_str"});  // one that no metadata knows
  CHECK(simulated.data("/v1/metadata/ecomm-order").at("attributes").at("properties").contains("externalOrderNum"));
  CHECK(simulated.get("/v1/metadata/nothing").status == 404);
}

TEST_CASE("The token's roles lack what is forbidden, and both forms of error say so") {
  Options options = Simulated::options();
  options.forbidden = {"note", "teams", "work_item"};
  const Simulated simulated(options);
  const json roles = simulated.get("/v1/auth/tokens/current").parsed().at("data").at("attributes").at("roles");
  const auto has = [&](const char* role) { return std::find(roles.begin(), roles.end(), role) != roles.end(); };
  CHECK(has("org.permission.conversation.read"));
  CHECK_FALSE(has("org.permission.note.read"));
  CHECK_FALSE(has("org.permission.team.read"));
  CHECK_FALSE(has("org.permission.routing.read"));
  CHECK(simulated.get("/v1/users/current").parsed().at("data").at("type") == "user");
  const auto search = simulated.search({{"queryContext", "note"}});
  CHECK(search.status == 403);
  CHECK(search.parsed().at("errors").at(0).at("message").get<std::string>().find("org.permission.note.read") !=
        std::string::npos);
  const auto list = simulated.get("/v1/teams");
  CHECK(list.status == 403);
  CHECK(list.parsed().at("errors").at(0).at("status") == "403");
  CHECK(list.parsed().at("errors").at(0).contains("detail"));
  CHECK(simulated.get("/v1/notes").status == 403);
  CHECK(simulated.search({{"queryContext", "message"}}).status == 200);
}

TEST_CASE("Wrong and expired credentials are a 401 with errors") {
  Options options = Simulated::options();
  const Simulated simulated(options);
  for (const httplib::Headers& headers : {httplib::Headers{}, httplib::Headers{{"Authorization", "Bearer other"}},
                                          httplib::Headers{{"Authorization", "sim-api-token"}}}) {
    const auto answer = simulated.get("/v1/users", headers);
    CHECK(answer.status == 401);
    CHECK(answer.parsed().at("errors").size() == 1);
  }
  options.expired = true;
  const Simulated expired(options);
  CHECK(expired.get("/v1/users").parsed().at("errors").at(0).at("message") == "Expired token");
}

}  // namespace
}  // namespace engagement::simulator::kustomer
