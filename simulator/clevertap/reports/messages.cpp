#include "simulator/clevertap/reports/messages.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "simulator/common/draw.hpp"

namespace engagement::simulator::clevertap {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::uint64_t kMessageSalt = 0x3E55A6E;
constexpr std::uint64_t kFirstMessageId = 1'767'000'001;
constexpr std::int64_t kFastDays = 14;
constexpr std::int64_t kMostDays =
    180;  // a call from 2013 to today was answered with 500; where that begins is not known

using Names = std::vector<std::string>;

const Names& channels() {
  static const Names names = {"push",      "email",    "sms",        "browser",         "audiences",
                              "inapp",     "webhooks", "web_pop_up", "web_exit_intent", "web_native_display",
                              "web_inbox", "whatsapp", "tiktok",     "nativedisplay"};
  return names;
}
const Names& deliveries() {
  static const Names names = {"one_time", "inaction", "action", "recurring", "property_time", "api", "multiple_dates"};
  return names;
}
const Names& statuses() {
  static const Names names = {"scheduled", "running", "stopped", "completed"};
  return names;
}
const Names& message_types() {
  static const Names names = {"single", "ab", "message_on_user_property"};
  return names;
}

const std::string& pick(Draw& draw, const Names& names) { return names[draw.below(names.size())]; }

// The names a filter asks for; empty: any. A Failure for what is no list of known names. `known` null: any text.
std::variant<Names, Failure> parse_names(const json& body, const char* filter, const Names* known) {
  if (!body.contains(filter)) return Names{};
  const json& list = body.at(filter);
  if (!list.is_array()) return Failure{400, fmt::format("{} must be an array", filter), 400};
  Names names;
  for (const json& entry : list) {
    const bool right = entry.is_string() && (known == nullptr || std::find(known->begin(), known->end(),
                                                                           entry.get<std::string>()) != known->end());
    if (!right) return Failure{400, json::array({fmt::format("Invalid {} : {}", filter, entry.dump())}).dump(), 400};
    names.push_back(entry.get<std::string>());
  }
  return names;
}

bool takes(const Names& wanted, const json& own) {
  if (wanted.empty()) return true;
  if (own.is_array()) return std::any_of(own.begin(), own.end(), [&](const json& one) { return takes(wanted, one); });
  return own.is_string() && std::find(wanted.begin(), wanted.end(), own.get<std::string>()) != wanted.end();
}

}  // namespace

Messages::Message Messages::at(std::uint64_t number) const {
  const Corpus& corpus = project_.corpus();
  const auto days = static_cast<std::uint64_t>((corpus.last_day() - corpus.first_day()).count()) + 1;
  Message message;
  message.day = corpus.first_day() + std::chrono::days(number * days / std::max<std::uint64_t>(options_.messages, 1));
  Draw draw(mix(options_.seed ^ kMessageSalt, number));
  const std::string& channel = pick(draw, channels());
  const std::uint64_t sent = draw.below(200'000), viewed = sent == 0 ? 0 : draw.below(sent);
  const bool is_ahead = message.day > project_.today();
  message.message_type = pick(draw, message_types());
  message.text = {{"message id", kFirstMessageId + number * 131},
                  {"message_name", fmt::format("Message \"{}\" / {}", number, channel)},
                  {"channel", channel},
                  {"delivery", pick(draw, deliveries())},
                  {"start_date", std::to_string(day_to_number(message.day))},
                  {"status", is_ahead ? "scheduled" : statuses()[1 + draw.below(3)]},
                  {"sent", is_ahead ? 0 : sent},
                  {"viewed", is_ahead ? 0 : viewed},
                  {"clicked", is_ahead || viewed == 0 ? 0 : draw.below(viewed)},
                  {"conversion_event", draw.one_in(3) ? json() : json("Charged")},
                  {"labels", ordered_json::array()},
                  {"device", {"Android", "iOS"}}};
  if (draw.one_in(2)) message.text["labels"].push_back("Sale");
  if (draw.one_in(3)) message.text["labels"].push_back("Neukunden ✓");
  if (channel == "sms") message.text.erase("viewed");
  if (draw.one_in(9)) message.text["clicked"] = std::to_string(message.text.at("clicked").get<std::uint64_t>());
  return message;
}

std::variant<ListAnswer, Failure> Messages::report(const json& body, const std::stop_token& stop) const {
  const auto parsed = parse_range(body);
  if (const auto* failure = std::get_if<Failure>(&parsed)) return *failure;
  const auto& range = std::get<DayRange>(parsed);
  std::map<std::string, Names> wanted;
  for (const auto& [filter, known] : {std::pair<const char*, const Names*>("channel", &channels()),
                                      {"delivery", &deliveries()},
                                      {"status", &statuses()},
                                      {"message_type", &message_types()},
                                      {"label", nullptr}}) {
    auto names = parse_names(body, filter, known);
    if (const auto* failure = std::get_if<Failure>(&names)) return *failure;
    wanted[filter] = std::get<Names>(std::move(names));
  }
  if (body.contains("daily") && !body.at("daily").is_boolean()) return Failure{400, "daily must be a boolean", 400};
  if (range.days() > kFastDays) clock_.wait_for(range.days() * options_.report_time_per_day, stop);
  if (range.days() > kMostDays) return Failure{500, "An unknown error occurred", 500};

  ListAnswer answer;
  answer.name = "messages";
  for (std::uint64_t number = 0; number < options_.messages; ++number) {
    const Message message = at(number);
    if (message.day < range.from || message.day > range.to) continue;
    const bool fits =
        takes(wanted["channel"], message.text.at("channel")) &&
        takes(wanted["delivery"], message.text.at("delivery")) && takes(wanted["status"], message.text.at("status")) &&
        takes(wanted["label"], message.text.at("labels")) && takes(wanted["message_type"], message.message_type);
    if (fits) answer.records.push_back(message.text);
  }
  answer.rest["total_results"] = answer.records.size();
  return answer;
}

std::vector<ordered_json> Messages::truth() const {
  std::vector<ordered_json> all;
  for (std::uint64_t number = 0; number < options_.messages; ++number) {
    Message message = at(number);
    message.text["message_type"] = message.message_type;
    all.push_back(std::move(message.text));
  }
  return all;
}

}  // namespace engagement::simulator::clevertap
