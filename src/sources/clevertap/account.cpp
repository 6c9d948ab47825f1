#include "sources/clevertap/account.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace engagement::clevertap {

namespace {

using rest::Action;
using rest::Rule;
using std::chrono::seconds;

constexpr std::string_view kTryLater =
    "CleverTap did not answer properly for the whole retry time. The next attempt goes on from the last checkpoint.";
constexpr std::string_view kCredentials =
    "Check the account id, the passcode and the region: a passcode works only in the region of its project "
    "(https://developer.clevertap.com/docs/authentication).";

// https://developer.clevertap.com/docs/api-errors and what the export API was seen to answer. CleverTap sends failures
// with HTTP 200 too, so its own code and words come first.
constexpr std::array kRules = {
    Rule{"export being prepared",
         0,
         999,
         2,
         {},
         Action::wait,
         FailureType::transient,
         "CleverTap was still preparing the export after two hours. Try a smaller window (window_days).",
         {}},
    Rule{"request throttled", 0, 999, 1, {}, Action::slow_down, FailureType::transient, kTryLater, seconds(30)},
    Rule{"too many requests", 0, 999, 429, {}, Action::slow_down, FailureType::transient, kTryLater, {}},
    Rule{"too many requests", 0, 999, {}, "too many", Action::slow_down, FailureType::transient, kTryLater, {}},
    Rule{"bad credentials", 0, 999, 401, {}, Action::fail, FailureType::config, kCredentials, {}},
    Rule{"bad credentials", 401, 401, {}, {}, Action::fail, FailureType::config, kCredentials, {}},
    Rule{"bad credentials", 200, 499, {}, "invalid credentials", Action::fail, FailureType::config, kCredentials, {}},
    Rule{"unknown event", 200, 499, {}, "invalid event", Action::skip, FailureType::config, {}, {}},
    Rule{"export refused", 200, 499, {}, "export not allowed", Action::skip, FailureType::config, {}, {}},
    Rule{"cursor gone", 200, 499, 3, {}, Action::restart, FailureType::transient, {}, {}},
    Rule{"cursor gone", 200, 499, {}, "cursor", Action::restart, FailureType::transient, {}, {}},
    Rule{"forbidden",
         403,
         403,
         {},
         {},
         Action::fail,
         FailureType::config,
         "The passcode is valid but may not use this endpoint; ask an administrator of the CleverTap project.",
         {}},
    Rule{"forbidden",
         0,
         999,
         403,
         {},
         Action::fail,
         FailureType::config,
         "The passcode is valid but may not use this endpoint; ask an administrator of the CleverTap project.",
         {}},
    Rule{"bad dates",
         200,
         499,
         4002,
         {},
         Action::fail,
         FailureType::config,
         "Check the start date and the end date.",
         {}},
    Rule{"bad request",
         400,
         400,
         {},
         {},
         Action::fail,
         FailureType::config,
         "CleverTap does not accept this request; its words say what to change in the settings.",
         {}},
    Rule{"bad request",
         200,
         299,
         400,
         {},
         Action::fail,
         FailureType::config,
         "CleverTap does not accept this request; its words say what to change in the settings.",
         {}},
    Rule{"server error", 200, 299, 500, {}, Action::retry, FailureType::transient, kTryLater, {}},
    Rule{"server error", 200, 299, 503, {}, Action::retry, FailureType::transient, kTryLater, {}},
    Rule{"server error", 200, 299, {}, "unknown error occurred", Action::retry, FailureType::transient, kTryLater, {}},
};

constexpr std::size_t kShownBytes = 200;

// Reads a small answer whole.
rest::Answer read_json(http::Response& response, nlohmann::json& body) {
  body = nlohmann::json::parse(response.body.view(), nullptr, false);
  if (!body.is_object()) return unreadable_answer(response.status, response.body.view(), "no JSON object");
  Envelope envelope;
  if (const auto status = body.find("status"); status != body.end() && status->is_string()) {
    envelope.status = status->get<std::string>();
  }
  if (const auto error = body.find("error"); error != body.end() && !error->is_null()) {
    envelope.error = plain_words(error->is_string() ? error->get<std::string>() : error->dump());
  }
  if (const auto code = body.find("code"); code != body.end() && code->is_number_integer()) {
    envelope.code = code->get<std::int64_t>();
  }
  return to_answer(response.status, envelope);
}

std::vector<std::string> names_of(const nlohmann::json& body) {
  const auto list = body.find("events");
  if (list == body.end() || !list->is_array()) {
    throw system_error(
        "CleverTap's list of events (GET /getSchema) has no \"events\". Name the events in the source's "
        "settings (event_names) until this is known.",
        "getSchema without an events array");
  }
  std::vector<std::string> names;
  for (const auto& event : *list) {
    if (!event.is_object() || !event.contains("name") || !event["name"].is_string()) continue;
    auto name = event["name"].get<std::string>();
    if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
  }
  return names;
}

}  // namespace

