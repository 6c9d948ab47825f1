// The streams that make a request for each row of another list.

#include <fmt/format.h>

#include "engine/stream_state.hpp"
#include "json/member_at.hpp"
#include "json/string_text.hpp"
#include "sources/kustomer/lists/list_streams.hpp"
#include "sources/kustomer/records/record_layout.hpp"

namespace engagement::kustomer {

namespace {

using engine::Json;

constexpr std::size_t kListPage = 100;

// One slice, whose state says no more than whether it ended.
class WholeRead : public engine::StreamRead {
 public:
  explicit WholeRead(protocol::SyncMode mode) : mode_(mode) {}

  std::size_t slice_count() const final { return 1; }
  std::optional<Json> slice_done(std::size_t /*slice*/) final { return std::nullopt; }
  Json initial_state() const final { return state(false); }
  Json final_state() final { return state(true); }

 private:
  Json state(bool finished) const {
    Json state = engine::new_state(mode_);
    if (mode_ == protocol::SyncMode::full_refresh) state["finished"] = finished;
    return state;
  }

  protocol::SyncMode mode_;
};

class IdCollector final : public rest::PageConsumer {
 public:
  void page(const rest::Page& page) override {
    for (const auto& record : page.records()) {
      const auto id = json::member_at(record.walker, "id");
      if (id && json::is_string(*id)) ids.push_back(json::decode_string(json::string_content(*id)));
    }
  }
  std::vector<std::string> ids;
};

// The row of a single answer, with the rows that were included as one more member.
class IncludedRecords final : public rest::RecordMaker {
 public:
  IncludedRecords(std::string name, std::unique_ptr<rest::RecordMaker> row, std::unique_ptr<rest::RecordMaker> included)
      : name_(std::move(name)), row_(std::move(row)), included_maker_(std::move(included)) {}

  void set_included(std::vector<json::RecordSlice> included) { included_ = std::move(included); }

  bool append(const json::RecordSlice& record, std::string& out) override {
    if (!row_->append(record, out)) return false;
    out.back() = ',';  // in place of the brace
    out += '"' + name_ + "\":[";
    bool first = true;
    for (const auto& one : included_) {
      if (!first) out += ',';
      first = !included_maker_->append(one, out) && first;
    }
    out += "]}";
    return true;
  }

 private:
  std::string name_;
  std::unique_ptr<rest::RecordMaker> row_;
  std::unique_ptr<rest::RecordMaker> included_maker_;
  std::vector<json::RecordSlice> included_;
};

class DetailRead final : public WholeRead {
 public:
  DetailRead(const DetailStreamPlan& plan, Layout layout, protocol::SyncMode mode)
      : WholeRead(mode), plan_(plan), layout_(layout) {}

  std::string slice_name(std::size_t /*slice*/) const override { return "GET " + plan_.path; }

  void read_slice(std::size_t slice, engine::StreamContext& context, const std::stop_token& stop) override {
    IdCollector list;
    read_lists(*plan_.caller, {fmt::format("{}?pageSize={}", plan_.path, kListPage)}, kListPage, slice_name(slice),
               list, context, stop);
    const auto make = [&] { return make_records(layout_, "updated_at", "attributes.updatedAt", context); };
    IncludedRecords maker(plan_.included_as, make(), make());
    rest::RecordWriter writer(maker, context);
    for (const auto& id : list.ids) read_one(id, maker, writer, context, stop);
  }

 private:
  void read_one(const std::string& id, IncludedRecords& maker, rest::RecordWriter& writer,
                engine::StreamContext& context, const std::stop_token& stop) const {
    static const rest::PageShape shape{{"data", "included"}, answer_shape().values};
    static const rest::PageJudge judge = judge_answer;
    rest::Page page;
    rest::Answer answer;
    const std::string what = fmt::format("GET {}/{{id}}", plan_.path);
    const auto request = plan_.row_caller->organisation().get(
        fmt::format("{}/{}{}", plan_.path, http::percent_encoded(id), plan_.query));
    const auto action =
        rest::call_page(plan_.row_caller->caller(), request, what, shape, judge, page, answer, context, stop);
    if (!is_served(action, answer, what)) {
      context.warn_once("gone", fmt::format("a row of the list is left out, like any other such one, because {} does "
                                            "not know it: it was deleted since the list was read",
                                            what));
      return;
    }
    ++context.counts().pages;
    context.repaired(page.repairs());
    std::vector<json::RecordSlice> included;
    const json::RecordSlice* row = nullptr;
    for (const auto& record : page.records()) {
      const auto own = json::member_at(record.walker, "id");
      if (row == nullptr && own && json::is_string(*own) && json::same_key(json::string_content(*own), id)) {
        row = &record;
      } else {
        included.push_back(record);
      }
    }
    if (row == nullptr)
      throw system_error(
          "Kustomer answered with another row than was asked for. Please report this with the log of this sync.", what);
    maker.set_included(std::move(included));
    writer.record(*row);
    writer.flush();
  }

