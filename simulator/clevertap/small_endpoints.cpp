#include "simulator/clevertap/small_endpoints.hpp"

#include <nlohmann/json.hpp>

#include "simulator/clevertap/vendor.hpp"
#include "simulator/common/draw.hpp"

namespace engagement::simulator::clevertap {

namespace {

using nlohmann::ordered_json;

constexpr Day kLongAgo{std::chrono::days(0)};

ordered_json property(const char* name, const char* type) { return {{"name", name}, {"type", type}}; }

// Also the events whose export is refused or that never happened: the catalogue does not tell.
std::string event_schema(const Project& project, const Options& options) {
  ordered_json events = ordered_json::array();
  const auto add = [&events](std::string_view name, std::uint64_t count, const char* status) {
    events.push_back({{"name", name},
                      {"status", status},
                      {"eventCount", count},
                      {"properties",
                       {property("Amount", "Number"), property("ref", "String"), property("first time", "Boolean"),
                        property("Items", "Array"), property("CT Session Id", "number")}}});
  };
  for (std::size_t event = 0; event < project.corpus().events(); ++event) {
    add(project.corpus().name(event), rows_of(project.spans(event, kLongAgo, project.today())), "Active");
  }
  for (const std::string& name : options.refused) add(name, 12'345, "Active");
  for (const std::string& name : options.never_seen) add(name, 0, "Discarded");
  return ordered_json{{"status", "success"}, {"events", events}}.dump();
}

std::string user_properties_schema() {
  ordered_json properties = ordered_json::array();
  for (const auto& [name, type] : {std::pair("points", "Number"),
                                   {"trx_cnt", "String"},
                                   {"voucher", "String"},
                                   {"vip", "Boolean"},
                                   {"favoriteFood", "String"},
                                   {"Date of Birth", "Date"},
                                   {"tags", "array"},
                                   {"address", "Object"},
                                   {"wallet_id", "Mixed"},
                                   {"balance", "number"}}) {
    properties.push_back({{"name", name}, {"dataType", type}});
  }
  return ordered_json{{"status", "success"}, {"userProperties", properties}}.dump();
}

Reply schema(const QueryFields& fields, const Project& project, const Options& options, bool gzip) {
  const std::string type = fields.value("type").value_or("");
  if (type == "events") return json_reply(event_schema(project, options), gzip);
  if (type == "userProperties") return json_reply(user_properties_schema(), gzip);
  return to_reply({400, "Invalid type", 400});
}

Reply now(const Request& request, const Options& options, const Clock& clock) {
  const auto body = nlohmann::json::parse(request.body, nullptr, false);
  if (!body.is_object()) return to_reply({400, "Malformed JSON in the request body", 400});
  const std::uint64_t count = 100 + mix(options.seed) % 400;
  ordered_json reply = {{"status", "success"}, {"count", count}};
  if (body.value("user_type", false)) reply["user_type"] = {{"new", count / 4}, {"repeat", count - count / 4}};
  if (body.value("os", false)) reply["os"] = {{"android", count / 2}, {"ios", count - count / 2}};
  reply["last_processed_ts"] = std::chrono::floor<std::chrono::seconds>(clock.now()).time_since_epoch().count();
  return json_reply(reply.dump(), false);
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

Reply profile(const QueryFields& fields, const Project& project) {
  const QueryField* chosen = nullptr;
  for (const QueryField& field : fields.all()) {
    if (field.name != "identity" && field.name != "email" && field.name != "objectId") continue;
    if (chosen != nullptr) return to_reply(incorrect_usage());  // exactly one
    chosen = &field;
  }
  if (chosen == nullptr) return to_reply(incorrect_usage());
  const PersonText& text = project.people_text();
  const auto person = find_person(text, project.corpus().people(), chosen->name, chosen->value);
  if (!person) return to_reply({404, "Profile not found", 404});
  std::string body = R"({"status":"success","record":)";
  text.put_record(body, *person, Flags{});
  return json_reply(body + '}', false);
}

}  // namespace

Reply small_endpoint(const Request& request, const QueryFields& fields, const Project& project, const Options& options,
                     const Clock& clock, bool gzip) {
  const std::string call = request.method + ' ' + request.path;
  if (call == "GET /getSchema") return schema(fields, project, options, gzip);
  if (call == "GET /v1/connect") {
    return fields.find("partner") != nullptr ? json_reply(R"({"status":"success"})", false)
                                             : to_reply({400, "partner is mandatory", 400});
  }
  if (call == "POST /1/now.json") return now(request, options, clock);
  if (call == "GET /1/profile.json") return profile(fields, project);
  return to_reply(not_found(request.path));
}

}  // namespace engagement::simulator::clevertap
