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
  SystemTime end;  // up to where everything will have been read
  bool rereads_end =
      false;             // the last search is for what was changed since `end`, up to its own beginning and a little on
  bool resumed = false;  // goes on from a state
  bool backfill = false;  // leaves the state alone

  // One search in place of all, without an end; from where the first began, or from anywhere.
  void join(bool keep_begin);
};

WindowPlan plan_windows(const engine::SyncRequest& request, const Config& config, std::chrono::days width,
                        engine::Context& context);

// Reads a plan. The state moves with each search that is done, and with each page of the first that is not. A full
// refresh up to now reads at its end what was changed meanwhile: it has left the searches before, and would be missing.
// An incremental sync leaves that to the next.
class WindowedRead final : public engine::StreamRead {
 public:
  // Every record of an earlier time has been written.
  using Covered = std::function<void(SystemTime through)>;
  using ReadOne =
      std::function<void(const SearchRequest&, const Covered&, engine::StreamContext&, const std::stop_token&)>;

  WindowedRead(std::string name, WindowPlan plan, ReadOne read_one)
      : name_(std::move(name)),
        rereads_end_(plan.rereads_end),
        backfill_(plan.backfill),
        read_one_(std::move(read_one)),
        searches_(std::move(plan.searches)),
        end_(plan.end),
        progress_(plan.progress),
        done_(searches_.size()) {}

  std::size_t slice_count() const override { return searches_.size(); }
  std::string slice_name(std::size_t slice) const override;
  bool waits_for_earlier(std::size_t slice) const override { return is_reread(slice); }
  void read_slice(std::size_t slice, engine::StreamContext& context, const std::stop_token& stop) override;
  std::optional<engine::Json> slice_done(std::size_t slice) override;
  engine::Json initial_state() const override;
  engine::Json final_state() override;

 private:
  bool is_reread(std::size_t slice) const { return rereads_end_ && slice + 1 == slice_count(); }
  SearchRequest begin_search(std::size_t slice, SystemTime now);
  void covered(std::size_t slice, SystemTime through, engine::StreamContext& context);

  const std::string name_;
  const bool rereads_end_;
  const bool backfill_;
  const ReadOne read_one_;
  mutable std::mutex mutex_;
  std::vector<SearchRequest> searches_;
  SystemTime end_;
  Progress progress_;
  rest::DonePrefix done_;
};

}  // namespace engagement::sprinklr
