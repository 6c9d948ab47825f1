#include "sources/kustomer/key_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "json/member_at.hpp"
#include "sources/kustomer/search/search_query.hpp"
#include "sources/kustomer/streams.hpp"

namespace engagement::kustomer {

namespace {

using Roles = std::set<std::string, std::less<>>;

// "org.permission.brand.read" -> "brand"; the names of a role's older forms differ before it.
std::string_view object_of(std::string_view role) {
  role = role.substr(0, role.find(' '));
  const auto end = role.rfind('.');
  const auto begin = role.rfind('.', end - 1);
  return begin == std::string_view::npos ? role : role.substr(begin + 1, end - begin - 1);
}

// https://developer.kustomer.com/kustomer-api-docs/reference/roles: any one of the forms suffices, and a role for all
// of a kind ends before the object's name.
bool allows_reading(const Roles& roles, std::string_view object) {
  const auto is_enough = [&](const std::string& role) {
    for (const std::string_view prefix : {"org.permission", "org.user", "org.admin"}) {
      if (role == prefix || role == fmt::format("{}.{}", prefix, object) ||
          role == fmt::format("{}.{}.read", prefix, object)) {
        return true;
      }
    }
    return object == "kobject" && role.starts_with("org.permission.kobject.");
  };
  return std::any_of(roles.begin(), roles.end(), is_enough);
}

bool allows_searching(const Roles& roles) {
  const auto is_enough = [](const std::string& role) {
    return role.starts_with("org.permission.search") || role.starts_with("org.user.search") ||
           role.starts_with("org.admin.search") || role == "org.permission" || role == "org.user" ||
           role == "org.admin";
  };
  return std::any_of(roles.begin(), roles.end(), is_enough);
}

Roles roles_in(const rest::Page& page) {
  Roles roles;
  if (page.records().empty()) return roles;
  const auto list = json::member_at(page.records().front().walker, "attributes.roles");
  for (const auto& role : nlohmann::json::parse(list.value_or("[]"), nullptr, false)) {
    if (role.is_string()) roles.insert(role.get<std::string>());
  }
  return roles;
}

// The streams that will fail, by the role that they lack.
std::vector<std::string> missing_roles(const Roles& roles) {
  std::vector<std::string> remarks;
  if (!allows_searching(roles)) {
    remarks.emplace_back(
        "The API key may not search (org.permission.search.create): the streams that are searched for "
        "will fail, among them conversations, customers and messages.");
  }
  std::map<std::string, std::string> streams;
  for (const auto& row : stream_rows()) {
    if (row.optional || allows_reading(roles, object_of(row.role))) continue;
    auto& names = streams[std::string(row.role)];
    names += fmt::format("{}{}", names.empty() ? "" : ", ", row.name);
  }
  for (const auto& [role, names] : streams) {
    remarks.push_back(fmt::format("The API key may lack the role {}: {}.", role, names));
  }
  return remarks;
}

// A search is what most streams stand on; one row of it shows that they work. A role that is missing is a remark, and
// so is a search that the command's deadline cuts: the key itself has been proven.
void try_search(const std::shared_ptr<const Organisation>& organisation, engine::CheckReport& report,
                engine::Context& context, const std::stop_token& stop) {
  const RoleCaller caller(organisation, "", rest::Action::fail, {.action = rest::Action::skip});
  const SearchTarget target{
      .context = "conversation", .changed_at = "conversation_updated_at", .created_at = "conversation_created_at"};
  const SystemTime now = context.environment().clock.now();
  const SearchQuery query{{now - std::chrono::hours(24), now}, {}, {}, {}};
  const auto& environment = context.environment();
  const bool cut_short =
      environment.deadline && *environment.deadline < environment.clock.steady_now() + environment.retry_limit;
  rest::Page page;
  try {
    const auto request =
        organisation->post("/v1/customers/search?page=1&pageSize=1", search_body(target, query, false));
    if (caller.call(request, "POST /v1/customers/search (conversation)", page, context, stop)) return;
    report.remarks.emplace_back(
        "The API key works, but Kustomer refuses it a search (HTTP 403): it needs org.permission.search.create (or "
        "another role that may search) for the streams that are searched for.");
  } catch (const ConnectorError& error) {
    if (error.type() == FailureType::config || (error.type() == FailureType::transient && !cut_short)) throw;
    report.remarks.push_back(fmt::format("The API key works, but the search could not be checked: {}", error.what()));
  }
}

}  // namespace

engine::CheckReport check_key(const std::shared_ptr<const Organisation>& organisation, engine::Context& context,
                              const std::stop_token& stop) {
  engine::CheckReport report;
  const RoleCaller caller(organisation, "", rest::Action::skip,
                          {.advice = "This request needs no role: the key may be restricted to addresses (CIDR) that "
                                     "this machine's is not among. See the key in Kustomer (Settings, Security, API "
                                     "Keys)."});
  rest::Page page;
  // Either works with any key, whatever its roles.
  if (caller.call(organisation->get("/v1/auth/tokens/current"), "GET /v1/auth/tokens/current", page, context, stop)) {
    const Roles roles = roles_in(page);
    if (!roles.empty()) report.remarks = missing_roles(roles);
  } else if (!caller.call(organisation->get("/v1/users/current"), "GET /v1/users/current", page, context, stop)) {
    throw config_error(
        "Kustomer's API was not found at this address (HTTP 404). Check Region (region), Organisation (org) and API "
        "Base URL (api_base_url).");
  }
  try_search(organisation, report, context, stop);
  return report;
}

}  // namespace engagement::kustomer
