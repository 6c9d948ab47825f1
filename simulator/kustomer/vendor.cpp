#include "simulator/kustomer/vendor.hpp"

#include <algorithm>

#include "simulator/common/fault_effects.hpp"

namespace engagement::simulator::kustomer {

namespace {

constexpr std::string_view kVersionOne = "/v1/";

// What a search is for, from a body that may be anything.
std::string context_named_in(const std::string& body) {
  const auto parsed = nlohmann::json::parse(body, nullptr, false);
  if (!parsed.is_object()) return "";
  const auto context = parsed.find("queryContext");
  return context != parsed.end() && context->is_string() ? context->get<std::string>() : "";
}

// A list that belongs to one resource, by what it lists ("conversation_events", "customer_merges", "kobject_order");
// empty for what is no list.
std::string child_list(std::string_view path) {
  static constexpr std::string_view kConversations = "/conversations/", kCustomers = "/customers/",
                                    kKlassPath = "/klasses/";
  path.remove_prefix(std::min<std::size_t>(path.size(), 3));  // "/v1"
  const std::string_view last = path.substr(std::min(path.rfind('/') + 1, path.size()));
  const bool is_deep = std::count(path.begin(), path.end(), '/') == 3;
  if (is_deep && path.starts_with(kConversations) && !path.starts_with("/conversations/times/")) {
    return "conversation_" + std::string(last);
  }
  if (is_deep && path.starts_with(kCustomers) && last == "merges") return "customer_merges";
  if (path.starts_with(kKlassPath)) {
    for (const Klass& klass : kKlasses) {
      if (klass.name == last) return "kobject_" + std::string(last);
    }
  }
  return "";
}

std::optional<std::uint64_t> number_of(const std::string& text) {
  if (text.empty() || text.size() > 9 || text.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
  return std::stoull(text);
}

// The tighter of two limits speaks; one that was exceeded before one that was not.
std::optional<RateLimit::Standing> tighter(const std::optional<RateLimit::Standing>& one,
                                           const std::optional<RateLimit::Standing>& other) {
  if (!one || !other) return one ? one : other;
  if (one->allowed != other->allowed) return one->allowed ? other : one;
  return one->remaining <= other->remaining ? one : other;
}

}  // namespace

Reply Vendor::handle(const Request& request, const std::stop_token& stop) {
  Call call{request, QueryFields(request.query), 0, {}, false, nullptr, {}, std::nullopt, false};
  call.number = state_.log.begin(seen(request)).number;
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
  return request.header("Authorization") == "Bearer " + state_.options.api_token;
}

nlohmann::ordered_json Vendor::seen(const Request& request) const {
  nlohmann::ordered_json headers = nlohmann::ordered_json::object();
  for (const auto& [name, value] : request.headers) {
    headers[name] = !is_same_header(name, "Authorization") ? value : is_authorized(request) ? "right" : "wrong";
  }
  return {{"method", request.method}, {"path", request.path}, {"query", request.query},
          {"headers", headers},       {"body", request.body}, {"authorized", is_authorized(request)},
          {"status", nullptr}};
}

void Vendor::understand(Call& call) const {
  const Request& request = call.request;
  call.gzip = state_.options.gzip && accepts_gzip(request.header("Accept-Encoding").value_or(""));
  call.subject.method = request.method;
  call.subject.path = request.path;
  call.subject.target = request.method + ' ' + request.path + '?' + request.query;
  if (request.path.starts_with(kVersionOne)) call.path = std::string_view(request.path).substr(kVersionOne.size());
  call.is_search = call.path == "customers/search" || call.path == "customers/archive/search";
  if (request.method == "GET") call.list = find_list(call.path);
  if (call.is_search) call.subject.event = context_named_in(request.body);
  if (call.list != nullptr) call.subject.event = call.list->type;
  if (!call.is_search && call.list == nullptr && request.method == "GET") call.subject.event = child_list(request.path);
  if (call.is_search || !call.subject.event.empty()) {
    call.subject.step = "page";
    call.subject.page = number_of(call.fields.value("page").value_or("1"));
  }
  nlohmann::ordered_json known = {{"step", call.subject.step}, {"event", call.subject.event}};
  if (call.subject.page) known["page"] = *call.subject.page;
  state_.log.note(call.number, known);
}

Reply Vendor::answer(Call& call, const std::stop_token& stop) {
  if (!is_authorized(call.request)) return to_reply(unauthorized("Unauthorized"));
  if (state_.options.expired) return to_reply(unauthorized("Expired token"));
  understand(call);
  const auto of_all = state_.requests.take();
  const auto standing = tighter(call.is_search ? state_.searches.take() : std::nullopt, of_all);
  Reply reply = standing && !standing->allowed ? to_reply(too_many_requests()) : carry_out(call, stop);
  const bool speaks_for_itself = call.fault && call.fault->kind == "rate429";
  if (standing && !speaks_for_itself) add_rate_headers(reply, *standing);
  return reply;
}

Reply Vendor::carry_out(Call& call, const std::stop_token& stop) {
  if (state_.options.latency.count() > 0) state_.clock.wait_for(state_.options.latency, stop);
  call.fault = state_.faults.next(call.subject);
  if (call.fault) {
    state_.log.note(call.number, {{"fault", call.fault->kind}});
    if (auto reply = vendor_replacement(*call.fault, state_.clock.now())) return std::move(*reply);
  }
  Reply reply = route(call);
  if (call.fault) spoil(*call.fault, reply);
  return reply;
}

Reply Vendor::route(const Call& call) {
  if (call.is_search) {
    return call.request.method == "POST" ? search_endpoint(call, state_) : to_reply(not_found(call.request.path));
  }
  if (call.request.method != "GET") return to_reply(not_found(call.request.path));
  if (call.list != nullptr) {
    if (is_forbidden(state_.options, call.list->kind, call.path)) {
      return to_reply(forbidden(std::string(call.list->role), ErrorShape::kJsonApi));
    }
    return call.list->kind == Kind::kAuditLog ? audit_log_endpoint(call, state_) : list_endpoint(call, state_);
  }
  auto reply = single_endpoint(call, state_);
  return reply ? std::move(*reply) : to_reply(not_found(call.request.path));
}

}  // namespace engagement::simulator::kustomer
