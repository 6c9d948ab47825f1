#include "simulator/clevertap/cql/person_facts.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "simulator/common/draw.hpp"

namespace engagement::simulator::clevertap {

namespace {

using nlohmann::json;

constexpr std::uint64_t kFactsSalt = 0xFAC75;
constexpr double kEarthRadiusKm = 6'371;

struct Home {
  const char *country, *region, *city;
  double latitude, longitude;
};
constexpr Home kHomes[] = {
    {"India", "Maharashtra", "Pune", 18.52, 73.86},           {"India", "Karnataka", "Bengaluru", 12.97, 77.59},
    {"Brazil", "São Paulo", "São Paulo", -23.55, -46.63},     {"Switzerland", "Zürich", "Zürich", 47.38, 8.54},
    {"United States", "New York", "New York", 40.71, -74.01}, {"Nigeria", "Lagos", "Lagos", 6.52, 3.38}};

// CQL's name of an app field and the record's.
constexpr std::pair<const char*, const char*> kAppFields[] = {
    {"Make", "make"}, {"Model", "model"}, {"OS Version", "os_version"}, {"App Version", "app_version"}};
constexpr std::pair<const char*, const char*> kContactFields[] = {
    {"Identity", "identity"}, {"Name", "name"}, {"Email", "email"}, {"Phone", "phone"}};
constexpr const char* kProfileData[] = {"points",        "trx_cnt", "voucher", "vip",       "favoriteFood",
                                        "Date of Birth", "tags",    "address", "wallet_id", "balance",
                                        "optional",      "score",   "ratio"};

const Home& home_of(std::uint64_t key) { return kHomes[mix(key, 3) % std::size(kHomes)]; }

const char* record_name(const auto& names, const std::string& name) {
  for (const auto& [known, own] : names) {
    if (name == known || name == own) return own;
  }
  return nullptr;
}

double distance_km(const Home& home, const Circle& circle) {
  constexpr double kDegree = std::numbers::pi / 180;
  const double north = std::sin((home.latitude - circle.latitude) * kDegree / 2);
  const double east = std::sin((home.longitude - circle.longitude) * kDegree / 2);
  const double chord =
      north * north + std::cos(home.latitude * kDegree) * std::cos(circle.latitude * kDegree) * east * east;
  return 2 * kEarthRadiusKm * std::asin(std::sqrt(std::min(chord, 1.0)));
}

}  // namespace

PersonFacts::PersonFacts(const PersonText& people, Person person) : key_(mix(kFactsSalt, person)) {
  std::string text;
  people.put_record(text, person, Flags{true, false, true});
  record_ = json::parse(text);
}

std::vector<json> PersonFacts::app_values(const std::string& name) const {
  std::vector<json> values;
  const char* own = record_name(kAppFields, name);
  for (const json& device : record_.at("platformInfo")) {
    if (own != nullptr && device.contains(own)) values.push_back(device.at(own));
  }
  return values;
}

json PersonFacts::demographic(const std::string& name) const {
  static constexpr const char* kEducation[] = {"School", "College", "Graduate"};
  if (name == "Gender") return mix(key_, 1) % 10 == 0 ? json() : json(mix(key_, 1) % 2 == 0 ? "F" : "M");
  if (name == "Education") return mix(key_, 2) % 4 == 0 ? json() : json(kEducation[mix(key_, 2) % 3]);
  if (name == "Age") return 18 + mix(key_, 4) % 60;
  return {};
}

std::vector<json> PersonFacts::technographics(const std::string& name) const {
  std::vector<json> values;
  std::uint64_t number = 5;
  for (const json& device : record_.at("platformInfo")) {
    const auto platform = device.at("platform").get<std::string>();
    if (name == "Platform") values.emplace_back(platform == "Web" ? platform : platform + "App");
    if (name == "Device") {
      values.emplace_back(platform == "Web" ? "Desktop" : mix(key_, number++) % 8 == 0 ? "Tablet" : "Mobile");
    }
  }
  return values;
}

json PersonFacts::reachability(const std::string& name) const {
  const auto truth = [](bool holds) { return json(holds ? "True" : "False"); };
  if (name == "has_token") {
    const json& devices = record_.at("platformInfo");
    return truth(
        std::any_of(devices.begin(), devices.end(), [](const json& device) { return device.at("platform") != "Web"; }));
  }
  if (name == "has_email") return truth(record_.contains("email"));
  if (name == "has_phone") return truth(record_.contains("phone") && record_.at("phone") != "");
  return {};
}

std::vector<json> PersonFacts::values(PersonField field, const std::string& name) const {
  json value;
  switch (field) {
    case PersonField::kApp:
      return app_values(name);
    case PersonField::kTechnographics:
      return technographics(name);
    case PersonField::kDemographics:
      value = demographic(name);
      break;
    case PersonField::kReachability:
      value = reachability(name);
      break;
    case PersonField::kProfile: {
      const char* own = record_name(kContactFields, name);
      value = own != nullptr ? record_.value(own, json()) : record_.at("profileData").value(name, json());
      break;
    }
    case PersonField::kGeo: {
      const Home& home = home_of(key_);
      if (name == "Country") value = home.country;
      if (name == "Region") value = home.region;
      if (name == "City") value = home.city;
      break;
    }
  }
  return value.is_null() ? std::vector<json>{} : std::vector<json>{value};
}

bool PersonFacts::is_in(const Condition& condition) const {
  if (condition.places.empty() && condition.circles.empty()) return true;
  const Home& home = home_of(key_);
  const Place own = {home.country, home.region, home.city};
  return std::any_of(condition.places.begin(), condition.places.end(),
                     [&own](const Place& place) { return std::equal(place.begin(), place.end(), own.begin()); }) ||
         std::any_of(condition.circles.begin(), condition.circles.end(),
                     [&home](const Circle& circle) { return distance_km(home, circle) <= circle.radius_km; });
}

bool PersonFacts::satisfies(const Condition& condition) const {
  const bool all = std::all_of(condition.person.begin(), condition.person.end(), [this](const PersonFilter& wanted) {
    const std::vector<json> own = values(wanted.field, wanted.filter.name);
    if (own.empty()) return matches(wanted.filter, nullptr);
    return std::any_of(own.begin(), own.end(), [&wanted](const json& value) { return matches(wanted.filter, &value); });
  });
  return all && is_in(condition);
}

bool is_known_person_property(PersonField field, const std::string& name) {
  const auto is_one_of = [&name](std::initializer_list<const char*> names) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  switch (field) {
    case PersonField::kProfile:
      return record_name(kContactFields, name) != nullptr ||
             std::find(std::begin(kProfileData), std::end(kProfileData), name) != std::end(kProfileData);
    case PersonField::kApp:
      return record_name(kAppFields, name) != nullptr;
    case PersonField::kDemographics:
      return is_one_of({"Gender", "Education", "Age"});
    case PersonField::kTechnographics:
      return is_one_of({"Platform", "Device"});
    case PersonField::kReachability:
      return is_one_of({"has_token", "has_email", "has_phone"});
    case PersonField::kGeo:
      return is_one_of({"Country", "Region", "City"});
  }
  return false;
}

}  // namespace engagement::simulator::clevertap
