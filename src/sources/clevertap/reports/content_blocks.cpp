#include "sources/clevertap/reports/content_blocks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "engine/stream_context.hpp"
#include "engine/stream_state.hpp"
#include "json/member_at.hpp"
#include "rest/record_writer.hpp"
#include "sources/clevertap/reports/added_fields.hpp"
#include "sources/clevertap/reports/window_stream.hpp"

namespace engagement::clevertap {

namespace {

using engine::Json;
using protocol::SyncMode;

constexpr std::size_t kBlocksOnAPage = 100;  // the most that CleverTap serves
constexpr int kMostReadings = 5;

// CleverTap wants the milliseconds, else "Enter date in ISO format".
std::string with_milliseconds(SystemTime time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  std::string text = to_rfc3339(seconds);
  text.pop_back();
  return fmt::format("{}.{:03}Z", text, (time - seconds).count());
}

struct Bounds {
  std::optional<SystemTime> since;
  std::optional<SystemTime> until;
};

// Page after page until as many blocks have come as the first page said there are, or none comes.
class BlockPages final : public rest::PageSequence {
 public:
  BlockPages(const Account& account, const Bounds& bounds) : account_(account), bounds_(bounds) {}

  std::optional<http::Request> next(const rest::Page* last) override {
    if (last != nullptr) {
      // Later pages may count what was added meanwhile; that is for the next sync.
      if (!total_) total_ = last->integer("total");
      seen_ += last->records().size();
      guard(*last);
      const bool ended = last->records().empty() || (total_ && seen_ >= static_cast<std::size_t>(*total_));
      if (ended) return std::nullopt;
    }
    return content_blocks_request(account_, ++page_, kBlocksOnAPage, bounds_.since, bounds_.until);
  }

  std::optional<std::int64_t> total() const { return total_; }

 private:
  // Without a total only an empty page ends the list, and one page for ever would be no end.
  void guard(const rest::Page& last) {
    if (last.records().empty()) return;
    if (last.records().front().text == first_block_) {
      throw system_error(
          "CleverTap sent the same page of content blocks twice. Please try again, and report it to "
          "CleverTap if it stays.",
          "GET /v1/contentBlock/list");
    }
    first_block_ = last.records().front().text;
  }

  const Account& account_;
  const Bounds bounds_;
  std::size_t page_ = 0;
  std::size_t seen_ = 0;
  std::optional<std::int64_t> total_;
  std::string first_block_;
};

// Writes the blocks and notes who they are and when the last of them changed.
class BlockWriter final : public rest::PageConsumer {
 public:
  explicit BlockWriter(engine::StreamContext& context)
      : context_(context),
        maker_(make_records_with(
            {.key = "id", .key_from = "id", .time = {}, .filled = "updatedAt", .filled_from = "createdAt"}, context)),
        writer_(*maker_, context) {}

  void page(const rest::Page& page) override {
    if (const auto total = page.integer("total"); total && *total >= 0) {
      context_.estimate(static_cast<std::uint64_t>(*total));
    }
    for (const auto& block : page.records()) note(block);
    writer_.page(page);
  }

  std::size_t distinct() const { return ids_.size(); }
  std::optional<SystemTime> latest() const { return latest_; }

 private:
  void note(const json::RecordSlice& block) {
    ids_.insert(std::string(json::member_at(block.walker, "id").value_or("")));
    for (const char* name : {"updatedAt", "createdAt"}) {
      const auto value = json::member_at(block.walker, name);
      if (!value || !json::is_string(*value)) continue;
      const auto time = time_from_rfc3339(json::string_content(*value));
      if (time) latest_ = latest_ ? std::max(*latest_, *time) : *time;
    }
  }

  engine::StreamContext& context_;
  std::unique_ptr<rest::RecordMaker> maker_;
  rest::RecordWriter writer_;
  std::unordered_set<std::string> ids_;  // of a list that people write by hand
  std::optional<SystemTime> latest_;
};

class BlocksRead final : public engine::StreamRead {
 public:
  BlocksRead(std::shared_ptr<const Account> account, SyncMode mode, Bounds bounds, std::optional<SystemTime> cursor,
             SystemTime began)
      : account_(std::move(account)), mode_(mode), bounds_(bounds), cursor_(cursor), began_(began) {}

  std::size_t slice_count() const override { return 1; }
  std::string slice_name(std::size_t /*slice*/) const override { return "GET /v1/contentBlock/list"; }

