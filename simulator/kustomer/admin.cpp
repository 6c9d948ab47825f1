#include "simulator/kustomer/admin.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.hpp"
#include "core/suggestion.hpp"

namespace engagement::simulator::kustomer {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::uint64_t kMostRows = 1'000'000;

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

Kind kind_field(const QueryFields& fields) {
  const auto name = fields.value("stream");
  if (!name) throw config_error("A \"stream\" is wanted.");
  const auto kind = find_kind(*name);
  if (kind) return *kind;
  std::vector<std::string> names;
  for (const KindInfo& entry : kinds()) names.emplace_back(entry.type);
  throw config_error(fmt::format("There is no stream \"{}\": {}", *name, did_you_mean(*name, names)));
}

std::uint64_t number_field(const QueryFields& fields, const char* name, std::uint64_t fallback) {
  const auto text = fields.value(name);
  if (!text) return fallback;
  if (text->empty() || text->size() > 18 || text->find_first_not_of("0123456789") != std::string::npos) {
    throw config_error(fmt::format("{} is no number: {}", name, *text));
  }
  return std::stoull(*text);
}

SystemTime time_field(const QueryFields& fields, const char* name, SystemTime fallback) {
  const auto text = fields.value(name);
  if (!text) return fallback;
  const auto time = parse_time(*text, TimeZone::find("UTC").value());
  if (!time) throw config_error(fmt::format("{} is no time: {}", name, *text));
  return *time;
}

// The rows as they are, by updatedAt, deleted ones too: what a reader has to have found in the end.
std::vector<Row> rows_asked_for(const QueryFields& fields, const State& state, Kind kind, std::uint64_t& total) {
  const TimeRange range{time_field(fields, "from", SystemTime::min()), time_field(fields, "until", SystemTime::max())};
  const bool deleted = fields.value("deleted").value_or("true") == "true";
  const ByUpdated found(state.organisation.table(kind).present(), range, deleted, false);
  total = found.size();
  const std::uint64_t begin = std::min(number_field(fields, "offset", 0), total);
  const std::uint64_t limit = std::min(number_field(fields, "limit", kMostRows), kMostRows);
  return found.rows(begin, std::min(begin + limit, total));
}

Reply truth(const Request& request, State& state) {
  const QueryFields fields(request.query);
  if (!fields.find("stream")) {
    ordered_json all = ordered_json::object();
    for (const KindInfo& entry : kinds()) {
      const Truth truth = state.organisation.truth(entry.kind);
      all[std::string(entry.type)] = {{"rows", truth.rows}, {"deleted", truth.deleted}, {"archived", truth.archived}};
    }
    return reply_with(dump(all, 2));
  }
  const Kind kind = kind_field(fields);
  std::uint64_t total = 0;
  const std::vector<Row> rows = rows_asked_for(fields, state, kind, total);
  const Truth whole = state.organisation.truth(kind);
  // Written by hand: a million rows are listed in a second.
  std::string text = fmt::format(
      "{{\"stream\":\"{}\",\"count\":{},\"distinct_ids\":{},\"all\":{},\"deleted\":{},\"archived\":{},\"now\":\"{}\","
      "\"horizon\":\"{}\",\"rows\":[",
      info(kind).type, total, total, whole.rows, whole.deleted, whole.archived, time_text(state.organisation.now()),
      time_text(state.organisation.horizon()));
  for (std::size_t at = 0; at < rows.size(); ++at) {
    text += at == 0 ? "\n{\"id\":\"" : ",\n{\"id\":\"";
    state.organisation.put_id(text, kind, rows[at]);
    text += R"(","updatedAt":)";
    put_time(text, rows[at].updated);
    text += rows[at].deleted ? R"(,"deleted":true})" : R"(,"deleted":false})";
  }
  return reply_with(text + "]}\n");
}

// Straight from the corpus, one record a line.
Reply records(const Request& request, State& state) {
  const QueryFields fields(request.query);
  const Kind kind = kind_field(fields);
  std::uint64_t total = 0;
  std::string lines;
  for (const Row& row : rows_asked_for(fields, state, kind, total)) {
    state.text.put_record(lines, kind, row);
    lines += '\n';
  }
  Reply reply = reply_with(std::move(lines), "application/jsonl");
  reply.headers.emplace_back("X-Total", std::to_string(total));
  return reply;
}

std::uint64_t row_field(const QueryFields& fields, const State& state, Kind kind) {
  const std::string id = fields.value("id").value_or("");
  const auto row = state.organisation.find(kind, id);
  if (!row) throw config_error(fmt::format("There is no {} with the id \"{}\".", info(kind).type, id));
  return row->number;
}

ordered_json to_json(const State& state, Kind kind, std::uint64_t number) {
  const Row row = state.organisation.table(kind).present()->row(number);
  return {{"id", state.organisation.id(kind, row)}, {"updatedAt", time_text(row.updated)}, {"deleted", row.deleted}};
}

// POST rows?stream=&do=update|insert|delete, of one id or of so many that are drawn.
Reply change_rows(const Request& request, State& state) {
  const QueryFields fields(request.query);
  const Kind kind = kind_field(fields);
  const std::string what = fields.value("do").value_or("");
  if (what == "insert") {
    ordered_json rows = ordered_json::array();
    for (std::uint64_t at = number_field(fields, "rows", 1); at > 0; --at) {
      rows.push_back(to_json(state, kind, state.organisation.insert(kind)));
    }
    return reply_with(dump(rows));
  }
  if (what != "update" && what != "delete") throw config_error("\"do\" is update, insert or delete.");
  if (!fields.find("id")) {
    const std::uint64_t rows = number_field(fields, "rows", 1);
    state.organisation.happen(kind,
                              what == "update" ? Organisation::Changes{rows, 0, 0} : Organisation::Changes{0, 0, rows});
    return reply_with("[]\n");
  }
  const std::uint64_t number = row_field(fields, state, kind);
  if (what == "update") {
    state.organisation.update(kind, number);
  } else {
    state.organisation.remove(kind, number);
  }
  return reply_with(dump(ordered_json::array({to_json(state, kind, number)})));
}

Reply put_now(const Request& request, State& state) {
  const QueryFields fields(request.query);
  if (!fields.find("time")) throw config_error("now wants a time.");
  state.organisation.set_now(time_field(fields, "time", {}));
  return reply_with("{}\n");
}

Reply about(const State& state) {
  const Options& options = state.options;
  return reply_with(dump({{"name", "kustomer"},
                          {"org", options.org},
                          {"seed", options.seed},
                          {"records", options.records},
                          {"first", time_text(options.first)},
                          {"last", time_text(options.last)},
                          {"now", time_text(state.organisation.now())},
                          {"horizon", time_text(state.organisation.horizon())},
                          {"row_limit", options.row_limit},
                          {"forbidden", options.forbidden}},
                         2));
}

Reply dispatch(const Request& request, State& state) {
  const std::string call = request.method + ' ' + request.path.substr(kAdminPrefix.size());
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
  if (call == "GET records") return records(request, state);
  if (call == "PUT now") return put_now(request, state);
  if (call == "POST rows") return change_rows(request, state);
  if (call == "GET info") return about(state);
  return reply_with(dump({{"error", "There is no " + call}}), "application/json", 404);
}

}  // namespace

Reply admin(const Request& request, State& state) {
  try {
    return dispatch(request, state);
  } catch (const ConnectorError& error) {
    return reply_with(dump({{"error", error.what()}}), "application/json", 400);
  }
}

}  // namespace engagement::simulator::kustomer
