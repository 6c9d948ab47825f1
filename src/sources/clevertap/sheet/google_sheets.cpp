#include "sources/clevertap/sheet/google_sheets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "protocol/json_text.hpp"
#include "rest/page.hpp"
#include "sources/clevertap/sheet/google_refusal.hpp"
#include "sources/clevertap/sheet/signed_assertion.hpp"

namespace engagement::clevertap {

namespace {

using protocol::Json;
using rest::Action;
using rest::Rule;

constexpr std::string_view kTooManyReads =
    "Google allows a service account, or the project of an API key, 60 reads of sheets a minute, whatever reads them. "
    "Try again in a minute, or use another service account for this source.";
constexpr std::string_view kGoogleIsDown = "Google did not answer properly for the whole retry time. Try again later.";

// What a user must mend comes back as `skip`: its message names more than a row can say. See
// https://developers.google.com/sheets/api/limits and https://cloud.google.com/apis/design/errors.
constexpr std::array kGoogleRules = {
    Rule{.name = "too many reads", .statuses = 429, .action = Action::slow_down, .advice = kTooManyReads},
    Rule{.name = "too many reads",
         .statuses = 403,
         .text = "quota exceeded",
         .action = Action::slow_down,
         .advice = kTooManyReads},
    Rule{.name = "too many reads",
         .statuses = 403,
         .text = "rate limit exceeded",
         .action = Action::slow_down,
         .advice = kTooManyReads},
    Rule{.name = "too many reads", .statuses = 403, .code = 429, .action = Action::slow_down, .advice = kTooManyReads},
    Rule{.name = "timeout", .statuses = 408, .action = Action::retry, .advice = kGoogleIsDown},
    Rule{.name = "refused", .statuses = {400, 499}, .action = Action::skip},
    Rule{.name = "server error", .statuses = {500, 599}, .action = Action::retry, .advice = kGoogleIsDown},
};

// A title in A1 notation: 'Anna''s queries'.
std::string quoted_title(std::string_view title) {
  std::string quoted = "'";
  for (const char letter : title) quoted += letter == '\'' ? std::string("''") : std::string(1, letter);
  return quoted + "'";
}

std::string unquoted_title(std::string_view title) {
  if (title.size() < 2 || !title.starts_with('\'') || !title.ends_with('\'')) return std::string(title);
  std::string plain;
  for (std::size_t at = 1; at + 1 < title.size(); ++at) {
    plain.push_back(title[at]);
    if (title[at] == '\'') ++at;
  }
  return plain;
}

std::string text_member(const Json& object, std::string_view name) {
  const Json* member = protocol::find_member(object, name);
  return member != nullptr && member->is_string() ? member->get<std::string>() : std::string();
}

// {"error":{"code","message","status","details":[{"reason"}]}} of the API, {"error","error_description"} of the token
// endpoint.
struct GoogleError {
  std::string words;
  std::string reason;
};

GoogleError error_in(const Json& body) {
  const Json* error = protocol::find_member(body, "error");
  if (error == nullptr) return {};
  if (error->is_string()) {
    const auto description = text_member(body, "error_description");
    return {
        description.empty() ? error->get<std::string>() : fmt::format("{}: {}", error->get<std::string>(), description),
        error->get<std::string>()};
  }
  GoogleError result{text_member(*error, "message"), {}};
  const Json* details = protocol::find_member(*error, "details");
  if (details == nullptr || !details->is_array()) return result;
  for (const auto& detail : *details) {
    if (result.reason.empty()) result.reason = text_member(detail, "reason");
  }
  return result;
}

bool is_there(const Json& body, const char* member) {
  const Json* value = protocol::find_member(body, member);
  return value != nullptr && (value->is_string() || value->is_array());
}

rest::Answer google_answer(const http::Response& response, const char* wanted, Json& body) {
  body = Json::parse(response.body.view(), nullptr, false);
  if (!body.is_object()) return rest::unreadable_answer(response.status, response.body.view(), "no JSON object");
  rest::Answer answer;
  answer.status = response.status;
  const GoogleError error = error_in(body);
  answer.text = error.words;
  if (error.reason == "RATE_LIMIT_EXCEEDED") answer.code = 429;  // whatever the words are
  answer.succeeded = response.status >= 200 && response.status < 300 && !body.contains("error");
  if (answer.succeeded && *wanted != '\0' && !is_there(body, wanted)) {
    return rest::unreadable_answer(response.status, response.body.view(), fmt::format("no \"{}\"", wanted));
  }
  return answer;
}

// The column's number of a range as Google answers it: 2 of 'My tab'!B5:Z1000.
int first_column_of(std::string_view range) {
  const auto bang = range.rfind('!');
  int column = 0;
  for (const char letter : bang == std::string_view::npos ? range : range.substr(bang + 1)) {
    if (letter < 'A' || letter > 'Z') break;
    column = column * 26 + (letter - 'A' + 1);
  }
  return std::max(column, 1);
}

// The row's number of a range as Google answers it: 5 of 'My tab'!B5:Z1000.
int first_row_of(std::string_view range) {
  const auto bang = range.rfind('!');
  const auto cells = bang == std::string_view::npos ? range : range.substr(bang + 1);
  const auto digits = cells.find_first_of("0123456789:");
  int row = 1;
  if (digits != std::string_view::npos) std::from_chars(cells.data() + digits, cells.data() + cells.size(), row);
  return row;
}

SheetTable table_of(const Json& answer) {
  const auto range = text_member(answer, "range");
  SheetTable table;
  table.title = unquoted_title(std::string_view(range).substr(0, range.rfind('!')));
  table.first_row = first_row_of(range);
  table.first_column = first_column_of(range);
  if (const Json* rows = protocol::find_member(answer, "values")) table.rows = *rows;
  const bool rows_of_cells = table.rows.is_array() && std::all_of(table.rows.begin(), table.rows.end(),
                                                                  [](const Json& row) { return row.is_array(); });
  if (rows_of_cells) return table;
  throw system_error("Google sent the cells of the query sheet in a form that is unknown. Please report this.",
                     "values is no array of arrays");
}

}  // namespace

GoogleSheets::GoogleSheets(SheetConfig config)
    : config_(std::move(config)), gate_(1), caller_("Google Sheets", kGoogleRules, gate_) {}

SheetTable GoogleSheets::read(engine::Context& context, const std::stop_token& stop) const {
  const std::string token = config_.account ? access_token(context, stop) : std::string();
  const auto known = tabs(token, context, stop);
  const auto range = range_to_read(known);
  const auto request = get("/values/" + http::percent_encoded(range),
                           "valueRenderOption=UNFORMATTED_VALUE&dateTimeRenderOption=SERIAL_NUMBER", token);
  const Json answer = call(request, fmt::format("GET values of {}", range), "range", known, context, stop);
  SheetTable table = table_of(answer);
  context.log(engine::LogLevel::info, fmt::format("the query sheet \"{}\" has {} rows, the first one included",
                                                  table.title, table.rows.size()));
  return table;
}

std::string GoogleSheets::access_token(engine::Context& context, const std::stop_token& stop) const {
  auto& environment = context.environment();
  const auto keep_secret = [&](const std::string& secret) {
    if (environment.config_updates != nullptr) environment.config_updates->add_secret(secret);
  };
  keep_secret(config_.account->private_key);
  const auto assertion = signed_assertion(*config_.account, environment.clock.now());
  keep_secret(assertion);
  http::Request request;
  request.method = http::Method::post;
  request.url = config_.account->token_uri;
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}};
  request.body =
      "grant_type=" + http::percent_encoded("urn:ietf:params:oauth:grant-type:jwt-bearer") + "&assertion=" + assertion;
  const Json answer = call(request, "POST token_uri (access token)", "", {}, context, stop);
  auto token = text_member(answer, "access_token");
  if (token.empty()) {
    throw system_error("Google answered the service account without an access token. Please report this.", "token_uri");
  }
  keep_secret(token);
  return token;
}

