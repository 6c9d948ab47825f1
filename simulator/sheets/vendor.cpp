#include "simulator/sheets/vendor.hpp"

#include <algorithm>

#include "simulator/common/fault_effects.hpp"
#include "simulator/sheets/refusal.hpp"

namespace engagement::simulator::sheets {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::string_view kRoot = "/v4/spreadsheets/";
constexpr std::string_view kValues = "/values/";
constexpr std::string_view kBearer = "Bearer ";
constexpr std::chrono::minutes kQuotaPeriod(1);

// In a path a plus is a plus.
std::string path_decode(std::string_view text) {
  std::string escaped;
  for (const char c : text) escaped += c == '+' ? std::string("%2B") : std::string(1, c);
  return percent_decode(escaped);
}

Reply json_reply(const ordered_json& body) {
  Reply reply;
  reply.content_type = "application/json; charset=UTF-8";
  reply.set_text(body.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n");
  return reply;
}

std::string choice(const QueryFields& fields, const char* name, std::initializer_list<const char*> known) {
  const std::string value = fields.value(name).value_or(*known.begin());
  if (std::find(known.begin(), known.end(), value) == known.end()) {
    throw invalid_argument(std::string("Invalid value at '") + name + "', \"" + value + '"');
  }
  return value;
}

// Google's own refusals by the name of a fault; nullopt for other faults.
std::optional<Reply> refused_by(const Fault& fault) {
  static const std::map<std::string, Refusal> refusals = {{"api_key_invalid", api_key_invalid()},
                                                          {"unauthenticated", unauthenticated()},
                                                          {"permission_denied", permission_denied()},
                                                          {"service_disabled", service_disabled()},
                                                          {"not_found", not_found()},
                                                          {"rate429", quota_exceeded(false)},
                                                          {"internal", internal_error()},
                                                          {"unavailable", unavailable()}};
  if (fault.kind == "invalid_grant") {
    return token_error("invalid_grant", fault.get<std::string>("description", "Invalid grant: account not found"));
  }
  const auto found = refusals.find(fault.kind);
  if (found == refusals.end()) return replacement(fault);
  Reply reply = found->second.to_reply();
  const json retry_after = fault.get("retry_after", json());
  if (!retry_after.is_null()) {
    reply.headers.emplace_back("Retry-After",
                               retry_after.is_string() ? retry_after.get<std::string>() : retry_after.dump());
  }
  return reply;
}

}  // namespace

const FaultKinds& fault_kinds() {
  static const FaultKinds kinds = [] {
    FaultKinds all = common_fault_kinds();
    all["invalid_grant"] = {{{"description", ""}}, "token"};
    for (const char* name : {"api_key_invalid", "unauthenticated", "permission_denied", "service_disabled", "not_found",
                             "rate429", "internal", "unavailable"}) {
      all[name] = {{{"retry_after", nullptr}}, ""};
    }
    return all;
  }();
  return kinds;
}

Vendor::Call Vendor::parse(const Request& request) {
  Call call{request, QueryFields(request.query), 0, "", "", "", ""};
  std::string_view path = request.path;
  if (request.method == "POST" && path == "/token") call.step = "token";
  if (!path.starts_with(kRoot)) return call;
  path.remove_prefix(kRoot.size());
  const auto values = path.find(kValues);
  std::string_view last = path;
  if (values != std::string_view::npos) {
    call.id = path_decode(path.substr(0, values));
    last = path.substr(values + kValues.size());
  }
  for (const std::string_view action : {":append", ":clear", ":batchUpdate"}) {
    if (request.method != "POST" || !last.ends_with(action)) continue;
    call.action = action.substr(1);
    last.remove_suffix(action.size());
  }
  (values == std::string_view::npos ? call.id : call.range) = path_decode(last);
  const bool has_range = values != std::string_view::npos;
  const bool is_write = has_range ? call.action == "append" || call.action == "clear" || request.method == "PUT"
                                  : call.action == "batchUpdate";
  if (is_write) {
    call.step = "write";
  } else if (request.method == "GET") {
    call.step = has_range ? "values" : "titles";
  }
  return call;
}

Reply Vendor::handle(const Request& request, const std::stop_token& stop) {
  Call call = parse(request);
  call.number = state_.log.begin(seen(call)).number;
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

// No token, key or signature is kept.
ordered_json Vendor::seen(const Call& call) const {
  const Request& request = call.request;
  ordered_json headers = ordered_json::object();
  for (const auto& [name, value] : request.headers) {
    headers[name] = value;
    if (!is_same_header(name, "Authorization")) continue;
    const bool known = value.starts_with(kBearer) && state_.tokens.find(value.substr(kBearer.size()));
    headers[name] = known ? "right" : "wrong";
  }
  ordered_json query = ordered_json::object();
  for (const QueryField& field : call.fields.all()) {
    query[field.name] = field.name != "key" ? field.value : field.value == state_.options.api_key ? "right" : "wrong";
  }
  ordered_json entry = {{"method", request.method}, {"path", request.path}, {"query", query}, {"headers", headers}};
  if (call.step == "token") {
    entry["assertion"] = Tokens::claims_in(request.body);
  } else {
    entry["body"] = request.body;
  }
  entry["step"] = call.step;
  entry["range"] = call.range;
  entry["status"] = nullptr;
  return entry;
}

Reply Vendor::answer(const Call& call, const std::stop_token& stop) {
  if (state_.options.latency.count() > 0) state_.clock.wait_for(state_.options.latency, stop);
  FaultSubject subject;
  subject.method = call.request.method;
  subject.path = call.request.path;
  subject.step = call.step;
  subject.target = call.request.method + ' ' + call.request.path + '?' + call.request.query;
  const std::optional<Fault> fault = state_.faults.next(subject);
  if (fault) {
    state_.log.note(call.number, {{"fault", fault->kind}});
    if (auto reply = refused_by(*fault)) return std::move(*reply);
  }
  Reply reply;
  try {
    reply =
        call.step == "token" ? state_.tokens.issue(call.request.body, state_.token_uri()) : json_reply(carry_out(call));
  } catch (const Refusal& refusal) {
    reply = refusal.to_reply();
  }
  if (fault) spoil(*fault, reply);
  return reply;
}

// Who calls, by key or token, once that is allowed what is asked. Throws Refusal.
std::string Vendor::admit(const Call& call) const {
  const Options& options = state_.options;
  const bool writes = call.step == "write";
  const std::string header = call.request.header("Authorization").value_or("");
  std::string caller;
  if (header.starts_with(kBearer)) {
    const auto grant = state_.tokens.find(header.substr(kBearer.size()));
    if (!grant) throw unauthenticated();
    if (writes && !grant->writes) throw insufficient_scope();
    caller = state_.account.email();
  } else if (const auto key = call.fields.value("key")) {
    if (*key != options.api_key) throw api_key_invalid();
    if (writes) throw unauthenticated();  // a key names no user
    caller = "key";
  } else {
    throw no_caller();
  }
  if (call.id != options.spreadsheet_id) throw not_found();
  const bool refused = caller == "key" ? options.is_private : options.not_shared || (writes && options.view_only);
  if (refused) throw permission_denied();
  return caller;
}

void Vendor::count(const std::string& caller, bool writes) {
  const std::uint64_t limit = writes ? state_.options.writes_per_minute : state_.options.reads_per_minute;
  if (limit == 0) return;
  const SteadyTime now = state_.clock.steady_now();
  const std::lock_guard lock(mutex_);
  auto& times = recent_[{caller, writes}];
  while (!times.empty() && now - times.front() >= kQuotaPeriod) times.pop_front();
  if (times.size() >= limit) throw quota_exceeded(writes);
  times.push_back(now);
}

ordered_json Vendor::carry_out(const Call& call) {
  if (call.step.empty()) throw not_found();
  const bool writes = call.step == "write";
  count(admit(call), writes);
  const std::lock_guard lock(state_.mutex);
  if (writes) return write(call);
  if (call.step == "titles") {
    return state_.spreadsheet.properties(call.id, "https://docs.google.com/spreadsheets/d/" + call.id + "/edit");
  }
  const std::string value =
      choice(call.fields, "valueRenderOption", {"FORMATTED_VALUE", "UNFORMATTED_VALUE", "FORMULA"});
  const std::string date = choice(call.fields, "dateTimeRenderOption", {"SERIAL_NUMBER", "FORMATTED_STRING"});
  const std::string major = choice(call.fields, "majorDimension", {"ROWS", "COLUMNS"});
  return state_.spreadsheet.values(call.range,
                                   value == "FORMATTED_VALUE" ? ValueRender::kFormatted : ValueRender::kUnformatted,
                                   date == "SERIAL_NUMBER" ? DateRender::kSerialNumber : DateRender::kFormattedText,
                                   major == "ROWS" ? Major::kRows : Major::kColumns);
}

ordered_json Vendor::write(const Call& call) {
  const json body = call.request.body.empty() ? json::object() : json::parse(call.request.body, nullptr, false);
  if (!body.is_object()) throw invalid_argument("Invalid JSON payload received.");
  Spreadsheet& spreadsheet = state_.spreadsheet;
  if (call.action == "batchUpdate") return spreadsheet.batch_update(call.id, body.value("requests", json()));
  if (call.action == "clear") return spreadsheet.clear(call.id, call.range);
  if (!call.fields.find("valueInputOption")) {
    throw invalid_argument("'valueInputOption' is required but not specified");
  }
  const bool parse = choice(call.fields, "valueInputOption", {"RAW", "USER_ENTERED"}) == "USER_ENTERED";
  const json rows = body.value("values", json::array());
  if (!rows.is_array()) throw invalid_argument("Invalid value at 'data.values'");
  return call.action == "append" ? spreadsheet.append(call.id, call.range, rows, parse)
                                 : spreadsheet.update(call.id, call.range, rows, parse);
}

}  // namespace engagement::simulator::sheets
