#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "engine/stream.hpp"
#include "engine/stream_context.hpp"
#include "rest/time_windows.hpp"
#include "sources/sprinklr/entities/search_reader.hpp"
#include "sources/sprinklr/progress.hpp"

namespace engagement::sprinklr {

// One sync of records by a time of theirs: the searches that it takes, in the order of time.
struct WindowPlan {
  std::vector<SearchRequest> searches;
  Progress progress;
  SystemTime end;         // up to where everything will have been read
  bool open_end = false;  // it ends where the sync began, not on a given day
  bool resumed = false;   // goes on from a state
  bool backfill = false;  // leaves the state alone

  // One search in place of all, without an end; from where the first began, or from anywhere.
  void join(bool keep_begin);
};

WindowPlan plan_windows(const engine::SyncRequest& request, const Config& config, std::chrono::days width,
                        SystemTime now);

// Reads a plan. The state moves with each search that is done, and with each page of the first that is not. With an
// open end the last search goes on to the moment of its own beginning: what was changed meanwhile has left the searches
// before it, and would be missing from a full refresh.
class WindowedRead final : public engine::StreamRead {
 public:
  // Every record of an earlier time has been written.
  using Covered = std::function<void(SystemTime through)>;
  using ReadOne =
      std::function<void(const SearchRequest&, const Covered&, engine::StreamContext&, const std::stop_token&)>;

  WindowedRead(std::string name, WindowPlan plan, ReadOne read_one)
      : name_(std::move(name)),
        open_end_(plan.open_end),
        backfill_(plan.backfill),
        read_one_(std::move(read_one)),
        searches_(std::move(plan.searches)),
        end_(plan.end),
        progress_(plan.progress),
        done_(searches_.size()) {}

  std::size_t slice_count() const override { return searches_.size(); }
  std::string slice_name(std::size_t slice) const override;
  void read_slice(std::size_t slice, engine::StreamContext& context, const std::stop_token& stop) override;
  std::optional<engine::Json> slice_done(std::size_t slice) override;
  engine::Json initial_state() const override;
  engine::Json final_state() override;

 private:
  SearchRequest begin_search(std::size_t slice, SystemTime now);
  void covered(std::size_t slice, SystemTime through, engine::StreamContext& context);

  const std::string name_;
  const bool open_end_;
  const bool backfill_;
  const ReadOne read_one_;
  mutable std::mutex mutex_;
  std::vector<SearchRequest> searches_;
  SystemTime end_;
  Progress progress_;
  rest::DonePrefix done_;
};

}  // namespace engagement::sprinklr
