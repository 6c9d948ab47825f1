#include "sources/clevertap/endpoint_errors.hpp"

#include <fmt/format.h>

#include "core/error.hpp"

namespace engagement::clevertap {

namespace {

class Naming {
 public:
  Naming(std::string stream, std::string_view endpoint) : stream_(std::move(stream)), endpoint_(endpoint) {}

  template <typename Function>
  auto operator()(Function&& function) const {
    try {
      return function();
    } catch (const ConnectorError& error) {
      if (error.type() != FailureType::config || error.scope() == FailureScope::source) throw;
      throw config_error(fmt::format("The stream \"{}\" ({}) cannot be read: {}", stream_, endpoint_, error.what()),
                         error.internal_message());
    }
  }

 private:
  std::string stream_;
  std::string_view endpoint_;
};

class NamingRead final : public engine::StreamRead {
 public:
  NamingRead(std::unique_ptr<engine::StreamRead> read, const Naming& naming)
      : read_(std::move(read)), naming_(naming) {}

  std::size_t slice_count() const override { return read_->slice_count(); }
  std::string slice_name(std::size_t slice) const override { return read_->slice_name(slice); }
  void read_slice(std::size_t slice, engine::StreamContext& context, const std::stop_token& stop) override {
    naming_([&] { read_->read_slice(slice, context, stop); });
  }
  std::optional<SteadyTime> step_slice(std::size_t slice, engine::StreamContext& context,
                                       const std::stop_token& stop) override {
    return naming_([&] { return read_->step_slice(slice, context, stop); });
  }
  std::size_t most_under_way() const override { return read_->most_under_way(); }
  bool waits_for_earlier(std::size_t slice) const override { return read_->waits_for_earlier(slice); }
  std::optional<engine::Json> slice_done(std::size_t slice) override { return read_->slice_done(slice); }
  engine::Json initial_state() const override { return read_->initial_state(); }
  engine::Json final_state() override { return read_->final_state(); }

 private:
  std::unique_ptr<engine::StreamRead> read_;
  const Naming& naming_;
};

class NamingStream final : public engine::Stream {
 public:
  NamingStream(std::unique_ptr<engine::Stream> stream, std::string_view endpoint)
      : stream_(std::move(stream)), naming_(stream_->description().name, endpoint) {}

  const engine::StreamDescription& description() const override { return stream_->description(); }
  std::unique_ptr<engine::StreamRead> begin(const engine::SyncRequest& request, engine::StreamContext& context,
                                            const std::stop_token& stop) override {
    return std::make_unique<NamingRead>(stream_->begin(request, context, stop), naming_);
  }

 private:
  std::unique_ptr<engine::Stream> stream_;
  const Naming naming_;
};

}  // namespace

std::unique_ptr<engine::Stream> naming_endpoint(std::unique_ptr<engine::Stream> stream, std::string_view endpoint) {
  return std::make_unique<NamingStream>(std::move(stream), endpoint);
}

}  // namespace engagement::clevertap
