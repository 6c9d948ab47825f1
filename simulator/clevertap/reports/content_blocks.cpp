#include "simulator/clevertap/reports/content_blocks.hpp"

#include <fmt/format.h>

#include "simulator/common/draw.hpp"

namespace engagement::simulator::clevertap {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::uint64_t kBlockSalt = 0xB10C;
constexpr std::uint64_t kFirstBlockId = 1'700'000'100;
constexpr std::uint64_t kLargestPage = 100;
constexpr std::uint64_t kUsualPage = 10;

// A positive number in a query; nullopt for what is none.
std::optional<std::uint64_t> number_in(const QueryFields& fields, const char* name, std::uint64_t fallback) {
  const auto text = fields.value(name);
  if (!text) return fallback;
  if (text->empty() || text->size() > 9 || text->find_first_not_of("0123456789") != std::string::npos)
    return std::nullopt;
  const std::uint64_t number = std::stoull(*text);
  return number == 0 ? std::nullopt : std::optional(number);
}

std::string time_text(Day day, std::uint64_t milliseconds) {
  const std::uint64_t seconds = milliseconds / 1'000;
  return fmt::format("{}T{:02}:{:02}:{:02}.{:03}Z", day_to_text(day), seconds / 3'600, seconds / 60 % 60, seconds % 60,
                     milliseconds % 1'000);
}

}  // namespace

bool ContentBlocks::is_time(const std::string& text) {
  static constexpr std::string_view kForm = "dddd-dd-ddTdd:dd:dd.dddZ";
  if (text.size() != kForm.size()) return false;
  for (std::size_t at = 0; at < kForm.size(); ++at) {
    const bool is_digit = text[at] >= '0' && text[at] <= '9';
    if (kForm[at] == 'd' ? !is_digit : text[at] != kForm[at]) return false;
  }
  return day_from_text(text.substr(0, 10)).has_value();
}

ordered_json ContentBlocks::at(std::uint64_t number) const {
  const Corpus& corpus = project_.corpus();
  Draw draw(mix(options_.seed ^ kBlockSalt, number));
  const auto days = static_cast<std::uint64_t>((corpus.last_day() - corpus.first_day()).count()) + 1;
  const std::uint64_t created = draw.below(days);
  const std::uint64_t id = kFirstBlockId + number;
  ordered_json block = {
      {"id", id},
      {"name", fmt::format("block {} · {}", number, draw.one_in(2) ? "Fußzeile" : "header")},
      {"type", draw.one_in(3) ? "text" : "html"},
      {"content", "<p>Hello {{ Profile.Name | default: \"you\" }}</p>"},
      {"createdAt", time_text(corpus.first_day() + std::chrono::days(created), draw.below(43'200'000))}};
  const auto update = updates_.find(id);
  if (update != updates_.end()) {
    block["updatedAt"] = update->second;
  } else if (!draw.one_in(5)) {
    const auto later = std::chrono::days(created + draw.below(days - created));
    block["updatedAt"] = time_text(corpus.first_day() + later, 43'200'000 + draw.below(43'200'000));
  }
  return block;
}

std::variant<ListAnswer, Failure> ContentBlocks::list(const QueryFields& fields) const {
  const auto page = number_in(fields, "pageNumber", 1), size = number_in(fields, "pageSize", kUsualPage);
  if (!page) return Failure{400, "Invalid pageNumber", 400};
  if (!size || *size > kLargestPage) return Failure{400, "pageSize must be between 1 and 100", 400};
  for (const char* name : {"updatedFrom", "updatedTo"}) {
    const auto time = fields.value(name);
    if (time && !is_time(*time)) return Failure{400, "Enter date in ISO format", 400};
  }
  const std::string from = fields.value("updatedFrom").value_or(""), to = fields.value("updatedTo").value_or("~");
  ListAnswer answer;
  answer.name = "contentBlocks";
  std::uint64_t position = 0;
  for (ordered_json& block : truth()) {
    const auto time = block.value("updatedAt", block.at("createdAt").get<std::string>());
    if (time < from || time > to) continue;
    if (position >= (*page - 1) * *size && position < *page * *size) answer.records.push_back(std::move(block));
    ++position;
  }
  answer.rest["total"] = position;
  return answer;
}

bool ContentBlocks::update(std::uint64_t id, const std::string& time) {
  if (id < kFirstBlockId || id >= kFirstBlockId + options_.content_blocks) return false;
  const std::lock_guard lock(mutex_);
  updates_[id] = time;
  return true;
}

std::vector<ordered_json> ContentBlocks::truth() const {
  const std::lock_guard lock(mutex_);
  std::vector<ordered_json> all;
  for (std::uint64_t number = 0; number < options_.content_blocks; ++number) all.push_back(at(number));
  return all;
}

}  // namespace engagement::simulator::clevertap
