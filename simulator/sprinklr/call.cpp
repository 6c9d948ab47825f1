#include "simulator/sprinklr/call.hpp"

#include "simulator/sprinklr/report_query.hpp"

namespace engagement::simulator::sprinklr {

namespace {

constexpr std::size_t kWorthCompressing = 1'000;

std::string text_member(const nlohmann::json& object, const char* name) {
  if (!object.is_object() || !object.contains(name) || !object.at(name).is_string()) return {};
  return object.at(name).get<std::string>();
}

std::optional<std::uint64_t> page_member(const nlohmann::json& object) {
  if (!object.is_object()) return std::nullopt;
  const auto page = object.contains("page") ? whole_number(object.at("page")) : std::optional<std::int64_t>(0);
  return page && *page >= 0 ? std::optional(static_cast<std::uint64_t>(*page)) : std::nullopt;
}

void name_report(Call& call) {
  call.subject.step = "page";
  const nlohmann::json* query = &call.body;
  if (call.segment(3) == "batchQuery" && call.body.is_object() && call.body.contains("requests") &&
      call.body.at("requests").is_object() && !call.body.at("requests").empty()) {
    query = &*call.body.at("requests").begin();
  }
  call.subject.event = call.path.size() > 4 ? call.segment(4) : text_member(*query, "report");
  call.subject.page = page_member(*query);
}

}  // namespace

bool Call::is(const char* method, std::initializer_list<std::string_view> segments) const {
  if (request.method != method || path.size() != segments.size()) return false;
  std::size_t at = 0;
  for (const std::string_view segment : segments) {
    if (segment != "*" && segment != path[at]) return false;
    ++at;
  }
  return true;
}

Reply page_reply(const PageBody& body, bool gzip) {
  Reply reply;
  if (gzip) {
    reply.headers.emplace_back("Content-Encoding", "gzip");
    reply.headers.emplace_back("Vary", "Accept-Encoding");
  }
  reply.body = gzip ? body.gzipped() : body.plain();
  return reply;
}

Reply json_reply(std::string text, bool gzip) {
  const bool compress = gzip && text.size() >= kWorthCompressing;
  return page_reply({"", std::make_shared<const Blob>([text] { return text; }), ""}, compress);
}

Reply json_reply(const nlohmann::ordered_json& value, bool gzip) {
  return json_reply(value.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace), gzip);
}

Reply data_reply(nlohmann::ordered_json data, bool gzip) {
  nlohmann::ordered_json body;
  body["data"] = std::move(data);
  body["errors"] = nlohmann::ordered_json::array();
  return json_reply(body, gzip);
}

void name_subject(Call& call) {
  FaultSubject& subject = call.subject;
  subject.method = call.request.method;
  subject.path = call.request.path;
  subject.target = call.request.method + ' ' + call.request.path + '?' + call.request.query + call.request.body;
  const std::string area = call.segment(2), what = call.segment(3);
  subject.event = area;
  if (call.segment(0) == "oauth") {
    subject.step = "token";
    subject.event = "token";
  } else if (area == "reports" && (what == "query" || what == "batchQuery")) {
    name_report(call);
  } else if (area == "search") {
    subject.step = "page";
    subject.event = what;
    subject.page = 0;
    if (const auto cursor = call.fields.value("id")) subject.page = call.state.searches.page_of(*cursor);
  } else if (area == "scim" || area == "audit" || area == "stream" || area == "listening" || area == "bootstrap" ||
             what == "associated-messages" || what == "bulk-fetch" || (area == "case" && what == "search")) {
    subject.step = "page";
  }
}

}  // namespace engagement::simulator::sprinklr
