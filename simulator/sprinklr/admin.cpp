#include "simulator/sprinklr/admin.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/error.hpp"
#include "simulator/common/draw.hpp"
#include "simulator/common/http_text.hpp"
#include "simulator/sprinklr/report_catalog.hpp"
#include "simulator/sprinklr/report_query.hpp"
#include "simulator/sprinklr/search_filter.hpp"

namespace engagement::simulator::sprinklr {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

Reply reply_with(std::string text, const char* content_type = "application/json", int status = 200) {
  Reply reply;
  reply.status = status;
  reply.content_type = content_type;
  reply.set_text(std::move(text));
  return reply;
}

std::string dump(const ordered_json& value, int indent = -1) {
  return value.dump(indent, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

json parsed_body(const Request& request) {
  json body = json::parse(request.body, nullptr, false);
  if (body.is_discarded()) throw config_error("The request's body is no JSON.");
  return body;
}

std::uint64_t number_field(const QueryFields& fields, const char* name, std::uint64_t fallback) {
  const auto text = fields.value(name);
  if (!text) return fallback;
  if (text->empty() || text->size() > 18 || text->find_first_not_of("0123456789") != std::string::npos) {
    throw config_error(fmt::format("{} is no number: {}", name, *text));
  }
  return std::stoull(*text);
}

std::int64_t time_field(const QueryFields& fields, const char* name, bool upper, std::int64_t fallback) {
  const auto text = fields.value(name);
  return text ? parse_time(*text, upper) : fallback;
}

EntityType type_field(const QueryFields& fields) {
  const auto name = fields.value("stream").value_or("");
  const auto type = entity_type(name);
  if (!type) throw config_error(fmt::format("There is no entity type \"{}\".", name));
  return *type;
}

ordered_json entity_truth(const QueryFields& fields, const State& state) {
  const EntityType type = type_field(fields);
  const std::int64_t from = time_field(fields, "from", false, 0);
  const std::int64_t to = time_field(fields, "to", true, to_ms(state.present.now()));
  const std::string key = fields.value("key").value_or("");
  ordered_json ids = ordered_json::array();
  std::set<std::string> distinct;
  for (const Entity& entity : state.entities.all(type)) {
    const auto time = time_of(entity, key);
    if (!key.empty() && !time) throw config_error(fmt::format("{} is no time of {}.", key, name_of(type)));
    if (time && (*time < from || *time > to)) continue;
    const std::string id = id_of(entity);
    distinct.insert(id);
    ids.push_back(id);
  }
  ordered_json truth = {{"stream", name_of(type)}, {"records", ids.size()}, {"distinct_keys", distinct.size()}};
  if (fields.value("ids") == "true") truth["ids"] = std::move(ids);
  return truth;
}

// The events of a window, which are the rows of a query that groups by POST_ID or the like.
ordered_json report_truth(const QueryFields& fields, const State& state) {
  const std::int64_t from = time_field(fields, "from", false, 0);
  const std::int64_t to = time_field(fields, "to", true, to_ms(state.present.now()));
  const auto [first, end] = state.reports.window(from, to);
  ordered_json truth = {{"report", fields.value("report").value_or("")},
                        {"events", end - first},
                        {"from", from},
                        {"to", to},
                        {"pooled", state.options.pool != 0}};
  ordered_json days = ordered_json::object();
  ordered_json ids = ordered_json::array();
  for (std::uint64_t number = first; number < end; ++number) {
    const std::int64_t time = state.reports.corpus().row(0, number).time;
    const auto day = std::chrono::floor<std::chrono::days>(SystemTime(std::chrono::milliseconds(time)));
    ordered_json& count = days[day_to_text(Day(day.time_since_epoch()))];
    count = (count.is_null() ? 0 : count.get<std::uint64_t>()) + 1;
    if (fields.value("ids") == "true") ids.push_back({{"number", number}, {"time", time}});
  }
  truth["per_day"] = std::move(days);
  if (fields.value("ids") == "true") truth["ids"] = std::move(ids);
  return truth;
}

Reply truth(const Request& request, const State& state) {
  const QueryFields fields(request.query);
  if (fields.find("stream")) return reply_with(dump(entity_truth(fields, state), 2));
  if (fields.find("report")) return reply_with(dump(report_truth(fields, state), 2));
  ordered_json all = {{"report_events", state.reports.window(0, to_ms(state.present.now())).second}};
  for (std::size_t type = 0; type < kEntityTypes; ++type) {
    const auto each = static_cast<EntityType>(type);
    all["entities"][std::string(name_of(each))] = state.entities.all(each).size();
  }
  return reply_with(dump(all, 2));
}

// Every row of a report query, one a line, whatever its page and the cap: what a reader's records are compared with.
Reply rows(const Request& request, State& state) {
  const json body = parsed_body(request);
  const auto parsed =
      parse_report_query(body, {false, false, QueryFields(request.query).value("v1") == "true"}, state.options);
  if (const auto* failure = std::get_if<Failure>(&parsed)) throw config_error(failure->message);
  std::string lines;
  for (const std::string& row : state.reports.all_rows(std::get<ReportQuery>(parsed))) lines.append(row).append("\n");
  return reply_with(std::move(lines), "application/jsonl");
}

Reply put_now(const Request& request, State& state) {
  const auto text = QueryFields(request.query).value("time");
  if (!text) throw config_error("now wants a time, or time=clock.");
  if (*text == "clock") {
    state.present.set(std::nullopt);
  } else {
    state.present.set(SystemTime(std::chrono::milliseconds(parse_time(*text, true))));
  }
  return reply_with(dump({{"now", to_rfc3339(state.present.now())}}));
}

Reply put_token(const Request& request, State& state) {
  const auto action = QueryFields(request.query).value("action").value_or("");
  if (action == "expire") {
    state.tokens.expire_access();
  } else if (action == "rotate") {
    state.tokens.mint();
  } else {
    throw config_error("tokens wants action=expire or action=rotate.");
  }
  return reply_with(dump(state.tokens.info()));
}

Reply info(const State& state) {
  const Options& options = state.options;
  ordered_json known = {{"name", "sprinklr"},
                        {"environment", options.environment},
                        {"seed", options.seed},
                        {"records", options.records},
                        {"first_day", day_to_number(options.first_day)},
                        {"last_day", day_to_number(options.last_day)},
                        {"now", to_rfc3339(state.present.now())},
                        {"max_page_size", options.max_page_size},
                        {"cap", options.cap}};
  for (const Widget& widget : widgets()) known["widgets"].push_back(widget.id);
  return reply_with(dump(known, 2));
}

Reply dispatch(const Request& request, State& state) {
  const std::string call = request.method + ' ' + request.path.substr(kAdminPrefix.size());
  const QueryFields fields(request.query);
  if (call == "GET requests") return reply_with(dump(state.log.list()));
  if (call == "DELETE requests") {
    state.log.reset();
    return reply_with("{}\n");
  }
  if (call == "GET faults") return reply_with(state.faults.list().dump() + "\n");
  if (call == "PUT faults" || call == "DELETE faults") {
    state.faults.replace(request.method == "PUT" ? parsed_body(request) : json::array());
    return reply_with(state.faults.list().dump() + "\n");
  }
  if (call == "GET truth") return truth(request, state);
  if (call == "POST rows") return rows(request, state);
  if (call == "PUT now") return put_now(request, state);
  if (call == "PUT restate") {
    state.reports.restate(std::chrono::days(number_field(fields, "days", 30)));
    return reply_with("{}\n");
  }
  if (call == "PUT touch") {
    state.entities.touch(type_field(fields), number_field(fields, "rows", 1));
    return reply_with("{}\n");
  }
  if (call == "GET tokens") return reply_with(dump(state.tokens.info()));
  if (call == "PUT tokens") return put_token(request, state);
  if (call == "GET info") return info(state);
  return reply_with(dump({{"error", "There is no " + call}}), "application/json", 404);
}

}  // namespace

std::int64_t parse_time(const std::string& text, bool upper) {
  constexpr std::int64_t kDay = 86'400'000;
  const auto day_time = [upper](Day day) {
    return std::chrono::milliseconds(day.time_since_epoch()).count() + (upper ? kDay - 1 : 0);
  };
  if (const auto number = whole_number(json(text))) {
    if (text.size() != 8) return *number;
    if (const auto day = day_from_number(*number)) return day_time(*day);
  } else if (const auto day = day_from_text(text.substr(0, 10))) {
    if (text.size() == 10) return day_time(*day);
    int hour = 0, minute = 0, second = 0;
    if (std::sscanf(text.c_str() + 10, "T%2d:%2d:%2dZ", &hour, &minute, &second) == 3) {
      return std::chrono::milliseconds(day->time_since_epoch()).count() + ((hour * 60 + minute) * 60 + second) * 1000LL;
    }
  }
  throw config_error(fmt::format("\"{}\" is no time: epoch ms, YYYYMMDD or 2026-01-31T10:20:30Z.", text));
}

Reply admin(const Request& request, State& state) {
  try {
    return dispatch(request, state);
  } catch (const ConnectorError& error) {
    return reply_with(dump({{"error", error.what()}}), "application/json", 400);
  }
}

}  // namespace engagement::simulator::sprinklr
