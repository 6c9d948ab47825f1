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

// https://developer.clevertap.com/docs/api-errors and what the export API was seen to answer. CleverTap sends failures
// with HTTP 200 too, so its own code and words come first.
constexpr std::array kRules = {
    // CleverTap's own codes, and what HTTP says of credentials and limits.
    Rule{"export being prepared", 0, 999, 2, {}, Action::wait, FailureType::transient, kPreparing, {}},
    Rule{"request throttled", 0, 999, 1, {}, Action::slow_down, FailureType::transient, kTryLater, kThrottlePause},
    Rule{"too many requests", 0, 999, 429, {}, Action::slow_down, FailureType::transient, kTryLater, {}},
    Rule{"too many requests", 429, 429, {}, {}, Action::slow_down, FailureType::transient, kTryLater, {}},
    Rule{"bad credentials", 0, 999, 401, {}, Action::fail, FailureType::config, kCredentials, {}},
    Rule{"bad credentials", 401, 401, {}, {}, Action::fail, FailureType::config, kCredentials, {}},
    // Words that repeat an event's name, which may hold those of any row below.
    Rule{"unknown event", 200, 499, {}, "invalid event", Action::skip, FailureType::config, {}, {}},
    Rule{"export refused", 200, 499, {}, "export not allowed", Action::skip, FailureType::config, {}, {}},
    Rule{"bad credentials", 200, 499, {}, "invalid credentials", Action::fail, FailureType::config, kCredentials, {}},
    Rule{"cursor gone", 200, 499, 3, {}, Action::restart, FailureType::transient, {}, {}},
    Rule{"cursor gone", 200, 499, {}, "cursor", Action::restart, FailureType::transient, {}, {}},
    Rule{"forbidden", 403, 403, {}, {}, Action::fail, FailureType::config, kForbidden, {}},
    Rule{"forbidden", 0, 999, 403, {}, Action::fail, FailureType::config, kForbidden, {}},
    Rule{"no such endpoint", 404, 404, {}, {}, Action::fail, FailureType::config, kNoEndpoint, {}},
    Rule{"bad dates", 200, 499, 4002, {}, Action::fail, FailureType::config, kDates, {}},
    Rule{"bad request", 400, 400, {}, {}, Action::fail, FailureType::config, kBadRequest, {}},
    Rule{"bad request", 200, 299, 400, {}, Action::fail, FailureType::config, kBadRequest, {}},
    // What comes without a code is known by its words alone.
    Rule{
        "too many requests", 0, 999, {}, "too many requests", Action::slow_down, FailureType::transient, kTryLater, {}},
    Rule{"too many requests",
         0,
         999,
         {},
         "too many concurrent",
         Action::slow_down,
         FailureType::transient,
         kTryLater,
         {}},
    Rule{"request throttled",
         0,
         999,
         {},
         "throttled",
         Action::slow_down,
         FailureType::transient,
         kTryLater,
         kThrottlePause},
    Rule{"export being prepared", 200, 299, {}, "in progress", Action::wait, FailureType::transient, kPreparing, {}},
    Rule{"server error", 200, 299, 500, {}, Action::retry, FailureType::transient, kTryLater, {}},
    Rule{"server error", 200, 299, 503, {}, Action::retry, FailureType::transient, kTryLater, {}},
    Rule{"server error", 200, 299, {}, "unknown error occurred", Action::retry, FailureType::transient, kTryLater, {}},
};

constexpr std::array kQueryRules = {
    // Documented for a `req_id` that has expired or is none.
    Rule{"request id gone", 200, 499, {}, "invalid request id", Action::restart, FailureType::transient, {}, {}},
};

// Behind the common rows: whatever else CleverTap finds wrong with a query. An unreadable answer does not come so far.
constexpr std::array kLastQueryRules = {
    Rule{"bad query", 200, 299, {}, {}, Action::fail, FailureType::config, kBadQuery, {}},
};

