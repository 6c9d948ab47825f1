#include "simulator/clevertap/query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "core/error.hpp"

namespace engagement::simulator::clevertap {

namespace {

using nlohmann::json;

constexpr int kBadRequest = 400;
constexpr std::uint64_t kBatchStep = 23;  // CleverTap keeps a project in 23 parts; a page is a multiple of it
constexpr std::uint64_t kLargestBatch = 5'000;
constexpr std::uint64_t kUnlimitedBatch = 500'000;  // a batch_size below 23 means all; this much the simulator gives

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return number;
}

std::variant<std::uint64_t, Failure> parse_batch(const QueryFields& fields) {
  const auto text = fields.value("batch_size");
  const auto size = text ? whole_number(*text) : kLargestBatch;
  if (!size || *size <= 0) return Failure{400, "batch_size must be a positive integer", kBadRequest};
  const auto batch = static_cast<std::uint64_t>(*size);
  if (batch > kLargestBatch) return Failure{400, "batch_size must not exceed 5000", kBadRequest};
  return batch < kBatchStep ? kUnlimitedBatch : batch / kBatchStep * kBatchStep;
}

Flags parse_flags(const QueryFields& fields) {
  const auto is = [&fields](const char* name, bool fallback) {
    const auto value = fields.value(name);
    return value ? *value == "true" : fallback;
  };
  return {is("app", true), is("events", true), is("profile", true)};
}

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::optional<Failure> set_event(ExportQuery& query, const json& body, const Project& project, const Options& options) {
  if (!body.contains("event_name")) {
    const bool filtered = body.contains("common_profile_properties") || body.contains("advanced_query");
    if (query.kind == Kind::kProfiles && filtered) return std::nullopt;  // all events of the past 365 days
    return Failure{400, "event_name is mandatory", kBadRequest};
  }
  if (!body.at("event_name").is_string()) return Failure{400, "event_name must be a string", kBadRequest};
  query.event_name = body.at("event_name").get<std::string>();
  if (has(options.refused, query.event_name)) return export_refused();
  if (!has(options.never_seen, query.event_name)) query.event = project.corpus().find(query.event_name);
  if (!query.event) return invalid_event(query.event_name);
  return std::nullopt;
}

std::optional<Failure> set_days(ExportQuery& query, const json& body, const Project& project, const Options& options) {
  if (!query.event) {
    if (body.contains("from") || body.contains("to")) {
      return Failure{400, "Invalid date : from and to belong to an event_name", kBadDate};
    }
    query.to = project.today();
    query.from = query.to - std::chrono::days(365);
    return std::nullopt;
  }
  for (const char* name : {"from", "to"}) {
    const auto day = body.contains(name) ? parse_day(body.at(name)) : std::nullopt;
    if (!day) return Failure{400, fmt::format("Invalid date : {}", name), kBadDate};
    (std::string_view(name) == "from" ? query.from : query.to) = *day;
  }
  if (query.from > query.to) return Failure{400, "from greater than to", kBadDate};
  if (options.reject_future_to && query.to > project.today()) {
    return Failure{400, "Invalid date : to is in the future", kBadDate};
  }
  return std::nullopt;
}

}  // namespace

Failure invalid_credentials() { return {401, "Invalid Credentials", 401}; }
Failure incorrect_usage() { return {200, "Incorrect Usage", 3}; }
Failure invalid_cursor() { return {200, "Invalid cursor", 400}; }
Failure not_ready() { return {200, "Request still in progress, please retry later", 2}; }
Failure throttled() { return {200, "Request Throttled", 1}; }
Failure invalid_event(std::string_view name) {
  // The text is a JSON list.
  return {400, json::array({fmt::format("Invalid event : {}", name)}).dump(), 400};
}
Failure export_refused() { return {400, "Export not allowed for this event", 400}; }
Failure too_many_requests() { return {429, "Too many concurrent requests", 429}; }
Failure not_found(std::string_view path) { return {404, fmt::format("{} not found", path), 404}; }
Failure no_right(std::string_view path, int status) {
  if (status == 401) return invalid_credentials();
  if (status == 404) return not_found(path);
  return {status, "Access to this API is not allowed", status};
}

Reply to_reply(const Failure& failure) {
  Reply reply;
  reply.status = failure.status;
  nlohmann::ordered_json body = {{"status", "fail"}, {"error", failure.error}, {"code", failure.code}};
  reply.set_text(body.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
  return reply;
}

std::variant<ExportQuery, Failure> parse_export(Kind kind, const QueryFields& fields, std::string_view body,
                                                const Project& project, const Options& options) {
  ExportQuery query;
  query.kind = kind;
  query.flags = parse_flags(fields);
  const auto batch = parse_batch(fields);
  if (const auto* failure = std::get_if<Failure>(&batch)) return *failure;
  query.batch = std::get<std::uint64_t>(batch);

  const json parsed = json::parse(body, nullptr, false);
  if (!parsed.is_object()) return Failure{400, "Malformed JSON in the request body", kBadRequest};
  if (auto failure = set_event(query, parsed, project, options)) return *failure;
  if (auto failure = set_days(query, parsed, project, options)) return *failure;
  try {
    query.condition = parse_condition(parsed, project, options);
  } catch (const BadQuery& bad) {
    return Failure{400, json::array({bad.what()}).dump(), bad.code()};
  }
  return query;
}

Day day_field(const QueryFields& fields, const char* name, Day fallback) {
  const auto text = fields.value(name);
  if (!text) return fallback;
  const auto day = parse_day(json(*text));
  if (!day) throw config_error(fmt::format("{} is no day (YYYYMMDD): {}", name, *text));
  return *day;
}

std::string event_named_in(std::string_view body) {
  const json parsed = json::parse(body, nullptr, false);
  if (!parsed.is_object() || !parsed.contains("event_name") || !parsed.at("event_name").is_string()) return {};
  return parsed.at("event_name").get<std::string>();
}

}  // namespace engagement::simulator::clevertap
