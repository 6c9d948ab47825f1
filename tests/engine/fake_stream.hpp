#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "engine/record_batch.hpp"
#include "engine/stream.hpp"
#include "engine/stream_context.hpp"

namespace engagement::engine {

// A stream whose slices do what a test says, and which records how it was used.
struct FakeStream final : public Stream {
  explicit FakeStream(std::string name, std::size_t slices = 1) : slice_count(slices) {
    description_.name = std::move(name);
    description_.cursor = {"updated_at"};
  }

  const StreamDescription& description() const override { return description_; }

  std::unique_ptr<StreamRead> begin(const SyncRequest& request, StreamContext& context,
                                    const std::stop_token& stop) override {
    requests.push_back(request);
    if (on_begin) on_begin(context, stop);
    return std::make_unique<Read>(*this);
  }

  // Writes one record `{"slice":N}` for each slice, unless told otherwise.
  std::function<void(std::size_t, StreamContext&, const std::stop_token&)> on_slice =
      [](std::size_t slice, StreamContext& context, const std::stop_token&) { write_record(slice, context); };
  std::function<void(StreamContext&, const std::stop_token&)> on_begin;
  std::size_t slice_count;
  std::vector<SyncRequest> requests;

  static void write_record(std::size_t slice, StreamContext& context) {
    RecordBatch batch(context);
    batch.begin_record() += "{\"slice\":" + std::to_string(slice) + "}";
    batch.end_record();
    batch.flush();
  }

  void make_time_bound() { description_.time_bound = true; }
  void make_full_refresh_only() { description_.cursor.clear(); }

  std::vector<std::size_t> slices_begun() const {
    const std::lock_guard lock(mutex_);
    return begun_;
  }

 private:
  class Read final : public StreamRead {
   public:
    explicit Read(FakeStream& stream) : stream_(stream) {}
    std::size_t slice_count() const override { return stream_.slice_count; }
    std::string slice_name(std::size_t slice) const override { return "slice " + std::to_string(slice); }
    void read_slice(std::size_t slice, StreamContext& context, const std::stop_token& stop) override {
      {
        const std::lock_guard lock(stream_.mutex_);
        stream_.begun_.push_back(slice);
      }
      stream_.on_slice(slice, context, stop);
    }
    std::optional<Json> slice_done(std::size_t) override { return Json{{"done", ++done_}}; }
    Json initial_state() const override { return Json{{"done", 0}}; }
    Json final_state() override { return Json{{"done", done_}, {"finished", true}}; }

   private:
    FakeStream& stream_;
    int done_ = 0;
  };

  StreamDescription description_;
  mutable std::mutex mutex_;
  std::vector<std::size_t> begun_;
};

}  // namespace engagement::engine
