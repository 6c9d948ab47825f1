#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace engagement::simulator {

// "%2B" -> "+", "+" -> " "; a `%` that no two hex digits follow stays.
std::string percent_decode(std::string_view text);
// Everything but letters, digits and "-._~" as %XX with upper-case digits.
std::string percent_encode(std::string_view text);

// Header names are the same whatever their case.
bool is_same_header(std::string_view one, std::string_view other);

struct QueryField {
  std::string name;   // decoded
  std::string value;  // decoded once
  std::string raw;    // the value as it came
};

class QueryFields {
 public:
  explicit QueryFields(std::string_view query);

  const QueryField* find(std::string_view name) const;  // the first of that name
  std::optional<std::string> value(std::string_view name) const;
  const std::vector<QueryField>& all() const { return fields_; }

 private:
  std::vector<QueryField> fields_;
};

// Whether an Accept-Encoding header takes gzip (RFC 9110 12.5.3: `gzip;q=0` does not).
bool accepts_gzip(std::string_view accept_encoding);

}  // namespace engagement::simulator
