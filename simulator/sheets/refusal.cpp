#include "simulator/sheets/refusal.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace engagement::simulator::sheets {

namespace {

using nlohmann::ordered_json;

Reply json_reply(int status, const ordered_json& body) {
  Reply reply;
  reply.status = status;
  reply.content_type = "application/json; charset=UTF-8";
  reply.set_text(body.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n");
  return reply;
}

}  // namespace

Reply Refusal::to_reply() const {
  ordered_json error = {{"code", code_}, {"message", what()}, {"status", status_}};
  if (!reason_.empty()) {
    error["details"] = {{{"@type", "type.googleapis.com/google.rpc.ErrorInfo"},
                         {"reason", reason_},
                         {"domain", "googleapis.com"},
                         {"metadata", {{"service", "sheets.googleapis.com"}}}}};
  }
  return json_reply(code_, {{"error", error}});
}

Refusal api_key_invalid() {
  return {400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", "API_KEY_INVALID"};
}

Refusal invalid_argument(const std::string& message) { return {400, "INVALID_ARGUMENT", message}; }

Refusal unauthenticated() {
  return {401, "UNAUTHENTICATED",
          "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid "
          "authentication credential.",
          "ACCESS_TOKEN_TYPE_UNSUPPORTED"};
}

Refusal no_caller() {
  return {403, "PERMISSION_DENIED",
          "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or "
          "other form of API consumer identity to call this API."};
}

Refusal permission_denied() { return {403, "PERMISSION_DENIED", "The caller does not have permission"}; }

Refusal insufficient_scope() {
  return {403, "PERMISSION_DENIED", "Request had insufficient authentication scopes.",
          "ACCESS_TOKEN_SCOPE_INSUFFICIENT"};
}

Refusal service_disabled() {
  return {403, "PERMISSION_DENIED",
          "Google Sheets API has not been used in project 100000000001 before or it is disabled.", "SERVICE_DISABLED"};
}

Refusal not_found() { return {404, "NOT_FOUND", "Requested entity was not found."}; }

Refusal quota_exceeded(bool of_writes) {
  const char* kind = of_writes ? "Write" : "Read";
  return {429, "RESOURCE_EXHAUSTED",
          fmt::format("Quota exceeded for quota metric '{0} requests' and limit '{0} requests per minute per user' of "
                      "service 'sheets.googleapis.com' for consumer 'project_number:100000000001'.",
                      kind),
          "RATE_LIMIT_EXCEEDED"};
}

Refusal internal_error() { return {500, "INTERNAL", "Internal error encountered."}; }

Refusal unavailable() { return {503, "UNAVAILABLE", "The service is currently unavailable."}; }

Reply token_error(const std::string& error, const std::string& description, int status) {
  return json_reply(status, {{"error", error}, {"error_description", description}});
}

}  // namespace engagement::simulator::sheets
