#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

#include "core/clock.hpp"
#include "simulator/clevertap/cql/selector.hpp"
#include "simulator/clevertap/cursor.hpp"
#include "simulator/clevertap/project.hpp"
#include "simulator/clevertap/query.hpp"
#include "simulator/common/blob_cache.hpp"

namespace engagement::simulator::clevertap {

// The records from begin up to end of one export. Immutable once served: the same cursor gives the same page.
struct PageSlot {
  std::uint32_t export_number = 0;
  std::uint32_t page = 0;
  ExportQuery query;
  std::uint64_t version = 0;                          // of the project, when the export was opened
  Day first_day{}, last_day{};                        // that have rows
  std::shared_ptr<const std::vector<DaySpan>> spans;  // of an export of events …
  std::shared_ptr<const std::vector<Row>> filtered;   // … or, with filters, its rows
  std::shared_ptr<const std::vector<Person>> people;  // of an export of profiles
  std::uint64_t begin = 0, end = 0;
  bool terminal = false;  // nothing is left, and there is no next cursor
};

// The exports opened so far and their cursors. Thread safe.
class Exports {
 public:
  Exports(Project& project, Selector& selector, const Options& options, const Clock& clock)
      : project_(project), selector_(selector), options_(options), clock_(clock), cache_(options.cache_bytes) {}

  // Opens an export; its rows are fixed now. Returns its number.
  std::uint32_t create(const ExportQuery& query);
  std::string cursor(std::uint32_t export_number, std::uint32_t page) const;

  // The place of a cursor that came back, decoded once; nullopt if no such cursor was ever handed out.
  std::optional<CursorPlace> find(std::string_view decoded_cursor) const;
  // What an existing export was asked for. REQUIRES a place from find().
  ExportQuery query(CursorPlace place) const;

  // The page at a place. When it is served for the first time it takes at most `most` records; later the same ones.
  std::variant<PageSlot, Failure> open(CursorPlace place, std::uint64_t most);

  void expire(std::uint32_t export_number);
  // From its next page on, `rows` more of today's events arrive with each page of the export, `cap` in all, if its
  // range includes today and it has no filters.
  void grow(std::uint32_t export_number, std::uint64_t rows, std::uint64_t cap);

  // The records' text, joined by commas: from memory if it was rendered before.
  std::shared_ptr<const Blob> text(const PageSlot& slot, bool deflated);
  // The same, one by one and always rendered anew.
  std::vector<std::string> records(const PageSlot& slot) const;

  // Renders every page of an export in advance, plain and compressed, unless it is stopped.
  void prerender(const ExportQuery& query, const std::stop_token& stop);

 private:
  struct Bounds {
    std::uint64_t begin = 0, end = 0;
    bool terminal = false;
  };
  struct Export {
    ExportQuery query;
    std::uint64_t version = 0;
    Day first_day = Day::max(), last_day = Day::min();
    std::shared_ptr<const std::vector<DaySpan>> spans;
    std::shared_ptr<const std::vector<Row>> filtered;
    std::shared_ptr<const std::vector<Person>> people;
    std::uint64_t rows = 0;
    std::vector<Bounds> pages;  // those served so far; the cursor of one more has been handed out
    SteadyTime opened;
    std::uint64_t reads = 0;
    bool expired = false;
    std::uint64_t growth = 0, growth_left = 0;
  };
  std::shared_ptr<const std::vector<Person>> people_of(const Export& fresh, const std::vector<DaySpan>& spans);
  void set_rows(Export& fresh);
  bool has_expired(const Export& open_export) const;
  void let_grow(Export& open_export);
  static Bounds next_bounds(const Export& open_export, std::uint64_t most);
  void put_row(std::string& out, const PageSlot& slot, std::uint64_t position) const;

  Project& project_;
  Selector& selector_;
  const Options& options_;
  const Clock& clock_;
  BlobCache cache_;
  mutable std::mutex mutex_;
  std::uint32_t forgotten_ = 0;  // exports before the first in exports_
  std::deque<Export> exports_;
};

}  // namespace engagement::simulator::clevertap
