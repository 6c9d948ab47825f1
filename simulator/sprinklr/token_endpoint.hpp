#pragma once

#include "simulator/common/http_text.hpp"
#include "simulator/common/message.hpp"
#include "simulator/sprinklr/tokens.hpp"

namespace engagement::simulator::sprinklr {

// POST /oauth/token (reference 1.2): parameters in the query or as a form, the query's first.
class TokenRequest {
 public:
  explicit TokenRequest(const Request& request);

  std::optional<std::string> value(std::string_view name) const;
  // For the log: the names that came, and whether each value is right, without any value.
  nlohmann::ordered_json seen(const Options& options, const Tokens& tokens) const;

  Reply answer(const Options& options, Tokens& tokens) const;

 private:
  const Request& request_;
  QueryFields query_, form_;
};

}  // namespace engagement::simulator::sprinklr
