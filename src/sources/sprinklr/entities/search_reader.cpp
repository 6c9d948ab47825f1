#include "sources/sprinklr/entities/search_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <unordered_set>

#include "core/time_text.hpp"
#include "json/canonical_hash.hpp"
#include "json/member_at.hpp"
#include "sources/sprinklr/entities/cursor_pages.hpp"

namespace engagement::sprinklr {

namespace {

using engine::Json;
using std::chrono::milliseconds;

// Without a record in between.
constexpr int kMostIdleRestarts = 3;
constexpr int kMostRestartsFromTheBeginning = 5;

std::int64_t in_milliseconds(SystemTime time) { return time.time_since_epoch().count(); }

Json time_condition(const char* type, std::string_view key, SystemTime time) {
  return {{"type", type}, {"key", key}, {"values", {in_milliseconds(time)}}};
}

Json search_body(const SearchType& type, const SearchRequest& request, std::size_t page_size) {
  Json body = Json::object();
  Json filters = request.filters;
  if (type.filter == TimeFilter::time_filter) {
    body["timeFilter"] = {{"key", type.key},
                          {"since", in_milliseconds(request.from.value_or(SystemTime{}))},
                          {"until", in_milliseconds(request.until.value())}};
  } else if (!type.key.empty()) {
    if (request.from) filters.push_back(time_condition("GTE", type.key, *request.from));
    if (request.until && type.filter == TimeFilter::closed) {
      filters.push_back(time_condition("LTE", type.key, *request.until - milliseconds(1)));
    } else if (request.until) {
      filters.push_back(time_condition("LT", type.key, *request.until));
    }
  }
  if (!filters.empty()) body["filter"] = {{"type", "AND"}, {"filters", std::move(filters)}};
  if (!type.key.empty()) body["sorts"] = {{{"key", type.key}, {"order", "ASC"}}};
  body["page"] = {{"size", page_size}};
  if (type.counted) body["includeCount"] = true;
  return body;
}

// Hands records on, and remembers how far they have come.
class SearchProgress final : public rest::PageConsumer {
 public:
  SearchProgress(const SearchType& type, const SearchRequest& request, SearchConsumer& consumer)
      : type_(type), request_(request), consumer_(consumer) {}

  void page(const rest::Page& page) override {
    for (const auto& count : {page.integer("data.count"), page.integer("data.totalCount")}) {
      if (type_.counted && count && *count >= 0 && !restarted_) consumer_.counted(static_cast<std::uint64_t>(*count));
    }
    for (const auto& record : page.records()) take(record);
    consumer_.page_ended(ordered_ ? latest_ : std::nullopt);
  }

  // What is still to be searched for, or nullopt where that cannot be said because nothing has come since the last
  // time.
  std::optional<SearchRequest> rest() {
    restarted_ = true;
    const bool idle = new_records_ == 0;
    new_records_ = 0;
    idle_restarts_ = idle ? idle_restarts_ + 1 : 0;
    if (idle_restarts_ > kMostIdleRestarts) return std::nullopt;
    SearchRequest rest = request_;
    if (ordered_ && latest_) {
      rest.from = std::max(*latest_, request_.from.value_or(*latest_));
      known_ = ties_;
      known_at_ = latest_;
    } else if (++restarts_from_the_beginning_ > kMostRestartsFromTheBeginning) {
      return std::nullopt;
    }
    return rest;
  }

 private:
  void take(const json::RecordSlice& record) {
    const auto time = type_.path.empty() ? std::nullopt : time_of_member(record, type_.path);
    // Of a time filter the end counts; the record belongs to the next window.
    if (type_.filter == TimeFilter::time_filter && time && request_.until && *time >= *request_.until) return;
    const auto id = json::member_at(record.walker, type_.id);
    const std::uint64_t hash = json::hash_bytes(id.value_or(record.text)).low;
    if (time && time == known_at_ && known_.contains(hash)) return;
    note(time, hash);
    ++new_records_;
    consumer_.record(record);
  }

  void note(std::optional<SystemTime> time, std::uint64_t hash) {
    if (!time || (latest_ && *time < *latest_)) {
      ordered_ = false;
      return;
    }
    if (latest_ != time) ties_.clear();
    latest_ = time;
    ties_.insert(hash);
  }

  const SearchType& type_;
  const SearchRequest& request_;
  SearchConsumer& consumer_;
  bool ordered_ = true;  // every record so far has a time, none earlier than that of the one before
  std::optional<SystemTime> latest_;
  std::unordered_set<std::uint64_t> ties_;   // what has come of that very time
  std::optional<SystemTime> known_at_;       // where the search began again …
  std::unordered_set<std::uint64_t> known_;  // … and what had come of that time
  std::uint64_t new_records_ = 0;            // since the last beginning
  bool restarted_ = false;
  int idle_restarts_ = 0;
  int restarts_from_the_beginning_ = 0;
};

}  // namespace

std::optional<SystemTime> time_of_member(const json::RecordSlice& record, std::string_view path) {
  const auto value = json::member_at(record.walker, path);
  if (!value) return std::nullopt;
  const std::string_view text = json::is_string(*value) ? json::string_content(*value) : *value;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size()) return SystemTime(milliseconds(number));
  return json::is_string(*value) ? time_from_rfc3339(text) : std::nullopt;
}

void run_search(const StreamCaller& caller, const SearchType& type, const SearchRequest& request, std::size_t page_size,
                SearchConsumer& consumer, engine::StreamContext& context, const std::stop_token& stop) {
  const std::string path = fmt::format("/api/v2/search/{}", type.entity);
  const rest::PageShape shape = CursorPages::shape();
  SearchProgress progress(type, request, consumer);
  for (SearchRequest wanted = request;;) {
    CursorPages pages(caller.account(), caller.account().post(path, search_body(type, wanted, page_size).dump()), path);
    const auto judge = pages.judge();
    const auto end = rest::read_pages({caller.caller(), shape, judge, "search " + std::string(type.entity)}, pages,
                                      progress, context, stop);
    if (end.action == rest::Action::ok) return;
    const auto rest = end.action == rest::Action::restart ? progress.rest() : std::nullopt;
    if (!rest) {
      throw transient_error(
          fmt::format("Sprinklr's cursor of a search expired again and again (\"{}\"). Its cursors live "
                      "for five minutes.",
                      end.answer.text),
          path);
    }
    wanted = *rest;
    context.log(engine::LogLevel::info,
                fmt::format("a cursor of the search has expired (\"{}\"); searching again from {}", end.answer.text,
                            wanted.from ? to_rfc3339(*wanted.from) : "the beginning"));
  }
}

}  // namespace engagement::sprinklr
