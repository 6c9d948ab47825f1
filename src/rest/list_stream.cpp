#include "rest/list_stream.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "core/time_text.hpp"
#include "engine/stream_state.hpp"
#include "json/member_at.hpp"

namespace engagement::rest {

namespace {

using engine::Json;
using protocol::SyncMode;

// Lets pass what changed at `since` or later, and notes the latest change.
class ChangedSince final : public RecordMaker {
 public:
  ChangedSince(std::unique_ptr<RecordMaker> maker, std::string path, std::optional<SystemTime> since)
      : maker_(std::move(maker)), path_(std::move(path)), since_(since) {}

  bool append(const json::RecordSlice& record, std::string& out) override {
    if (const auto changed = changed_at(record)) {
      latest_ = latest_ ? std::max(*latest_, *changed) : *changed;
      if (since_ && *changed < *since_) return false;
    }
    return maker_->append(record, out);
  }

  std::optional<SystemTime> latest() const { return latest_; }

 private:
  std::optional<SystemTime> changed_at(const json::RecordSlice& record) const {
    if (path_.empty()) return std::nullopt;
    const auto value = json::member_at(record.walker, path_);
    if (!value || !json::is_string(*value)) return std::nullopt;
    return time_from_rfc3339(json::string_content(*value));
  }

  std::unique_ptr<RecordMaker> maker_;
  std::string path_;
  std::optional<SystemTime> since_;
  std::optional<SystemTime> latest_;
};

bool is_bounded(const ListPlan& plan) { return plan.start.time_since_epoch().count() != 0; }

class ListRead final : public engine::StreamRead {
 public:
  ListRead(const ListPlan& plan, SyncMode mode, std::optional<SystemTime> cursor, SystemTime began)
      : plan_(plan), mode_(mode), cursor_(cursor), began_(began) {}

  std::size_t slice_count() const override { return 1; }
  std::string slice_name(std::size_t /*slice*/) const override { return plan_.what; }

  void read_slice(std::size_t /*slice*/, engine::StreamContext& context, const std::stop_token& stop) override {
    ChangedSince changed(plan_.records(context), plan_.changed_path, since());
    RecordWriter writer(changed, context);
    const auto sequence = plan_.pages();
    const auto end =
        read_pages({*plan_.caller, plan_.shape, plan_.judge, plan_.what}, *sequence, writer, context, stop);
    if (end.action == Action::skip) {
      context.warn_once("skipped", fmt::format("there is nothing to read: \"{}\"", end.answer.text));
    } else if (end.action != Action::ok) {
      throw transient_error(fmt::format("The vendor broke off a list: \"{}\".", end.answer.text), plan_.what);
    }
    // What changes while the list is read may stand on a page that has been passed.
    if (const auto latest = changed.latest()) {
      const SystemTime reached = std::min(*latest, began_);
      cursor_ = cursor_ ? std::max(*cursor_, reached) : reached;
    }
  }

  std::optional<Json> slice_done(std::size_t /*slice*/) override { return std::nullopt; }
  Json initial_state() const override { return state(false); }
  Json final_state() override { return state(true); }

 private:
  std::optional<SystemTime> since() const {
    if (mode_ == SyncMode::full_refresh || !cursor_)
      return is_bounded(plan_) ? std::optional(plan_.start) : std::nullopt;
    return std::max(*cursor_ - plan_.lookback, plan_.start);
  }

  Json state(bool finished) const {
    Json state = engine::new_state(mode_);
    if (mode_ == SyncMode::full_refresh) state["finished"] = finished;
    if (is_bounded(plan_)) state["start_date"] = to_rfc3339(plan_.start);
    if (cursor_) state["cursor"] = to_rfc3339(*cursor_);
    return state;
  }

  const ListPlan& plan_;
  SyncMode mode_;
  std::optional<SystemTime> cursor_;
  SystemTime began_;
};

class ListStream final : public engine::Stream {
 public:
  explicit ListStream(ListPlan plan) : plan_(std::move(plan)) {}

  const engine::StreamDescription& description() const override { return plan_.description; }

  std::unique_ptr<engine::StreamRead> begin(const engine::SyncRequest& request, engine::StreamContext& context,
                                            const std::stop_token& /*stop*/) override {
    const auto start = is_bounded(plan_) ? std::optional(plan_.start) : std::nullopt;
    return std::make_unique<ListRead>(plan_, request.mode, engine::cursor_in_state(request, start, context),
                                      context.environment().clock.now());
  }

 private:
  const ListPlan plan_;
};

}  // namespace

std::unique_ptr<engine::Stream> make_list_stream(ListPlan plan) {
  return std::make_unique<ListStream>(std::move(plan));
}

}  // namespace engagement::rest
