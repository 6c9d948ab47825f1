#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "simulator/kustomer/table.hpp"

namespace engagement::simulator::kustomer {

// What a search found, in its order. Rows that the sort leaves equal are "tied".
class Ordered {
 public:
  virtual ~Ordered() = default;
  virtual std::uint64_t size() const = 0;
  // The rows at the places begin up to end. REQUIRES begin <= end <= size().
  virtual std::vector<Row> rows(std::uint64_t begin, std::uint64_t end) const = 0;
  // The places of all rows that are tied with the one at `place`, itself included.
  virtual std::pair<std::uint64_t, std::uint64_t> tied(std::uint64_t place) const = 0;
  // Whether a row of that page is tied with another, within the page or outside of it.
  virtual bool has_ties(std::uint64_t begin, std::uint64_t end) const = 0;
};

struct TimeRange {
  SystemTime from = SystemTime::min();   // inclusive
  SystemTime until = SystemTime::max();  // exclusive
};

// The rows of a snapshot in the order of their updatedAt, within a range of it. Counts and finds by arithmetic, so a
// page of a window of a million rows costs no more than one of a hundred.
class ByUpdated final : public Ordered {
 public:
  ByUpdated(std::shared_ptr<const Snapshot> snapshot, TimeRange range, bool include_deleted, bool descending);

  std::uint64_t size() const override { return base_rows() + extra_end_ - extra_begin_; }
  std::vector<Row> rows(std::uint64_t begin, std::uint64_t end) const override;
  std::pair<std::uint64_t, std::uint64_t> tied(std::uint64_t place) const override;
  bool has_ties(std::uint64_t begin, std::uint64_t end) const override;

 private:
  const Snapshot::Side& side() const { return include_deleted_ ? snapshot_->all : snapshot_->live; }
  std::uint64_t rank(std::uint64_t number) const;  // of the timeline's rows, those on our side below the number
  std::uint64_t base_rows() const;
  std::uint64_t base_number(std::uint64_t index) const;
  std::uint64_t base_before(SystemTime time) const;         // of base rows
  std::uint64_t place_of_extra(std::uint64_t extra) const;  // ascending
  std::vector<Row> ascending(std::uint64_t begin, std::uint64_t end) const;

  std::shared_ptr<const Snapshot> snapshot_;
  TimeRange range_;
  bool include_deleted_, descending_;
  std::uint64_t first_rank_ = 0, last_rank_ = 0;       // base rows, with those that changed
  std::uint64_t changed_begin_ = 0, changed_end_ = 0;  // in side().changed
  std::uint64_t extra_begin_ = 0, extra_end_ = 0;      // in side().extra
};

// Rows in an order that was made.
class Listed final : public Ordered {
 public:
  // `groups[i]` is equal for rows that are tied, and does not decrease.
  Listed(std::vector<Row> rows, std::vector<std::uint64_t> groups)
      : rows_(std::move(rows)), groups_(std::move(groups)) {}

  std::uint64_t size() const override { return rows_.size(); }
  std::vector<Row> rows(std::uint64_t begin, std::uint64_t end) const override;
  std::pair<std::uint64_t, std::uint64_t> tied(std::uint64_t place) const override;
  bool has_ties(std::uint64_t begin, std::uint64_t end) const override;

 private:
  std::vector<Row> rows_;
  std::vector<std::uint64_t> groups_;
};

// The rows of one page, where tied rows have another order for every `salt`.
std::vector<Row> shuffled_ties(const Ordered& ordered, std::uint64_t begin, std::uint64_t end, std::uint64_t salt);

}  // namespace engagement::simulator::kustomer
