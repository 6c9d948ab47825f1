#include "sources/clevertap/reports/lists.hpp"

#include <fmt/format.h>

#include "core/time_text.hpp"
#include "rest/list_stream.hpp"
#include "sources/clevertap/exports/record_maker.hpp"
#include "sources/clevertap/reports/added_fields.hpp"
#include "sources/clevertap/reports/window_stream.hpp"

namespace engagement::clevertap {

namespace {

constexpr std::string_view kAllBreakdowns =
    R"({"user_type":true,"session_source":true,"browser":true,"os":true,"device":true,"new":true})";

// A list that comes in one answer.
class OneRequest final : public rest::PageSequence {
 public:
  explicit OneRequest(http::Request request) : request_(std::move(request)) {}

  std::optional<http::Request> next(const rest::Page* last) override {
    return last == nullptr ? std::optional(request_) : std::nullopt;
  }

 private:
  http::Request request_;
};

using MakeRecords = std::unique_ptr<rest::RecordMaker> (*)(engine::StreamContext&);

rest::ListPlan one_answer(engine::StreamDescription description, const std::shared_ptr<const Account>& account,
                          std::string what, http::Request request, rest::PageShape shape, MakeRecords records) {
  rest::ListPlan plan;
  plan.description = std::move(description);
  plan.what = std::move(what);
  plan.caller = &account->caller();
  plan.shape = std::move(shape);
  plan.judge = judge_page;
  plan.pages = [account, request = std::move(request)] { return std::make_unique<OneRequest>(request); };
  plan.records = records;
  return plan;
}

std::unique_ptr<rest::RecordMaker> as_sent(engine::StreamContext& /*context*/) {
  return std::make_unique<rest::VerbatimRecords>();
}

std::unique_ptr<rest::RecordMaker> with_key_as_text(engine::StreamContext& context) {
  return make_records_with({.key = "key", .key_from = "key", .time = {}, .filled = {}, .filled_from = {}}, context);
}

// The whole answer but its envelope, and when it came.
class NowRecords final : public rest::RecordMaker {
 public:
  explicit NowRecords(engine::StreamContext& context) : context_(context) {}

  bool append(const json::RecordSlice& record, std::string& out) override {
    fmt::format_to(std::back_inserter(out), R"({{"counted_at":"{}")", to_rfc3339(context_.environment().clock.now()));
    append_members(out, record, true, {"counted_at", "status"});
    return true;
  }

 private:
  engine::StreamContext& context_;
};

}  // namespace

std::unique_ptr<engine::Stream> make_event_definitions(engine::StreamDescription description, const Config& /*config*/,
                                                       const std::shared_ptr<const Account>& account) {
  return rest::make_list_stream(one_answer(std::move(description), account, "GET /getSchema?type=events",
                                           account->get("/getSchema?type=events"), list_shape("events"), as_sent));
}

std::unique_ptr<engine::Stream> make_user_property_definitions(engine::StreamDescription description,
                                                               const Config& /*config*/,
                                                               const std::shared_ptr<const Account>& account) {
  return rest::make_list_stream(one_answer(std::move(description), account, "GET /getSchema?type=userProperties",
                                           account->get("/getSchema?type=userProperties"), list_shape("userProperties"),
                                           as_sent));
}

std::unique_ptr<engine::Stream> make_subscription_groups(engine::StreamDescription description,
                                                         const Config& /*config*/,
                                                         const std::shared_ptr<const Account>& account) {
  return rest::make_list_stream(one_answer(std::move(description), account, "GET /category-groups",
                                           account->get("/category-groups"), list_shape("list"), with_key_as_text));
}

std::unique_ptr<engine::Stream> make_real_time_counts(engine::StreamDescription description, const Config& /*config*/,
                                                      const std::shared_ptr<const Account>& account) {
  auto plan = one_answer(std::move(description), account, "POST /1/now.json",
                         account->post("/1/now.json", std::string(kAllBreakdowns)), {{""}, {}},
                         [](engine::StreamContext& context) -> std::unique_ptr<rest::RecordMaker> {
                           return std::make_unique<NowRecords>(context);
                         });
  plan.judge = judge_whole_answer;
  return rest::make_list_stream(std::move(plan));
}

}  // namespace engagement::clevertap
