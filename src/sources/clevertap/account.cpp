#include "sources/clevertap/account.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "json/member_at.hpp"
#include "sources/clevertap/answer_rules.hpp"

namespace engagement::clevertap {

namespace {

using protocol::Json;
using rest::Action;

constexpr std::size_t kShownBytes = 200;

}  // namespace

std::vector<std::string> event_names_in(const Json& body) {
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

const std::vector<std::string>& envelope_values() {
  static const std::vector<std::string> names = {"status", "error", "code"};
  return names;
}

rest::Answer judge_page(const rest::Page& page) {
  if (!page.malformed().empty()) {
    return unreadable_answer(page.response.status, page.response.body.view(), page.malformed());
  }
  return to_answer(page.response.status,
                   {page.text("status"), plain_words(page.text("error").value_or("")), page.integer("code")});
}

std::optional<std::string> text_in_answer(const rest::Page& page, std::string_view name) {
  if (page.records().size() != 1) return std::nullopt;
  const auto value = json::member_at(page.records().front().walker, name);
  if (!value || *value == "null") return std::nullopt;
  return json::is_string(*value) ? json::decode_string(json::string_content(*value)) : std::string(*value);
}

rest::Answer judge_whole_answer(const rest::Page& page) {
  if (!page.malformed().empty()) {
    return unreadable_answer(page.response.status, page.response.body.view(), page.malformed());
  }
  Envelope envelope{text_in_answer(page, "status"), plain_words(text_in_answer(page, "error").value_or("")), {}};
  const auto code = text_in_answer(page, "code").value_or("");
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(code.data(), code.data() + code.size(), number);
  if (error == std::errc() && end == code.data() + code.size()) envelope.code = number;
  return to_answer(page.response.status, envelope);
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
      caller_("CleverTap", common_rules(), gate_),
      query_caller_("CleverTap", query_rules(), gate_),
      result_caller_("CleverTap", result_rules(), gate_),
      lookup_caller_("CleverTap", lookup_rules(), gate_),
      probe_caller_("CleverTap", probe_rules(), gate_) {}

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

Json Account::read_json(const http::Request& request, std::string_view what, engine::Context& context,
                        const std::stop_token& stop) const {
  static const rest::PageShape shape{{}, envelope_values()};
  rest::Page page;
  rest::Answer answer;
  const auto action = rest::call_page(caller_, request, what, shape, judge_page, page, answer, context, stop);
  if (action != Action::ok) {
    throw system_error(fmt::format("CleverTap refused a request that any passcode may make: {}", answer.text),
                       std::string(what));
  }
  return Json::parse(page.response.body.view(), nullptr, false);
}

Json Account::event_schema(engine::Context& context, const std::stop_token& stop) const {
  return read_json(get("/getSchema?type=events"), "GET /getSchema?type=events", context, stop);
}

std::vector<std::string> Account::event_names(engine::Context& context, const std::stop_token& stop) const {
  return event_names_in(event_schema(context, stop));
}

void Account::prove_credentials(engine::Context& context, const std::stop_token& stop) const {
  read_json(post("/1/now.json", "{}"), "POST /1/now.json", context, stop);
}

}  // namespace engagement::clevertap
