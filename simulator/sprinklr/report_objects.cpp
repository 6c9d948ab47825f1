#include "simulator/sprinklr/report_objects.hpp"

#include <fmt/format.h>

#include <chrono>

#include "core/time_text.hpp"
#include "simulator/common/draw.hpp"
#include "simulator/common/text.hpp"

namespace engagement::simulator::sprinklr {

namespace {

constexpr std::string_view kChannels[] = {"TWITTER", "INSTAGRAM", "FACEBOOK", "LINKEDIN", "WHATSAPP_BUSINESS"};
constexpr std::string_view kWords[] = {
    "the order",      "has not",    "arrived yet",  "please help",  "thank you",     "délai",
    "\\u00fcber uns", "配送の遅れ", "line\\nbreak", "tab\\there",   "two  spaces",   "said \\\"no\\\"",
    "back\\\\slash",  "50% off",    "see our faq",  "since Monday", "refund / void", "love it ❤️",
    "\\ud83d\\ude00", "спасибо",    "next week"};
constexpr std::string_view kNames[] = {"Asha Rao",     "Bruno Castro", "Chloé Martin", "Emre Aydın",
                                       "Ingrid Šimić", "José  Núñez",  "村上 春子",    "O'Neill\\tPat"};

void put_custom_properties(std::string& out, std::uint64_t key) {
  Draw draw(mix(key, 0xC0570));
  put(out, R"("partnerCustomProperties":{")", hex_id(1), R"(":[")", draw.pick(kWords), R"("],"_c_)", hex_id(2),
      R"(":[)");
  const std::uint64_t values = draw.below(3);
  for (std::uint64_t at = 0; at < values; ++at) put(out, at == 0 ? "\"" : ",\"", draw.pick(kWords), '"');
  put(out, R"(],"spr_uc_status":["Open"]})");
}

void put_profile(std::string& out, std::uint64_t key, std::string_view channel) {
  Draw draw(mix(key, 0x9E0F));
  put(out, R"({"screenName":"user)", key % 100'000, R"(","name":")", draw.pick(kNames), R"(","snType":")", channel,
      R"(","snId":")", key % 10'000'000'000'000'000U, R"(","followers":)", draw.below(2'000'000), R"(,"interests":[)");
  const std::uint64_t interests = draw.below(4);
  for (std::uint64_t at = 0; at < interests; ++at) put(out, at == 0 ? "\"" : ",\"", draw.pick(kWords), '"');
  put(out, R"(],"accountSpecificInfoMap":{"300124002":{"influencerIndex":)", draw.below(10), R"(,"following":)",
      draw.one_in(2) ? "true" : "false", R"(,"lists":[]}}})");
}

}  // namespace

std::string hex_id(std::uint64_t key) {
  std::string id;
  put_hex(id, mix(key) >> 32U, 8);
  put_hex(id, mix(key + 0x1D));
  return id;
}

std::string message_id(std::uint64_t key, std::int64_t time) {
  return fmt::format("ACCOUNT_{}_{}_{}_{}_{}", 600'000'000 + key % 1'000, time / 1000 * 1000, kChannels[key % 5],
                     key % 50, mix(key) >> 3U);
}

std::uint64_t case_number(std::uint64_t key) { return 1'000'000 + key % 8'000'000; }

std::string display_time(std::int64_t time) {
  constexpr std::string_view kMonthsInShort[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::chrono::sys_seconds at{std::chrono::seconds(time / 1000)};
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const auto second = (at - day).count();
  const auto hour = second / 3600;
  return fmt::format("{} {:02}, {}, {:02}:{:02}:{:02} {}", kMonthsInShort[static_cast<unsigned>(date.month()) - 1],
                     static_cast<unsigned>(date.day()), static_cast<int>(date.year()), hour % 12 == 0 ? 12 : hour % 12,
                     second / 60 % 60, second % 60, hour < 12 ? "AM" : "PM");
}

void put_words(std::string& out, std::uint64_t key, std::size_t least_bytes) {
  Draw draw(key);
  const std::size_t end = out.size() + least_bytes;
  put(out, draw.pick(kWords));
  while (out.size() < end) put(out, ' ', draw.pick(kWords));
}

void put_message_object(std::string& out, std::uint64_t key, std::int64_t time, std::uint64_t padding) {
  Draw draw(mix(key, 0x3E55));
  const std::string_view channel = kChannels[key % 5];
  put(out, R"({"universalMessageId":")", message_id(key, time), R"(","snMsgId":")", mix(key) >> 3U, R"(","snType":")",
      channel, R"(","postId":)", key >> 8U, R"(,"actualText":")");
  put_words(out, key, 40 + padding);
  put(out, R"(","snCreatedTime":)", time, R"(,"modifiedTime":")", display_time(time + 3'600'000), R"(",)");
  if (channel == "TWITTER" && draw.one_in(8))
    put(out, R"("apiStatus":"Removed fields because of resyndication policy",)");
  put(out, R"("permalink":"https:\/\/example.com\/p\/)", key % 1'000'000'007U,
      R"(","workflowProperties":{"sentiment":)",
      draw.below(3) == 0 ? "-1"
      : draw.one_in(2)   ? "0"
                         : "1",
      ',');
  put_custom_properties(out, key);
  put(out, R"(,"queues":[],"assignment":{}},"senderProfile":)");
  put_profile(out, key, channel);
  put(out, R"(,"engagementScore":)", draw.below(100), ".12345678901234567", 100 + draw.below(900),
      R"(,"contentHash":1180591620717)", 100'000'000'000U + draw.below(800'000'000'000U), R"(,"location":)",
      draw.one_in(3) ? R"({"lat":-33.865143,"lon":1.5E2})" : "null", '}');
}

void put_case_object(std::string& out, std::uint64_t key, std::int64_t time) {
  put(out, R"({"id":")", hex_id(key), R"(","caseNumber":)", case_number(key), R"(,"subject":")");
  put_words(out, key, 20);
  put(out, R"(","version":)", key % 60, R"(,"createdTime":)", time, ',');
  put_custom_properties(out, key);
  put(out, '}');
}

void put_initiative_object(std::string& out, std::uint64_t key) {
  put(out, R"({"id":")", hex_id(key), R"(","name":"Initiative )", key % 1000, R"("})");
}

}  // namespace engagement::simulator::sprinklr
