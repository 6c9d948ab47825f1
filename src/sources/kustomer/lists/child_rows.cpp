#include "sources/kustomer/lists/child_rows.hpp"

#include <fmt/format.h>

#include "json/member_at.hpp"
#include "json/string_text.hpp"
#include "sources/kustomer/records/record_layout.hpp"

namespace engagement::kustomer {

namespace {

constexpr std::size_t kRowsAPage = 100;

// Puts the parent's members before the record's own, in their place where it has some of these names.
class ChildRecords final : public rest::RecordMaker {
 public:
  ChildRecords(std::string parent, std::unique_ptr<rest::RecordMaker> maker)
      : parent_(std::move(parent)), maker_(std::move(maker)) {}

  void set_parent(std::string_view id, SystemTime changed) {
    members_ = fmt::format(R"({{"{0}_id":{1},"{0}_updated_at":"{2}",)", parent_, id, to_query_time(changed));
  }

  bool append(const json::RecordSlice& record, std::string& out) override {
    const std::size_t begin = out.size();
    if (!maker_->append(record, out)) return false;
    out.replace(begin, 1, members_);
    return true;
  }

 private:
  std::string parent_;
  std::unique_ptr<rest::RecordMaker> maker_;
  std::string members_;
};

class ChildRows final : public RowConsumer {
 public:
  ChildRows(const ChildPlan& plan, Layout layout, engine::StreamContext& context)
      : plan_(plan),
        context_(context),
        maker_(plan.parent, make_records(layout, "updated_at", "attributes.updatedAt", context)),
        writer_(maker_, context) {}

  void page(const SearchPage& page, const std::stop_token& stop) override {
    for (const auto& row : page.rows) {
      const auto id = json::member_at(row.slice.walker, "id");
      if (!row.fresh || !id || !json::is_string(*id)) continue;
      maker_.set_parent(*id, row.changed);
      const std::string text = http::percent_encoded(json::decode_string(json::string_content(*id)));
      // A 404: the row has been deleted, and what belonged to it, too.
      read_lists(*plan_.caller, {fmt::format("{}{}{}?pageSize={}", plan_.before_id, text, plan_.after_id, kRowsAPage)},
                 kRowsAPage, fmt::format("GET {}{{id}}{}", plan_.before_id, plan_.after_id), writer_, context_, stop);
    }
    writer_.flush();
  }

 private:
  const ChildPlan& plan_;
  engine::StreamContext& context_;
  ChildRecords maker_;
  rest::RecordWriter writer_;
};

}  // namespace

std::unique_ptr<RowConsumer> make_child_rows(const ChildPlan& plan, Layout layout, engine::StreamContext& context) {
  return std::make_unique<ChildRows>(plan, layout, context);
}

}  // namespace engagement::kustomer
