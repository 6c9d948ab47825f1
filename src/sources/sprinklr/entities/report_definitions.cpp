#include "sources/sprinklr/entities/report_definitions.hpp"

#include <fmt/format.h>

#include <vector>

#include "engine/stream_state.hpp"
#include "json/member_at.hpp"
#include "rest/record_writer.hpp"
#include "sources/sprinklr/files.hpp"

namespace engagement::sprinklr {

namespace {

using engine::Json;

constexpr const char* kEnginesPath = "/api/v2/reports/engines";

rest::PageShape list_shape() {
  rest::PageShape shape{{"data"}, failure_values()};
  return shape;
}

// {"definition_id":"ENGINE/report","engine_id":"ENGINE", and what Sprinklr says}
class DefinitionRecord final : public rest::RecordMaker {
 public:
  explicit DefinitionRecord(const std::string& engine) : engine_(engine) {}

  bool append(const json::RecordSlice& record, std::string& out) override {
    const auto id = json::member_at(record.walker, "id");
    const std::string report = !id                    ? std::string()
                               : json::is_string(*id) ? json::decode_string(json::string_content(*id))
                                                      : std::string(*id);
    out += R"({"definition_id":)";
    json::append_quoted(out, engine_ + "/" + report);
    out += R"(,"engine_id":)";
    json::append_quoted(out, engine_);
    if (record.text.find_first_not_of(" \t", 1) != record.text.size() - 1) out.push_back(',');
    out += record.text.substr(1);
    return true;
  }

 private:
  const std::string& engine_;
};

class DefinitionsRead final : public engine::StreamRead {
 public:
  DefinitionsRead(const StreamCaller& caller, std::vector<std::string> engines)
      : caller_(caller), engines_(std::move(engines)) {}

  std::size_t slice_count() const override { return engines_.size(); }
  std::string slice_name(std::size_t slice) const override { return "reports of the engine " + engines_[slice]; }

  void read_slice(std::size_t slice, engine::StreamContext& context, const std::stop_token& stop) override {
    const std::string& engine = engines_[slice];
    const std::string path = "/api/v2/reports/reports/" + http::percent_encoded(engine);
    const rest::PageShape shape = list_shape();
    rest::Page page;
    rest::Answer answer;
    const auto action = rest::call_page(caller_.caller(), caller_.account().get(path), "GET " + path, shape, judge_page,
                                        page, answer, context, stop);
    if (action != rest::Action::ok) throw system_error(fmt::format("Sprinklr answered \"{}\".", answer.text), path);
    DefinitionRecord maker(engine);
    rest::RecordWriter writer(maker, context);
    context.repaired(page.repairs());
    writer.page(page);
  }

  std::optional<Json> slice_done(std::size_t /*slice*/) override { return std::nullopt; }
  Json initial_state() const override { return state(false); }
  Json final_state() override { return state(true); }

 private:
  static Json state(bool finished) {
    Json state = engine::new_state(protocol::SyncMode::full_refresh);
    state["finished"] = finished;
    return state;
  }

  const StreamCaller& caller_;
  const std::vector<std::string> engines_;
};

class DefinitionsStream final : public engine::Stream {
 public:
  DefinitionsStream(std::shared_ptr<Account> account, std::string_view permission)
      : caller_(std::move(account), Special::none, permission), description_(describe_report_definitions()) {}

  const engine::StreamDescription& description() const override { return description_; }

  std::unique_ptr<engine::StreamRead> begin(const engine::SyncRequest& /*request*/, engine::StreamContext& context,
                                            const std::stop_token& stop) override {
    const rest::PageShape shape = list_shape();
    rest::Page page;
    rest::Answer answer;
    const auto action =
        rest::call_page(caller_.caller(), caller_.account().get(kEnginesPath), fmt::format("GET {}", kEnginesPath),
                        shape, judge_page, page, answer, context, stop);
    if (action != rest::Action::ok) {
      throw system_error(fmt::format("Sprinklr answered \"{}\".", answer.text), kEnginesPath);
    }
    std::vector<std::string> engines;
    for (const auto& record : page.records()) {
      const auto id = json::member_at(record.walker, "id");
      if (id && json::is_string(*id)) engines.push_back(json::decode_string(json::string_content(*id)));
    }
    return std::make_unique<DefinitionsRead>(caller_, std::move(engines));
  }

 private:
  const StreamCaller caller_;
  const engine::StreamDescription description_;
};

}  // namespace

engine::StreamDescription describe_report_definitions() {
  engine::StreamDescription description;
  description.name = kReportDefinitions;
  description.json_schema = Json::parse(embedded_file("schemas/sprinklr/report_definitions.json"));
  description.primary_key = {{"definition_id"}};
  return description;
}

std::unique_ptr<engine::Stream> make_report_definitions_stream(std::shared_ptr<Account> account,
                                                               std::string_view permission) {
  return std::make_unique<DefinitionsStream>(std::move(account), permission);
}

}  // namespace engagement::sprinklr
