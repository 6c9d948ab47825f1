#include "simulator/sprinklr/call.hpp"
#include "simulator/sprinklr/record_faults.hpp"

namespace engagement::simulator::sprinklr {

namespace {

using nlohmann::ordered_json;

std::string cursor_text(const Call& call, const std::string& cursor) {
  if (!call.state.options.cursor_urls) return "id=" + cursor;
  return call.state.base_url + "/api/v2/search/" + call.segment(3) + "?id=" + cursor;
}

Reply page_of(const Call& call, const SearchPage& page) {
  State& state = call.state;
  state.log.note(call.number,
                 {{"page", page.number}, {"records", page.entities.size()}, {"terminal", page.cursor.empty()}});
  std::vector<std::string> records;
  if (!call.has_fault("empty_page")) {
    for (const Entity& entity : page.entities) {
      records.push_back(record_of(entity).dump(-1, ' ', false, ordered_json::error_handler_t::replace));
    }
  }
  if (call.fault && is_record_fault(*call.fault)) alter_records(*call.fault, records);
  std::string text = R"({"data":{"results":[)";
  for (std::size_t at = 0; at < records.size(); ++at) text.append(at == 0 ? "" : ",").append(records[at]);
  text += ']';
  std::string cursor = page.cursor;
  if (call.has_fault("repeat_cursor")) cursor = call.fields.value("id").value_or(cursor);
  if (!cursor.empty()) text += R"(,"cursor":)" + ordered_json(cursor_text(call, cursor)).dump();
  if (page.count) text += ',' + ordered_json(state.options.count_key).dump() + ':' + std::to_string(*page.count);
  text += R"(},"errors":[]})";
  return json_reply(call.has_fault("pretty") ? pretty(text) : text, call.gzip);
}

}  // namespace

std::optional<Reply> search_api(const Call& call) {
  const bool begins = call.is("POST", {"api", "v2", "search", "*"});
  if (!begins && !call.is("GET", {"api", "v2", "search", "*"})) return std::nullopt;
  const auto type = entity_type(call.segment(3));
  if (!type) return to_reply(not_found());
  State& state = call.state;
  if (begins) {
    const auto query = parse_search(*type, call.body, state.options);
    if (const auto* failure = std::get_if<Failure>(&query)) return to_reply(*failure);
    return page_of(call, state.searches.begin(std::get<SearchQuery>(query)));
  }
  const auto page = state.searches.next(*type, call.fields.value("id").value_or(""));
  if (const auto* failure = std::get_if<Failure>(&page)) return to_reply(*failure);
  return page_of(call, std::get<SearchPage>(page));
}

}  // namespace engagement::simulator::sprinklr