  // A block that changes while we read may move to another page and another block take its place on one that we have
  // passed. Then fewer come than there are, and the list is read again.
  void read_slice(std::size_t /*slice*/, engine::StreamContext& context, const std::stop_token& stop) override {
    static const rest::PageShape shape{{"contentBlocks"}, {"status", "error", "code", "total"}};
    static const rest::PageJudge judge = judge_page;
    BlockWriter writer(context);
    for (int reading = 1;; ++reading) {
      BlockPages pages(*account_, bounds_);
      const auto end =
          rest::read_pages({account_->caller(), shape, judge, slice_name(0)}, pages, writer, context, stop);
      if (end.action != rest::Action::ok) {
        throw system_error(fmt::format("CleverTap refused a list: \"{}\".", end.answer.text), slice_name(0));
      }
      if (!pages.total() || writer.distinct() >= static_cast<std::size_t>(*pages.total())) break;
      if (reading == kMostReadings) throw transient_error(kUnsteady, slice_name(0));
      context.log(engine::LogLevel::info, "the list changed while it was read; it is read again");
    }
    if (const auto latest = writer.latest()) {
      const SystemTime read_up_to = std::min(*latest, began_);
      cursor_ = std::max(cursor_.value_or(read_up_to), read_up_to);
    }
  }

  std::optional<Json> slice_done(std::size_t /*slice*/) override { return std::nullopt; }
  Json initial_state() const override { return state(false); }
  Json final_state() override { return state(true); }

 private:
  static constexpr const char* kUnsteady =
      "CleverTap's list of content blocks changed each time it was read, or says that it is longer than it is. Try "
      "again later.";

  Json state(bool finished) const {
    Json state = engine::new_state(mode_);
    if (mode_ == SyncMode::full_refresh) state["finished"] = finished;
    if (cursor_) state["cursor"] = to_rfc3339(*cursor_);
    return state;
  }

  std::shared_ptr<const Account> account_;
  SyncMode mode_;
  Bounds bounds_;
  std::optional<SystemTime> cursor_;
  SystemTime began_;
};

std::optional<SystemTime> cursor_in(const engine::SyncRequest& request) {
  if (!request.state || request.mode == SyncMode::full_refresh) return std::nullopt;
  engine::check_state(*request.state);
  if (!engine::is_incremental_state(*request.state)) return std::nullopt;
  const auto found = request.state->find("cursor");
  if (found == request.state->end()) return std::nullopt;
  const auto time = found->is_string() ? time_from_rfc3339(found->get<std::string>()) : std::nullopt;
  if (!time) throw engine::unknown_state(fmt::format("\"cursor\" is {}, no time", found->dump()));
  return time;
}

class ContentBlocks final : public engine::Stream {
 public:
  ContentBlocks(engine::StreamDescription description, const Config& config, std::shared_ptr<const Account> account)
      : description_(std::move(description)), zone_(config.zone), account_(std::move(account)) {}

  const engine::StreamDescription& description() const override { return description_; }

  std::unique_ptr<engine::StreamRead> begin(const engine::SyncRequest& request, engine::StreamContext& context,
                                            const std::stop_token& /*stop*/) override {
    const auto cursor = cursor_in(request);
    Bounds bounds{cursor, std::nullopt};
    if (request.backfill) {
      const auto first_moment = [this](Day day) { return SystemTime(zone_.to_utc(LocalSeconds(day))); };
      bounds.since = first_moment(request.backfill->since);
      bounds.until = first_moment(request.backfill->until + std::chrono::days(1)) - std::chrono::milliseconds(1);
    }
    return std::make_unique<BlocksRead>(account_, request.mode, bounds, cursor, context.environment().clock.now());
  }

 private:
  const engine::StreamDescription description_;
  const TimeZone zone_;
  std::shared_ptr<const Account> account_;
};

}  // namespace

http::Request content_blocks_request(const Account& account, std::size_t page, std::size_t page_size,
                                     std::optional<SystemTime> since, std::optional<SystemTime> until) {
  std::string path = fmt::format("/v1/contentBlock/list?pageNumber={}&pageSize={}", page, page_size);
  if (since) path += "&updatedFrom=" + with_milliseconds(*since);
  if (until) path += "&updatedTo=" + with_milliseconds(*until);
  return account.get(path);
}

std::unique_ptr<engine::Stream> make_content_blocks(engine::StreamDescription description, const Config& config,
                                                    const std::shared_ptr<const Account>& account) {
  return std::make_unique<ContentBlocks>(std::move(description), config, account);
}

}  // namespace engagement::clevertap
