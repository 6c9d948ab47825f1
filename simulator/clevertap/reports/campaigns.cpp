#include "simulator/clevertap/reports/campaigns.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "simulator/common/draw.hpp"

namespace engagement::simulator::clevertap {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::uint64_t kCampaignSalt = 0xCA3BA16;
constexpr std::uint64_t kFirstCampaignId = 1'457'432'766;
constexpr std::uint64_t kIdStep = 7'919;
constexpr std::chrono::days kAhead(60);  // the last one is scheduled so long after the corpus's end

constexpr std::string_view kNames[] = {"Spring offer", "Win back / EU", "Été 2026 ☀", "Cart \"reminder\"", "新商品"};

}  // namespace

Campaigns::Campaign Campaigns::at(std::uint64_t number) const {
  const Corpus& corpus = project_.corpus();
  const auto days = static_cast<std::uint64_t>((corpus.last_day() + kAhead - corpus.first_day()).count());
  const auto after = number * days / std::max<std::uint64_t>(options_.campaigns, 1);
  return {number, kFirstCampaignId + number * kIdStep, corpus.first_day() + std::chrono::days(after)};
}

std::string Campaigns::status(const Campaign& campaign) const {
  const Day today = project_.today();
  if (campaign.day > today) return campaign.day > today + std::chrono::days(7) ? "scheduled" : "pending";
  if (campaign.day > today - std::chrono::days(2)) return "running";
  const std::uint64_t fate = mix(options_.seed ^ kCampaignSalt, campaign.number) % 16;
  return fate == 0 ? "paused" : fate == 1 ? "stopped" : "completed";
}

ordered_json Campaigns::to_json(const Campaign& campaign) const {
  Draw draw(mix(options_.seed + kCampaignSalt, campaign.number));
  const auto scheduled = static_cast<std::uint64_t>(day_to_number(campaign.day)) * 10'000 + draw.below(24) * 100 + 30;
  ordered_json text = {{"id", campaign.id},
                       {"name", fmt::format("{} {}", draw.pick(kNames), campaign.number)},
                       {"scheduled_on", scheduled},
                       {"status", status(campaign)}};
  if (draw.one_in(5)) text["scheduled_on"] = std::to_string(scheduled);
  return text;
}

std::optional<ordered_json> Campaigns::result_of(const Campaign& campaign) const {
  Draw draw(mix(options_.seed - kCampaignSalt, campaign.number));
  if (status(campaign) != "completed" || draw.one_in(12)) return std::nullopt;
  const std::uint64_t sent = 50 + draw.below(100'000), viewed = draw.below(sent), clicked = draw.below(viewed + 1);
  ordered_json result = {{"sent", sent}, {"clicked", clicked}};
  if (draw.one_in(2)) result["viewed"] = viewed;
  if (draw.one_in(4)) result["errors"] = {{"Invalid token", draw.below(90)}, {"Unsubscribed / DND", draw.below(9)}};
  return result;
}

// The four forms that were seen or documented; which one is all the same, so each campaign has its own.
Reply Campaigns::not_ready(const Campaign& campaign) const {
  const std::string& wanted = options_.not_ready;
  const std::uint64_t form = campaign.number % 4;
  if (wanted == "409" || (wanted.empty() && form == 0)) return to_reply({409, "Campaign not completed", 409});
  if (wanted == "500" || (wanted.empty() && form == 1))
    return to_reply({500, "This target has no result as of yet", 500});
  if (wanted == "fail" || (wanted.empty() && form == 2)) {
    Reply reply;
    reply.set_text(R"({"status":"fail","error":"This target hasn't been completed"})");
    return reply;
  }
  Reply reply;
  reply.set_text(R"({"status":"success","error":"This target hasn't been completed","code":200})");
  return reply;
}

std::variant<ListAnswer, Failure> Campaigns::list(const json& body) const {
  const auto parsed = parse_range(body);
  if (const auto* failure = std::get_if<Failure>(&parsed)) return *failure;
  const auto& range = std::get<DayRange>(parsed);
  if (options_.target_days != 0 && range.days() > options_.target_days) {
    return Failure{400, fmt::format("Date range must not exceed {} days", options_.target_days), 400};
  }
  ListAnswer answer;
  answer.name = "targets";
  for (std::uint64_t number = 0; number < options_.campaigns; ++number) {
    const Campaign campaign = at(number);
    if (campaign.day >= range.from && campaign.day <= range.to) answer.records.push_back(to_json(campaign));
  }
  return answer;
}

Reply Campaigns::result(const json& body) const {
  const json id = body.is_object() ? body.value("id", json()) : json();
  if (!id.is_number_unsigned()) return to_reply({400, "id is mandatory", 400});
  for (std::uint64_t number = 0; number < options_.campaigns; ++number) {
    const Campaign campaign = at(number);
    if (campaign.id != id) continue;
    const auto result = result_of(campaign);
    if (!result) return not_ready(campaign);
    Reply reply;
    reply.set_text(ordered_json{{"result", *result}, {"status", "success"}}.dump());
    return reply;
  }
  return to_reply({400, "Invalid id", 400});
}

std::vector<ordered_json> Campaigns::truth() const {
  std::vector<ordered_json> all;
  for (std::uint64_t number = 0; number < options_.campaigns; ++number) {
    const Campaign campaign = at(number);
    ordered_json entry = to_json(campaign);
    entry["day"] = day_to_number(campaign.day);
    if (const auto result = result_of(campaign)) entry["result"] = *result;
    all.push_back(std::move(entry));
  }
  return all;
}

}  // namespace engagement::simulator::clevertap
