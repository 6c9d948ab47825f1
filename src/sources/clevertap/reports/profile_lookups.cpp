#include "sources/clevertap/reports/profile_lookups.hpp"

#include <fmt/format.h>

#include "engine/stream_context.hpp"
#include "engine/stream_state.hpp"
#include "sources/clevertap/exports/record_maker.hpp"

namespace engagement::clevertap {

namespace {

using engine::Json;

struct Lookup {
  std::string_view by;  // the query parameter
  std::string value;
};

bool says_nothing(const json::RecordSlice& record) {
  json::ValueWalker walker = record.walker;
  walker.enter_object();
  std::string_view key;
  return !walker.next_member(key);
}

// One slice for each person.
class LookupsRead final : public engine::StreamRead {
 public:
  LookupsRead(const Config& config, std::shared_ptr<const Account> account, const std::vector<Lookup>& lookups)
      : config_(config), account_(std::move(account)), lookups_(lookups) {
    shared_.several_events = lookups.size() > 1;  // two of them may be the same person
  }

  std::size_t slice_count() const override { return lookups_.size(); }
  std::string slice_name(std::size_t slice) const override {
    return fmt::format("GET /1/profile.json by {}", lookups_[slice].by);
  }

  void read_slice(std::size_t slice, engine::StreamContext& context, const std::stop_token& stop) override {
    static const rest::PageShape shape{{"record"}, envelope_values()};
    const Lookup& lookup = lookups_[slice];
    rest::Page page;
    rest::Answer answer;
    const auto action = rest::call_page(
        account_->lookup_caller(),
        account_->get(fmt::format("/1/profile.json?{}={}", lookup.by, http::percent_encoded(lookup.value))),
        slice_name(slice), shape, judge_page, page, answer, context, stop);
    if (action != rest::Action::ok && action != rest::Action::skip) {
      throw system_error(fmt::format("CleverTap refused to look a profile up: \"{}\".", answer.text),
                         slice_name(slice));
    }
    if (action == rest::Action::skip || page.records().empty() || says_nothing(page.records().front())) {
      context.log(engine::LogLevel::warn,
                  fmt::format("CleverTap knows no profile with the {} \"{}\"", lookup.by, lookup.value));
      return;
    }
    write(page, context);
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

  void write(const rest::Page& page, engine::StreamContext& context) {
    context.repaired(page.repairs());
    const auto maker = make_profile_records(config_, EventSlice{}, context, shared_);
    maker->export_began(context.environment().clock.now());
    engine::RecordBatch batch(context);
    engine::DriftReport* drift = context.drift();
    for (const auto& record : page.records()) {
      json::ValueWalker walker = record.walker;
      if (maker->append(read_record(walker, maker->wanted()), batch) && drift != nullptr && drift->wants_next())
        drift->observe(record.walker);
    }
    batch.flush();
  }

  const Config& config_;
  std::shared_ptr<const Account> account_;
  const std::vector<Lookup>& lookups_;
  SharedSweep shared_;
};

class ProfileLookups final : public engine::Stream {
 public:
  ProfileLookups(engine::StreamDescription description, const Config& config, std::shared_ptr<const Account> account)
      : description_(std::move(description)), config_(config), account_(std::move(account)) {
    for (const auto& identity : config.lookup_identities) lookups_.push_back({"identity", identity});
    for (const auto& email : config.lookup_emails) lookups_.push_back({"email", email});
    for (const auto& object_id : config.lookup_object_ids) lookups_.push_back({"objectId", object_id});
  }

  const engine::StreamDescription& description() const override { return description_; }

  std::unique_ptr<engine::StreamRead> begin(const engine::SyncRequest& /*request*/, engine::StreamContext& context,
                                            const std::stop_token& /*stop*/) override {
    if (lookups_.empty()) {
      context.warn_once("no lookups",
                        "there is nobody to look up: name people in the source's settings (lookup_identities, "
                        "lookup_emails, lookup_object_ids), or leave the stream out");
    }
    return std::make_unique<LookupsRead>(config_, account_, lookups_);
  }

 private:
  const engine::StreamDescription description_;
  const Config config_;
  std::shared_ptr<const Account> account_;
  std::vector<Lookup> lookups_;
};

}  // namespace

std::unique_ptr<engine::Stream> make_profile_lookups(engine::StreamDescription description, const Config& config,
                                                     const std::shared_ptr<const Account>& account) {
  return std::make_unique<ProfileLookups>(std::move(description), config, account);
}

}  // namespace engagement::clevertap
