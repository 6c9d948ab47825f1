#include "sources/clevertap/sheet/google_refusal.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace engagement::clevertap {

namespace {

// What Google says, whatever the status.
struct KnownRefusal {
  std::string_view reason;  // of the error's details
  std::string_view words;   // or a part of its message
  std::string_view advice;
};
constexpr std::array kKnownRefusals = {
    KnownRefusal{"API_KEY_INVALID", "API key not valid",
                 "The API key is wrong. Copy it again from Google Cloud (APIs & Services, Credentials) into API Key "
                 "(credentials.api_key)."},
    KnownRefusal{
        "SERVICE_DISABLED", "has not been used in project",
        "The Google Sheets API is not switched on in the Google Cloud project of the credentials. Switch it on there "
        "(APIs & Services, Library, Google Sheets API), wait a few minutes and try again."},
    KnownRefusal{"ACCESS_TOKEN_SCOPE_INSUFFICIENT", "insufficient authentication scopes",
                 "The access token does not allow reading sheets. It is asked for with the scope "
                 "https://www.googleapis.com/auth/spreadsheets.readonly: whoever answers at the key's token_uri has to "
                 "grant it. Make a new key for the service account."},
    KnownRefusal{
        "", "not supported for this document",
        "The document is no Google sheet, but an Excel file in Google Drive perhaps. Open it, choose File, Save as "
        "Google Sheets, and use the new sheet's address."},
};

std::string advice_on_token(const SheetConfig& config) {
  return fmt::format(
      "It gives the service account {} no access. Its key may be deleted, disabled or of another account, or the clock "
      "of this machine may be wrong. Make a new key in Google Cloud (IAM, Service Accounts, Keys) and paste it into "
      "Service Account Key (credentials.service_account_json).",
      config.account->email);
}

std::string advice_on_range(const SheetConfig& config, const std::vector<std::string>& tab_titles) {
  if (tab_titles.empty() || config.range.empty()) return "Check the sheet's address.";
  return fmt::format(
      "Range (range), \"{}\", is none of this spreadsheet. Its tabs are \"{}\". Write a tab's title, or cells of it as "
      "in 'My tab'!A1:F200, or leave the range empty.",
      config.range, fmt::join(tab_titles, "\", \""));
}

std::string advice_on_sharing(const SheetConfig& config) {
  if (!config.account) {
    return "The sheet is not open to an API key, or the key is restricted. Share the sheet so that anyone with the "
           "link may view it, or use a service account.";
  }
  return fmt::format(
      "The sheet is not shared with the service account. Open the sheet, press Share, type {} and choose Viewer.",
      config.account->email);
}

std::string advice_on_reason(const std::string& reason) {
  return fmt::format(
      "Google's reason is {}; it concerns the credentials or their Google Cloud project, not the sharing of the sheet. "
      "Mend it there (APIs & Services, Credentials).",
      reason);
}

std::string advice_on_credentials(const SheetConfig& config) {
  if (!config.account) return "The API key is not enough for this sheet. Use a service account.";
  return "It does not take the access token that it gave a moment ago. Try again; if it stays, make a new key for the "
         "service account.";
}

}  // namespace

std::string advice_on(const GoogleRefusal& refusal, const SheetConfig& config,
                      const std::vector<std::string>& tab_titles) {
  if (refusal.of_token) return advice_on_token(config);
  for (const auto& known : kKnownRefusals) {
    const bool same_reason = !known.reason.empty() && refusal.reason == known.reason;
    if (same_reason || refusal.words.find(known.words) != std::string::npos) return std::string(known.advice);
  }
  switch (refusal.status) {
    case 400:
      return advice_on_range(config, tab_titles);
    case 401:
      return advice_on_credentials(config);
    case 403:
      return refusal.reason.empty() ? advice_on_sharing(config) : advice_on_reason(refusal.reason);
    case 404:
      return fmt::format(
          "There is no spreadsheet with the id {}. Copy the address from the browser while the sheet is open into "
          "Spreadsheet (spreadsheet).",
          config.spreadsheet_id);
    default:
      return "Check the sheet's address and the credentials.";
  }
}

}  // namespace engagement::clevertap
