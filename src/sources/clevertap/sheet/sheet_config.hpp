#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "protocol/messages.hpp"

namespace engagement::clevertap {

// The stream of the sheet's own rows.
inline constexpr const char* kSheetRowsStream = "query_sheet_rows";

// What a service account's key file says (https://cloud.google.com/iam/docs/keys-create-delete).
struct ServiceAccountKey {
  std::string email;        // client_email: whom the sheet is shared with
  std::string private_key;  // PEM
  std::string key_id;       // may be empty
  std::string token_uri;
};

// The configuration's `query_sheet`, understood.
struct SheetConfig {
  std::string spreadsheet_id;
  std::optional<std::int64_t> gid;           // the tab that the address names
  std::string range;                         // A1 notation; empty: all of the tab, or of the first
  std::optional<ServiceAccountKey> account;  // nullopt: an API key
  std::string api_key;
  std::string base_url;  // "https://sheets.googleapis.com", without a slash at the end
};

// nullopt where the configuration, which the spec has accepted, has no query sheet. Throws a config ConnectorError that
// names the field by its title, and shows nothing of a key.
std::optional<SheetConfig> read_sheet_config(const protocol::Json& config);

}  // namespace engagement::clevertap
