#include "sources/clevertap/sheet/sheet_config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/error.hpp"
#include "protocol/json_text.hpp"
#include "sources/clevertap/sheet/cell.hpp"

namespace engagement::clevertap {

namespace {

using protocol::Json;

constexpr std::string_view kSheetsHost = "https://sheets.googleapis.com";
constexpr std::string_view kTokenUri = "https://oauth2.googleapis.com/token";
constexpr std::string_view kKeyField =
    "Query Sheet (query_sheet), Service Account Key (credentials.service_account_json)";

bool is_id_letter(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
         letter == '-' || letter == '_';
}

std::string_view leading_id(std::string_view text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_id_letter);
  return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

// https://docs.google.com/spreadsheets/d/<id>/edit?gid=77#gid=77
std::string spreadsheet_id_in(std::string_view text) {
  if (text.find('/') == std::string_view::npos) return leading_id(text) == text ? std::string(text) : std::string();
  constexpr std::string_view kBeforeId = "/d/";
  const auto begin = text.find(kBeforeId);
  if (begin == std::string_view::npos || text.find("/spreadsheets/") == std::string_view::npos) return {};
  const auto id = leading_id(text.substr(begin + kBeforeId.size()));
  return id == "e" ? std::string() : std::string(id);  // /d/e/…: a page published to the web, which has another id
}

std::optional<std::int64_t> gid_in(std::string_view address) {
  constexpr std::string_view kGid = "gid=";
  const auto begin = address.rfind(kGid);
  if (begin == std::string_view::npos) return std::nullopt;
  std::int64_t gid = 0;
  const char* end = address.data() + address.size();
  const auto [stop, error] = std::from_chars(address.data() + begin + kGid.size(), end, gid);
  return error == std::errc() ? std::optional(gid) : std::nullopt;
}

std::string key_member(const Json& key, const char* name) {
  const Json* member = protocol::find_member(key, name);
  return member != nullptr && member->is_string() ? member->get<std::string>() : std::string();
}

ServiceAccountKey service_account_in(const std::string& text) {
  const Json key = protocol::parse_json_text(text, fmt::format("text of {}", kKeyField),
                                             "Paste the whole key file that Google made, from { to }.");
  ServiceAccountKey account{key_member(key, "client_email"), key_member(key, "private_key"),
                            key_member(key, "private_key_id"), key_member(key, "token_uri")};
  if (key_member(key, "type") != "service_account" || account.email.empty() || account.private_key.empty()) {
    throw config_error(fmt::format(
        "{}: this is not the key of a service account. In Google Cloud: IAM, Service Accounts, Keys, Add key, JSON; "
        "paste the whole file, in which \"type\" is \"service_account\".",
        kKeyField));
  }
  if (account.token_uri.empty()) account.token_uri = kTokenUri;
  return account;
}

std::string trimmed_member(const Json& object, const char* name) {
  return std::string(without_blanks(object.value(name, std::string())));
}

}  // namespace

std::optional<SheetConfig> read_sheet_config(const Json& config) {
  const Json* sheet = protocol::find_member(config, "query_sheet");
  if (sheet == nullptr) return std::nullopt;
  SheetConfig result;
  const auto address = trimmed_member(*sheet, "spreadsheet");
  result.spreadsheet_id = spreadsheet_id_in(address);
  if (result.spreadsheet_id.empty()) {
    throw config_error(
        fmt::format("Query Sheet (query_sheet), Spreadsheet (spreadsheet): \"{}\" is neither a sheet's address nor its "
                    "id. Copy the address from the browser while the sheet is open, "
                    "https://docs.google.com/spreadsheets/d/…/edit.",
                    address));
  }
  result.gid = gid_in(address);
  result.range = trimmed_member(*sheet, "range");
  const Json& credentials = sheet->at("credentials");
  if (credentials.at("auth_type") == "service_account") {
    result.account = service_account_in(credentials.at("service_account_json").get<std::string>());
  } else {
    result.api_key = trimmed_member(credentials, "api_key");
  }
  result.base_url = sheet->value("api_base_url", std::string(kSheetsHost));
  while (result.base_url.ends_with('/')) result.base_url.pop_back();
  return result;
}

}  // namespace engagement::clevertap
