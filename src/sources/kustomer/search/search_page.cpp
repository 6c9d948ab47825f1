#include "sources/kustomer/search/search_page.hpp"

#include <algorithm>
#include <charconv>

#include "core/time_text.hpp"
#include "json/member_at.hpp"
#include "sources/kustomer/organisation.hpp"

namespace engagement::kustomer {

namespace {

// Reads the times of neighbouring rows, which mostly are of the same day.
class TickReader {
 public:
  std::optional<SystemTime> read(const json::RecordSlice& record, const std::string& path) {
    const auto value = json::member_at(record.walker, path);
    if (!value || !json::is_string(*value)) return std::nullopt;
    const std::string_view text = json::string_content(*value);
    return is_usual(text) ? read_usual(text) : time_from_rfc3339(text);
  }

 private:
  // "2019-11-25T15:19:24.000Z"
  static bool is_usual(std::string_view text) {
    constexpr std::string_view kForm = "0000-00-00T00:00:00.000Z";
    if (text.size() != kForm.size()) return false;
    for (std::size_t at = 10; at < kForm.size(); ++at) {
      const bool digit = text[at] >= '0' && text[at] <= '9';
      if (kForm[at] == '0' ? !digit : text[at] != kForm[at]) return false;
    }
    return true;
  }

  std::optional<SystemTime> read_usual(std::string_view text) {
    const std::string_view day = text.substr(0, 10);
    if (day != day_text_) {
      const auto begin = time_from_rfc3339(day);
      if (!begin) return std::nullopt;
      day_text_ = day;
      day_ = *begin;
    }
    const auto number = [&](std::size_t at, std::size_t digits) {
      int value = 0;
      for (std::size_t i = at; i < at + digits; ++i) value = value * 10 + (text[i] - '0');
      return value;
    };
    const int hour = number(11, 2);
    const int minute = number(14, 2);
    const int second = number(17, 2);
    if (hour > 23 || minute > 59 || second > 59) return time_from_rfc3339(text);
    return day_ + std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second) +
           std::chrono::milliseconds(number(20, 3));
  }

  std::string day_text_;
  SystemTime day_;
};

json::Hash128 id_of(const json::RecordSlice& record) {
  const auto id = json::member_at(record.walker, "id");
  return json::hash_bytes(id && *id != "null" ? *id : record.text);
}

constexpr std::size_t kUsualPage = 100;  // what is served where no size is asked for, or none is understood

std::optional<std::size_t> count_at(const rest::Page& page, std::string_view path) {
  const auto number = page.integer(path);
  return number && *number >= 0 ? std::optional(static_cast<std::size_t>(*number)) : std::nullopt;
}

}  // namespace

void SearchPage::read_rows(const SearchTarget& target, SystemTime unknown, std::size_t asked, bool with_created) {
  rows.clear();
  rows.reserve(page.records().size());
  sorted = true;
  dated = false;
  safe_from.reset();
  crowded = false;
  total = count_at(page, "meta.total");
  capped = total == kCappedTotal;
  if (capped) total.reset();
  const NextLink next = next_link(page);
  has_next = next == NextLink::given;
  said_last = next == NextLink::none;
  unlabelled = !total && !capped && next == NextLink::absent;
  const auto served = count_at(page, "meta.pageSize");
  page_size_ = std::min(asked, served.value_or(unlabelled ? std::min(asked, kUsualPage) : asked));
  TickReader ticks;
  SystemTime before = unknown;
  for (const auto& record : page.records()) {
    const auto changed = ticks.read(record, target.changed_path);
    dated = dated || changed.has_value();
    SearchRow row{record, id_of(record), changed.value_or(before), std::nullopt, true};
    if (with_created) row.created = ticks.read(record, target.created_path);
    sorted = sorted && (rows.empty() || row.changed >= before);
    before = row.changed;
    rows.push_back(row);
  }
  if (total && *total < rows.size()) total.reset();  // what is less than there is tells nothing
}

bool SearchPage::has_before(const SearchRow& row) const {
  for (const SearchRow* other = &row; other != rows.data();) {
    --other;
    if (other->changed != row.changed) return false;
    if (other->id == row.id) return true;
  }
  return false;
}

// The total, where there is one, counts more than links: at the last page that is served links.next leads to one that
// is not, and it can be absent where there is more.
bool SearchPage::is_whole() const {
  if (rows.empty()) return !has_next && total.value_or(0) == 0;
  if (!total) return !is_full() && !has_next && !capped;
  return rows.size() == *total && (!has_next || !is_full());
}

}  // namespace engagement::kustomer
