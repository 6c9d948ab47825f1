#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/request_gate.hpp"
#include "rest/caller.hpp"
#include "sources/clevertap/config.hpp"

namespace engagement::clevertap {

// CleverTap's envelope: {"status":"success"|"fail","error":…,"code":…}. `error` may be a text, a list, or a text that
// holds a list; the reader gets plain words.
struct Envelope {
  std::optional<std::string> status;
  std::string error;
  std::optional<std::int64_t> code;
};
rest::Answer to_answer(int http_status, const Envelope& envelope);
// For a body that is not JSON: what a person can make of it.
rest::Answer unreadable_answer(int http_status, std::string_view body, std::string_view why);
// `["Invalid event : X"]` -> `Invalid event : X`.
std::string plain_words(std::string_view error);

// The API of one CleverTap project: its host, its credentials, its limit of concurrent requests, and how its answers
// are judged (https://developer.clevertap.com/docs/api-errors). Shared by the streams of a process; thread safe.
class Account {
 public:
  explicit Account(const Config& config);

  // Requests carry the credentials; a GET must not have a Content-Type
  // (https://developer.clevertap.com/docs/get-user-profiles-api).
  http::Request get(const std::string& path_and_query) const;
  http::Request post(const std::string& path_and_query, std::string body) const;

  const rest::Caller& caller() const { return caller_; }

  // The names of all events that the project knows, in CleverTap's order. Throws ConnectorError.
  std::vector<std::string> event_names(engine::Context& context, const std::stop_token& stop) const;
  // Proves the credentials by a call that needs no particular right. Throws ConnectorError.
  void prove_credentials(engine::Context& context, const std::stop_token& stop) const;

 private:
  http::Request request(http::Method method, const std::string& path_and_query) const;

  std::string base_url_;
  std::string account_id_;
  std::string passcode_;
  mutable engine::RequestGate gate_;
  rest::Caller caller_;
};

}  // namespace engagement::clevertap
