#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/request_gate.hpp"
#include "rest/page.hpp"
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
// The same answer; a failure without words of its own shows the beginning of its body.
rest::Answer with_words(rest::Answer answer, const http::Response& response);
// How a page was meant, by its members "status", "error" and "code": its shape must want them.
rest::Answer judge_page(const rest::Page& page);
const std::vector<std::string>& envelope_values();
// The same, of a page whose one record is the whole answer.
rest::Answer judge_whole_answer(const rest::Page& page);
// The text of a member of such an answer; nullopt where it is absent or null.
std::optional<std::string> text_in_answer(const rest::Page& page, std::string_view name);
// As much of CleverTap's text as a message shows.
std::string shortened(std::string_view text);
// `["Invalid event : X"]` -> `Invalid event : X`.
std::string plain_words(std::string_view error);

// The names that GET /getSchema?type=events lists, in CleverTap's order.
struct EventNames {
  std::vector<std::string> names;
  std::size_t without_name = 0;  // entries that could not be read
};
// Throws a system ConnectorError where there is no list, or one of which no entry has a name.
EventNames event_names_in(const protocol::Json& event_schema);

// An answer, or that this passcode, or this project, does not have the endpoint.
struct Permitted {
  protocol::Json answer;  // null where it is refused
  std::string refusal;    // CleverTap's, a sentence; empty where there is an answer
};

// The API of one CleverTap project: its host, its credentials, its limit of concurrent requests, and how its answers
// are judged (https://developer.clevertap.com/docs/api-errors). Shared by the streams of a process; thread safe.
class Account {
 public:
  explicit Account(const Config& config);

  // Requests carry the credentials; a GET must not have a Content-Type
  // (https://developer.clevertap.com/docs/get-user-profiles-api).
  http::Request get(const std::string& path_and_query) const;
  http::Request post(const std::string& path_and_query, std::string body) const;

  // They differ in their rules, see answer_rules.hpp, and share the limit of concurrent requests.
  const rest::Caller& caller() const { return caller_; }
  const rest::Caller& page_caller() const { return page_caller_; }
  const rest::Caller& query_caller() const { return query_caller_; }
  const rest::Caller& result_caller() const { return result_caller_; }
  const rest::Caller& lookup_caller() const { return lookup_caller_; }
  const rest::Caller& probe_caller() const { return probe_caller_; }
  // Requests that CleverTap lets us have in flight at present.
  std::size_t concurrency() const { return gate_.limit(); }
  // CleverTap throttles: one request less at a time from now on.
  void asks_for_less() const { gate_.too_many(); }

  // The project's events and their properties, as CleverTap lists them. Throws ConnectorError, not where 403 or 404
  // refuses the list: that takes credentials that are good.
  Permitted event_schema(engine::Context& context, const std::stop_token& stop) const;
  // The names of all events that the project knows, in CleverTap's order. Throws ConnectorError.
  std::vector<std::string> event_names(engine::Context& context, const std::stop_token& stop) const;
  // Proves the credentials by another cheap call, which may be refused as well. Throws ConnectorError.
  void prove_credentials(engine::Context& context, const std::stop_token& stop) const;

 private:
  // Reads a small answer whole.
  Permitted ask(const http::Request& request, std::string_view what, engine::Context& context,
                const std::stop_token& stop) const;
  http::Request request(http::Method method, const std::string& path_and_query) const;

  std::string base_url_;
  std::string account_id_;
  std::string passcode_;
  mutable engine::RequestGate gate_;
  rest::Caller caller_;
  rest::Caller page_caller_;
  rest::Caller query_caller_;
  rest::Caller result_caller_;
  rest::Caller lookup_caller_;
  rest::Caller probe_caller_;
  rest::Caller proof_caller_;
};

}  // namespace engagement::clevertap
