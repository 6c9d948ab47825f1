#include "sources/clevertap/reports/window_stream.hpp"

#include <fmt/format.h>

namespace engagement::clevertap {

namespace {

class WindowRead final : public engine::StreamRead {
 public:
  WindowRead(const WindowPlan& plan, std::shared_ptr<const Account> account, DayPlan days)
      : plan_(plan), account_(std::move(account)), days_(std::move(days)), shape_(list_shape(plan.records)) {
    if (!plan.total.empty()) shape_.values.push_back(plan.total);
  }

  std::size_t slice_count() const override { return days_.slices().size(); }

  std::string slice_name(std::size_t slice) const override {
    const DaySpan& span = days_.slices()[slice];
    return fmt::format("{}, {} to {}", plan_.endpoint, day_to_text(span.first), day_to_text(span.last));
  }

  void read_slice(std::size_t slice, engine::StreamContext& context, const std::stop_token& stop) override {
    rest::Page page;
    read_list(*account_, plan_.request(days_.slices()[slice]), slice_name(slice), shape_, page, context, stop);
    ++context.counts().pages;
    context.repaired(page.repairs());
    warn_of_fewer(page, slice_name(slice), context);
    const auto maker = make_records_with(plan_.added, context);
    rest::RecordWriter(*maker, context).page(page);
  }

  std::optional<engine::Json> slice_done(std::size_t slice) override {
    return days_.done(slice) ? std::optional(days_.state()) : std::nullopt;
  }
  engine::Json initial_state() const override { return days_.state(); }
  engine::Json final_state() override {
    days_.finish();
    return days_.state();
  }

 private:
  void warn_of_fewer(const rest::Page& page, const std::string& what, engine::StreamContext& context) const {
    const auto total = plan_.total.empty() ? std::nullopt : page.integer(plan_.total);
    if (!total || *total <= static_cast<std::int64_t>(page.records().size())) return;
    context.log(engine::LogLevel::warn,
                fmt::format("{}: CleverTap announces {} records and sends {}; the others have no "
                            "way to be asked for",
                            what, *total, page.records().size()));
  }

  const WindowPlan& plan_;
  std::shared_ptr<const Account> account_;
  DayPlan days_;
  rest::PageShape shape_;
};

class WindowStream final : public engine::Stream {
 public:
  WindowStream(WindowPlan plan, std::shared_ptr<const Account> account)
      : plan_(std::move(plan)), account_(std::move(account)) {}

  const engine::StreamDescription& description() const override { return plan_.description; }

  std::unique_ptr<engine::StreamRead> begin(const engine::SyncRequest& request, engine::StreamContext& context,
                                            const std::stop_token& /*stop*/) override {
    const Period period = plan_.period(request, context.environment().clock.now());
    return std::make_unique<WindowRead>(plan_, account_, DayPlan(request, {period, plan_.window, plan_.lookback}));
  }

 private:
  const WindowPlan plan_;
  std::shared_ptr<const Account> account_;
};

}  // namespace

std::unique_ptr<engine::Stream> make_window_stream(WindowPlan plan, std::shared_ptr<const Account> account) {
  return std::make_unique<WindowStream>(std::move(plan), std::move(account));
}

rest::PageShape list_shape(std::string records) { return {{std::move(records)}, envelope_values()}; }

void read_list(const Account& account, const http::Request& request, const std::string& what,
               const rest::PageShape& shape, rest::Page& page, engine::Context& context, const std::stop_token& stop) {
  rest::Answer answer;
  const auto action = rest::call_page(account.caller(), request, what, shape, judge_page, page, answer, context, stop);
  if (action != rest::Action::ok) {
    throw system_error(fmt::format("CleverTap refused a list: \"{}\".", answer.text), what);
  }
  if (page.records_found()) return;
  // Of an empty export CleverTap leaves the records away, so it may do so here.
  context.warn_once("no list", fmt::format("{}: CleverTap answered without \"{}\"; taken for an empty list", what,
                                           shape.records.front()));
}

}  // namespace engagement::clevertap
