#include "simulator/sprinklr/reports.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "simulator/common/draw.hpp"
#include "simulator/sprinklr/report_groups.hpp"

namespace engagement::simulator::sprinklr {

namespace {

constexpr std::size_t kGroupsKept = 8;

// All that a row's text depends on, but the row.
std::string shape_key(const ReportQuery& query, std::size_t restatements) {
  std::string key =
      fmt::format("{}|{}|{}|{}|{}", query.engine, query.report, query.zone.name(), query.as_objects, restatements);
  for (const Column& column : query.columns) {
    key += fmt::format("|{}\x1f{}\x1f{}\x1f{}\x1f{}{}{}", column.heading, column.salt, column.function, column.interval,
                       static_cast<int>(column.kind), column.resolved, column.overwritten);
  }
  return key;
}

std::shared_ptr<const Blob> joined(const std::vector<std::string>& rows, std::uint64_t begin, std::uint64_t end) {
  std::string text;
  for (std::uint64_t at = begin; at < end; ++at) {
    if (at != begin) text += ',';
    text += rows[at];
  }
  return std::make_shared<const Blob>([text] { return text; });
}

}  // namespace

std::pair<std::uint64_t, std::uint64_t> Reports::window(std::int64_t start, std::int64_t end) const {
  const std::uint64_t first = corpus_.before(start);
  const std::uint64_t last = corpus_.before(std::min(end, to_ms(present_.now())) + 1);
  return {first, std::max(first, last)};
}

std::shared_ptr<const ReportCells> Reports::cells_of(const ReportQuery& query) const {
  return std::make_shared<const ReportCells>(query, options_, restatements_.all());
}

// Events stand in order of time, so a sort by their time needs no sorting.
bool Reports::is_by_time(const ReportQuery& query) const {
  if (!query.sort) return true;
  const Column& column = query.columns[query.sort->column];
  const bool is_date = column.kind == ColumnKind::kDate || column.kind == ColumnKind::kHistogram;
  return is_date && column.name.find("RESPONSE") == std::string::npos &&
         column.name.find("CLOSED") == std::string::npos && column.name.find("MODIFIED") == std::string::npos;
}

std::shared_ptr<const Blob> Reports::events_text(const std::shared_ptr<const ReportCells>& cells, std::uint64_t begin,
                                                 std::uint64_t end, bool backwards, bool deflated) {
  const std::string key = fmt::format("{}|{}-{}{}", shape_key(cells->query(), restatements_.all().size()), begin, end,
                                      backwards ? "d" : "a");
  return cache_.get(key, deflated, [this, cells, begin, end, backwards] {
    const std::uint64_t report = hash_of(cells->query().engine + '/' + cells->query().report);
    std::string text;
    for (std::uint64_t at = begin; at < end; ++at) {
      if (at != begin) text += ',';
      cells->put_row(text, corpus_.row(report, backwards ? end - 1 - (at - begin) : at));
    }
    return text;
  });
}

// Only what falls anew with each call is rendered anew.
std::shared_ptr<const Blob> Reports::sorted_text(const std::shared_ptr<const ReportCells>& cells, std::uint64_t first,
                                                 std::uint64_t end, std::pair<std::uint64_t, std::uint64_t> page,
                                                 bool deflated) {
  const ReportQuery& query = cells->query();
  const auto render = [this, cells, first, end, page] {
    const auto events = order(*cells, first, end);
    const std::uint64_t report = hash_of(cells->query().engine + '/' + cells->query().report);
    std::string text;
    for (std::uint64_t at = page.first; at < page.second; ++at) {
      if (at != page.first) text += ',';
      cells->put_row(text, corpus_.row(report, events[at]));
    }
    return text;
  };
  if (shuffles(query)) return std::make_shared<const Blob>(render);
  return cache_.get(fmt::format("{}|{}-{}|by {}{}|{}-{}", shape_key(query, restatements_.all().size()), first, end,
                                query.sort->column, query.sort->descending, page.first, page.second),
                    deflated, render);
}

bool Reports::shuffles(const ReportQuery& query) const {
  return !options_.stable_sorts && query.columns[query.sort->column].is_metric();
}

// The events of a window sorted by a column that is not their time. Ties between metrics fall anew with each call.
std::vector<std::uint64_t> Reports::order(const ReportCells& cells, std::uint64_t first, std::uint64_t end) {
  const ReportQuery& query = cells.query();
  const Column& column = query.columns[query.sort->column];
  const std::uint64_t report = hash_of(query.engine + '/' + query.report);
  const std::uint64_t shuffle = shuffles(query) ? ++calls_ : 0;
  struct Keyed {
    std::string text;
    std::int64_t number = 0;
    std::uint64_t tie = 0, event = 0;
  };
  std::vector<Keyed> events;
  events.reserve(end - first);
  for (std::uint64_t event = first; event < end; ++event) {
    const ReportRow row = corpus_.row(report, event);
    Keyed keyed{{}, 0, shuffle == 0 ? event : mix(shuffle, event), event};
    if (column.is_metric()) {
      keyed.number = cells.metric(column, row).value_or(-1);
    } else {
      cells.put_dimension(keyed.text, column, row);
    }
    events.push_back(std::move(keyed));
  }
  const bool descending = query.sort->descending;
  std::sort(events.begin(), events.end(), [descending](const Keyed& one, const Keyed& other) {
    if (one.number != other.number) return descending ? one.number > other.number : one.number < other.number;
    if (one.text != other.text) return descending ? one.text > other.text : one.text < other.text;
    return one.tie < other.tie;
  });
  std::vector<std::uint64_t> numbers;
  numbers.reserve(events.size());
  for (const Keyed& keyed : events) numbers.push_back(keyed.event);
  return numbers;
}

Reports::Rows Reports::sorted_groups(const ReportCells& cells, std::uint64_t first, std::uint64_t end) const {
  const std::uint64_t report = hash_of(cells.query().engine + '/' + cells.query().report);
  ReportGroups groups(cells);
  for (std::uint64_t event = first; event < end; ++event) groups.add(corpus_.row(report, event));
  return std::make_shared<const std::vector<std::string>>(groups.rows());
}

Reports::Rows Reports::grouped(const ReportCells& cells, std::uint64_t first, std::uint64_t end) {
  const ReportQuery& query = cells.query();
  const std::string sort = query.sort ? fmt::format("{}{}", query.sort->column, query.sort->descending) : "";
  const std::string key = fmt::format("{}|{}-{}|{}", shape_key(query, restatements_.all().size()), first, end, sort);
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [known, rows] : groups_) {
      if (known == key) return rows;
    }
  }
  Rows rows = sorted_groups(cells, first, end);
  const std::lock_guard lock(mutex_);
  groups_.emplace_front(key, rows);
  if (groups_.size() > kGroupsKept) groups_.pop_back();
  return rows;
}