std::vector<GoogleSheets::Tab> GoogleSheets::tabs(const std::string& token, engine::Context& context,
                                                  const std::stop_token& stop) const {
  const auto fields =
      http::percent_encoded("properties(title,timeZone,locale),sheets.properties(sheetId,title,sheetType)");
  const Json answer = call(get("", "fields=" + fields, token), "GET spreadsheet", "sheets", {}, context, stop);
  std::vector<Tab> tabs;
  const Json* sheets = protocol::find_member(answer, "sheets");
  for (const auto& sheet : sheets != nullptr && sheets->is_array() ? *sheets : Json::array()) {
    const Json* properties = protocol::find_member(sheet, "properties");
    const auto type = properties == nullptr ? "none" : text_member(*properties, "sheetType");
    if (!type.empty() && type != "GRID") continue;  // a chart has no cells
    const Json* gid = protocol::find_member(*properties, "sheetId");
    tabs.push_back({text_member(*properties, "title"),
                    gid != nullptr && gid->is_number_integer() ? gid->get<std::int64_t>() : std::int64_t{0}});
  }
  if (tabs.empty()) {
    throw config_error("Query Sheet (query_sheet): the spreadsheet has no tab with cells. Check its address.");
  }
  const Json* properties = protocol::find_member(answer, "properties");
  const Json none;
  const Json& of = properties == nullptr ? none : *properties;
  context.log(engine::LogLevel::info,
              fmt::format("reading queries from the spreadsheet \"{}\" ({}, {})", text_member(of, "title"),
                          text_member(of, "timeZone"), text_member(of, "locale")));
  return tabs;
}

