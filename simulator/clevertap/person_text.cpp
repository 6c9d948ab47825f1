#include "simulator/clevertap/person_text.hpp"

#include "simulator/common/draw.hpp"
#include "simulator/common/text.hpp"

namespace engagement::simulator::clevertap {

namespace {

enum PersonSalts : std::uint64_t { kPersonSalt = 0x9E4507, kContact, kData, kSummary, kDevice };

// As they stand in JSON; some escaped, some raw, as CleverTap passes on what an app sent.
constexpr std::string_view kFirstNames[] = {"Asha",  "Bruno",        "Chloé",  "D\\u00e9bora",      "Emre",  "Farah",
                                            "Goran", "Hye-jin 혜진", "Ingrid", "José \\\"Pepe\\\"", "Kiran", "Łucja"};
constexpr std::string_view kLastNames[] = {"Aydın", "Brown",  "Castro",  "Das",  "Eriksson", "Fernández",
                                           "Gupta", "Hansen", "O'Neill", "村上", "Šimić",    "d\\u2019Arc"};
constexpr std::string_view kFoods[] = {"pizza", "crêpe", "寿司", "dal", "🍜 ramen", "a / b", "fish\\nchips"};
constexpr std::string_view kCities[] = {"Pune", "São Paulo", "Zürich", "New York", "東京", "Lagos"};
// Of other names than the exported events: the summary holds whatever the person ever did.
constexpr std::string_view kSummaryNames[] = {
    "App Launched",  "Session Concluded", "Notification Viewed", "Notification Clicked", "Product Viewed",
    "Search / Done", "Charged",           "Level Up 🎮",          "App Uninstalled",      "UTM Visited",
    "Reply Sent",    "Video Paused"};

constexpr std::uint64_t kFirstSeen = 1'690'000'000;  // epoch seconds, UTC, unlike an event's ts

}  // namespace

PersonText::PersonText(const Corpus& corpus) : corpus_(corpus) {}

std::uint64_t PersonText::key(Person person) const { return mix(corpus_.seed() ^ kPersonSalt, person); }

bool PersonText::is_anonymous(Person person) const { return key(person) % 5 == 0; }

std::string PersonText::identity(Person person) const {
  if (is_anonymous(person)) return {};
  // Mostly a number in text, now and then an address.
  return key(person) % 16 == 1 ? email(person) : std::to_string(5'550'000'000U + std::uint64_t{person});
}

std::string PersonText::email(Person person) const {
  if (is_anonymous(person) || key(person) % 7 == 2) return {};
  return "user" + std::to_string(person) + (person % 3 == 0 ? "@example.com" : "+shop@example.org");
}

std::size_t PersonText::devices(Person person) const { return 1 + (key(person) >> 8U) % 8 / 3; }

std::string_view PersonText::platform(Person person, std::size_t device) const {
  static constexpr std::string_view kPlatforms[] = {"Android", "iOS", "Web"};
  return kPlatforms[((key(person) >> 16U) + device) % 3];
}

std::string PersonText::object_id(Person person, std::size_t device) const {
  const std::uint64_t high = mix(key(person) ^ kDevice, device);
  std::string hex;
  put_hex(hex, high);
  put_hex(hex, mix(high));
  if (platform(person, device) != "Web") return "-" + hex;
  for (const std::size_t at : {8U, 13U, 18U, 23U}) hex.insert(at, 1, '-');
  return hex;
}

void PersonText::put_contact(std::string& out, Person person) const {
  Draw draw(mix(key(person), kContact));
  const std::string identity_text = identity(person), email_text = email(person);
  if (identity_text.empty()) return;
  put(out, R"("identity":")", identity_text, R"(","name":")", draw.pick(kFirstNames), ' ', draw.pick(kLastNames),
      R"(",)");
  if (!email_text.empty()) put(out, R"("email":")", email_text, R"(",)");
  const std::uint64_t phone = 910'000'000'000U + 9'000'000'000U + draw.below(1'000'000'000U);
  switch (draw.below(10)) {
    case 0:
      put(out, R"("phone":)", phone, ',');
      break;  // a number: some apps send one
    case 1:
      break;
    case 2:
      put(out, R"("phone":"",)");
      break;
    default:
      put(out, R"("phone":"+)", phone, R"(",)");
  }
}

void PersonText::put_profile_data(std::string& out, Person person) const {
  Draw draw(mix(key(person), kData));
  out += '{';
  const std::uint64_t points = draw.below(5'000);
  switch (draw.below(4)) {  // one key, several types
    case 0:
      put(out, R"("points":")", points, '"');
      break;
    case 1:
      put(out, R"("points":)", points, ".5");
      break;
    default:
      put(out, R"("points":)", points);
  }
  put(out, R"(,"trx_cnt":")", draw.below(40), R"(","voucher":)", draw.one_in(3) ? R"("SAVE10")" : R"("<NA>")");
  if (draw.one_in(2)) put(out, R"(,"vip":)", draw.one_in(3) ? R"("true")" : draw.one_in(2) ? "true" : "false");
  if (draw.one_in(3)) put(out, R"(,"favoriteFood":")", draw.pick(kFoods), '"');
  if (draw.one_in(4)) put(out, R"(,"Date of Birth":"$D_)", 300'000'000 + draw.below(700'000'000), '"');
  if (draw.one_in(6)) put(out, R"(,"tags":["new",null,)", draw.below(9), R"(,"b2c"])");
  if (draw.one_in(6)) put(out, R"(,"address":{"city":")", draw.pick(kCities), R"(","pin":)", draw.below(999'999), '}');
  if (draw.one_in(8)) put(out, R"(,"wallet_id":90071992547)", 100'000'000'000U + draw.below(800'000'000'000U));
  if (draw.one_in(8)) put(out, R"(,"balance":)", draw.below(1'000), ".12345678901234567", 100 + draw.below(900));
  if (draw.one_in(9)) put(out, R"(,"optional":null,"score":-0.0,"ratio":1.5E-7)");
  out += '}';
}

void PersonText::put_summary(std::string& out, Person person) const {
  Draw draw(mix(key(person), kSummary));
  out += '{';
  const std::size_t first = draw.below(std::size(kSummaryNames));
  const std::size_t count = 3 + draw.below(std::size(kSummaryNames) - 3);
  for (std::size_t at = 0; at < count; ++at) {
    const std::uint64_t seen = kFirstSeen + draw.below(80'000'000);
    put(out, at == 0 ? "" : ",", '"', kSummaryNames[(first + at) % std::size(kSummaryNames)], R"(":{"count":)",
        1 + draw.below(500), R"(,"first_seen":)", seen, R"(,"last_seen":)", seen + draw.below(30'000'000), '}');
  }
  out += '}';
}

void PersonText::put_app_fields(std::string& out, Person person, std::size_t device) const {
  Draw draw(mix(key(person) ^ kDevice, device + 16));
  static constexpr std::string_view kVersions[] = {"14", "15.8.2", "26.6.1", "17.0"};
  static constexpr std::string_view kModels[] = {R"("Apple","model":"iPhone14,3")", R"("Samsung","model":"SM-A546E")",
                                                 R"("Xiaomi","model":"Redmi \"Note\" 13")"};
  put(out, R"(,"os_version":")", draw.pick(kVersions), R"(","app_version":"5.)", draw.below(10), '.', draw.below(10));
  put(out, R"(","make":)", draw.pick(kModels));
}

void PersonText::put_in_event(std::string& out, Person person, std::uint64_t choice, Flags flags) const {
  const std::size_t device = choice % devices(person);
  put(out, R"({"objectId":")", object_id(person, device), R"(","platform":")", platform(person, device), '"');
  if (flags.app) put_app_fields(out, person, device);
  out += ',';
  put_contact(out, person);
  const std::string identity_text = identity(person), email_text = email(person);
  if (!identity_text.empty()) {
    put(out, R"("all_identities":[")", identity_text, '"');
    if (!email_text.empty() && email_text != identity_text) put(out, R"(,")", email_text, '"');
    out += "],";
  }
  if (platform(person, device) != "Web") {
    put(out, R"("push_token":")");
    put_hex(out, mix(key(person), device + 32));
    out += R"(",)";
  }
  out += R"("df":{})";
  if (flags.profile) {
    out += R"(,"profileData":)";
    put_profile_data(out, person);
  }
  if (flags.events) {
    out += R"(,"events":)";
    put_summary(out, person);
  }
  out += '}';
}

void PersonText::put_record(std::string& out, Person person, Flags flags) const {
  out += '{';
  put_contact(out, person);
  if (key(person) % 20 == 3) put(out, R"("objectId":")", object_id(person, 0), R"(",)");
  if (flags.profile) {
    out += R"("profileData":)";
    put_profile_data(out, person);
    out += ',';
  }
  if (flags.events) {
    out += R"("events":)";
    put_summary(out, person);
    out += ',';
  }
  out += R"("platformInfo":[)";
  for (std::size_t device = 0; device < devices(person); ++device) {
    put(out, device == 0 ? "" : ",", R"({"platform":")", platform(person, device), '"');
    if (flags.app) put_app_fields(out, person, device);
    put(out, R"(,"objectId":")", object_id(person, device), R"("})");
  }
  out += "]}";
}

}  // namespace engagement::simulator::clevertap
