#include "sources/kustomer/request_pacer.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "rest/rules.hpp"

namespace engagement::kustomer {

namespace {

// What machine users may search in a minute. A limit that is no larger, on the answer to a search, is that one and not
// the organisation's, of which the smallest is 300.
constexpr std::int64_t kSearchLimit = 100;

bool is_search(const http::Request& request) { return request.method == http::Method::post; }

std::optional<std::int64_t> number_in(const http::Response& response, std::string_view header) {
  const auto value = response.header(header);
  if (!value) return std::nullopt;
  std::int64_t number = 0;
  const char* end = value->data() + value->size();
  const auto [stop, error] = std::from_chars(value->data(), end, number);
  return error == std::errc() && stop == end ? std::optional(number) : std::nullopt;
}

}  // namespace

RequestPacer::RequestPacer(const Config& config)
    : searches_(config.searches_per_minute, kPeriod), share_(config.rate_limit_share) {}

std::chrono::milliseconds RequestPacer::delay(const http::Request& request, SteadyTime now) {
  using std::chrono::milliseconds;
  const std::lock_guard lock(mutex_);
  const bool search = is_search(request);
  const SteadyTime held_until = search ? std::max(searches_held_until_, all_held_until_) : all_held_until_;
  milliseconds wait = held_until > now ? std::chrono::ceil<milliseconds>(held_until - now) : milliseconds(0);
  wait = std::max(wait, all_.delay(now));
  if (search) wait = std::max(wait, searches_.delay(now));
  if (wait.count() > 0) return wait;
  all_.take(now);
  if (search) searches_.take(now);
  return wait;
}

void RequestPacer::learn(const http::Request& request, const http::Response& response, SystemTime now,
                         SteadyTime steady_now) {
  const auto limit = number_in(response, "x-ratelimit-limit");
  const bool of_searches = is_search(request) && limit && *limit <= kSearchLimit;
  const std::lock_guard lock(mutex_);
  if (limit && *limit > 0 && !of_searches) {
    all_.set_limit(static_cast<std::size_t>(std::max<std::int64_t>(1, *limit * share_ / 100)));
  }
  // The answer that used up the quota is as good as any other; only the next request has to wait.
  const auto remaining = number_in(response, "x-ratelimit-remaining");
  const auto reset = rest::until_rate_limit_reset(response, now);
  if (!remaining || *remaining > 0 || !reset) return;
  SteadyTime& held_until = of_searches ? searches_held_until_ : all_held_until_;
  held_until = std::max(held_until, steady_now + *reset);
}

}  // namespace engagement::kustomer