std::string plain_words(std::string_view error) {
  const auto list = error.substr(0, 1) == "[" ? nlohmann::json::parse(error, nullptr, false) : nlohmann::json();
  if (!list.is_array()) return std::string(error);
  std::string words;
  for (const auto& item : list) {
    if (!words.empty()) words += "; ";
    words += item.is_string() ? item.get<std::string>() : item.dump();
  }
  return words;
}

rest::Answer to_answer(int http_status, const Envelope& envelope) {
  rest::Answer answer;
  answer.status = http_status;
  answer.code = envelope.code;
  answer.text = envelope.error;
  answer.succeeded = http_status >= 200 && http_status < 300 && envelope.status == "success";
  // Every answer of CleverTap says how it went; one that does not is none of CleverTap's.
  answer.unreadable = !envelope.status && envelope.error.empty() && !envelope.code;
  if (answer.unreadable) answer.text = "an answer without \"status\"";
  return answer;
}

rest::Answer unreadable_answer(int http_status, std::string_view body, std::string_view why) {
  rest::Answer answer;
  answer.status = http_status;
  answer.unreadable = true;
  if (const auto begin = body.find("<title>"); begin != std::string_view::npos) {
    const auto end = body.find("</title>", begin);
    answer.text = fmt::format("an HTML page: {}", body.substr(begin + 7, std::min(end - begin - 7, kShownBytes)));
  } else {
    answer.text = fmt::format("{}: {}", why, body.empty() ? "an empty body" : body.substr(0, kShownBytes));
  }
  return answer;
}

Account::Account(const Config& config)
    : base_url_(config.base_url),
      account_id_(config.account_id),
      passcode_(config.passcode),
      gate_(config.workers),
      caller_("CleverTap", kRules, gate_) {}

http::Request Account::request(http::Method method, const std::string& path_and_query) const {
  http::Request request;
  request.method = method;
  request.url = base_url_ + path_and_query;
  request.headers = {
      {"X-CleverTap-Account-Id", account_id_}, {"X-CleverTap-Passcode", passcode_}, {"Accept", "application/json"}};
  return request;
}

http::Request Account::get(const std::string& path_and_query) const {
  return request(http::Method::get, path_and_query);
}

http::Request Account::post(const std::string& path_and_query, std::string body) const {
  auto post = request(http::Method::post, path_and_query);
  post.headers.push_back({"Content-Type", "application/json"});
  post.body = std::move(body);
  return post;
}

std::vector<std::string> Account::event_names(engine::Context& context, const std::stop_token& stop) const {
  http::Response response;
  rest::Answer answer;
  nlohmann::json body;
  const auto action = caller_.call(
      get("/getSchema?type=events"), "GET /getSchema?type=events", response,
      [&](http::Response& r) { return read_json(r, body); }, answer, context, stop);
  if (action != Action::ok) {
    throw system_error(fmt::format("CleverTap refused to list the project's events: {}", answer.text), "getSchema");
  }
  return names_of(body);
}

void Account::prove_credentials(engine::Context& context, const std::stop_token& stop) const {
  http::Response response;
  rest::Answer answer;
  nlohmann::json body;
  const auto action = caller_.call(
      post("/1/now.json", "{}"), "POST /1/now.json", response, [&](http::Response& r) { return read_json(r, body); },
      answer, context, stop);
  if (action != Action::ok) {
    throw system_error(fmt::format("CleverTap refused a request that any passcode may make: {}", answer.text),
                       "now.json");
  }
}

}  // namespace engagement::clevertap
