#include "simulator/clevertap/reports/schema.hpp"

namespace engagement::simulator::clevertap {

namespace {

using nlohmann::ordered_json;

constexpr Day kLongAgo{std::chrono::days(0)};

struct Property {
  const char *name, *type;
};

// Amount and "first time" come as text too, "message id" is null: the type is what somebody chose in the dashboard.
constexpr Property kEventProperties[] = {{"Amount", "Number"},        {"ref", "String"},
                                         {"first time", "Boolean"},   {"Items", "Array"},
                                         {"CT Session Id", "number"}, {"CT SDK Version", "NUMBER"},
                                         {"CT OS Version", "string"}, {"CT App Version", "String"},
                                         {"CT Source", "string"},     {"Product Name", "String"},
                                         {"ledger", "Number"},        {"rate", "number"},
                                         {"message id", "String"},    {"notes", "Mixed"},
                                         {"Delivered On", "Date"}};
constexpr Property kUserProperties[] = {{"points", "Number"},  {"trx_cnt", "String"},      {"voucher", "String"},
                                        {"vip", "Boolean"},    {"favoriteFood", "String"}, {"Date of Birth", "Date"},
                                        {"tags", "array"},     {"address", "Object"},      {"wallet_id", "Mixed"},
                                        {"balance", "number"}, {"score", "NUMBER"},        {"ratio", "Number"},
                                        {"Last Store", "Geo"}};

// Every fourth one has the other of the two keys.
ordered_json to_json(const Property& property, std::size_t number, const char* usual, const char* other) {
  return {{"name", property.name}, {number % 4 == 3 ? other : usual, property.type}};
}

}  // namespace

ListAnswer event_schema(const Project& project, const Options& options) {
  ListAnswer answer;
  answer.name = "events";
  const auto add = [&answer](std::string_view name, std::uint64_t count, const char* status) {
    ordered_json properties = ordered_json::array();
    for (const Property& property : kEventProperties) {
      properties.push_back(to_json(property, properties.size(), "type", "dataType"));
    }
    answer.records.push_back({{"name", name}, {"status", status}, {"eventCount", count}, {"properties", properties}});
  };
  for (std::size_t event = 0; event < project.corpus().events(); ++event) {
    add(project.corpus().name(event), rows_of(project.spans(event, kLongAgo, project.today())), "Active");
  }
  for (const std::string& name : options.refused) add(name, 12'345, "Active");
  for (const std::string& name : options.never_seen) add(name, 0, "Discarded");
  return answer;
}

ListAnswer user_property_schema() {
  ListAnswer answer;
  answer.name = "userProperties";
  for (const Property& property : kUserProperties) {
    answer.records.push_back(to_json(property, answer.records.size(), "dataType", "type"));
  }
  return answer;
}

}  // namespace engagement::simulator::clevertap
