#include <fmt/format.h>

#include <algorithm>

#include "core/time_text.hpp"
#include "engine/stream_state.hpp"
#include "json/member_at.hpp"
#include "json/string_text.hpp"
#include "sources/kustomer/lists/list_streams.hpp"
#include "sources/kustomer/records/record_layout.hpp"

namespace engagement::kustomer {

namespace {

using engine::Json;
using protocol::SyncMode;

constexpr std::size_t kEntriesAPage = 1000;
constexpr std::int64_t kDefaultPage = 100;
constexpr std::string_view kCreated = "attributes.createdAt";

std::optional<SystemTime> created_at(const json::RecordSlice& record) {
  const auto value = json::member_at(record.walker, kCreated);
  if (!value || !json::is_string(*value)) return std::nullopt;
  return time_from_rfc3339(json::string_content(*value));
}

rest::PageShape audit_log_shape() {
  rest::PageShape shape = answer_shape();
  shape.values.insert(shape.values.end(), {"meta.count", "meta.cursorCount"});
  return shape;
}

// Pages by links.next, which names the oldest entry of its page ("before"), until an entry is older than wanted. New
// entries move none of the others, because a cursor and not an offset says where the next page begins. Where the link
// is missing although there seems to be more, the same request is made of the oldest entry's id.
class BackTo final : public rest::PageSequence {
 public:
  BackTo(const RoleCaller& caller, SystemTime oldest)
      : organisation_(caller.shared_organisation()),
        path_("/v1/audit-logs?count=" + std::to_string(kEntriesAPage)),
        oldest_(oldest) {}

  std::optional<http::Request> next(const rest::Page* last) override {
    if (last == nullptr) return organisation_->get(path_);
    if (!last->records().empty()) {
      const auto created = created_at(last->records().back());
      if (created && *created < oldest_) return std::nullopt;
    }
    if (const auto link = last->text("links.next")) return organisation_->follow(*link, path_);
    if (!seems_to_go_on(*last)) return std::nullopt;
    const auto id = json::member_at(last->records().back().walker, "id");
    if (!id || !json::is_string(*id)) {
      throw system_error(
          "Kustomer's audit log goes on, but neither a link nor the last entry's id says where. Please report this "
          "with the log of this sync.",
          "GET /v1/audit-logs");
    }
    return organisation_->get(
        fmt::format("{}&before={}", path_, http::percent_encoded(json::decode_string(json::string_content(*id)))));
  }

 private:
  static bool seems_to_go_on(const rest::Page& page) {
    const auto rows = static_cast<std::int64_t>(page.records().size());
    if (rows == 0) return false;
    if (page.integer("meta.cursorCount").value_or(0) > rows) return true;
    // The page may be cut to the default size without a word.
    return next_link(page) == NextLink::absent &&
           rows >= std::min(kDefaultPage, page.integer("meta.count").value_or(kDefaultPage));
  }

  std::shared_ptr<const Organisation> organisation_;
  std::string path_;
  SystemTime oldest_;
};

class NotBefore final : public rest::RecordMaker {
 public:
  NotBefore(std::unique_ptr<rest::RecordMaker> maker, SystemTime oldest) : maker_(std::move(maker)), oldest_(oldest) {}

  bool append(const json::RecordSlice& record, std::string& out) override {
    if (const auto created = created_at(record)) {
      if (*created < oldest_) return false;
      latest = std::max(latest.value_or(*created), *created);
    }
    return maker_->append(record, out);
  }

  std::optional<SystemTime> latest;

 private:
  std::unique_ptr<rest::RecordMaker> maker_;
  SystemTime oldest_;
};

class AuditLogRead final : public engine::StreamRead {
 public:
  AuditLogRead(const AuditLogPlan& plan, const Config& config, SyncMode mode, std::optional<SystemTime> cursor)
      : plan_(plan), config_(config), mode_(mode), cursor_(cursor) {}

  std::size_t slice_count() const override { return 1; }
  std::string slice_name(std::size_t /*slice*/) const override { return "GET /v1/audit-logs"; }

  void read_slice(std::size_t slice, engine::StreamContext& context, const std::stop_token& stop) override {
    static const rest::PageShape shape = audit_log_shape();
    static const rest::PageJudge judge = judge_answer;
    const SystemTime began = context.environment().clock.now();
    const SystemTime oldest = cursor_ ? std::max(config_.start, *cursor_ - config_.lookback) : config_.start;
    NotBefore maker(make_records(config_.layout, "created_at", std::string(kCreated), context), oldest);
    rest::RecordWriter writer(maker, context);
    BackTo pages(*plan_.caller, oldest);
    const auto end =
        rest::read_pages({plan_.caller->caller(), shape, judge, slice_name(slice)}, pages, writer, context, stop);
    if (!is_served(end.action, end.answer, slice_name(slice))) return;  // no rule of this stream's lets that pass
    // An entry that is dated in the future would hide those until then.
    if (maker.latest) cursor_ = std::max(cursor_.value_or(SystemTime::min()), std::min(*maker.latest, began));
  }

  // Newest first: nothing is complete before everything is.
  std::optional<Json> slice_done(std::size_t /*slice*/) override { return std::nullopt; }
  Json initial_state() const override { return state(false); }
  Json final_state() override { return state(true); }

 private:
  Json state(bool finished) const {
    Json state = engine::new_state(mode_);
    if (mode_ == SyncMode::full_refresh) state["finished"] = finished;
    state["start_date"] = to_rfc3339(config_.start);
    if (cursor_) state["cursor"] = to_rfc3339(*cursor_);
    return state;
  }

  const AuditLogPlan& plan_;
  const Config& config_;
  SyncMode mode_;
  std::optional<SystemTime> cursor_;
};

class AuditLogStream final : public engine::Stream {
 public:
  AuditLogStream(AuditLogPlan plan, const Config& config) : plan_(std::move(plan)), config_(config) {}

  const engine::StreamDescription& description() const override { return plan_.description; }

  std::unique_ptr<engine::StreamRead> begin(const engine::SyncRequest& request, engine::StreamContext& context,
                                            const std::stop_token& /*stop*/) override {
    check_start(config_, context.environment().clock.now());
    return std::make_unique<AuditLogRead>(plan_, config_, request.mode,
                                          engine::cursor_in_state(request, config_.start, context));
  }

 private:
  const AuditLogPlan plan_;
  const Config config_;
};

}  // namespace

std::unique_ptr<engine::Stream> make_audit_log_stream(AuditLogPlan plan, const Config& config) {
  return std::make_unique<AuditLogStream>(std::move(plan), config);
}

}  // namespace engagement::kustomer
