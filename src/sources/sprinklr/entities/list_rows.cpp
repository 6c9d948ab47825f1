#include "sources/sprinklr/entities/list_rows.hpp"

#include <fmt/format.h>

#include <array>

#include "json/canonical_hash.hpp"
#include "json/member_at.hpp"
#include "rest/list_stream.hpp"
#include "sources/sprinklr/entities/entity_record.hpp"
#include "sources/sprinklr/files.hpp"

namespace engagement::sprinklr {

namespace {

using engine::Json;

constexpr std::size_t kUsersAtOnce = 100;

// What the resources call their identifier, in the order in which they count.
constexpr std::array<std::string_view, 8> kIdentifiers = {"id",         "accountId", "clientId",  "userId",
                                                          "campaignId", "queueId",   "fieldName", "groupId"};

class OneRequest final : public rest::PageSequence {
 public:
  explicit OneRequest(http::Request request) : request_(std::move(request)) {}
  std::optional<http::Request> next(const rest::Page* last) override {
    return last == nullptr ? std::optional(request_) : std::nullopt;
  }

 private:
  const http::Request request_;
};

// The newest first: a user who is changed meanwhile moves to the front and pushes others back, so that they come twice,
// and is still newer than the state. In the other order they would be passed over.
class ScimPages final : public rest::PageSequence {
 public:
  ScimPages(const Account& account, std::string path) : account_(account), path_(std::move(path)) {}

  std::optional<http::Request> next(const rest::Page* last) override {
    if (last != nullptr) {
      if (last->records().empty()) return std::nullopt;
      first_ += last->records().size();
      const auto total = last->integer("totalResults");
      if (total && first_ > static_cast<std::size_t>(std::max<std::int64_t>(*total, 0))) return std::nullopt;
    }
    return account_.get(fmt::format("{}?startIndex={}&count={}&sortBy=meta.lastModified&sortOrder=descending", path_,
                                    first_, kUsersAtOnce));
  }

 private:
  const Account& account_;
  const std::string path_;
  std::size_t first_ = 1;
};

// A resource as one object, because nobody says what members it has: {"resource_id":"…","data":{…}}.
class BootstrapRecord final : public rest::RecordMaker {
 public:
  explicit BootstrapRecord(const BootstrapRow& row) : row_(row) {}

  bool append(const json::RecordSlice& record, std::string& out) override {
    const bool object = record.walker.at_object();
    out += R"({"resource_id":")";
    append_id(record, out);
    out += object ? R"(","data":)" : R"(","data":{"value":)";
    out += record.text;
    out += object ? "}" : "}}";
    return true;
  }

 private:
  void append_id(const json::RecordSlice& record, std::string& out) const {
    if (row_.one_object) {
      out += row_.type;
      return;
    }
    for (const auto name : kIdentifiers) {
      const auto value = json::member_at(record.walker, name);
      if (!value || *value == "null" || *value == "\"\"" || value->front() == '{' || value->front() == '[') continue;
      out += json::is_string(*value) ? json::string_content(*value) : *value;
      return;
    }
    if (record.walker.at_string()) {
      out += json::string_content(record.text);
      return;
    }
    json::ValueWalker walker = record.walker;
    json::append_hex(out, json::hash_value(walker));
  }

  const BootstrapRow& row_;
};

Json schema_of(std::string_view name) {
  return Json::parse(embedded_file(fmt::format("schemas/sprinklr/{}.json", name)));
}

// A list whose stream keeps the caller that its plan points to.
class ListedStream final : public engine::Stream {
 public:
  ListedStream(std::shared_ptr<const StreamCaller> caller, rest::ListPlan plan)
      : caller_(std::move(caller)), stream_(rest::make_list_stream(std::move(plan))) {}

  const engine::StreamDescription& description() const override { return stream_->description(); }
  std::unique_ptr<engine::StreamRead> begin(const engine::SyncRequest& request, engine::StreamContext& context,
                                            const std::stop_token& stop) override {
    return stream_->begin(request, context, stop);
  }

 private:
  const std::shared_ptr<const StreamCaller> caller_;
  const std::unique_ptr<engine::Stream> stream_;
};

rest::ListPlan plan_of(engine::StreamDescription description, const StreamCaller& caller, const std::string& path,
                       std::string_view records) {
  rest::ListPlan plan;
  plan.description = std::move(description);
  plan.what = "GET " + path;
  plan.caller = &caller.caller();
  plan.shape.records = {std::string(records)};
  plan.shape.values = failure_values();
  plan.judge = judge_member(records.substr(0, records.find('.')));
  plan.pages = [&caller, path] { return std::make_unique<OneRequest>(caller.account().get(path)); };
  return plan;
}

}  // namespace

engine::StreamDescription describe(const BootstrapRow& row) {
  engine::StreamDescription description;
  description.name = row.name;
  description.json_schema = schema_of("bootstrap");
  description.primary_key = {{"resource_id"}};
  return description;
}

engine::StreamDescription describe(const ListRow& row) {
  engine::StreamDescription description;
  description.name = row.name;
  description.json_schema = schema_of(row.name);
  description.primary_key = {{std::string(row.primary_key)}};
  if (row.scim) description.cursor = {"last_modified"};
  return description;
}

std::unique_ptr<engine::Stream> make_bootstrap_stream(const BootstrapRow& row, const Config& /*config*/,
                                                      std::shared_ptr<Account> account) {
  const auto caller = std::make_shared<const StreamCaller>(std::move(account), Special::none, row.permission);
  auto plan = plan_of(describe(row), *caller, fmt::format("/api/v1/bootstrap/resources?types={}", row.type), row.type);
  plan.shape.scalars = true;
  plan.records = [&row](engine::StreamContext&) { return std::make_unique<BootstrapRecord>(row); };
  return std::make_unique<ListedStream>(caller, std::move(plan));
}

std::unique_ptr<engine::Stream> make_listed_stream(const ListRow& row, const Config& config,
                                                   std::shared_ptr<Account> account) {
  const auto caller = std::make_shared<const StreamCaller>(std::move(account), Special::none, row.permission);
  auto plan = plan_of(describe(row), *caller, std::string(row.path), row.records);
  if (row.scim) {
    plan.shape.values.emplace_back("totalResults");
    plan.pages = [caller = caller.get(), &row] {
      return std::make_unique<ScimPages>(caller->account(), std::string(row.path));
    };
    plan.changed_path = "meta.lastModified";
    plan.lookback = config.lookback;
  }
  plan.records = [&row](engine::StreamContext&) -> std::unique_ptr<rest::RecordMaker> {
    if (row.scim) return std::make_unique<EntityRecord>(row.primary_key, "meta.lastModified", "last_modified");
    return std::make_unique<EntityRecord>(row.primary_key);
  };
  return std::make_unique<ListedStream>(caller, std::move(plan));
}

}  // namespace engagement::sprinklr
