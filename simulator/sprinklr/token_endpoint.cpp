#include "simulator/sprinklr/token_endpoint.hpp"

#include "simulator/sprinklr/failure.hpp"

namespace engagement::simulator::sprinklr {

namespace {

using nlohmann::ordered_json;

bool is_form(const Request& request) {
  return request.header("Content-Type").value_or("").starts_with("application/x-www-form-urlencoded");
}

// Sprinklr's own words for a failed grant are not known; this is the form of RFC 6749.
Reply oauth_error(int status, const char* error, const char* description) {
  Reply reply;
  reply.status = status;
  reply.set_text(ordered_json{{"error", error}, {"error_description", description}}.dump());
  return reply;
}

}  // namespace

TokenRequest::TokenRequest(const Request& request)
    : request_(request), query_(request.query), form_(is_form(request) ? std::string_view(request.body) : "") {}

std::optional<std::string> TokenRequest::value(std::string_view name) const {
  auto value = query_.value(name);
  return value ? value : form_.value(name);
}

ordered_json TokenRequest::seen(const Options& options, const Tokens& tokens) const {
  ordered_json parameters = ordered_json::object();
  for (const auto* fields : {&query_, &form_}) {
    for (const QueryField& field : fields->all()) {
      std::string verdict = "given";
      if (field.name == "grant_type" || field.name == "redirect_uri") verdict = field.value;
      if (field.name == "client_id") verdict = field.value == options.client_id ? "right" : "wrong";
      if (field.name == "client_secret") verdict = field.value == options.client_secret ? "right" : "wrong";
      if (field.name == "refresh_token") {
        verdict = tokens.is_present_refresh(field.value) ? "right" : tokens.was_refresh(field.value) ? "used" : "wrong";
      }
      parameters[field.name] = verdict;
    }
  }
  return parameters;
}

Reply TokenRequest::answer(const Options& options, Tokens& tokens) const {
  if (!request_.header("Content-Length") && !request_.header("Transfer-Encoding")) {
    return to_reply({411, "Length Required"});
  }
  if (!request_.body.empty() && !is_form(request_)) return to_reply({415, "Unsupported Media Type"});
  if (value("client_id") != options.client_id || value("client_secret") != options.client_secret) {
    return oauth_error(401, "invalid_client", "Invalid APIKey/ClientID");
  }
  const std::string grant = value("grant_type").value_or("");
  std::optional<Tokens::Pair> pair;
  if (grant == "refresh_token") {
    const auto redirect = value("redirect_uri");
    if (!redirect) return oauth_error(400, "invalid_request", "redirect_uri is required");
    if (*redirect != options.redirect_uri) return oauth_error(400, "invalid_grant", "redirect_uri does not match");
    pair = tokens.refresh(value("refresh_token").value_or(""));
    if (!pair) return oauth_error(400, "invalid_grant", "Invalid refresh token");
  } else if (grant == "client_credentials") {
    pair = tokens.mint();
  } else if (grant == "authorization_code") {
    return oauth_error(400, "invalid_grant", "The code is invalid or has expired");
  } else {
    return oauth_error(400, "unsupported_grant_type", "grant_type is not supported");
  }
  Reply reply;
  ordered_json body = {
      {"access_token", pair->access}, {"refresh_token", pair->refresh}, {"token_type", "Bearer"}, {"expires_in", 0}};
  if (options.expires_in_text) {
    body["expires_in"] = std::to_string(pair->life.count());
  } else {
    body["expires_in"] = pair->life.count();
  }
  reply.headers.emplace_back("SPR-TOKEN-VERSION", "2");
  reply.set_text(body.dump());
  return reply;
}

}  // namespace engagement::simulator::sprinklr
