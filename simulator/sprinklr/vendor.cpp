#include "simulator/sprinklr/vendor.hpp"

#include <algorithm>

#include "core/error.hpp"
#include "simulator/common/fault_effects.hpp"
#include "simulator/sprinklr/report_query.hpp"
#include "simulator/sprinklr/token_endpoint.hpp"

namespace engagement::simulator::sprinklr {

namespace {

constexpr std::string_view kBearer = "Bearer ";

std::uint64_t page_size_of(const nlohmann::json& body) {
  if (!body.is_object()) return 0;
  const nlohmann::json page = body.value("page", nlohmann::json());
  const nlohmann::json size =
      page.is_object() ? page.value("size", nlohmann::json()) : body.value("pageSize", nlohmann::json());
  return static_cast<std::uint64_t>(std::max<std::int64_t>(whole_number(size).value_or(0), 0));
}

std::string_view verdict(Tokens::Validity validity) {
  if (validity == Tokens::Validity::kValid) return "right";
  return validity == Tokens::Validity::kExpired ? "expired" : "wrong";
}

}  // namespace

Reply Vendor::handle(const Request& request, const std::stop_token& stop) {
  const RequestLog::Ticket ticket = state_.log.begin(seen(request));
  try {
    Call call{request, state_, QueryFields(request.query), {}, {}, ticket.number, {}, {}, false};
    Reply reply = answer(call, stop);
    state_.log.note(call.number, {{"status", reply.status}});
    reply.finished = [this, number = ticket.number](std::size_t bytes) { state_.log.finish(number, bytes); };
    return reply;
  } catch (...) {
    state_.log.finish(ticket.number, 0);
    throw;
  }
}

Tokens::Validity Vendor::token_of(const Request& request) const {
  const std::string header = request.header("Authorization").value_or("");
  if (!header.starts_with(kBearer)) return Tokens::Validity::kUnknown;
  return state_.tokens.judge(std::string_view(header).substr(kBearer.size()));
}

nlohmann::ordered_json Vendor::seen(const Request& request) const {
  nlohmann::ordered_json headers = nlohmann::ordered_json::object();
  for (const auto& [name, value] : request.headers) {
    if (is_same_header(name, "Authorization")) {
      headers[name] = verdict(token_of(request));
    } else if (is_same_header(name, "Key")) {
      headers[name] = value == state_.options.client_id ? "right" : "wrong";
    } else {
      headers[name] = value;
    }
  }
  nlohmann::ordered_json entry = {{"method", request.method}, {"path", request.path}};
  if (is_token_request(request)) {
    entry["query"] = "";
    entry["headers"] = std::move(headers);
    entry["body"] = "";
    entry["parameters"] = TokenRequest(request).seen(state_.options, state_.tokens);
  } else {
    entry["query"] = request.query;
    entry["headers"] = std::move(headers);
    entry["body"] = request.body;
  }
  entry["authorized"] = token_of(request) == Tokens::Validity::kValid;
  entry["status"] = nullptr;
  return entry;
}

std::optional<std::vector<std::string>> Vendor::inner_path(const Request& request) const {
  std::vector<std::string> segments;
  std::string_view rest = request.path;
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const auto end = std::min(rest.find('/'), rest.size());
    segments.push_back(percent_decode(rest.substr(0, end)));
    rest.remove_prefix(end);
  }
  if (state_.options.environment != "prod") {
    if (segments.empty() || segments.front() != state_.options.environment) return std::nullopt;
    segments.erase(segments.begin());
  }
  if (segments.empty() || (segments.front() != "api" && segments.front() != "oauth")) return std::nullopt;
  return segments;
}

std::optional<Reply> Vendor::refusal(const Call& call) const {
  const Request& request = call.request;
  const Options& options = state_.options;
  const auto key = request.header("Key");
  if (options.check_key && !key) return to_reply({400, "Missing or wrong key"});
  if (options.check_key && key != options.client_id) {
    return gateway_refusal("Developer Inactive", "ERR_403_DEVELOPER_INACTIVE", false);
  }
  if (token_of(request) != Tokens::Validity::kValid) return to_reply(invalid_token());
  if (request.method != "POST" && request.method != "PUT") return std::nullopt;
  if (!request.header("Content-Length") && !request.header("Transfer-Encoding")) {
    return to_reply({411, "Length Required"});
  }
  const std::string type = request.header("Content-Type").value_or("");
  if (!type.starts_with("application/json") && !type.starts_with("application/scim+json")) {
    return to_reply({415, "Unsupported Media Type"});
  }
  return std::nullopt;
}

bool Vendor::is_forbidden(const Call& call) const {
  const auto& names = state_.options.forbidden;
  const auto is_named = [&names](const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  return is_named(call.subject.event) || is_named(call.segment(2)) || is_named(call.segment(3));
}

Reply Vendor::answer(Call& call, const std::stop_token& stop) {
  const Request& request = call.request;
  auto path = inner_path(request);
  if (!path) return to_reply({421, "Misdirected Request"});
  call.path = std::move(*path);
  call.gzip = state_.options.gzip && accepts_gzip(request.header("Accept-Encoding").value_or(""));
  if (!request.body.empty()) call.body = nlohmann::json::parse(request.body, nullptr, false);
  name_subject(call);
  state_.log.note(call.number, {{"step", call.subject.step}, {"event", call.subject.event}});
  if (call.subject.page) state_.log.note(call.number, {{"page", *call.subject.page}});
  Limits::Standing standing;
  if (call.subject.step != "token") {
    standing = state_.limits.count();
    if (standing.exceeded) return too_many(standing, state_.clock.now());
  }
  if (state_.options.latency.count() > 0) state_.clock.wait_for(state_.options.latency, stop);

  call.fault = state_.faults.next(call.subject);
  if (call.fault) state_.log.note(call.number, {{"fault", call.fault->kind}});
  auto replaced = call.fault ? commit(call) : std::nullopt;
  Reply reply = replaced ? std::move(*replaced) : route(call);
  if (call.fault) spoil(*call.fault, reply);
  if (call.has_fault("lost_refresh")) reply.delivery.reset = true;
  reply.headers.insert(reply.headers.end(), standing.headers.begin(), standing.headers.end());
  return reply;
}

// What a fault does before the request is carried out, and the reply that it puts in its place.
std::optional<Reply> Vendor::commit(const Call& call) {
  const Fault& fault = *call.fault;
  if (fault.kind == "rotated") state_.tokens.mint();
  if (fault.kind == "expired_token") state_.tokens.expire_access();
  if (fault.kind == "expired_cursor") state_.searches.expire();
  if (fault.kind == "restate") state_.reports.restate(std::chrono::days(fault.get("days", 30)));
  return vendor_replacement(fault, page_size_of(call.body));
}

Reply Vendor::route(const Call& call) {
  if (call.subject.step == "token") {
    if (call.request.method != "POST") return to_reply({405, "Method Not Allowed"});
    return TokenRequest(call.request).answer(state_.options, state_.tokens);
  }
  if (auto refused = refusal(call)) return std::move(*refused);
  if (is_forbidden(call)) return to_reply(forbidden(state_.options.forbidden_400));
  for (const auto api : {report_api, search_api, case_api, account_api}) {
    if (auto reply = api(call)) return std::move(*reply);
  }
  return to_reply(not_found());
}

}  // namespace engagement::simulator::sprinklr
