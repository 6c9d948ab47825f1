#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "simulator/kustomer/row.hpp"
#include "simulator/kustomer/timeline.hpp"

namespace engagement::simulator::kustomer {

// Created when: a pure function of number and updatedAt of a row that was never changed.
using CreatedAt = std::function<SystemTime(std::uint64_t number, SystemTime updated)>;

// A kind's rows as they are, or were shown, at one moment. Immutable, thread safe.
struct Snapshot {
  struct Side {  // of all rows, or of those that are not deleted
    std::vector<std::uint64_t>
        changed;             // numbers of the timeline's rows that are not what the timeline says, ascending
    std::vector<Row> extra;  // what they are instead, and rows that came later, by (updated, number)
  };
  const Timeline* timeline = nullptr;
  CreatedAt created_at;
  Side live, all;
  std::map<std::uint64_t, Row> versions;  // of `extra`, by number
  std::uint64_t rows = 0;                 // numbers below this one exist

  // REQUIRES that the row exists.
  Row row(std::uint64_t number) const;
  bool exists(std::uint64_t number) const;
};

// A kind's rows and what happens to them. Thread safe.
class Table {
 public:
  Table(const Timeline::Shape& shape, CreatedAt created_at)
      : timeline_(shape), created_at_(std::move(created_at)), next_(timeline_.rows()) {}
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;

  const Timeline& timeline() const { return timeline_; }
  std::uint64_t rows() const;

  // As searches show the rows at `now`; changes become visible there when their time has come.
  std::shared_ptr<const Snapshot> indexed(SteadyTime now);
  // As they are.
  std::shared_ptr<const Snapshot> present();

  // From now on the row is updated (and deleted or not); searches show it so from `visible` on. Returns false if there
  // is no such row.
  bool change(std::uint64_t number, SystemTime updated, bool deleted, SteadyTime visible);
  // Returns the new row's number.
  std::uint64_t insert(SystemTime created, SteadyTime visible);

 private:
  struct Version {
    Row row;
    SteadyTime visible{};
  };
  std::shared_ptr<const Snapshot> build(SteadyTime now, SteadyTime& next_change) const;  // REQUIRES mutex_
  std::shared_ptr<const Snapshot> cached_present();                                      // REQUIRES mutex_

  const Timeline timeline_;
  const CreatedAt created_at_;
  mutable std::mutex mutex_;
  std::uint64_t next_;  // number of the next row that is inserted
  std::map<std::uint64_t, std::vector<Version>> changes_;
  std::shared_ptr<const Snapshot> present_, indexed_;
  SteadyTime indexed_until_{};
};

}  // namespace engagement::simulator::kustomer
