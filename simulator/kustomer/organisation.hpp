#pragma once

#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/kustomer/options.hpp"
#include "simulator/kustomer/table.hpp"

namespace engagement::simulator::kustomer {

// What a connector should have found, once nothing changes any more.
struct Truth {
  std::uint64_t rows = 0;  // each has an id of its own
  std::uint64_t deleted = 0;
  std::uint64_t archived = 0;  // of `rows`, those before the horizon
};

// The Kustomer organisation as it is now: the rows of every kind and how they refer to each other. Thread safe.
class Organisation {
 public:
  Organisation(const Options& options, const Clock& clock);

  const Options& options() const { return options_; }
  Table& table(Kind kind) const { return *tables_[static_cast<std::size_t>(kind)]; }
  std::shared_ptr<const Snapshot> indexed(Kind kind) const { return table(kind).indexed(clock_.steady_now()); }

  SystemTime now() const;
  void set_now(SystemTime now);
  // Rows updated before it are in the archive search alone: two years ago, to the minute.
  SystemTime horizon() const;

  // What happens to rows. Each has a later updatedAt than the one before.
  bool update(Kind kind, std::uint64_t number);
  bool remove(Kind kind, std::uint64_t number);
  std::uint64_t insert(Kind kind);
  struct Changes {
    std::uint64_t moves = 0, inserts = 0, deletes = 0;
  };
  // So many changes, of rows that are drawn.
  void happen(Kind kind, Changes changes);

  void put_id(std::string& out, Kind kind, const Row& row) const;
  std::string id(Kind kind, const Row& row) const;
  // Of a row that was there from the start.
  std::string id(Kind kind, std::uint64_t number) const;
  // The row as it is now.
  std::optional<Row> find(Kind kind, std::string_view id) const;

  // How a row refers to another; nullopt where it does not. Only to rows that were there from the start. A row that has
  // a conversation has that of its own number modulo the conversations.
  std::optional<std::uint64_t> reference(Kind from, const Row& row, Kind to) const;
  std::uint64_t key(Kind kind, std::uint64_t number) const;
  std::size_t klass(std::uint64_t kobject) const;  // in kKlasses
  SystemTime modified(Kind kind, const Row& row) const;
  std::optional<SystemTime> imported(Kind kind, const Row& row) const;
  std::string_view status(const Row& conversation) const;

  Truth truth(Kind kind) const;

 private:
  SystemTime tick();
  SteadyTime visible() const { return clock_.steady_now() + options_.index_lag; }

  const Options options_;
  const Clock& clock_;
  std::vector<std::unique_ptr<Table>> tables_;
  mutable std::mutex mutex_;
  std::optional<SystemTime> fixed_now_;
  SystemTime last_change_{};
  std::uint64_t changes_ = 0;
};

}  // namespace engagement::simulator::kustomer
