#include "sources/clevertap/account.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "json/member_at.hpp"
#include "protocol/json_text.hpp"
#include "sources/clevertap/answer_rules.hpp"
#include "sources/clevertap/queries/answer_number.hpp"

namespace engagement::clevertap {

namespace {

using protocol::Json;
using rest::Action;

constexpr std::size_t kShownBytes = 200;

}  // namespace

EventNames event_names_in(const Json& body) {
  constexpr std::string_view kWayOut = "Name the events in the source's settings (event_names) until this is known.";
  const auto list = body.find("events");
  if (list == body.end() || !list->is_array()) {
    throw system_error(fmt::format("CleverTap's list of events (GET /getSchema) has no \"events\". {}", kWayOut),
                       "getSchema without an events array");
  }
  EventNames events;
  auto& names = events.names;
  for (const auto& event : *list) {
    const Json* name = protocol::find_member(event, "name");
    auto text = name != nullptr && name->is_string() ? name->get<std::string>() : std::string();
    if (text.empty()) {
      ++events.without_name;
    } else if (std::find(names.begin(), names.end(), text) == names.end()) {
      names.push_back(std::move(text));
    }
  }
  if (!names.empty() || list->empty()) return events;
  throw system_error(fmt::format("CleverTap's list of events (GET /getSchema) has {} entries, none with a \"name\". {}",
                                 list->size(), kWayOut),
                     fmt::format("the first is {}", shortened(list->front().dump())));
}

std::string shortened(std::string_view text) {
  constexpr std::string_view kCut = "…";
  if (text.size() <= kShownBytes) return std::string(text);
  std::size_t end = kShownBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;  // not within a letter
  return std::string(text.substr(0, end)).append(kCut);
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

rest::Answer with_words(rest::Answer answer, const http::Response& response) {
  if (!answer.succeeded && answer.text.empty()) answer.text = shortened(response.body.view());
  return answer;
}

const std::vector<std::string>& envelope_values() {
  static const std::vector<std::string> names = {"status", "error", "code"};
  return names;
}

rest::Answer judge_page(const rest::Page& page) {
  if (!page.malformed().empty()) {
    return rest::unreadable_answer(page.response.status, page.response.body.view(), page.malformed());
  }
  const auto code = page.value("code");
  return with_words(to_answer(page.response.status, {page.text("status"), plain_words(page.text("error").value_or("")),
                                                     code ? integer_in(*code) : std::nullopt}),
                    page.response);
}

std::optional<std::string> text_in_answer(const rest::Page& page, std::string_view name) {
  if (page.records().size() != 1) return std::nullopt;
  const auto value = json::member_at(page.records().front().walker, name);
  if (!value || *value == "null") return std::nullopt;
  return json::is_string(*value) ? json::decode_string(json::string_content(*value)) : std::string(*value);
}

rest::Answer judge_whole_answer(const rest::Page& page) {
  if (!page.malformed().empty()) {
    return rest::unreadable_answer(page.response.status, page.response.body.view(), page.malformed());
  }
  Envelope envelope{text_in_answer(page, "status"), plain_words(text_in_answer(page, "error").value_or("")), {}};
  if (const auto code = text_in_answer(page, "code")) envelope.code = integer_in(*code);
  return with_words(to_answer(page.response.status, envelope), page.response);
}

Account::Account(const Config& config)
    : base_url_(config.base_url),
      account_id_(config.account_id),
      passcode_(config.passcode),
      gate_(config.workers),
      caller_("CleverTap", common_rules(), gate_),
      page_caller_("CleverTap", page_rules(), gate_),
      query_caller_("CleverTap", query_rules(), gate_),
      result_caller_("CleverTap", result_rules(), gate_),
      lookup_caller_("CleverTap", lookup_rules(), gate_),
      probe_caller_("CleverTap", probe_rules(), gate_),
      proof_caller_("CleverTap", proof_rules(), gate_) {}

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

Permitted Account::ask(const http::Request& request, std::string_view what, engine::Context& context,
                       const std::stop_token& stop) const {
  static const rest::PageShape shape{{}, envelope_values()};
  rest::Page page;
  rest::Answer answer;
  const auto action = rest::call_page(proof_caller_, request, what, shape, judge_page, page, answer, context, stop);
  if (action == Action::skip) {
    return {nullptr, fmt::format("CleverTap answered {} with HTTP {} (\"{}\").", what, answer.status, answer.text)};
  }
  if (action != Action::ok) {
    throw system_error(fmt::format("CleverTap refused a request that any passcode may make: {}", answer.text),
                       std::string(what));
  }
  return {Json::parse(page.response.body.view(), nullptr, false), {}};
}

Permitted Account::event_schema(engine::Context& context, const std::stop_token& stop) const {
  return ask(get("/getSchema?type=events"), "GET /getSchema?type=events", context, stop);
}

std::vector<std::string> Account::event_names(engine::Context& context, const std::stop_token& stop) const {
  const auto schema = event_schema(context, stop);
  if (!schema.refusal.empty()) {
    throw config_error(
        fmt::format("Without Event Names (event_names) every event of the project is read, but the list "
                    "of them is refused: {} Name the events to read.",
                    schema.refusal));
  }
  auto events = event_names_in(schema.answer);
  if (events.without_name > 0) {
    context.warn_once("events without a name", fmt::format("{} entries of GET /getSchema?type=events have no name and "
                                                           "are passed over",
                                                           events.without_name));
  }
  return std::move(events.names);
}

void Account::prove_credentials(engine::Context& context, const std::stop_token& stop) const {
  ask(post("/1/now.json", "{}"), "POST /1/now.json", context, stop);
}

}  // namespace engagement::clevertap
