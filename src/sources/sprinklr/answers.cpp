#include "sources/sprinklr/answers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <nlohmann/json.hpp>

#include "protocol/json_text.hpp"

namespace engagement::sprinklr {

namespace {

using protocol::find_member;
using protocol::Json;
using rest::Action;
using rest::Rule;
using std::chrono::seconds;

constexpr std::size_t kShownBytes = 300;
constexpr std::size_t kLargestFailure = 1024 * 1024;

constexpr std::string_view kTryLater = "Sprinklr did not answer properly for the whole retry time.";
constexpr std::string_view kQuota =
    "Sprinklr's limit of requests is used up: 10 a second and 1,000 an hour for an API key, unless your contract says "
    "otherwise.";
constexpr std::string_view kWrongKeyAdvice =
    "Check Client ID (credentials.client_id), API Host (api_host) and Environment (environment): a key works only in "
    "the environment it was made for.";
constexpr std::string_view kEnvironment =
    "The API key belongs to another environment: correct Environment (environment). In Sprinklr, look for "
    "\"sentry-environment\" in the source of any page.";
constexpr std::string_view kToken =
    "A new access token was refused as well. Another client of the same API key may renew tokens at the same time: "
    "each source needs an API key of its own.";
// In a 401. Words about the token may hold some about the key ("access token … for this API key"), not the other way.
constexpr std::array<std::string_view, 4> kTokenWords = {"access token", "invalid_token", "token expired",
                                                         "token has expired"};
constexpr std::array<std::string_view, 8> kKeyWords = {
    "consumer key",      "apikey",         "api key",           "client_id", "clientid",
    "client identifier", "invalid_client", "developer inactive"};
constexpr std::string_view kRequest =
    "Sprinklr does not accept this request; its words say what to change. For a report, generate the payload again in "
    "Sprinklr (\"Generate API v2 Payload\") and check Page Size (page_size).";

std::string_view message_key(const Json& error) {
  for (const char* key : {"message", "error_description", "faultstring", "detail", "error"}) {
    if (find_member(error, key) != nullptr) return key;
  }
  return {};
}

// The words of whatever stands where an error should: a text, an object with a message, a list of these.
std::string words_of(const Json& error) {
  if (error.is_string()) return error.get<std::string>();
  if (error.is_array()) {
    std::string words;
    for (const auto& item : error) {
      const std::string part = words_of(item);
      if (!part.empty()) words += (words.empty() ? "" : "; ") + part;
    }
    return words;
  }
  if (!error.is_object()) return error.is_null() ? std::string() : error.dump();
  const auto key = message_key(error);
  return key.empty() ? error.dump() : words_of(*find_member(error, key));
}

// An OAuth answer has a code beside its description; both tell something.
std::string words_of_failure(const Json& body) {
  std::string words;
  for (const char* key : {"errors", "error", "error_description", "message", "fault"}) {
    const Json* found = find_member(body, key);
    const std::string part = found == nullptr ? std::string() : words_of(*found);
    if (part.empty() || words.find(part) != std::string::npos) continue;
    words += (words.empty() ? "" : ": ") + part;
  }
  return words;
}

// Text of XML or HTML without its tags, blanks put together.
std::string plain_text(std::string_view body) {
  std::string text;
  bool inside_tag = false;
  for (const char letter : body.substr(0, kShownBytes * 10)) {
    if (letter == '<' || letter == '>') {
      inside_tag = letter == '<';
    } else if (inside_tag) {
      continue;
    } else if (std::isspace(static_cast<unsigned char>(letter)) == 0) {
      text.push_back(letter);
      continue;
    }
    if (!text.empty() && text.back() != ' ') text.push_back(' ');
  }
  while (!text.empty() && text.back() == ' ') text.pop_back();
  if (text.size() > kShownBytes) text.resize(kShownBytes);
  return text;
}

bool is_nothing(std::string_view value) {
  std::string packed;
  for (const char letter : value.substr(0, kShownBytes)) {
    if (std::isspace(static_cast<unsigned char>(letter)) == 0) packed.push_back(letter);
  }
  return packed == "[]" || packed == "{}" || packed == "\"\"" || packed == "null";
}

// Only for what has no records, which is small.
Json small_body(const rest::Page& page) { return Json::parse(page.response.body.view(), nullptr, false); }

bool is_envelope(const Json& body) { return body.is_object() && (body.contains("data") || body.contains("errors")); }

rest::Answer judge_good_status(const rest::Page& page, bool any_object) {
  const int status = page.response.status;
  if (!page.malformed().empty()) {
    return rest::unreadable_answer(status, page.response.body.view(), page.malformed());
  }
  if (!page.records_found()) {
    const Json body = small_body(page);
    if (any_object ? !body.is_object() : !is_envelope(body)) {
      return rest::unreadable_answer(status, page.response.body.view(), "no answer of Sprinklr's");
    }
  }
  rest::Answer answer;
  answer.status = status;
  answer.succeeded = true;
  const auto fail = [&](const std::string& words) {
    answer.succeeded = false;
    answer.text = words.substr(0, kShownBytes);
  };
  if (const auto errors = page.value("errors"); errors && !is_nothing(*errors)) {
    fail(words_of(Json::parse(*errors, nullptr, false)));
  } else if (const auto word = page.text("status"); word && !contains_ignoring_case(*word, "success")) {
    fail(page.text("message").value_or(*word));
  } else if (const auto message = page.text("message"); message && !message->empty() && !page.records_found()) {
    fail(*message);
  }
  return answer;
}

void add_special(Special special, std::vector<Rule>& rules) {
  if (special == Special::report) {
    rules.push_back(Rule{.name = "too many rows",
                         .statuses = {200, 499},
                         .text = "cannot fetch more than",
                         .action = Action::split,
                         .failure = FailureType::config,
                         .advice = "A window of the report holds more rows than Sprinklr serves."});
    rules.push_back(Rule{.name = "gateway timeout", .statuses = 504, .action = Action::split, .advice = kTryLater});
  }
  if (special == Special::search) {
    rules.push_back({.name = "cursor gone",
                     .statuses = {200, 499},
                     .code = kCursorGone,
                     .action = Action::restart,
                     .advice = kTryLater});
  }
}

}  // namespace

std::vector<std::string> failure_values() { return {"errors", "message", "status"}; }

rest::Answer judge_small(const http::Response& response) {
  rest::Answer answer;
  answer.status = response.status;
  const auto body = response.body.view();
  if (body.size() <= kLargestFailure) {
    const Json json = Json::parse(body, nullptr, false);
    if (json.is_object()) answer.text = words_of_failure(json);
  }
  if (answer.text.empty()) answer.text = plain_text(body);
  if (answer.text.size() > kShownBytes) answer.text.resize(kShownBytes);
  return answer;
}

rest::Answer judge_page(const rest::Page& page) {
  const int status = page.response.status;
  return status >= 200 && status < 300 ? judge_good_status(page, false) : judge_small(page.response);
}

rest::Answer judge_page_v1(const rest::Page& page) {
  const int status = page.response.status;
  return status >= 200 && status < 300 ? judge_good_status(page, true) : judge_small(page.response);
}

rest::PageJudge judge_member(std::string_view name) {
  return [name](const rest::Page& page) {
    rest::Answer answer = judge_page_v1(page);
    if (!answer.succeeded || page.records_found()) return answer;
    const Json body = small_body(page);
    if (body.contains(std::string(name))) return answer;
    // An empty object lists nothing. Members of another name may be the rows.
    if (!body.empty()) {
      return rest::unreadable_answer(answer.status, page.response.body.view(), "no answer of Sprinklr's");
    }
    answer.succeeded = false;
    answer.code = kNothingThere;
    answer.text = fmt::format("an answer without {}", name);
    return answer;
  };
}

std::vector<Rule> rules_for(Special special, std::string_view forbidden) {
  constexpr auto kConfig = FailureType::config;
  std::vector<Rule> rules = {
      Rule{.name = "over qps",
           .statuses = 403,
           .text = "over qps",
           .action = Action::slow_down,
           .advice = kQuota,
           .pause = seconds(1)},
      Rule{.name = "over rate",
           .statuses = 403,
           .text = "over rate",
           .action = Action::slow_down,
           .advice = kQuota,
           .pause = seconds(60)},
      Rule{.name = "please try again",
           .statuses = {200, 499},
           .text = "please try again",
           .action = Action::retry,
           .advice = kTryLater},
      {.name = "nothing there", .statuses = {200, 299}, .code = kNothingThere, .action = Action::skip},
  };
  for (const auto words : kTokenWords) {
    rules.push_back(Rule{.name = "access token refused",
                         .statuses = 401,
                         .text = words,
                         .action = Action::refresh,
                         .failure = kConfig,
                         .advice = kToken});
  }
  for (const auto words : kKeyWords) {
    rules.push_back(Rule{.name = "wrong key",
                         .statuses = 401,
                         .text = words,
                         .failure = kConfig,
                         .scope = FailureScope::source,
                         .advice = kWrongKeyAdvice});
  }
  const std::vector<Rule> others = {
      Rule{.name = "wrong environment",
           .statuses = 401,
           .text = "environment",
           .failure = kConfig,
           .scope = FailureScope::source,
           .advice = kEnvironment},
      Rule{.name = "wrong environment",
           .statuses = 421,
           .failure = kConfig,
           .scope = FailureScope::source,
           .advice = kEnvironment},
      Rule{.name = "wrong key",
           .statuses = {200, 403},
           .text = "wrong key",
           .failure = kConfig,
           .scope = FailureScope::source,
           .advice = kWrongKeyAdvice},
      Rule{.name = "wrong key",
           .statuses = 403,
           .text = "developer inactive",
           .failure = kConfig,
           .scope = FailureScope::source,
           .advice = kWrongKeyAdvice},
      // A token that has ended, or a right that is missing: where a new token is refused as well it is the right.
      Rule{.name = "unauthorized", .statuses = 401, .action = Action::refresh, .failure = kConfig, .advice = forbidden},
      Rule{.name = "forbidden", .statuses = {200, 400}, .text = "forbidden", .failure = kConfig, .advice = forbidden},
      Rule{.name = "forbidden", .statuses = 403, .failure = kConfig, .advice = forbidden},
  };
  rules.insert(rules.end(), others.begin(), others.end());
  add_special(special, rules);
  rules.push_back(Rule{.name = "bad request", .statuses = 400, .failure = kConfig, .advice = kRequest});
  rules.push_back(
      Rule{.name = "not found",
           .statuses = 404,
           .failure = kConfig,
           .advice = "Sprinklr does not know this address. Check API Host (api_host), Environment (environment) and, "
                     "for a report of a widget, Widget ID (widget_id)."});
  return rules;
}

bool is_about_the_token(std::string_view words) {
  return std::any_of(kTokenWords.begin(), kTokenWords.end(),
                     [&](std::string_view part) { return contains_ignoring_case(words, part); });
}

bool contains_ignoring_case(std::string_view text, std::string_view part) {
  const auto lower = [](char letter) { return std::tolower(static_cast<unsigned char>(letter)); };
  return std::search(text.begin(), text.end(), part.begin(), part.end(),
                     [&](char left, char right) { return lower(left) == lower(right); }) != text.end();
}

}  // namespace engagement::sprinklr
