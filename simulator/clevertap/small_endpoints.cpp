#include "simulator/clevertap/small_endpoints.hpp"

#include <nlohmann/json.hpp>

#include "simulator/clevertap/reports/schema.hpp"
#include "simulator/clevertap/vendor.hpp"
#include "simulator/common/draw.hpp"

namespace engagement::simulator::clevertap {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::int64_t kNowSeconds = 300;  // "active users, last 5 minutes"

Failure malformed() { return {400, "Malformed JSON in the request body", 400}; }

Reply list_reply(const std::variant<ListAnswer, Failure>& answer, const EndpointCall& call) {
  if (const auto* failure = std::get_if<Failure>(&answer)) return to_reply(*failure);
  return json_reply(to_text(std::get<ListAnswer>(answer), call.fault), call.gzip);
}

Reply schema(const EndpointCall& call, const State& state) {
  const std::string type = call.fields.value("type").value_or("");
  if (type == "events") return list_reply(event_schema(state.project, state.options), call);
  if (type == "userProperties") return list_reply(user_property_schema(), call);
  return to_reply({400, "Invalid type", 400});
}

ListAnswer subscription_groups() {
  const auto group = [](const char* name, int key, const char* description,
                        std::initializer_list<const char*> channels) {
    return ordered_json{{"name", name},
                        {"key", key},
                        {"description", description},
                        {"channels", channels},
                        {"updated_on", 1'767'812'749 + key},
                        {"created_on", 1'767'225'600}};
  };
  ListAnswer answer;
  answer.name = "list";
  answer.records = {group("Newsletter", 1, "Once a week", {"Email"}), group("Offers / SMS", 2, "", {"SMS", "WhatsApp"}),
                    group("Produktneuheiten ☕", 3, "What is new", {"Email", "SMS"})};
  return answer;
}

// Parts of `count` that add up to it.
ordered_json parts_of(std::uint64_t count, std::initializer_list<const char*> names) {
  ordered_json parts = ordered_json::object();
  std::uint64_t left = count;
  std::size_t number = 0;
  for (const char* name : names) {
    const std::uint64_t part = ++number == names.size() ? left : left / 2;
    parts[name] = part;
    left -= part;
  }
  return parts;
}

Reply now(const EndpointCall& call, const State& state) {
  const json body = json::parse(call.request.body, nullptr, false);
  if (!body.is_object()) return to_reply(malformed());
  const auto seconds = std::chrono::floor<std::chrono::seconds>(state.clock.now()).time_since_epoch().count();
  const std::int64_t processed = seconds / kNowSeconds * kNowSeconds;
  const std::uint64_t count = 100 + mix(state.options.seed, static_cast<std::uint64_t>(processed)) % 400;
  ordered_json answer = {{"status", "success"}, {"count", count}};
  const std::pair<const char*, ordered_json> breakdowns[] = {
      {"user_type",
       {{"new", count / 4}, {"repeat", count - count / 4}, {"addressable", count / 3}, {"customer", count / 5}}},
      {"session_source", parts_of(count, {"Direct", "Others", "Social"})},
      {"browser", parts_of(count / 4, {"Chrome", "Safari", "Firefox"})},
      {"os", parts_of(count, {"android", "ios", "Windows"})},
      {"device", parts_of(count, {"Mobile", "Desktop", "Tablet"})},
      {"new", count / 4}};
  for (const auto& [name, value] : breakdowns) {
    if (!body.contains(name)) continue;
    if (!body.at(name).is_boolean()) return to_reply({400, std::string(name) + " must be a boolean", 400});
    if (body.at(name).get<bool>()) answer[name] = value;
  }
  answer["last_processed_ts"] = processed;
  return json_reply(answer.dump(), call.gzip);
}

std::optional<Person> find_person(const PersonText& text, Person people, const std::string& by,
                                  const std::string& value) {
  for (Person person = 0; person < people && !value.empty(); ++person) {
    if (by == "identity" && text.identity(person) == value) return person;
    if (by == "email" && text.email(person) == value) return person;
    for (std::size_t device = 0; by == "objectId" && device < text.devices(person); ++device) {
      if (text.object_id(person, device) == value) return person;
    }
  }
  return std::nullopt;
}

Reply profile(const EndpointCall& call, const State& state) {
  const QueryField* chosen = nullptr;
  for (const QueryField& field : call.fields.all()) {
    if (field.name != "identity" && field.name != "email" && field.name != "objectId") continue;
    if (chosen != nullptr) return to_reply(incorrect_usage());  // exactly one
    chosen = &field;
  }
  if (chosen == nullptr) return to_reply(incorrect_usage());
  const PersonText& text = state.project.people_text();
  const auto person = find_person(text, state.project.corpus().people(), chosen->name, chosen->value);
  if (!person) {
    if (state.options.missing_profile == "404") return to_reply({404, "Profile not found", 404});
    return json_reply(R"({"status":"success"})", false);
  }
  std::vector<std::string> records(1);
  text.put_record(records[0], *person, Flags{});
  if (call.fault) alter_records(*call.fault, records);
  return json_reply(R"({"status":"success","record":)" + records[0] + '}', call.gzip);
}

}  // namespace

bool serves_list(std::string_view path) {
  return path == "/getSchema" || path == "/category-groups" || path == "/v1/contentBlock/list" ||
         path == "/1/targets/list.json" || path == "/1/message/report.json" || path == "/1/profile.json";
}

Reply small_endpoint(const EndpointCall& call, State& state, const std::stop_token& stop) {
  const std::string name = call.request.method + ' ' + call.request.path;
  const auto body = [&call] { return json::parse(call.request.body, nullptr, false); };
  if (name == "GET /getSchema") return schema(call, state);
  if (name == "GET /category-groups") return list_reply(subscription_groups(), call);
  if (name == "GET /v1/contentBlock/list") return list_reply(state.content_blocks.list(call.fields), call);
  if (name == "POST /1/targets/list.json") return list_reply(state.campaigns.list(body()), call);
  if (name == "POST /1/targets/result.json") return state.campaigns.result(body());
  if (name == "POST /1/message/report.json") return list_reply(state.messages.report(body(), stop), call);
  if (name == "POST /1/now.json") return now(call, state);
  if (name == "GET /1/profile.json") return profile(call, state);
  if (name == "GET /v1/connect") {
    return call.fields.find("partner") != nullptr ? json_reply(R"({"status":"success"})", false)
                                                  : to_reply({400, "partner is mandatory", 400});
  }
  return to_reply(not_found(call.request.path));
}

}  // namespace engagement::simulator::clevertap
