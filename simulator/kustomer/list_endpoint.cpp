#include <algorithm>
#include <functional>

#include "simulator/kustomer/call.hpp"
#include "simulator/kustomer/sla_versions.hpp"

namespace engagement::simulator::kustomer {

namespace {

using Keep = std::function<bool(const Row&)>;

bool is_hidden_when_deleted(Kind kind) { return info(kind).is_searchable; }

// GET users takes one filter at a time.
std::variant<Keep, Failure> user_filter(const Call& call, const State& state) {
  std::vector<const QueryField*> filters;
  for (const char* name : {"pending", "deleted", "userType", "email"}) {
    if (const QueryField* field = call.fields.find(name)) filters.push_back(field);
  }
  if (filters.empty()) return Keep([](const Row&) { return true; });
  if (filters.size() > 1) return bad_request("pending, deleted, userType and email cannot be combined");
  const QueryField filter = *filters.front();
  if (filter.name == "deleted")
    return Keep([wanted = filter.value == "true"](const Row& row) { return row.deleted == wanted; });
  if (filter.name == "pending") return Keep([wanted = filter.value == "true"](const Row&) { return !wanted; });
  return Keep([&state, filter](const Row& row) {
    return small_resource(state.organisation, Kind::kUser, row).at("attributes").at(filter.name) == filter.value;
  });
}

std::variant<Keep, Failure> filter_of(const Call& call, const State& state) {
  const Kind kind = call.list->kind;
  if (kind == Kind::kUser) return user_filter(call, state);
  if (kind == Kind::kKlass) {
    const std::string wanted = call.fields.value("status").value_or("enabled");
    if (wanted != "enabled" && wanted != "existing_only" && wanted != "disabled") {
      return bad_request("status wants enabled, existing_only or disabled");
    }
    return Keep([wanted](const Row& row) { return kKlasses[row.number % kKlasses.size()].status == wanted; });
  }
  if (const auto deleted = call.fields.value("deleted"); deleted && kind == Kind::kTag) {
    return Keep([wanted = *deleted == "true"](const Row& row) { return row.deleted == wanted; });
  }
  if (is_hidden_when_deleted(kind)) return Keep([](const Row& row) { return !row.deleted; });
  return Keep([](const Row&) { return true; });
}

}  // namespace

Reply list_endpoint(const Call& call, State& state) {
  const Kind kind = call.list->kind;
  const auto paging = parse_paging(call.fields, call.list->largest_page);
  if (const auto* failure = std::get_if<Failure>(&paging)) return to_reply(*failure);
  const auto keep = filter_of(call, state);
  if (const auto* failure = std::get_if<Failure>(&keep)) return to_reply(*failure);
  Page page;
  page.paging = std::get<Paging>(paging);
  if (!is_within_limits(state.options, page.paging)) return to_reply(not_found("Page"));
  commit_changes(call, state, kind);
  std::vector<Row> rows = *state.by_id.rows(kind, state.organisation);
  std::erase_if(rows, [&keep](const Row& row) { return !std::get<Keep>(keep)(row); });
  if (call.fields.value("sort") == "desc") std::reverse(rows.begin(), rows.end());

  if (call.fault && (call.fault->kind == "empty_page" || call.fault->kind == "repeat_page")) {
    state.extra_pages.insert(query_of(call), page.paging.page, call.fault->kind == "empty_page");
  }
  const ExtraPages::Place place = state.extra_pages.find(query_of(call), page.paging.page);
  const std::uint64_t size = page.paging.size, total = rows.size();
  const std::uint64_t begin = std::min((std::max<std::uint64_t>(place.page, 1) - 1) * size, total);
  const std::uint64_t end = place.empty ? begin : std::min(begin + size, total);
  page.rows.assign(rows.begin() + static_cast<std::ptrdiff_t>(begin), rows.begin() + static_cast<std::ptrdiff_t>(end));
  page.path = "/v1/" + std::string(call.path);
  for (const QueryField& field : call.fields.all()) {
    if (field.name != "page" && field.name != "pageSize")
      page.more_query += '&' + percent_encode(field.name) + '=' + field.raw;
  }
  page.kind = kind;
  page.total = total;
  page.shows_total = kind == Kind::kUser || kind == Kind::kTag || kind == Kind::kArticle;  // only some lists have it
  if (place.page * size < total) page.next = page.paging.page + 1;
  page.omit_links = state.options.omit_last_links && !page.next;
  if (kind == Kind::kSla && call.fields.find("versions")) page.included = sla_versions(state.organisation, page.rows);
  return page_reply(call, state, std::move(page));
}

}  // namespace engagement::simulator::kustomer
