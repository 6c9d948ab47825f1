#include "rest/rules.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <ctime>

namespace engagement::rest {

namespace {

constexpr std::string_view kTryLater = "The vendor's service did not answer properly for the whole retry time.";

constexpr std::array kDefaultRules = {
    Rule{.name = "success", .statuses = {200, 299}, .action = Action::ok},
    Rule{.name = "bad credentials",
         .statuses = 401,
         .failure = FailureType::config,
         .advice = "Check the credentials and the region or host in the source's settings."},
    Rule{.name = "forbidden",
         .statuses = 403,
         .failure = FailureType::config,
         .advice = "The credentials are valid but lack a permission that this request needs."},
    Rule{.name = "timeout", .statuses = 408, .action = Action::retry, .advice = kTryLater},
    Rule{.name = "too early", .statuses = 425, .action = Action::retry, .advice = kTryLater},
    Rule{.name = "too many requests", .statuses = 429, .action = Action::slow_down, .advice = kTryLater},
    Rule{.name = "server error", .statuses = {500, 599}, .action = Action::retry, .advice = kTryLater},
    Rule{.name = "anything else",
         .failure = FailureType::system,
         .advice = "This answer is unknown to the connector. Please report it with the log of this sync."},
};

// Nobody waits that long; so that sums of times stay far from their limits.
constexpr std::chrono::seconds kLongestRetryAfter = std::chrono::days(366);

constexpr Rule kUnreadable{.name = "unreadable answer", .action = Action::retry, .advice = kTryLater};

constexpr Rule kBrokenTransfer{.name = "broken transfer",
                               .action = Action::retry,
                               .advice = "The connection to the vendor's service failed for the whole retry time."};
constexpr Rule kTls{
    .name = "TLS failure",
    .action = Action::retry,
    .advice =
        "No trusted TLS connection could be made. Behind an inspecting proxy, set SSL_CERT_FILE to a bundle "
        "that holds its certificate."};
constexpr Rule kDeadline{.name = "deadline", .advice = "The vendor's service did not answer in time. Try again later."};
constexpr Rule kBadUrl{.name = "bad URL",
                       .failure = FailureType::config,
                       .advice =
                           "Only https addresses are allowed, and http for a loopback address. Check the region or "
                           "api_base_url in the source's settings."};
constexpr Rule kRedirect{
    .name = "refused redirect",
    .failure = FailureType::config,
    .advice =
        "The address redirects to another host, where credentials are not sent. Check the region or "
        "api_base_url in the source's settings."};

char lower(char letter) { return static_cast<char>(std::tolower(static_cast<unsigned char>(letter))); }

bool contains_ignoring_case(std::string_view text, std::string_view part) {
  return std::search(text.begin(), text.end(), part.begin(), part.end(),
                     [](char left, char right) { return lower(left) == lower(right); }) != text.end();
}

bool matches(const Rule& rule, const Answer& answer) {
  if (answer.status < rule.statuses.from || answer.status > rule.statuses.to) return false;
  if (rule.code && rule.code != answer.code) return false;
  if (rule.unreadable && !answer.unreadable) return false;
  if (rule.text.empty()) return true;
  // The text of an unreadable answer is ours, around bytes that may say anything: a cut page holds the word "cursor".
  return !answer.unreadable && contains_ignoring_case(answer.text, rule.text);
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

}  // namespace

const Rule& judge(const Answer& answer, std::span<const Rule> own) {
  if (answer.succeeded) return kDefaultRules.front();
  // A row without text takes whatever has its status; a success that cannot be read is none of the vendor's words.
  if (answer.unreadable && answer.status < 400) return kUnreadable;
  for (const Rule& rule : own) {
    if (matches(rule, answer)) return rule;
  }
  // A 200 that is no success must not meet the row that calls it one.
  const auto from = kDefaultRules.begin() + 1;
  return *std::find_if(from, kDefaultRules.end(), [&](const Rule& rule) { return matches(rule, answer); });
}

const Rule& judge(const http::TransportError& error) {
  switch (error.fault) {
    case http::TransportFault::tls:
      return kTls;
    case http::TransportFault::deadline:
      return kDeadline;
    case http::TransportFault::bad_url:
      return kBadUrl;
    case http::TransportFault::refused_redirect:
      return kRedirect;
    default:
      return kBrokenTransfer;
  }
}

std::optional<std::chrono::seconds> retry_after(const http::Response& response, SystemTime now) {
  const auto value = response.header("Retry-After");
  if (!value || value->empty()) return std::nullopt;
  if (const auto seconds = whole_number(*value)) {
    return *seconds >= 0 ? std::optional(std::min(std::chrono::seconds(*seconds), kLongestRetryAfter)) : std::nullopt;
  }
  std::tm date{};
  if (strptime(std::string(*value).c_str(), "%a, %d %b %Y %H:%M:%S GMT", &date) == nullptr) return std::nullopt;
  const std::chrono::sys_seconds moment{std::chrono::seconds(timegm(&date))};
  const auto wait = std::chrono::ceil<std::chrono::seconds>(moment - now);
  return std::clamp(wait, std::chrono::seconds(0), kLongestRetryAfter);
}

std::optional<std::chrono::seconds> until_rate_limit_reset(const http::Response& response, SystemTime now) {
  const auto value = response.header("X-RateLimit-Reset");
  const auto moment = value ? whole_number(*value) : std::nullopt;
  // Nobody's quota comes back in another century: what is out of all proportion is no such moment.
  constexpr std::int64_t kLatest = 32'503'680'000;  // the year 3000
  if (!moment || *moment <= 0 || *moment > kLatest) return std::nullopt;
  const auto wait =
      std::chrono::ceil<std::chrono::seconds>(std::chrono::sys_seconds(std::chrono::seconds(*moment)) - now);
  return std::clamp(wait, std::chrono::seconds(0), kLongestRetryAfter);
}

}  // namespace engagement::rest
