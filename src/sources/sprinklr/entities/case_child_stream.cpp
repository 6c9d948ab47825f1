#include "sources/sprinklr/entities/case_child_stream.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "json/canonical_hash.hpp"
#include "json/member_at.hpp"
#include "sources/sprinklr/entities/cursor_pages.hpp"
#include "sources/sprinklr/entities/entity_record.hpp"
#include "sources/sprinklr/entities/search_stream.hpp"
#include "sources/sprinklr/entities/windowed_read.hpp"
#include "sources/sprinklr/files.hpp"

namespace engagement::sprinklr {

namespace {

using engine::Json;

// Each costs a request, even where there is nothing.
constexpr std::chrono::days kCasesWindow{7};
// Cases asked about in one request.
constexpr std::size_t kCasesAtOnce = 20;
constexpr int kMostAuditRestarts = 3;

constexpr SearchType kCases{"CASE", "id", "modifiedTime", "modifiedTime", TimeFilter::half_open};
constexpr SearchType kComments{"COMMENT", "id", "createdTime", "createdTime", TimeFilter::half_open};
constexpr SearchType kMessages{"MESSAGE", "messageId", "createdTime", "createdTime", TimeFilter::time_filter};

// Members whose value is one of these.
Json condition(const char* key, Json values) { return {{"type", "IN"}, {"key", key}, {"values", std::move(values)}}; }

// An entry of the audit trail has no identifier, so its content is one.
class AuditRecord final : public rest::RecordMaker {
 public:
  bool append(const json::RecordSlice& record, std::string& out) override {
    json::ValueWalker walker = record.walker;
    out += R"({"audit_id":")";
    json::append_hex(out, json::hash_value(walker));
    out += "\",";
    out += record.text.substr(1);
    return true;
  }
};

// The cases of one batch, as Sprinklr's other endpoints call them.
struct Cases {
  Json ids = Json::array();
  Json numbers = Json::array();
};

// Reads the children of one batch of cases.
class ChildReader {
 public:
  ChildReader(const CaseChildRow& row, const Config& config, const StreamCaller& caller, engine::StreamContext& context,
              const std::stop_token& stop)
      : row_(row), config_(config), caller_(caller), context_(context), stop_(stop) {}

  void read(const Cases& cases) {
    switch (row_.child) {
      case CaseChild::comments: {
        // A case is named by its id or by its number; its type by either word.
        Json ids = cases.ids;
        for (const auto& number : cases.numbers) ids.push_back(number.is_string() ? number : Json(number.dump()));
        search(kComments, {condition("entityId", ids), condition("entityType", {"UNIVERSAL_CASE", "CASE"})});
        break;
      }
      case CaseChild::messages:
        if (!cases.numbers.empty()) search(kMessages, {condition("caseNumber", cases.numbers)});
        break;
      case CaseChild::audit_entries:
        read_audit(cases.ids);
    }
  }

 private:
  class Writer final : public SearchConsumer {
   public:
    Writer(const SearchType& type, engine::StreamContext& context) : maker_(type.id), writer_(maker_, context) {}
    void record(const json::RecordSlice& record) override { writer_.record(record); }
    void page_ended(std::optional<SystemTime> /*through*/) override { writer_.flush(); }

   private:
    EntityRecord maker_;
    rest::RecordWriter writer_;
  };

  void search(const SearchType& type, std::initializer_list<Json> conditions) {
    SearchRequest request;
    for (const auto& one : conditions) request.filters.push_back(one);
    // A time filter has to have an end.
    if (type.filter == TimeFilter::time_filter) {
      request.until = context_.environment().clock.now() + std::chrono::hours(1);
    }
    Writer writer(type, context_);
    run_search(caller_, type, request, search_page_size(config_), writer, context_, stop_);
  }

