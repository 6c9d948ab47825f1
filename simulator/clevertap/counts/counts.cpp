#include "simulator/clevertap/counts/counts.hpp"

#include "simulator/clevertap/counts/groups.hpp"
#include "simulator/common/draw.hpp"

namespace engagement::simulator::clevertap {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::string_view kEvents = "/1/counts/events.json", kProfiles = "/1/counts/profiles.json",
                           kTop = "/1/counts/top.json", kTrends = "/1/counts/trends.json";

Reply success(std::string text) {
  Reply reply;
  reply.set_text(std::move(text));
  return reply;
}

// HTTP 200, and the error is a list in a text, as it was seen.
Reply refusal(const std::string& words, int code) { return to_reply({200, json::array({words}).dump(), code}); }

std::string partial(std::uint64_t id) { return ordered_json{{"req_id", id}, {"status", "partial"}}.dump(); }

std::optional<std::uint64_t> id_in(const QueryFields& fields) {
  const std::string text = fields.value("req_id").value_or("");
  if (text.empty() || text.size() > 18 || text.find_first_not_of("0123456789") != std::string::npos)
    return std::nullopt;
  return std::stoull(text);
}

}  // namespace

bool Counts::serves(std::string_view path) {
  return path == kEvents || path == kProfiles || path == kTop || path == kTrends;
}

Selection parse_selection(const json& body, const Project& project, const Options& options) {
  Selection selection;
  selection.event = event_named(body, project, options);
  selection.no_rows = !selection.event;
  for (const char* name : {"from", "to"}) {
    const auto day = parse_day(body.value(name, json()));
    if (!day) throw BadQuery(std::string("Invalid date : ") + name, kBadDate);
    (std::string_view(name) == "from" ? selection.from : selection.to) = *day;
  }
  if (selection.from > selection.to) throw BadQuery("from greater than to", kBadDate);
  if (options.reject_future_to && selection.to > project.today()) {
    throw BadQuery("Invalid date : to is in the future", kBadDate);
  }
  selection.condition = parse_condition(body, project, options);
  return selection;
}

std::string Counts::answer(const std::string& path, const json& body) {
  const Selection selection = parse_selection(body, project_, options_);
  ordered_json answer = {{"status", "success"}};
  if (path == kEvents) answer["count"] = selector_.count(selection);
  if (path == kProfiles) answer["count"] = selector_.people(selection).size();
  if (path == kTop) answer.update(top_values(body, selection, selector_, project_));
  if (path == kTrends) answer.update(trends(body, selection, selector_, project_));
  return answer.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

Reply Counts::ask(const std::string& path, const std::string& body) {
  const json parsed = json::parse(body, nullptr, false);
  if (!parsed.is_object()) return refusal("Malformed JSON in the request body", 400);
  Asked asked;
  asked.path = path;
  try {
    asked.answer = answer(path, parsed);
  } catch (const BadQuery& bad) {
    return refusal(bad.what(), bad.code());
  }
  if (options_.count_partials == 0) return success(std::move(asked.answer));
  asked.event_name = event_named_in(body);
  asked.since = clock_.steady_now();
  asked.partials = 1;
  const std::lock_guard lock(mutex_);
  const std::uint64_t id = 100'000'000'000'000U + mix(options_.seed, next_++) % 900'000'000'000'000U;
  asked_[id] = std::move(asked);
  return success(partial(id));
}

Reply Counts::poll(const std::string& path, const QueryFields& fields) {
  const auto id = id_in(fields);
  const std::lock_guard lock(mutex_);
  const auto found = id ? asked_.find(*id) : asked_.end();
  if (found == asked_.end() || found->second.path != path) return to_reply({200, "Invalid request id", 400});
  Asked& asked = found->second;
  if (options_.count_life.count() != 0 && clock_.steady_now() - asked.since > options_.count_life) {
    return to_reply({200, "Invalid request id", 400});
  }
  if (asked.partials++ < options_.count_partials) return success(partial(*id));
  return success(asked.answer);
}

std::string Counts::event_of(const QueryFields& fields) const {
  const auto id = id_in(fields);
  const std::lock_guard lock(mutex_);
  const auto found = id ? asked_.find(*id) : asked_.end();
  return found == asked_.end() ? std::string() : found->second.event_name;
}

void Counts::expire(const QueryFields& fields) {
  const auto id = id_in(fields);
  const std::lock_guard lock(mutex_);
  if (id) asked_.erase(*id);
}

}  // namespace engagement::simulator::clevertap
