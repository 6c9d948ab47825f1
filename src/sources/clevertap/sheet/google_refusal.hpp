#pragma once

#include <string>
#include <vector>

#include "sources/clevertap/sheet/sheet_config.hpp"

namespace engagement::clevertap {

// What Google refused for good, and in which words.
struct GoogleRefusal {
  int status = 0;
  std::string words;
  std::string reason;  // of the API's error details, or the token endpoint's error: "API_KEY_INVALID", "invalid_grant"
  bool of_token = false;  // the access token, not the sheet
};

// What the user has to mend, in whole sentences. `tab_titles`: those of the spreadsheet, as far as they are known.
std::string advice_on(const GoogleRefusal& refusal, const SheetConfig& config,
                      const std::vector<std::string>& tab_titles);

}  // namespace engagement::clevertap
