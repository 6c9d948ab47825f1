#include "simulator/sprinklr/call.hpp"
#include "simulator/sprinklr/record_faults.hpp"
#include "simulator/sprinklr/report_catalog.hpp"

namespace engagement::simulator::sprinklr {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

// The text around the rows of an answer (reference 2.3): shape A with objects, B with headings, D for v1.
struct Frame {
  std::string open;   // up to where rows may stand
  std::string rows;   // `"rows":[`
  std::string flag;   // `"hasMore":true`, or empty
  std::string close;  // the brackets' end

  std::string head() const { return open + rows; }
  std::string tail() const { return (flag.empty() ? "]" : "]," + flag) + close; }
  // Past the last page the rows' key is absent (shape E).
  std::string without_rows() const {
    std::string start = open;
    if (flag.empty() && start.back() == ',') start.pop_back();
    return start + flag + close;
  }
};

Frame frame_of(const ReportQuery& query, bool is_v1, bool has_more, const Options& options) {
  Frame frame;
  if (options.has_more) frame.flag = has_more ? R"("hasMore":true)" : R"("hasMore":false)";
  if (is_v1) return {"{", R"("rows":[)", frame.flag, "}"};
  frame.open = R"({"data":{)";
  frame.rows = R"("data":[)";
  frame.close = R"(},"errors":[]})";
  if (query.as_objects) return frame;
  ordered_json headings = ordered_json::array();
  for (const Column& column : query.columns) headings.push_back(column.heading);
  frame.open += R"("headings":)" + headings.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + ',';
  frame.rows = R"("rows":[)";
  return frame;
}

std::string joined(const std::vector<std::string>& rows) {
  std::string text;
  for (std::size_t at = 0; at < rows.size(); ++at) text.append(at == 0 ? "" : ",").append(rows[at]);
  return text;
}

Reply altered(const Call& call, const ReportQuery& query, const Frame& frame) {
  if (call.has_fault("empty_page")) return json_reply(frame.without_rows(), call.gzip);
  if (call.has_fault("null_rows")) {
    std::string null = frame.rows;
    null.back() = 'n';
    return json_reply(frame.open + null + "ull" + (frame.flag.empty() ? "" : ",") + frame.flag + frame.close,
                      call.gzip);
  }
  std::vector<std::string> rows = call.state.reports.page_rows(query, query.page);
  if (is_record_fault(*call.fault)) alter_records(*call.fault, rows);
  const std::string text = frame.head() + joined(rows) + frame.tail();
  return json_reply(call.has_fault("pretty") ? pretty(text) : text, call.gzip);
}

Reply answer(const Call& call, const json& body, const QueryShape& shape, bool is_v1) {
  State& state = call.state;
  const auto parsed = parse_report_query(body, shape, state.options);
  if (const auto* failure = std::get_if<Failure>(&parsed)) return to_reply(*failure);
  const auto& query = std::get<ReportQuery>(parsed);
  const std::uint64_t number = query.page > 0 && call.has_fault("repeat_page") ? query.page - 1 : query.page;
  const auto found = state.reports.page(query, number, call.gzip);
  if (const auto* failure = std::get_if<Failure>(&found)) return to_reply(*failure);
  const auto& page = std::get<ReportPage>(found);
  state.log.note(call.number, {{"records", page.count}, {"has_more", page.has_more}});
  const Frame frame = frame_of(query, is_v1, page.has_more, state.options);
  const bool alters = call.fault && (is_record_fault(*call.fault) || call.has_fault("empty_page") ||
                                     call.has_fault("null_rows") || call.has_fault("pretty"));
  if (alters && page.rows) return altered(call, query, frame);
  if (!page.rows) return json_reply(frame.without_rows(), call.gzip);
  return page_reply({frame.head(), page.rows, frame.tail()}, call.gzip);
}

// `{"requests":{"req1":{query}, …}}`; the answer's rows are lists whatever jsonResponse says (shape C).
Reply batch(const Call& call) {
  if (!call.body.is_object() || !call.body.contains("requests") || !call.body.at("requests").is_object()) {
    return to_reply(invalid_request("requests is required"));
  }
  ordered_json reports = ordered_json::object();
  for (const auto& [name, body] : call.body.at("requests").items()) {
    auto parsed = parse_report_query(body, {false, false, false}, call.state.options);
    if (const auto* failure = std::get_if<Failure>(&parsed)) return to_reply(*failure);
    auto& query = std::get<ReportQuery>(parsed);
    query.as_objects = false;
    const auto found = call.state.reports.page(query, query.page, false);
    if (const auto* failure = std::get_if<Failure>(&found)) return to_reply(*failure);
    const auto& page = std::get<ReportPage>(found);
    ordered_json& report = reports[name] = ordered_json::object();
    for (const Column& column : query.columns) report["headings"].push_back(column.heading);
    if (page.rows) report["rows"] = ordered_json::parse('[' + page.rows->plain() + ']');
  }
  ordered_json data;
  data["reports"] = std::move(reports);
  return data_reply(std::move(data), call.gzip);
}

Reply by_widget(const Call& call) {
  for (const Widget& widget : widgets()) {
    if (widget.id != call.segment(4)) continue;
    const auto query = widget_query(widget.query, call.body);
    if (const auto* failure = std::get_if<Failure>(&query)) return to_reply(*failure);
    return answer(call, std::get<json>(query), {false, true, false}, false);
  }
  return to_reply(not_found());
}

Reply dashboard_list(const Call& call) {
  std::uint64_t start = 0, rows = 50;
  if (call.body.is_object() && call.body.contains("paginationInfo") && call.body.at("paginationInfo").is_object()) {
    const json& paging = call.body.at("paginationInfo");
    start = static_cast<std::uint64_t>(whole_number(paging.value("start", json(0))).value_or(0));
    rows = static_cast<std::uint64_t>(whole_number(paging.value("rows", json(50))).value_or(50));
  }
  return data_reply(dashboards(call.segment(3), start, rows), call.gzip);
}

}  // namespace

std::optional<Reply> report_api(const Call& call) {
  const Options& options = call.state.options;
  if (call.is("POST", {"api", "v2", "reports", "query"})) return answer(call, call.body, {}, false);
  if (call.is("POST", {"api", "v1", "reports", "query"})) {
    return answer(call, call.body, {true, true, true}, true);
  }
  if (call.is("POST", {"api", "v2", "reports", "query", "*"})) return by_widget(call);
  if (call.is("POST", {"api", "v2", "reports", "batchQuery"})) return batch(call);
  if (call.is("GET", {"api", "v2", "reports", "engines"})) return data_reply(engine_list(), call.gzip);
  if (call.is("GET", {"api", "v2", "reports", "reports", "*"})) {
    if (!has_engine(call.segment(4))) return to_reply(not_found());
    return data_reply(report_list(call.segment(4), options), call.gzip);
  }
  if (call.is("GET", {"api", "v1", "reports", "metadata", "*"})) {
    if (!has_engine(call.segment(4))) return to_reply(not_found());
    return json_reply(metadata(call.segment(4), options), call.gzip);
  }
  if (call.is("POST", {"api", "v2", "entity", "REPORTING_DASHBOARD_MANAGER", "filter"}) ||
      call.is("POST", {"api", "v2", "entity", "LISTENING_DASHBOARD_MANAGER", "filter"})) {
    return dashboard_list(call);
  }
  return std::nullopt;
}

}  // namespace engagement::simulator::sprinklr
