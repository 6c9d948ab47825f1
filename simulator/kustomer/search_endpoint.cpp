#include <algorithm>

#include "simulator/kustomer/call.hpp"
#include "simulator/kustomer/record_faults.hpp"

namespace engagement::simulator::kustomer {

namespace {

constexpr std::uint64_t kLargestPage = 500;

bool is_json(const Request& request) {
  return request.header("Content-Type").value_or("").starts_with("application/json");
}

// Rows that change by themselves, before the search sees them.
void let_live(State& state, Kind kind) {
  const Options& options = state.options;
  const std::uint64_t so_far = ++state.searches_so_far;
  if (options.live_every != 0 && so_far % options.live_every == 0) {
    state.organisation.happen(kind, {options.live_moves, options.live_inserts, 0});
  }
}

}  // namespace

void commit_changes(const Call& call, State& state, Kind kind) {
  if (!call.fault) return;
  const Fault& fault = *call.fault;
  if (fault.kind == "moving") {
    state.organisation.happen(kind, {fault.get<std::uint64_t>("rows", 3), fault.get<std::uint64_t>("inserts", 0),
                                     fault.get<std::uint64_t>("deletes", 0)});
  } else if (fault.kind == "growing") {
    const std::uint64_t rows = fault.get<std::uint64_t>("rows", 5);
    const Table& table = state.organisation.table(kind);
    const std::uint64_t grown = table.rows() - table.timeline().rows();
    const std::uint64_t cap = fault.get<std::uint64_t>("cap", 100'000);
    state.organisation.happen(kind, {0, std::min(rows, cap - std::min(cap, grown)), 0});
  }
}

bool is_forbidden(const Options& options, Kind kind, std::string_view name) {
  return std::any_of(options.forbidden.begin(), options.forbidden.end(),
                     [&](const std::string& one) { return one == name || find_kind(one) == kind; });
}

bool is_within_limits(const Options& options, const Paging& paging) {
  return paging.page <= options.page_limit && paging.page <= options.row_limit / paging.size;
}

std::string query_of(const Call& call) {
  std::string query = std::string(call.path) + '\n' + call.request.body;
  for (const QueryField& field : call.fields.all()) {
    if (field.name != "page") query += '\n' + field.name + '=' + field.value;
  }
  return query;
}

Reply page_reply(const Call& call, State& state, Page page) {
  if (call.fault) alter_page(*call.fault, page);
  nlohmann::ordered_json known = {{"records", page.rows.size()}, {"terminal", !page.next}};
  if (page.shows_total) known["total"] = page.total;
  state.log.note(call.number, known);
  if (call.fault && is_record_fault(*call.fault)) {
    return json_reply(spoiled_text(*call.fault, lay_out(page, state.text)), call.gzip);
  }
  return parts_reply(to_parts(page, state.text, state.pages, call.gzip), call.gzip);
}

Reply search_endpoint(const Call& call, State& state) {
  const bool archive = call.path == "customers/archive/search";
  if (!is_json(call.request)) return to_reply(bad_request("Invalid request body or parameters."));
  const auto parsed = parse_query(call.request.body, archive);
  if (const auto* failure = std::get_if<Failure>(&parsed)) return to_reply(*failure);
  const auto& query = std::get<Query>(parsed);
  if (is_forbidden(state.options, query.context.kind, call.subject.event)) {
    return to_reply(forbidden(std::string(info(query.context.kind).role), ErrorShape::kCode));
  }
  const auto paging = parse_paging(call.fields, kLargestPage);
  if (const auto* failure = std::get_if<Failure>(&paging)) return to_reply(*failure);
  Page page;
  page.paging = std::get<Paging>(paging);
  if (!is_within_limits(state.options, page.paging)) return to_reply(not_found("Page"));
  let_live(state, query.context.kind);
  commit_changes(call, state, query.context.kind);

  const auto ordered = state.search.run(query, call.request.body);
  if (call.fault && (call.fault->kind == "empty_page" || call.fault->kind == "repeat_page")) {
    state.extra_pages.insert(query_of(call), page.paging.page, call.fault->kind == "empty_page");
  }
  const ExtraPages::Place place = state.extra_pages.find(query_of(call), page.paging.page);
  const std::uint64_t size = page.paging.size, total = ordered->size();
  const std::uint64_t begin = std::min((std::max<std::uint64_t>(place.page, 1) - 1) * size, total);
  if (!place.empty) page.rows = state.search.page(*ordered, begin, std::min(begin + size, total));
  page.path = "/v1/" + std::string(call.path);
  page.kind = query.context.kind;
  page.total = state.options.total_cap == 0 ? total : std::min(total, state.options.total_cap);
  page.is_search = true;
  page.is_open = query.updated.until == SystemTime::max();
  page.ids_only = call.fields.value("idsOnly") == "true";
  if (page.ids_only) page.more_query = "&idsOnly=true";
  // Past the limits, too: that page is then a 404.
  if (place.page * size < total) page.next = page.paging.page + 1;
  return page_reply(call, state, std::move(page));
}

}  // namespace engagement::simulator::kustomer
