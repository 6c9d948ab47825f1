#include "simulator/sprinklr/report_cells.hpp"

#include <algorithm>

#include "simulator/common/draw.hpp"
#include "simulator/common/text.hpp"
#include "simulator/sprinklr/date_bucket.hpp"
#include "simulator/sprinklr/report_objects.hpp"

namespace engagement::simulator::sprinklr {

namespace {

enum CellSalts : std::uint64_t { kObject = 0x0B1, kReply, kLater, kMetricSalt, kGrowth };

constexpr std::uint64_t kUnpaddedObject = 900;  // bytes of a message, roughly
constexpr std::int64_t kFirstCase = 1'690'000'000'000;

bool has_part(const std::string& name, std::string_view part) { return name.find(part) != std::string::npos; }

// These differ from event to event; a case, a reply or an initiative is shared by several.
bool is_unique(const Column& column) {
  static constexpr std::string_view kUnique[] = {
      "POST_ID", "UNIFIED_MESSAGE_ID", "ES_MESSAGE_ID", "MESSAGE_ID", "TASK_ID", "AD_ID"};
  return std::find(std::begin(kUnique), std::end(kUnique), column.name) != std::end(kUnique);
}

std::string quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// When it happened, or what followed on it; nullopt: it never did.
std::optional<std::int64_t> date_of(const Column& column, const ReportRow& row) {
  constexpr std::uint64_t kTwoDays = 172'800'000;
  if (!has_part(column.name, "RESPONSE") && !has_part(column.name, "CLOSED") && !has_part(column.name, "MODIFIED")) {
    return row.time;
  }
  const std::uint64_t chance = mix(row.key ^ column.salt, kLater);
  if (chance % 5 == 0) return std::nullopt;
  return row.time + static_cast<std::int64_t>(chance % kTwoDays);
}

void put_epoch_text(std::string& out, std::optional<std::int64_t> time) {
  if (time) {
    put(out, '"', *time, '"');
  } else {
    put(out, "null");
  }
}

constexpr std::string_view kWeekdays[] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
constexpr std::string_view kMonths[] = {"January", "February", "March",     "April",   "May",      "June",
                                        "July",    "August",   "September", "October", "November", "December"};

}  // namespace

void put_metric(std::string& out, std::optional<std::int64_t> thousandths) {
  if (!thousandths) {
    put(out, "null");
    return;
  }
  const std::int64_t whole = *thousandths / 1000;
  std::string fraction;
  put_padded(fraction, static_cast<std::uint64_t>(*thousandths % 1000), 3);
  while (fraction.size() > 1 && fraction.back() == '0') fraction.pop_back();
  put(out, whole, '.', fraction);
}

ReportCells::ReportCells(ReportQuery query, const Options& options, std::vector<std::int64_t> restated_since)
    : query_(std::move(query)),
      restated_since_(std::move(restated_since)),
      padding_(options.record_bytes > kUnpaddedObject ? options.record_bytes - kUnpaddedObject : 0) {
  for (const Column& column : query_.columns) heads_.push_back(quoted(column.heading) + ':');
}

bool ReportCells::is_per_event() const {
  return std::any_of(query_.columns.begin(), query_.columns.end(),
                     [](const Column& column) { return !column.is_metric() && is_unique(column); });
}

std::optional<std::int64_t> ReportCells::metric(const Column& column, const ReportRow& row) const {
  const std::uint64_t chance = mix(row.key ^ column.salt, kMetricSalt);
  if (column.function == "COUNT" || column.function == "CARDINALITY") return 1000;
  if (chance % 12 == 0) return std::nullopt;
  const bool decimal = has_part(column.name, "RATE") || has_part(column.name, "AVG") || has_part(column.name, "SPEND");
  // Few distinct values, as most posts have next to no engagement: a sort by them is full of ties.
  auto value = static_cast<std::int64_t>((chance >> 8U) % (decimal ? 100'000 : 40) * (decimal ? 1 : 1000));
  const auto restated = std::count_if(restated_since_.begin(), restated_since_.end(),
                                      [&row](std::int64_t since) { return since <= row.time; });
  value += restated * static_cast<std::int64_t>(1 + mix(row.key, kGrowth) % 9) * 1000;
  return value;
}

void ReportCells::put_label(std::string& out, const Column& column, const ReportRow& row) const {
  static constexpr std::string_view kLabels[] = {
      "Air Max",         "Café Zürich",   "東京 Store", "Nordic  Line", "Line\\tTab", "005 (Core & Social Cloud)",
      "Brand \\\"X\\\"", "Access Denied", "Ελλάδα",     "Retail 🛒"};
  const std::uint64_t chance = mix(row.key, column.salt);
  if (column.name == "TASK_ID" || column.name == "AD_ID") {
    put(out, '"', 9'000'000'000U + mix(row.key) % 1'000'000'000'000U, '"');
  } else if (column.name.starts_with("IS_") || column.name.starts_with("HAS_")) {
    put(out, chance % 3 == 0 ? R"("true")" : chance % 3 == 1 ? R"("True")" : R"("false")");
  } else if (chance % 17 == 0) {
    put(out, "null");
  } else if (!column.resolved) {
    put(out, '"', 300'000'000 + (chance >> 8U) % std::size(kLabels), '"');
  } else if (has_part(column.name, "TOPIC_IDS")) {
    const std::uint64_t first = (chance >> 8U) % 5;
    if (chance % 2 == 0) {
      put(out, R"(["Topic )", first, R"(","Topic )", first + 1, R"("])");
    } else {
      put(out, R"("Topic )", first, R"(;Topic )", first + 1, '"');
    }
  } else {
    put(out, '"', kLabels[(chance >> 8U) % std::size(kLabels)], '"');
  }
}

void ReportCells::put_object(std::string& out, const Column& column, const ReportRow& row) const {
  const bool is_case = has_part(column.name, "CASE");
  const bool is_initiative = column.name == "paidInitiativeId" || column.name == "PAID_INITIATIVE_ID";
  const bool is_reply = column.name == "REPLY_POST_ID";
  // Four events in a row share a case, a thousand an initiative, and every third has no reply.
  if (is_case) {
    const std::uint64_t key = mix(hash_of(query_.report), row.number / 4);
    if (column.resolved && key % 16 != 0)
      return put_case_object(out, key, kFirstCase + static_cast<std::int64_t>(row.number / 4) * 1000);
    return put(out, '"', hex_id(key), '"');
  }
  if (is_initiative) {
    const std::uint64_t key = mix(kObject, row.number / 1000);
    if (column.resolved) return put_initiative_object(out, key);
    return put(out, '"', hex_id(key), '"');
  }
  const std::uint64_t key = is_reply ? mix(row.key, kReply) : row.key;
  if (is_reply && key % 3 == 0) return put(out, "null");
  // Now and then an id stays an id: a number for a reply, a text otherwise.
  if (column.resolved && key % 16 != 1) {
    return put_message_object(out, key, row.time, is_reply ? 0 : padding_);
  }
  if (is_reply) return put(out, key >> 8U);
  if (column.name == "POST_ID") return put(out, '"', key >> 8U, '"');
  put(out, '"', message_id(key, row.time), '"');
}

void ReportCells::put_dimension(std::string& out, const Column& column, const ReportRow& row) const {
  const auto date = date_of(column, row);
  switch (column.kind) {
    case ColumnKind::kDate:
      return put_epoch_text(out, date);
    case ColumnKind::kHistogram:
      return put_epoch_text(out, date ? std::optional(bucket_begin(*date, column.interval, query_.zone)) : date);
    case ColumnKind::kTimeOfDay:
      return put(out, '"', hour_of_day(row.time, query_.zone), '"');
    case ColumnKind::kDayOfWeek:
      return put(out, '"', kWeekdays[weekday_of(row.time, query_.zone)], '"');
    case ColumnKind::kMonthOfYear:
      return put(out, '"', kMonths[month_of(row.time, query_.zone) - 1], '"');
    case ColumnKind::kObject:
      return put_object(out, column, row);
    case ColumnKind::kExternal:
      return put(out, '"', mix(row.key, column.salt) >> 4U, '"');
    case ColumnKind::kLabel:
    case ColumnKind::kMetric:
      break;
  }
  put_label(out, column, row);
}

void ReportCells::put_cells(std::string& out, const std::vector<std::string>& cells) const {
  out += query_.as_objects ? '{' : '[';
  bool first = true;
  for (std::size_t at = 0; at < cells.size(); ++at) {
    if (query_.as_objects && query_.columns[at].overwritten) continue;
    if (!first) out += ',';
    first = false;
    if (query_.as_objects) out += heads_[at];
    out += cells[at];
  }
  out += query_.as_objects ? '}' : ']';
}

void ReportCells::put_row(std::string& out, const ReportRow& row) const {
  out += query_.as_objects ? '{' : '[';
  bool first = true;
  for (std::size_t at = 0; at < query_.columns.size(); ++at) {
    const Column& column = query_.columns[at];
    if (query_.as_objects && column.overwritten) continue;
    if (!first) out += ',';
    first = false;
    if (query_.as_objects) out += heads_[at];
    if (column.is_metric()) {
      put_metric(out, metric(column, row));
    } else {
      put_dimension(out, column, row);
    }
  }
  out += query_.as_objects ? '}' : ']';
}

}  // namespace engagement::simulator::sprinklr
