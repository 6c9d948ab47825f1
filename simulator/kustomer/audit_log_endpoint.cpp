#include <fmt/format.h>

#include <algorithm>

#include "simulator/kustomer/call.hpp"
#include "simulator/kustomer/text_parts.hpp"

namespace engagement::simulator::kustomer {

namespace {

using nlohmann::ordered_json;

constexpr std::uint64_t kLargestCount = 1'000;

std::optional<SystemTime> time_filter(const QueryFields& fields, const char* name) {
  const auto text = fields.value(name);
  return text ? parse_time(*text, TimeZone::find("UTC").value()) : std::nullopt;
}

bool is_wanted(const QueryFields& fields, const ordered_json& attributes) {
  for (const auto& [filter, attribute] :
       {std::pair("filter[objectType]", "objectType"), std::pair("filter[objectId]", "objectId")}) {
    const auto wanted = fields.value(filter);
    if (wanted && attributes.at(attribute) != *wanted) return false;
  }
  return true;
}

}  // namespace

// A cursor by id, newest first. A conversation's entries would vanish after 90 days, a delete's after a year: the
// simulator keeps all for a year.
Reply audit_log_endpoint(const Call& call, State& state) {
  std::uint64_t count = 100;
  if (const auto text = call.fields.value("count")) {
    if (text->empty() || text->size() > 9 || text->find_first_not_of("0123456789") != std::string::npos ||
        std::stoull(*text) == 0) {
      return to_reply(bad_request("count wants a number from 1"));
    }
    count = std::min<std::uint64_t>(std::stoull(*text), kLargestCount);
  }
  std::optional<Row> before, after;
  for (const auto& [name, into] : {std::pair("before", &before), std::pair("after", &after)}) {
    const auto id = call.fields.value(name);
    if (!id) continue;
    *into = state.organisation.find(Kind::kAuditLog, *id);
    if (!*into) return to_reply(bad_request(fmt::format("{} is no id of a log", name)));
  }
  const auto start = time_filter(call.fields, "filter[start]"), end = time_filter(call.fields, "filter[end]");
  const auto all = state.by_id.rows(Kind::kAuditLog, state.organisation);
  std::vector<Row> rows;
  std::uint64_t total = 0;
  bool more = false;
  for (auto row = all->rbegin(); row != all->rend(); ++row) {
    if (row->created < state.organisation.now() - std::chrono::days(365)) continue;
    if ((start && row->created < *start) || (end && row->created > *end)) continue;
    if (!is_wanted(call.fields, small_resource(state.organisation, Kind::kAuditLog, *row).at("attributes"))) continue;
    ++total;
    const auto place = std::pair(row->created, row->number);
    if (before && place >= std::pair(before->created, before->number)) continue;
    if (after && place <= std::pair(after->created, after->number)) continue;
    if (rows.size() == count) {
      more = true;
      continue;
    }
    rows.push_back(*row);
  }
  std::string others;
  for (const QueryField& field : call.fields.all()) {
    if (field.name.starts_with("filter[") || field.name == "after")
      others += '&' + percent_encode(field.name) + '=' + field.raw;
  }
  ordered_json links = {{"self", fmt::format("/v1/audit-logs?{}", call.request.query)}, {"next", nullptr}};
  if (more) {
    links["next"] = fmt::format("/v1/audit-logs?count={}&before={}{}", count,
                                state.organisation.id(Kind::kAuditLog, rows.back()), others);
  }
  if (call.fault && call.fault->kind == "no_next") links["next"] = nullptr;
  const bool omits_links = call.fault && call.fault->kind == "no_links";
  const std::string shown = omits_links ? "" : fmt::format(R"("links":{},)", links.dump());
  state.log.note(call.number, {{"records", rows.size()}, {"terminal", !more}});
  PageParts parts;
  parts.head = fmt::format(R"({{"meta":{{"count":{},"total":{},"cursorCount":{}}},{}"data":[)", rows.size(), total,
                           rows.size(), shown);
  parts.blobs = state.pages.blobs(Kind::kAuditLog, rows, call.gzip);
  parts.tail = "]}";
  return parts_reply(parts, call.gzip);
}

}  // namespace engagement::simulator::kustomer