std::string GoogleSheets::range_to_read(const std::vector<Tab>& tabs) const {
  const auto& range = config_.range;
  const auto titled = [&](const Tab& tab) { return tab.title == range; };
  if (!range.empty()) {
    if (std::any_of(tabs.begin(), tabs.end(), titled)) return quoted_title(range);
    const auto bang = range.rfind('!');
    if (bang == std::string::npos || range.starts_with('\'')) return range;
    return quoted_title(range.substr(0, bang)) + range.substr(bang);
  }
  if (!config_.gid) return quoted_title(tabs.front().title);
  const auto found = std::find_if(tabs.begin(), tabs.end(), [&](const Tab& tab) { return tab.gid == *config_.gid; });
  if (found != tabs.end()) return quoted_title(found->title);
  throw config_error(
      fmt::format("Query Sheet (query_sheet), Spreadsheet (spreadsheet): the address names the tab gid={}, which is "
                  "not there. Open the right tab and copy the address again, or name it in Range (range).",
                  *config_.gid));
}

http::Request GoogleSheets::get(const std::string& path, const std::string& parameters,
                                const std::string& token) const {
  http::Request request;
  request.url = fmt::format("{}/v4/spreadsheets/{}{}?{}", config_.base_url, config_.spreadsheet_id, path, parameters);
  request.headers = {{"Accept", "application/json"}};
  if (config_.account) {
    request.headers.push_back({"Authorization", "Bearer " + token});
  } else {
    request.url += "&key=" + http::percent_encoded(config_.api_key);
  }
  return request;
}

Json GoogleSheets::call(const http::Request& request, std::string_view what, const char* wanted,
                        const std::vector<Tab>& tabs, engine::Context& context, const std::stop_token& stop) const {
  http::Response response;
  rest::Answer answer;
  Json body;
  const auto action = caller_.call(
      request, what, response, [&](http::Response& received) { return google_answer(received, wanted, body); }, answer,
      context, stop);
  if (action == Action::ok) return body;
  const GoogleRefusal refusal{answer.status, answer.text, error_in(body).reason, request.method == http::Method::post};
  std::vector<std::string> titles;
  for (const auto& tab : tabs) titles.push_back(tab.title);
  throw config_error(fmt::format("Query Sheet (query_sheet): Google answered HTTP {}{}. {}", refusal.status,
                                 refusal.words.empty() ? "" : fmt::format(" (\"{}\")", refusal.words),
                                 advice_on(refusal, config_, titles)),
                     fmt::format("{}: {}", what, refusal.reason));
}

}  // namespace engagement::clevertap
