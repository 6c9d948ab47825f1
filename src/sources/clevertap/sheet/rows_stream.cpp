#include "sources/clevertap/sheet/rows_stream.hpp"

#include <fmt/format.h>

#include "engine/record_batch.hpp"
#include "engine/stream_context.hpp"
#include "engine/stream_state.hpp"
#include "sources/clevertap/files.hpp"

namespace engagement::clevertap {

namespace {

using protocol::Json;

Json record_of(const SheetRow& row) {
  return {{"row", row.number},
          {"name", row.written_name.empty() ? Json() : Json(row.written_name)},
          {"columns", row.columns},
          {"query", row.error ? Json() : query_as_sent(row)},
          {"error", row.error ? Json(*row.error) : Json()}};
}

class SheetRowsRead final : public engine::StreamRead {
 public:
  SheetRowsRead(std::shared_ptr<const SheetReading> sheet, protocol::SyncMode mode)
      : sheet_(std::move(sheet)), mode_(mode) {}

  std::size_t slice_count() const override { return 1; }
  std::string slice_name(std::size_t /*slice*/) const override { return "the rows of the query sheet"; }

  void read_slice(std::size_t /*slice*/, engine::StreamContext& context, const std::stop_token& /*stop*/) override {
    engine::RecordBatch batch(context);
    for (const auto& row : sheet_->rows.rows) {
      // In ASCII, so that nothing in a cell ends a line for any reader.
      batch.begin_record() += record_of(row).dump(-1, ' ', true, Json::error_handler_t::replace);
      batch.end_record();
    }
    batch.flush();
  }

  std::optional<Json> slice_done(std::size_t /*slice*/) override { return std::nullopt; }
  Json initial_state() const override { return state(false); }
  Json final_state() override { return state(true); }

 private:
  Json state(bool finished) const {
    Json state = engine::new_state(mode_);
    state["finished"] = finished;
    return state;
  }

  std::shared_ptr<const SheetReading> sheet_;
  protocol::SyncMode mode_;
};

class SheetRowsStream final : public engine::Stream {
 public:
  explicit SheetRowsStream(std::shared_ptr<const SheetReading> sheet) : sheet_(std::move(sheet)) {}

  const engine::StreamDescription& description() const override { return description_; }

  std::unique_ptr<engine::StreamRead> begin(const engine::SyncRequest& request, engine::StreamContext& /*context*/,
                                            const std::stop_token& /*stop*/) override {
    if (sheet_->failure) throw ConnectorError(*sheet_->failure);
    return std::make_unique<SheetRowsRead>(sheet_, request.mode);
  }

 private:
  const std::shared_ptr<const SheetReading> sheet_;
  const engine::StreamDescription description_ = describe_sheet_rows();
};

}  // namespace

engine::StreamDescription describe_sheet_rows() {
  engine::StreamDescription description;
  description.name = kSheetRowsStream;
  description.json_schema = Json::parse(embedded_file(fmt::format("schemas/clevertap/{}.json", kSheetRowsStream)));
  description.primary_key = {{"row"}};
  return description;
}

std::unique_ptr<engine::Stream> make_sheet_rows_stream(std::shared_ptr<const SheetReading> sheet) {
  return std::make_unique<SheetRowsStream>(std::move(sheet));
}

}  // namespace engagement::clevertap
