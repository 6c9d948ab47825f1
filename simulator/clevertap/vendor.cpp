#include "simulator/clevertap/vendor.hpp"

#include "core/error.hpp"
#include "simulator/clevertap/small_endpoints.hpp"
#include "simulator/common/fault_effects.hpp"

namespace engagement::simulator::clevertap {

namespace {

constexpr std::size_t kWorthCompressing = 1'000;
constexpr std::string_view kAccountHeader = "X-CleverTap-Account-Id";
constexpr std::string_view kPasscodeHeader = "X-CleverTap-Passcode";

std::optional<Kind> export_kind(std::string_view path) {
  if (path == "/1/events.json") return Kind::kEvents;
  if (path == "/1/profiles.json") return Kind::kProfiles;
  return std::nullopt;
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

PageBody page_body(std::shared_ptr<const Blob> blob, const std::string& next_cursor, bool cursor_first) {
  const std::string cursor = R"("next_cursor":")" + next_cursor + '"';
  if (cursor_first) return {R"({"status":"success",)" + cursor + R"(,"records":[)", std::move(blob), "]}"};
  return {R"({"status":"success","records":[)", std::move(blob), "]," + cursor + '}'};
}

}  // namespace

Reply json_reply(std::string text, bool gzip) {
  const bool compress = gzip && text.size() >= kWorthCompressing;
  return page_reply({"", std::make_shared<const Blob>([text] { return text; }), ""}, compress);
}

Reply Vendor::handle(const Request& request, const std::stop_token& stop) {
  Call call{request, QueryFields(request.query), 0, 0, {}, {}, false};
  const RequestLog::Ticket ticket = state_.log.begin(seen(request));
  call.number = ticket.number;
  call.concurrency = ticket.concurrency;
  try {
    Reply reply = answer(call, stop);
    state_.log.note(call.number, {{"status", reply.status}});
    reply.finished = [this, number = call.number](std::size_t bytes) { state_.log.finish(number, bytes); };
    return reply;
  } catch (...) {
    state_.log.finish(call.number, 0);
    throw;
  }
}

bool Vendor::is_authorized(const Request& request) const {
  return request.header(kAccountHeader) == state_.options.account_id &&
         request.header(kPasscodeHeader) == state_.options.passcode;
}

nlohmann::ordered_json Vendor::seen(const Request& request) const {
  nlohmann::ordered_json headers = nlohmann::ordered_json::object();
  for (const auto& [name, value] : request.headers) {
    const bool is_secret = is_same_header(name, kPasscodeHeader);
    headers[name] = !is_secret ? value : value == state_.options.passcode ? "right" : "wrong";
  }
  return {{"method", request.method},
          {"path", request.path},
          {"query", request.query},
          {"headers", headers},
          {"body", request.body},
          {"authorized", is_authorized(request)},
          {"content_type_on_get", request.method == "GET" && request.header("Content-Type").has_value()},
          {"status", nullptr}};
}

void Vendor::understand(Call& call) const {
  const Request& request = call.request;
  call.gzip = state_.options.gzip && accepts_gzip(request.header("Accept-Encoding").value_or(""));
  call.subject.method = request.method;
  call.subject.path = request.path;
  call.subject.target = request.method + ' ' + request.path + '?' + request.query;
  if (serves_list(request.path)) call.subject.step = "list";
  nlohmann::ordered_json known;
  if (Counts::serves(request.path)) {
    call.subject.step = request.method == "POST" ? "create" : "poll";
    call.subject.event = request.method == "POST" ? event_named_in(request.body) : state_.counts.event_of(call.fields);
    state_.log.note(call.number, {{"step", call.subject.step}, {"event", call.subject.event}});
  }
  if (!export_kind(request.path)) return;
  const QueryField* cursor = call.fields.find("cursor");
  call.subject.step = cursor != nullptr ? "page" : "create";
  if (cursor == nullptr) {
    call.subject.event = event_named_in(request.body);
  } else if ((call.place = state_.exports.find(cursor->value))) {
    const CursorPlace place = *call.place;
    call.subject.event = state_.exports.query(place).event_name;
    call.subject.page = place.page;
    known["export"] = place.export_number;
    known["page"] = place.page;
    known["cursor_verbatim"] = cursor->raw == state_.exports.cursor(place.export_number, place.page);
  }
  known["step"] = call.subject.step;
  known["event"] = call.subject.event;
  state_.log.note(call.number, known);
}

Reply Vendor::answer(Call& call, const std::stop_token& stop) {
  if (!is_authorized(call.request)) return to_reply(invalid_credentials());
  understand(call);
  if (const auto forbidden = state_.options.forbidden.find(call.request.path);
      forbidden != state_.options.forbidden.end()) {
    return to_reply(no_right(call.request.path, forbidden->second));
  }
  if (call.concurrency > state_.options.concurrency) return to_reply(too_many_requests());
  if (state_.options.latency.count() > 0) state_.clock.wait_for(state_.options.latency, stop);

  const std::optional<Fault> fault = state_.faults.next(call.subject);
  if (fault) {
    state_.log.note(call.number, {{"fault", fault->kind}});
    if (fault->kind == "expired_cursor" && call.place) state_.exports.expire(call.place->export_number);
    if (fault->kind == "expired_request") state_.counts.expire(call.fields);
    if (auto reply = vendor_replacement(*fault)) return std::move(*reply);
  }
  Reply reply = route(call, fault, stop);
  if (fault) spoil(*fault, reply);
  return reply;
}

Reply Vendor::route(const Call& call, const std::optional<Fault>& fault, const std::stop_token& stop) {
  const Request& request = call.request;
  if (export_kind(request.path)) {
    // Pages by POST work too, as an older tool found; documented is GET.
    if (call.subject.step == "page" && (request.method == "GET" || request.method == "POST")) return page(call, fault);
    if (call.subject.step == "create" && request.method == "POST") return create(call, fault);
    return to_reply(request.method == "GET" ? incorrect_usage() : Failure{405, "Method not allowed", 405});
  }
  if (fault) after(call, *fault, std::nullopt);
  if (Counts::serves(request.path)) return count(call);
  return small_endpoint({request, call.fields, fault, call.gzip}, state_, stop);
}

Reply Vendor::count(const Call& call) {
  if (call.request.method == "POST") return state_.counts.ask(call.request.path, call.request.body);
  if (call.request.method == "GET") return state_.counts.poll(call.request.path, call.fields);
  return to_reply({405, "Method not allowed", 405});
}

Reply Vendor::create(const Call& call, const std::optional<Fault>& fault) {
  const Kind kind = *export_kind(call.request.path);
  const auto query = parse_export(kind, call.fields, call.request.body, state_.project, state_.options);
  if (const auto* failure = std::get_if<Failure>(&query)) return to_reply(*failure);
  const std::uint32_t number = state_.exports.create(std::get<ExportQuery>(query));
  state_.log.note(call.number, {{"export", number}});
  if (fault) after(call, *fault, number);
  return json_reply(R"({"status":"success","cursor":")" + state_.exports.cursor(number, 0) + "\"}", call.gzip);
}

