#include "sources/clevertap/answer_rules.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <vector>

namespace engagement::clevertap {

namespace {

using rest::Action;
using rest::Rule;
using std::chrono::seconds;

constexpr std::string_view kTryLater = "CleverTap did not answer properly for the whole retry time.";
constexpr std::string_view kCredentials =
    "Check the account id, the passcode and the region: a passcode works only in the region of its project "
    "(https://developer.clevertap.com/docs/authentication).";

constexpr std::string_view kPreparing =
    "CleverTap was still preparing the export after two hours. Try a smaller window (window_days).";
constexpr std::string_view kForbidden =
    "The passcode is valid but may not use this endpoint; ask an administrator of the CleverTap project.";
constexpr std::string_view kNoEndpoint = "The project does not have this endpoint; leave its stream out.";
constexpr std::string_view kDates = "Check the start date and the end date.";
constexpr std::string_view kBadRequest =
    "CleverTap does not accept this request; its words say what to change in the settings.";
constexpr std::string_view kBadQuery = "CleverTap does not accept the query; its words say what to change in it.";
constexpr seconds kThrottlePause{30};  // as long as CleverTap's own exporter waits

// A 401 in three ways.
constexpr Rule kBadCredentialsByCode{.name = "bad credentials",
                                     .code = 401,
                                     .failure = FailureType::config,
                                     .scope = FailureScope::source,
                                     .advice = kCredentials};
constexpr Rule kBadCredentialsByStatus{.name = "bad credentials",
                                       .statuses = 401,
                                       .failure = FailureType::config,
                                       .scope = FailureScope::source,
                                       .advice = kCredentials};
constexpr Rule kBadCredentialsByWords{.name = "bad credentials",
                                      .statuses = {200, 499},
                                      .text = "invalid credentials",
                                      .failure = FailureType::config,
                                      .scope = FailureScope::source,
                                      .advice = kCredentials};

// https://developer.clevertap.com/docs/api-errors and what the export API was seen to answer. CleverTap sends failures
// with HTTP 200 too, so its own code and words come first.
constexpr std::array kRules = {
    // CleverTap's own codes, and what HTTP says of credentials and limits.
    Rule{.name = "export being prepared", .code = 2, .action = Action::wait, .advice = kPreparing},
    Rule{.name = "request throttled",
         .code = 1,
         .action = Action::slow_down,
         .advice = kTryLater,
         .pause = kThrottlePause},
    Rule{.name = "too many requests", .code = 429, .action = Action::slow_down, .advice = kTryLater},
    Rule{.name = "too many requests", .statuses = 429, .action = Action::slow_down, .advice = kTryLater},
    kBadCredentialsByCode,
    kBadCredentialsByStatus,
    // Words that repeat an event's name, which may hold those of any row below.
    Rule{.name = "unknown event", .statuses = {200, 499}, .text = "invalid event", .action = Action::skip},
    Rule{.name = "export refused", .statuses = {200, 499}, .text = "export not allowed", .action = Action::skip},
    kBadCredentialsByWords,
    Rule{.name = "cursor gone", .statuses = {200, 499}, .code = 3, .action = Action::restart},
    Rule{.name = "cursor gone", .statuses = {200, 499}, .text = "cursor", .action = Action::restart},
    Rule{.name = "forbidden", .statuses = 403, .failure = FailureType::config, .advice = kForbidden},
    Rule{.name = "forbidden", .code = 403, .failure = FailureType::config, .advice = kForbidden},
    Rule{.name = "no such endpoint", .statuses = 404, .failure = FailureType::config, .advice = kNoEndpoint},
    Rule{.name = "bad dates", .statuses = {200, 499}, .code = 4002, .failure = FailureType::config, .advice = kDates},
    Rule{.name = "bad request", .statuses = 400, .failure = FailureType::config, .advice = kBadRequest},
    Rule{.name = "bad request",
         .statuses = {200, 299},
         .code = 400,
         .failure = FailureType::config,
         .advice = kBadRequest},
    // What comes without a code is known by its words alone.
    Rule{.name = "too many requests", .text = "too many requests", .action = Action::slow_down, .advice = kTryLater},
    Rule{.name = "too many requests", .text = "too many concurrent", .action = Action::slow_down, .advice = kTryLater},
    Rule{.name = "request throttled",
         .text = "throttled",
         .action = Action::slow_down,
         .advice = kTryLater,
         .pause = kThrottlePause},
    Rule{.name = "export being prepared",
         .statuses = {200, 299},
         .text = "in progress",
         .action = Action::wait,
         .advice = kPreparing},
    Rule{.name = "server error", .statuses = {200, 299}, .code = 500, .action = Action::retry, .advice = kTryLater},
    Rule{.name = "server error", .statuses = {200, 299}, .code = 503, .action = Action::retry, .advice = kTryLater},
    Rule{.name = "server error",
         .statuses = {200, 299},
         .text = "unknown error occurred",
         .action = Action::retry,
         .advice = kTryLater},
};

constexpr std::array kQueryRules = {
    // Documented for a `req_id` that has expired or is none.
    Rule{.name = "request id gone", .statuses = {200, 499}, .text = "invalid request id", .action = Action::restart},
};

// Behind the common rows: whatever else CleverTap finds wrong with a query. An unreadable answer does not come so far.
constexpr std::array kLastQueryRules = {
    Rule{.name = "bad query", .statuses = {200, 299}, .failure = FailureType::config, .advice = kBadQuery},
};

// Of a call that proves the credentials: a passcode that may not use an endpoint is one all the same.
constexpr std::array kProofRules = {
    kBadCredentialsByCode,
    kBadCredentialsByStatus,
    kBadCredentialsByWords,
    Rule{.name = "not permitted", .statuses = {403, 404}, .action = Action::skip},
    Rule{.name = "not permitted", .statuses = {200, 299}, .code = 403, .action = Action::skip},
    Rule{.name = "not permitted", .statuses = {200, 299}, .code = 404, .action = Action::skip},
};

// A campaign has no result before it has ended. Four ways of saying so are known.
constexpr std::array kResultRules = {
    Rule{.name = "no result yet", .statuses = 409, .action = Action::skip},
    Rule{.name = "no result yet", .code = 409, .action = Action::skip},
    Rule{.name = "no result yet", .text = "no result as of yet", .action = Action::skip},
    Rule{.name = "no result yet", .text = "been completed", .action = Action::skip},
    Rule{.name = kNoSuchCampaign, .statuses = 404, .action = Action::skip},
    Rule{.name = kNoSuchCampaign, .statuses = {200, 299}, .code = 404, .action = Action::skip},
    Rule{.name = kNoSuchCampaign, .statuses = 400, .text = "target", .action = Action::skip},
    Rule{.name = kNoSuchCampaign, .statuses = 400, .text = "campaign", .action = Action::skip},
    Rule{.name = kNoSuchCampaign, .statuses = {200, 299}, .code = 400, .text = "target", .action = Action::skip},
    Rule{.name = kNoSuchCampaign, .statuses = {200, 299}, .code = 400, .text = "campaign", .action = Action::skip},
};

constexpr std::array kLookupRules = {
    Rule{.name = "nobody", .statuses = {200, 299}, .text = "not found", .action = Action::skip},
    Rule{.name = "nobody", .statuses = 400, .text = "not found", .action = Action::skip},
    Rule{.name = "nobody", .statuses = {200, 299}, .text = "no profile", .action = Action::skip},
    Rule{.name = "nobody", .statuses = 404, .action = Action::skip},
    Rule{.name = "nobody", .statuses = {200, 499}, .code = 404, .action = Action::skip},
};

// Of a request that only asks whether the endpoint may be used. Whatever else comes says nothing on whether the
// endpoint may be used.
constexpr std::array kProbeRules = {
    Rule{.name = "refused", .statuses = 401, .action = Action::skip},
    Rule{.name = "refused", .statuses = {403, 404}, .action = Action::skip},
    Rule{.name = "refused", .statuses = {200, 499}, .code = 401, .action = Action::skip},
    Rule{.name = "refused", .statuses = {200, 499}, .code = 403, .action = Action::skip},
    Rule{.name = "refused", .statuses = {200, 499}, .code = 404, .action = Action::skip},
    Rule{.name = "anything else", .action = Action::ok},
};

// The same endpoint has just given out the cursor: a page in a proxy's words is no word of CleverTap's. 401 and 429
// mean what they say whoever says it.
constexpr std::array kPageRules = {
    Rule{.name = "lost page", .statuses = 400, .unreadable = true, .action = Action::retry, .advice = kTryLater},
    Rule{.name = "lost page", .statuses = {402, 428}, .unreadable = true, .action = Action::retry, .advice = kTryLater},
};

template <typename First, typename Last>
std::vector<Rule> around_common(const First& first, const Last& last) {
  std::vector<Rule> rules(first.begin(), first.end());
  rules.insert(rules.end(), kRules.begin(), kRules.end());
  rules.insert(rules.end(), last.begin(), last.end());
  return rules;
}

}  // namespace

std::span<const Rule> probe_rules() { return kProbeRules; }

std::span<const Rule> common_rules() { return kRules; }

std::span<const Rule> proof_rules() {
  static const std::vector<Rule> rules = around_common(kProofRules, std::array<Rule, 0>{});
  return rules;
}

std::span<const Rule> query_rules() {
  static const std::vector<Rule> rules = around_common(kQueryRules, kLastQueryRules);
  return rules;
}

std::span<const Rule> page_rules() {
  static const std::vector<Rule> rules = around_common(kPageRules, std::array<Rule, 0>{});
  return rules;
}

std::span<const Rule> result_rules() {
  static const std::vector<Rule> rules = around_common(kResultRules, std::array<Rule, 0>{});
  return rules;
}

std::span<const Rule> lookup_rules() {
  static const std::vector<Rule> rules = around_common(kLookupRules, std::array<Rule, 0>{});
  return rules;
}

}  // namespace engagement::clevertap