std::variant<ReportPage, Failure> Reports::page(const ReportQuery& query, std::uint64_t number, bool deflated) {
  if (number > options_.records) number = options_.records;  // far past the end, without overflow
  const std::uint64_t from = number * query.page_size;
  if (options_.cap != 0 && from + query.page_size > options_.cap) return beyond_cap();
  const auto cells = cells_of(query);
  const auto [first, end] = window(query.start, query.end);
  ReportPage page;
  page.cells = cells;
  if (!cells->is_per_event()) {
    const Rows rows = grouped(*cells, first, end);
    page.total = rows->size();
    page.count = from < page.total ? std::min(query.page_size, page.total - from) : 0;
    page.rows = joined(*rows, from, from + page.count);
  } else {
    page.total = end - first;
    page.count = from < page.total ? std::min(query.page_size, page.total - from) : 0;
    if (is_by_time(query)) {
      const bool backwards = query.sort && query.sort->descending;
      std::uint64_t begin = backwards ? end - from - page.count : first + from;
      // From a pool, whole pages come round again.
      if (options_.pool != 0 && page.count == query.page_size) begin = number % options_.pool * query.page_size;
      page.rows = events_text(cells, begin, begin + page.count, backwards, deflated);
    } else {
      page.rows = sorted_text(cells, first, end, {from, from + page.count}, deflated);
    }
  }
  page.has_more = from + page.count < page.total;
  if (page.count == 0) page.rows = nullptr;
  return page;
}

std::vector<std::string> Reports::page_rows(const ReportQuery& query, std::uint64_t number) {
  const auto cells = cells_of(query);
  const auto [first, end] = window(query.start, query.end);
  const std::uint64_t from = number * query.page_size;
  if (!cells->is_per_event()) {
    const Rows all = grouped(*cells, first, end);
    std::vector<std::string> rows;
    for (std::uint64_t at = from; at < std::min<std::uint64_t>(from + query.page_size, all->size()); ++at) {
      rows.push_back((*all)[at]);
    }
    return rows;
  }
  std::vector<std::uint64_t> events(end - first);
  std::iota(events.begin(), events.end(), first);
  if (!is_by_time(query)) events = order(*cells, first, end);
  if (is_by_time(query) && query.sort && query.sort->descending) std::reverse(events.begin(), events.end());
  const std::uint64_t report = hash_of(query.engine + '/' + query.report);
  std::vector<std::string> rows;
  for (std::uint64_t at = from; at < std::min<std::uint64_t>(from + query.page_size, events.size()); ++at) {
    cells->put_row(rows.emplace_back(), corpus_.row(report, events[at]));
  }
  return rows;
}

std::vector<std::string> Reports::all_rows(const ReportQuery& query) {
  ReportQuery whole = query;
  whole.page_size = options_.records + 1;
  return page_rows(whole, 0);
}

}  // namespace engagement::simulator::sprinklr