// Of a call that proves the credentials: a passcode that may not use an endpoint is one all the same.
constexpr std::array kProofRules = {
    Rule{"bad credentials", 0, 999, 401, {}, Action::fail, FailureType::config, kCredentials, {}},
    Rule{"bad credentials", 401, 401, {}, {}, Action::fail, FailureType::config, kCredentials, {}},
    Rule{"bad credentials", 200, 499, {}, "invalid credentials", Action::fail, FailureType::config, kCredentials, {}},
    Rule{"not permitted", 403, 404, {}, {}, Action::skip, FailureType::config, {}, {}},
    Rule{"not permitted", 200, 299, 403, {}, Action::skip, FailureType::config, {}, {}},
    Rule{"not permitted", 200, 299, 404, {}, Action::skip, FailureType::config, {}, {}},
};

// A campaign has no result before it has ended. Four ways of saying so are known.
constexpr std::array kResultRules = {
    Rule{"no result yet", 409, 409, {}, {}, Action::skip, FailureType::config, {}, {}},
    Rule{"no result yet", 0, 999, 409, {}, Action::skip, FailureType::config, {}, {}},
    Rule{"no result yet", 0, 999, {}, "no result as of yet", Action::skip, FailureType::config, {}, {}},
    Rule{"no result yet", 0, 999, {}, "been completed", Action::skip, FailureType::config, {}, {}},
    Rule{kNoSuchCampaign, 404, 404, {}, {}, Action::skip, FailureType::config, {}, {}},
    Rule{kNoSuchCampaign, 200, 299, 404, {}, Action::skip, FailureType::config, {}, {}},
    Rule{kNoSuchCampaign, 400, 400, {}, "target", Action::skip, FailureType::config, {}, {}},
    Rule{kNoSuchCampaign, 400, 400, {}, "campaign", Action::skip, FailureType::config, {}, {}},
    Rule{kNoSuchCampaign, 200, 299, 400, "target", Action::skip, FailureType::config, {}, {}},
    Rule{kNoSuchCampaign, 200, 299, 400, "campaign", Action::skip, FailureType::config, {}, {}},
};

constexpr std::array kLookupRules = {
    Rule{"nobody", 200, 299, {}, "not found", Action::skip, FailureType::config, {}, {}},
    Rule{"nobody", 400, 400, {}, "not found", Action::skip, FailureType::config, {}, {}},
    Rule{"nobody", 200, 299, {}, "no profile", Action::skip, FailureType::config, {}, {}},
    Rule{"nobody", 404, 404, {}, {}, Action::skip, FailureType::config, {}, {}},
    Rule{"nobody", 200, 499, 404, {}, Action::skip, FailureType::config, {}, {}},
};

// Of a request that only asks whether the endpoint may be used. Whatever else comes says nothing on whether the
// endpoint may be used.
constexpr std::array kProbeRules = {
    Rule{"refused", 401, 401, {}, {}, Action::skip, FailureType::config, {}, {}},
    Rule{"refused", 403, 404, {}, {}, Action::skip, FailureType::config, {}, {}},
    Rule{"refused", 200, 499, 401, {}, Action::skip, FailureType::config, {}, {}},
    Rule{"refused", 200, 499, 403, {}, Action::skip, FailureType::config, {}, {}},
    Rule{"refused", 200, 499, 404, {}, Action::skip, FailureType::config, {}, {}},
    Rule{"anything else", 0, 999, {}, {}, Action::ok, FailureType::system, {}, {}},
};

// The same endpoint has just given out the cursor: a page in a proxy's words is no word of CleverTap's. 401 and 429
// mean what they say whoever says it.
constexpr std::array kPageRules = {
    Rule{"lost page", 400, 400, {}, {}, Action::retry, FailureType::transient, kTryLater, {}, true},
    Rule{"lost page", 402, 428, {}, {}, Action::retry, FailureType::transient, kTryLater, {}, true},
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