  void read_audit(const Json& ids) {
    const rest::PageShape shape = CursorPages::shape();
    const Json body{{"assetIds", ids}, {"assetClass", "UNIVERSAL_CASE"}, {"order", "DESC"}, {"limit", 200}};
    AuditRecord maker;
    rest::RecordWriter writer(maker, context_);
    for (int restarts = 0;; ++restarts) {
      CursorPages pages(caller_.account(), caller_.account().post("/api/v2/audit/fetch", body.dump()), "/api/v2/audit");
      const auto judge = pages.judge();
      const auto end = rest::read_pages({caller_.caller(), shape, judge, "POST /api/v2/audit/fetch"}, pages, writer,
                                        context_, stop_);
      if (end.action == rest::Action::ok) return;
      if (end.action == rest::Action::restart && restarts < kMostAuditRestarts) continue;
      throw transient_error(
          fmt::format("Sprinklr's cursor of an audit trail expired again and again (\"{}\").", end.answer.text),
          "POST /api/v2/audit/fetch");
    }
  }

  const CaseChildRow& row_;
  const Config& config_;
  const StreamCaller& caller_;
  engine::StreamContext& context_;
  const std::stop_token& stop_;
};

// Collects the cases of a search and reads their children, batch by batch.
class CaseCollector final : public SearchConsumer {
 public:
  CaseCollector(ChildReader& children, const WindowedRead::Covered& covered) : children_(children), covered_(covered) {}

  void record(const json::RecordSlice& record) override {
    const auto id = json::member_at(record.walker, "id");
    const auto number = json::member_at(record.walker, "caseNumber");
    if (id) cases_.ids.push_back(Json::parse(*id));
    if (number && *number != "null") cases_.numbers.push_back(Json::parse(*number));
    if (cases_.ids.size() == kCasesAtOnce) read_children();
  }

  void page_ended(std::optional<SystemTime> through) override {
    read_children();
    if (through) covered_(*through);
  }

 private:
  void read_children() {
    if (!cases_.ids.empty()) children_.read(std::exchange(cases_, {}));
  }

  ChildReader& children_;
  const WindowedRead::Covered& covered_;
  Cases cases_;
};

class CaseChildStream final : public engine::Stream {
 public:
  CaseChildStream(const CaseChildRow& row, const Config& config, const std::shared_ptr<Account>& account)
      : row_(row), config_(config), caller_(account, Special::search, row.permission), description_(describe(row)) {}

  const engine::StreamDescription& description() const override { return description_; }

  std::unique_ptr<engine::StreamRead> begin(const engine::SyncRequest& request, engine::StreamContext& context,
                                            const std::stop_token& /*stop*/) override {
    return std::make_unique<WindowedRead>(std::string(row_.name), plan_windows(request, config_, kCasesWindow, context),
                                          [this](const SearchRequest& wanted, const WindowedRead::Covered& covered,
                                                 engine::StreamContext& stream, const std::stop_token& stop) {
                                            ChildReader children(row_, config_, caller_, stream, stop);
                                            CaseCollector collector(children, covered);
                                            run_search(caller_, kCases, wanted, search_page_size(config_), collector,
                                                       stream, stop);
                                          });
  }

 private:
  const CaseChildRow& row_;
  const Config config_;
  const StreamCaller caller_;
  const engine::StreamDescription description_;
};

}  // namespace

engine::StreamDescription describe(const CaseChildRow& row) {
  const std::string_view cursor = row.child == CaseChild::audit_entries ? "auditDate" : "createdTime";
  return {.name = std::string(row.name),
          .json_schema = Json::parse(embedded_file(fmt::format("schemas/sprinklr/{}.json", row.name))),
          .primary_key = {{std::string(row.primary_key)}},
          .cursor = {std::string(cursor)},
          .resumable = true,
          .time_bound = true};
}

std::unique_ptr<engine::Stream> make_case_child_stream(const CaseChildRow& row, const Config& config,
                                                       const std::shared_ptr<Account>& account) {
  return std::make_unique<CaseChildStream>(row, config, account);
}

}  // namespace engagement::sprinklr
