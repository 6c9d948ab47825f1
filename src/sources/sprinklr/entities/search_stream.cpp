#include "sources/sprinklr/entities/search_stream.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <optional>
#include <utility>

#include "rest/time_windows.hpp"
#include "sources/sprinklr/entities/entity_record.hpp"
#include "sources/sprinklr/entities/windowed_read.hpp"
#include "sources/sprinklr/files.hpp"

namespace engagement::sprinklr {

namespace {

using engine::Json;

constexpr std::size_t kLargestPage = 100;
// Each costs a request, even where there is nothing.
constexpr std::chrono::days kSearchWindow{30};

class SearchWriter final : public SearchConsumer {
 public:
  SearchWriter(const SearchRow& row, std::atomic<std::uint64_t>& counted, const WindowedRead::Covered& covered,
               engine::StreamContext& context)
      : maker_(row.type.id, row.type.path, row.cursor == row.type.path ? "" : row.cursor),
        writer_(maker_, context),
        resumable_(row.resumable),
        counted_(counted),
        covered_(covered),
        context_(context) {}

  void record(const json::RecordSlice& record) override { writer_.record(record); }
  void page_ended(std::optional<SystemTime> through) override {
    writer_.flush();
    if (through && resumable_) covered_(*through);
  }
  void counted(std::uint64_t records) override { context_.estimate(counted_ += records); }

 private:
  EntityRecord maker_;
  rest::RecordWriter writer_;
  const bool resumable_;
  std::atomic<std::uint64_t>& counted_;
  const WindowedRead::Covered& covered_;
  engine::StreamContext& context_;
};

class SearchStream final : public engine::Stream {
 public:
  SearchStream(const SearchRow& row, const Config& config, const std::shared_ptr<Account>& account)
      : row_(row), config_(config), caller_(account, Special::search, row.permission), description_(describe(row)) {}

  const engine::StreamDescription& description() const override { return description_; }

  std::unique_ptr<engine::StreamRead> begin(const engine::SyncRequest& request, engine::StreamContext& context,
                                            const std::stop_token& /*stop*/) override {
    auto plan = plan_windows(request, config_, kSearchWindow, context);
    const bool timed = !row_.type.key.empty();
    if (!timed || (row_.may_lack_time && !request.backfill)) plan.join(timed && plan.resumed);
    const auto counted = std::make_shared<std::atomic<std::uint64_t>>(0);
    return std::make_unique<WindowedRead>(
        std::string(row_.name), std::move(plan),
        [this, counted](const SearchRequest& wanted, const WindowedRead::Covered& covered,
                        engine::StreamContext& stream, const std::stop_token& stop) {
          SearchWriter writer(row_, *counted, covered, stream);
          run_search(caller_, row_.type, wanted, search_page_size(config_), writer, stream, stop);
        });
  }

 private:
  const SearchRow& row_;
  const Config config_;
  const StreamCaller caller_;
  const engine::StreamDescription description_;
};

}  // namespace

engine::StreamDescription describe(const SearchRow& row) {
  engine::StreamDescription description{
      .name = std::string(row.name),
      .json_schema = Json::parse(embedded_file(fmt::format("schemas/sprinklr/{}.json", row.name))),
      .primary_key = {{std::string(row.type.id)}},
      .cursor = {},
      .resumable = !row.cursor.empty() && row.resumable,
      .time_bound = !row.cursor.empty()};
  if (!row.cursor.empty()) description.cursor = {std::string(row.cursor)};
  return description;
}

std::unique_ptr<engine::Stream> make_search_stream(const SearchRow& row, const Config& config,
                                                   const std::shared_ptr<Account>& account) {
  return std::make_unique<SearchStream>(row, config, account);
}

std::size_t search_page_size(const Config& config) { return std::min(config.page_size, kLargestPage); }

}  // namespace engagement::sprinklr