Reply Vendor::page(const Call& call, const std::optional<Fault>& fault) {
  if (!call.place) return to_reply(incorrect_usage());
  const ExportQuery query = state_.exports.query(*call.place);
  // A cursor belongs to the API that handed it out.
  if (query.kind != *export_kind(call.request.path)) return to_reply(incorrect_usage());
  if (fault) after(call, *fault, call.place->export_number);
  const auto opened = state_.exports.open(*call.place, fault ? most_records(*fault, query.batch) : query.batch);
  if (const auto* failure = std::get_if<Failure>(&opened)) return to_reply(*failure);
  const auto& slot = std::get<PageSlot>(opened);
  state_.log.note(call.number, {{"records", slot.end - slot.begin}, {"terminal", slot.terminal}});

  const std::string next = state_.exports.cursor(slot.export_number, next_page(fault, slot.page));
  if (fault && alters_text(*fault)) {
    PageLayout layout{state_.exports.records(slot), next, state_.options.cursor_first, slot.terminal};
    return json_reply(spoiled_text(*fault, std::move(layout)), call.gzip);
  }
  if (slot.terminal) return json_reply(R"({"status":"success"})", call.gzip);
  return page_reply(page_body(state_.exports.text(slot, call.gzip), next, state_.options.cursor_first), call.gzip);
}

// The faults that change the project rather than the answer.
void Vendor::after(const Call& call, const Fault& fault, std::optional<std::uint32_t> export_number) {
  if (fault.kind == "growing" && export_number) {
    const auto rows = fault.get<std::uint64_t>("rows", 5'000);
    state_.exports.grow(*export_number, rows, fault.get<std::uint64_t>("cap", 20 * rows));
  } else if (fault.kind == "late_events") {
    const auto event = state_.project.corpus().find(fault.get("event", call.subject.event));
    const int first_day = day_to_number(state_.project.corpus().first_day());
    const auto day = day_from_number(fault.get<std::int64_t>("day", first_day));
    if (event && day) state_.project.arrive(*event, *day, fault.get<std::uint64_t>("rows", 3));
  }
}

}  // namespace engagement::simulator::clevertap
