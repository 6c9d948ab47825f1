#include "simulator/clevertap/exports.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "simulator/common/draw.hpp"
#include "simulator/common/text.hpp"

namespace engagement::simulator::clevertap {

namespace {

constexpr std::size_t kExportsKept = 5'000;
// The last pages of an export are short, as its buckets run dry one after the other: 4 523, 2 437, 150 were seen.
constexpr std::uint64_t kLastPage = 200;

std::string cache_key(const PageSlot& slot, std::uint64_t begin, std::uint64_t end) {
  const ExportQuery& query = slot.query;
  return fmt::format("{}|{}|{}-{}|{}{}{}|{}-{}|{}|{:x}", query.kind == Kind::kEvents ? 'e' : 'p', query.event_name,
                     day_to_number(slot.first_day), day_to_number(slot.last_day), query.flags.app, query.flags.events,
                     query.flags.profile, begin, end, slot.version,
                     query.condition ? hash_of(query.condition->text) : 0);
}

}  // namespace

// Counting people goes through every row of the corpus; an export of the same people has them already.
std::shared_ptr<const std::vector<Person>> Exports::people_of(const Export& fresh, const std::vector<DaySpan>& spans) {
  const auto is_same = [&fresh](const Export& known) {
    const ExportQuery &one = known.query, &other = fresh.query;
    return known.people && !one.condition && known.version == fresh.version && one.event == other.event &&
           one.from == other.from && one.to == other.to;
  };
  {
    const std::lock_guard lock(mutex_);
    const auto known = std::find_if(exports_.rbegin(), exports_.rend(), is_same);
    if (known != exports_.rend()) return known->people;
  }
  return std::make_shared<const std::vector<Person>>(project_.people(spans));
}

void Exports::set_rows(Export& fresh) {
  const ExportQuery& query = fresh.query;
  auto spans = project_.spans(query.event, query.from, query.to);
  for (const DaySpan& span : spans) {
    fresh.first_day = std::min(fresh.first_day, span.day);
    fresh.last_day = std::max(fresh.last_day, span.day);
  }
  const Selection selection{query.event, false, query.from, query.to, query.condition};
  if (query.kind == Kind::kProfiles) {
    fresh.people = query.condition ? std::make_shared<const std::vector<Person>>(selector_.people(selection))
                                   : people_of(fresh, spans);
    fresh.rows = fresh.people->size();
  } else if (query.condition) {
    std::vector<Row> rows;
    selector_.for_each(selection, [&rows](const Row& row) { rows.push_back(row); });
    fresh.rows = rows.size();
    fresh.filtered = std::make_shared<const std::vector<Row>>(std::move(rows));
  } else {
    fresh.rows = rows_of(spans);
    fresh.spans = std::make_shared<const std::vector<DaySpan>>(std::move(spans));
  }
}

std::uint32_t Exports::create(const ExportQuery& query) {
  Export fresh;
  fresh.query = query;
  fresh.version = project_.version();
  set_rows(fresh);
  fresh.opened = clock_.steady_now();
  const std::lock_guard lock(mutex_);
  exports_.push_back(std::move(fresh));
  if (exports_.size() > kExportsKept) {
    exports_.pop_front();
    ++forgotten_;
  }
  return forgotten_ + static_cast<std::uint32_t>(exports_.size()) - 1;
}

std::string Exports::cursor(std::uint32_t export_number, std::uint32_t page) const {
  return cursor_text(options_.seed, {export_number, page});
}

std::optional<CursorPlace> Exports::find(std::string_view decoded_cursor) const {
  const auto place = place_of(options_.seed, decoded_cursor);
  if (!place) return std::nullopt;
  const std::lock_guard lock(mutex_);
  if (place->export_number < forgotten_ || place->export_number >= forgotten_ + exports_.size()) return std::nullopt;
  const Export& open_export = exports_[place->export_number - forgotten_];
  if (place->page > open_export.pages.size()) return std::nullopt;
  return place;
}

ExportQuery Exports::query(CursorPlace place) const {
  const std::lock_guard lock(mutex_);
  return exports_[place.export_number - forgotten_].query;
}

bool Exports::has_expired(const Export& open_export) const {
  if (open_export.expired) return true;
  if (options_.cursor_reads != 0 && open_export.reads >= options_.cursor_reads) return true;
  return options_.cursor_life.count() != 0 && clock_.steady_now() - open_export.opened > options_.cursor_life;
}

void Exports::let_grow(Export& open_export) {
  const std::uint64_t rows = std::min(open_export.growth, open_export.growth_left);
  const Day today = project_.today();
  const ExportQuery& query = open_export.query;
  if (rows == 0 || !open_export.spans || !query.event || query.from > today || query.to < today) return;
  auto spans = *open_export.spans;
  if (spans.empty() || spans.back().day != today) spans.push_back({*query.event, today, open_export.rows, 0});
  spans.back().rows += rows;
  open_export.spans = std::make_shared<const std::vector<DaySpan>>(std::move(spans));
  open_export.rows += rows;
  open_export.growth_left -= rows;
  project_.arrive(*query.event, today, rows);
}

Exports::Bounds Exports::next_bounds(const Export& open_export, std::uint64_t most) {
  const std::uint64_t begin = open_export.pages.empty() ? 0 : open_export.pages.back().end;
  const std::uint64_t left = open_export.rows - begin;
  std::uint64_t rows = std::min(left, open_export.query.batch);
  if (rows < open_export.query.batch && rows > kLastPage) rows = rows * 5 / 8;
  return {begin, begin + std::min(rows, most), left == 0};
}

std::variant<PageSlot, Failure> Exports::open(CursorPlace place, std::uint64_t most) {
  const std::lock_guard lock(mutex_);
  if (place.export_number < forgotten_) return invalid_cursor();
  Export& open_export = exports_[place.export_number - forgotten_];
  if (has_expired(open_export)) return invalid_cursor();
  ++open_export.reads;
  if (place.page == open_export.pages.size()) {
    let_grow(open_export);
    open_export.pages.push_back(next_bounds(open_export, most));
  }
  const Bounds& bounds = open_export.pages[place.page];
  PageSlot slot;
  slot.export_number = place.export_number;
  slot.page = place.page;
  slot.query = open_export.query;
  slot.version = open_export.version;
  slot.first_day = open_export.first_day;
  slot.last_day = open_export.last_day;
  slot.spans = open_export.spans;
  slot.filtered = open_export.filtered;
  slot.people = open_export.people;
  slot.begin = bounds.begin;
  slot.end = bounds.end;
  slot.terminal = bounds.terminal;
  return slot;
}

void Exports::expire(std::uint32_t export_number) {
  const std::lock_guard lock(mutex_);
  if (export_number >= forgotten_) exports_[export_number - forgotten_].expired = true;
}

void Exports::grow(std::uint32_t export_number, std::uint64_t rows, std::uint64_t cap) {
  const std::lock_guard lock(mutex_);
  if (export_number < forgotten_) return;
  exports_[export_number - forgotten_].growth = rows;
  exports_[export_number - forgotten_].growth_left = cap;
}

void Exports::put_row(std::string& out, const PageSlot& slot, std::uint64_t position) const {
  if (slot.people) {
    project_.people_text().put_record(out, (*slot.people)[position], slot.query.flags);
  } else if (slot.filtered) {
    project_.event_text().put_record(out, (*slot.filtered)[position], slot.query.flags);
  } else {
    project_.event_text().put_record(out, row_at(project_.corpus(), *slot.spans, position), slot.query.flags);
  }
}

std::shared_ptr<const Blob> Exports::text(const PageSlot& slot, bool deflated) {
  std::uint64_t begin = slot.begin;
  const std::uint64_t rows = slot.end - slot.begin, batch = slot.query.batch;
  // From a pool, whole pages come round again.
  if (options_.pool != 0 && rows == batch && begin % batch == 0) begin = begin / batch % options_.pool * batch;
  return cache_.get(cache_key(slot, begin, begin + rows), deflated, [this, slot, begin, rows] {
    std::string text;
    for (std::uint64_t position = begin; position < begin + rows; ++position) {
      if (position != begin) text += ',';
      put_row(text, slot, position);
    }
    return text;
  });
}

std::vector<std::string> Exports::records(const PageSlot& slot) const {
  std::vector<std::string> records;
  for (std::uint64_t position = slot.begin; position < slot.end; ++position) {
    put_row(records.emplace_back(), slot, position);
  }
  return records;
}

void Exports::prerender(const ExportQuery& query, const std::stop_token& stop) {
  CursorPlace place{create(query), 0};
  for (; !stop.stop_requested(); ++place.page) {
    const auto opened = open(place, query.batch);
    const auto* slot = std::get_if<PageSlot>(&opened);
    if (slot == nullptr || slot->terminal) return;
    text(*slot, options_.gzip);
  }
}

}  // namespace engagement::simulator::clevertap
