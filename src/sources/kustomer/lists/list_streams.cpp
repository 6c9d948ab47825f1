#include "sources/kustomer/lists/list_streams.hpp"

#include <fmt/format.h>

#include <utility>

#include "json/member_at.hpp"
#include "rest/list_stream.hpp"
#include "sources/kustomer/id_set.hpp"
#include "sources/kustomer/records/record_layout.hpp"

namespace engagement::kustomer {

namespace {

constexpr std::string_view kChanged = "attributes.updatedAt";
constexpr std::size_t kMostRemembered = 200'000;

// A list that changes while it is read shows some rows twice, and lists may overlap: each row comes once. Beyond as
// many as are remembered they may come again.
class OnceEach final : public rest::RecordMaker {
 public:
  explicit OnceEach(std::unique_ptr<rest::RecordMaker> maker) : maker_(std::move(maker)) {}

  bool append(const json::RecordSlice& record, std::string& out) override {
    const auto id = json::member_at(record.walker, "id");
    if (id && seen_.size() < kMostRemembered && !seen_.insert(json::hash_bytes(*id))) return false;
    return maker_->append(record, out);
  }

 private:
  std::unique_ptr<rest::RecordMaker> maker_;
  IdSet seen_;
};

class NotDeleted final : public rest::RecordMaker {
 public:
  explicit NotDeleted(std::unique_ptr<rest::RecordMaker> maker) : maker_(std::move(maker)) {}

  bool append(const json::RecordSlice& record, std::string& out) override {
    return json::member_at(record.walker, "attributes.deleted") != "true" && maker_->append(record, out);
  }

 private:
  std::unique_ptr<rest::RecordMaker> maker_;
};

class SharedPages final : public rest::PageSequence {
 public:
  explicit SharedPages(std::shared_ptr<ListPages> pages) : pages_(std::move(pages)) {}
  std::optional<http::Request> next(const rest::Page* last) override { return pages_->next(last); }

 private:
  std::shared_ptr<ListPages> pages_;
};

}  // namespace

std::unique_ptr<engine::Stream> make_list_stream(ListStreamPlan plan, const Config& config) {
  // What the answers mean depends on which page they answer; both functions are called on the fetching thread.
  const auto current = std::make_shared<std::shared_ptr<ListPages>>();
  rest::ListPlan list;
  if (plan.description.incremental()) {
    list.changed_path = kChanged;
    list.start = config.start;
  }
  list.description = std::move(plan.description);
  list.what = "GET " + plan.paths.front();
  list.caller = &plan.caller->caller();
  list.shape = answer_shape(plan.records);
  list.judge = [current](const rest::Page& page) { return (*current)->judge(page); };
  list.pages = [current, caller = plan.caller, paths = plan.paths, asked = plan.asked,
                counted = plan.records == "data"] {
    *current = std::make_shared<ListPages>(caller->shared_organisation(), paths, asked, counted);
    return std::make_unique<SharedPages>(*current);
  };
  list.records = [layout = config.layout, deleted = config.include_deleted](
                     engine::StreamContext& context) -> std::unique_ptr<rest::RecordMaker> {
    auto once = std::make_unique<OnceEach>(make_records(layout, "updated_at", std::string(kChanged), context));
    if (deleted) return once;
    return std::make_unique<NotDeleted>(std::move(once));
  };
  list.lookback = config.lookback;
  return rest::make_list_stream(std::move(list));
}

}  // namespace engagement::kustomer