  const DetailStreamPlan& plan_;
  Layout layout_;
};

// {"properties":{"orderStr":{…}}} as one record for each property.
class AttributeRead final : public WholeRead {
 public:
  AttributeRead(const AttributeStreamPlan& plan, Layout layout, protocol::SyncMode mode)
      : WholeRead(mode), plan_(plan), layout_(layout) {}

  std::string slice_name(std::size_t /*slice*/) const override { return "GET /v1/metadata/{resource}"; }

  void read_slice(std::size_t slice, engine::StreamContext& context, const std::stop_token& stop) override {
    for (const auto& resource : plan_.resources) {
      rest::Page page;
      const auto request = plan_.caller->organisation().get("/v1/metadata/" + resource);
      if (!plan_.caller->call(request, slice_name(slice), page, context, stop)) continue;
      ++context.counts().pages;
      context.repaired(page.repairs());
      for (const auto& record : page.records()) write(resource, record, context);
    }
  }

 private:
  // The new members stand before the property's own; JSON:API's has the property as an object of its own.
  void write(const std::string& resource, const json::RecordSlice& record, engine::StreamContext& context) const {
    const auto maker = make_records(layout_, "", "", context);
    engine::RecordBatch batch(context);
    json::ValueWalker walker = record.walker;
    if (!enter_member(walker, "attributes") || !enter_member(walker, "properties") || !walker.at_object()) return;
    walker.enter_object();
    std::string_view key;
    std::string property;
    while (walker.next_member(key)) {
      const json::ValueWalker at_property = walker;
      const json::RecordSlice slice{walker.skip_value(), at_property};
      property.clear();
      if (!at_property.at_object() || !maker->append(slice, property)) property = "{}";
      append(resource, key, property, batch.begin_record());
      batch.end_record();
    }
    batch.flush();
  }

  void append(std::string_view resource, std::string_view key, std::string_view property, std::string& out) const {
    const std::string name = json::decode_string(key);
    out += R"({"id":)";
    json::append_quoted(out, fmt::format("{}.{}", resource, name));
    out += R"(,"resource":)";
    json::append_quoted(out, resource);
    out += R"(,"name":)";
    json::append_quoted(out, name);
    out += R"(,"properties":)";
    out += property;
    out += '}';
  }

  static bool enter_member(json::ValueWalker& walker, std::string_view name) {
    if (!walker.at_object()) return false;
    walker.enter_object();
    std::string_view key;
    while (walker.next_member(key)) {
      if (json::same_key(key, name)) return true;
      walker.skip_value();
    }
    return false;
  }

  const AttributeStreamPlan& plan_;
  Layout layout_;
};

template <typename Plan, typename Read>
class WholeStream final : public engine::Stream {
 public:
  WholeStream(Plan plan, Layout layout) : plan_(std::move(plan)), layout_(layout) {}

  const engine::StreamDescription& description() const override { return plan_.description; }
  std::unique_ptr<engine::StreamRead> begin(const engine::SyncRequest& request, engine::StreamContext& /*context*/,
                                            const std::stop_token& /*stop*/) override {
    return std::make_unique<Read>(plan_, layout_, request.mode);
  }

 private:
  const Plan plan_;
  const Layout layout_;
};

}  // namespace

std::unique_ptr<engine::Stream> make_detail_stream(DetailStreamPlan plan, const Config& config) {
  return std::make_unique<WholeStream<DetailStreamPlan, DetailRead>>(std::move(plan), config.layout);
}

std::unique_ptr<engine::Stream> make_attribute_stream(AttributeStreamPlan plan, const Config& config) {
  return std::make_unique<WholeStream<AttributeStreamPlan, AttributeRead>>(std::move(plan), config.layout);
}

}  // namespace engagement::kustomer
