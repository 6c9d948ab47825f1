#include "sources/sprinklr/tokens.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "sources/sprinklr/answers.hpp"

namespace engagement::sprinklr {

namespace {

using protocol::Json;
using std::chrono::seconds;

// A request may take a while to arrive, and clocks differ.
constexpr seconds kBeforeTheEnd{120};
// Between two tries to replace a token that still works.
constexpr seconds kBetweenTries{30};
// A refresh is not begun where `check` would cut it off at once.
constexpr seconds kTimeForRefresh{10};
// A token that is younger has not ended, whatever Sprinklr calls it.
constexpr std::chrono::minutes kYoung{10};

constexpr std::string_view kRequestName = "POST /oauth/token";

constexpr std::string_view kLogInAgain =
    "Log in to Sprinklr again (https://dev.sprinklr.com/oauth-2-0-for-customers) and enter the new access token and "
    "refresh token in the source's settings.";

bool has(std::string_view text, std::string_view part) { return contains_ignoring_case(text, part); }

std::optional<seconds> seconds_of(const Json& value) {
  const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
  double number = 0;
  char* end = nullptr;
  number = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0' || !(number > 0) || number > 1e10) return std::nullopt;
  return seconds(static_cast<std::int64_t>(number));
}

// What Sprinklr says where it refuses: nothing has been used up then. The answer's own words are shown.
ConnectorError refusal(const rest::Answer& answer, const Credentials& credentials) {
  const std::string_view words = answer.text;
  const auto because = [&](std::string_view what_to_do) {
    return config_error(
        fmt::format("Sprinklr gave no access token: HTTP {} (\"{}\"). {}", answer.status, answer.text, what_to_do),
        "POST /oauth/token");
  };
  if (answer.status == 429 || has(words, "over qps") || has(words, "over rate")) {
    return transient_error(fmt::format("Sprinklr refused a request for an access token because there were too many "
                                       "requests (\"{}\").",
                                       answer.text),
                           "POST /oauth/token");
  }
  if (answer.status == 421) {
    return because(
        "The API key belongs to another environment: correct Environment (environment). In Sprinklr, look for "
        "\"sentry-environment\" in the source of any page.");
  }
  if (has(words, "redirect")) {
    return because(
        "Redirect URI (credentials.redirect_uri) has to be the callback of the app in Sprinklr's developer portal, "
        "letter by letter.");
  }
  if (has(words, "apikey") || has(words, "api key") || has(words, "clientid") || has(words, "client_id") ||
      has(words, "invalid_client") || has(words, "consumer key") || has(words, "wrong key") ||
      has(words, "developer inactive") || has(words, "secret")) {
    return because(
        "Check Client ID and Client Secret (credentials.client_id, credentials.client_secret): they are the app's API "
        "key and secret in Sprinklr's developer portal.");
  }
  if (credentials.type == Credentials::Type::refresh_token &&
      (answer.status == 401 || has(words, "invalid_grant") || has(words, "refresh") || has(words, "token"))) {
    return because(
        fmt::format("The refresh token has been used before, most likely by another client of the same API "
                    "key: each use ends the tokens of all others, so every source needs an API key of its "
                    "own. {}",
                    kLogInAgain));
  }
  return because("Check the credentials, API Host (api_host) and Environment (environment).");
}

ConnectorError no_longer_accepted() {
  return config_error(
      "Sprinklr no longer accepts the access token: it has ended, or another client of the same API key has got one "
      "since. Enter a new one (credentials.access_token), or choose the authentication by refresh token, which renews "
      "it.");
}

// Faults before anything was sent.
bool never_sent(http::TransportFault fault) {
  using http::TransportFault;
  return fault == TransportFault::cannot_resolve || fault == TransportFault::cannot_connect ||
         fault == TransportFault::tls;
}

// Whether Sprinklr says nothing about the refresh token: it may have been used up or not.
bool leaves_open(const rest::Answer& answer) {
  return answer.status >= 500 || answer.status == 408 || answer.status == 425 || has(answer.text, "please try again");
}

constexpr std::string_view kNoAnswer = "Sprinklr gave no access token for the whole retry time.";

constexpr std::array kMintingRules = {
    rest::Rule{.name = "over qps",
               .statuses = 403,
               .text = "over qps",
               .action = rest::Action::slow_down,
               .advice = "Sprinklr refused too many requests.",
               .pause = seconds(1)},
    rest::Rule{.name = "over rate",
               .statuses = 403,
               .text = "over rate",
               .action = rest::Action::slow_down,
               .advice = "Sprinklr's quota of requests is used up.",
               .pause = seconds(60)},
    rest::Rule{.name = "please try again",
               .statuses = {200, 499},
               .text = "please try again",
               .action = rest::Action::retry,
               .advice = kNoAnswer},
    rest::Rule{.name = "timeout", .statuses = 408, .action = rest::Action::retry, .advice = kNoAnswer},
    rest::Rule{.name = "too early", .statuses = 425, .action = rest::Action::retry, .advice = kNoAnswer},
    // Judged by refusal(), which has more to say.
    rest::Rule{.name = "refused", .statuses = {400, 428}, .action = rest::Action::skip},
};

}  // namespace

struct Tokens::Granted {
  std::string access_token;
  std::string refresh_token;  // empty: the old one stays
  std::optional<seconds> lifetime;

  // nullopt for an answer without an access token. Whatever it holds is a secret from then on.
  static std::optional<Granted> read(std::string_view body, engine::Context& context) {
    const Json json = Json::parse(body, nullptr, false);
    if (!json.is_object()) return std::nullopt;
    const auto text = [&](const char* key) {
      const auto found = json.find(key);
      return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
    };
    Granted granted{text("access_token"), text("refresh_token"), std::nullopt};
    if (auto* updates = context.environment().config_updates) {
      updates->add_secret(granted.access_token);
      updates->add_secret(granted.refresh_token);
    }
    for (const char* key : {"expires_in", "Expires_in"}) {
      if (const auto found = json.find(key); found != json.end()) granted.lifetime = seconds_of(*found);
    }
    return granted.access_token.empty() ? std::nullopt : std::optional(std::move(granted));
  }
};

Tokens::Tokens(const Config& config, TokenUse use)
    : use_(use),
      url_(config.base_url + "/oauth/token"),
      minting_("Sprinklr", kMintingRules, minting_gate_),
      config_(config.json),
      credentials_(config.credentials) {
  if (credentials_.expiry) renew_at_ = *credentials_.expiry - kBeforeTheEnd;
}

bool Tokens::is_ending(engine::Context& context) const {
  if (credentials_.access_token.empty()) return true;
  if (use_ == TokenUse::check || credentials_.type == Credentials::Type::access_token) return false;
  return renew_at_ && *renew_at_ <= context.environment().clock.now();
}

// A token of a short life is not renewed before half of it is over.
void Tokens::ends_after(std::optional<seconds> lifetime, engine::Context& context) {
  credentials_.expiry.reset();
  renew_at_.reset();
  if (!lifetime) return;
  credentials_.expiry = context.environment().clock.now() + *lifetime;
  renew_at_ = *credentials_.expiry - std::min(kBeforeTheEnd, *lifetime / 2);
}

void Tokens::authorize(http::Request& request, engine::Context& context, const std::stop_token& stop) {
  const std::lock_guard lock(mutex_);
  if (is_ending(context)) replace_ending(context, stop);
  request.headers.push_back({"Authorization", "Bearer " + credentials_.access_token});
}

// Where a token still works for a while, whoever cannot get another goes on with it.
void Tokens::replace_ending(engine::Context& context, const std::stop_token& stop) {
  try {
    get_another(context, stop);
  } catch (const ConnectorError& error) {
    const SystemTime now = context.environment().clock.now();
    const bool works = !credentials_.access_token.empty() && credentials_.expiry && now < *credentials_.expiry;
    if (!works || error.type() != FailureType::transient) throw;
    renew_at_ = std::min(now + kBetweenTries, *credentials_.expiry);
    context.log(engine::LogLevel::warn,
                fmt::format("{} The present one works until {}.", error.what(), to_rfc3339(*credentials_.expiry)));
  }
}

bool Tokens::renew(const http::Request& refused, const rest::Answer& answer, engine::Context& context,
                   const std::stop_token& stop) {
  const std::lock_guard lock(mutex_);
  const std::string current = "Bearer " + credentials_.access_token;
  for (const auto& header : refused.headers) {
    // It was sent before somebody else got the present one.
    if (header.name == "Authorization" && header.value != current) return true;
  }
  if (!may_have_ended(answer, context)) return false;
  context.log(engine::LogLevel::info, fmt::format("Sprinklr no longer accepts the access token (\"{}\")", answer.text));
  get_another(context, stop);
  return true;
}

// Some rights that are missing are answered by 401, too: every stream that meets one would use up a refresh token.
bool Tokens::may_have_ended(const rest::Answer& answer, engine::Context& context) const {
  if (is_ending(context)) return true;
  if (!got_at_ && !proven_) return true;
  if (!got_at_) return is_about_the_token(answer.text);
  return is_about_the_token(answer.text) && context.environment().clock.now() - *got_at_ >= kYoung;
}

// What the user has to mend before another one comes keeps it from every stream.
void Tokens::get_another(engine::Context& context, const std::stop_token& stop) {
  try {
    if (lost_) throw ConnectorError(*lost_);
    if (stop.stop_requested()) throw Stopped();
    switch (credentials_.type) {
      case Credentials::Type::refresh_token:
        return refresh(context);
      case Credentials::Type::client_credentials:
        return mint(context, stop);
      case Credentials::Type::access_token:
        throw no_longer_accepted();
    }
  } catch (const ConnectorError& error) {
    if (error.type() != FailureType::config) throw;
    throw ConnectorError(FailureType::config, error.what(), error.internal_message(), FailureScope::source);
  }
}

http::Request Tokens::token_request(const std::string& form) const {
  http::Request request;
  request.method = http::Method::post;
  request.url = url_;
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}};
  request.body = form;
  return request;
}

void Tokens::lose(const std::string& why) {
  lost_ = config_error(
      fmt::format("{} The refresh token may have been used up, and the next one may be lost. {}", why, kLogInAgain),
      std::string(kRequestName));
  throw ConnectorError(*lost_);
}

http::Request Tokens::refresh_request(const std::optional<SteadyTime>& deadline) const {
  std::string form =
      fmt::format("grant_type=refresh_token&client_id={}&client_secret={}&refresh_token={}",
                  http::percent_encoded(credentials_.client_id), http::percent_encoded(credentials_.client_secret),
                  http::percent_encoded(credentials_.refresh_token));
  if (!credentials_.redirect_uri.empty()) form += "&redirect_uri=" + http::percent_encoded(credentials_.redirect_uri);
  http::Request request = token_request(form);
  request.repeatable = false;
  request.deadline = deadline;
  return request;
}

void Tokens::refresh(engine::Context& context) {
  auto& environment = context.environment();
  if (environment.deadline && environment.clock.steady_now() + kTimeForRefresh > *environment.deadline) {
    throw transient_error("There was no time left to get a new access token. Try again.", std::string(kRequestName));
  }
  if (environment.config_updates != nullptr) environment.config_updates->prepare();
  // A stop does not cut it off, and a signal waits for it: the answer holds the only copy of the next token.
  const engine::CriticalWork::Guard guard(environment.critical_work);
  context.log(engine::LogLevel::info, "getting a new access token by the refresh token");
  http::Response response;
  environment.client.send(refresh_request(environment.deadline), response, {});
  context.answered(response);
  if (response.error) fail_without_answer(*response.error);
  if (response.status >= 200 && response.status < 300) {
    const auto granted = Granted::read(response.body.view(), context);
    // Its words are not shown: half an answer may hold half a token.
    if (!granted) lose("Sprinklr's answer with the new tokens could not be read.");
    return adopt(*granted, context);
  }
  const rest::Answer answer = judge_small(response);
  if (leaves_open(answer)) {
    lose(fmt::format("Sprinklr answered HTTP {} (\"{}\") where new tokens were asked for.", response.status,
                     answer.text));
  }
  const ConnectorError refused = refusal(answer, credentials_);
  if (refused.type() == FailureType::config) lost_ = refused;
  throw ConnectorError(refused);
}

void Tokens::fail_without_answer(const http::TransportError& error) {
  const std::string words = fmt::format("{}: {}", http::to_string(error.fault), error.detail);
  if (never_sent(error.fault)) {
    throw transient_error(fmt::format("Sprinklr could not be reached for a new access token (\"{}\").", words),
                          std::string(kRequestName));
  }
  if (error.fault == http::TransportFault::bad_url) {
    throw config_error(
        fmt::format("The address for new tokens cannot be used (\"{}\"). Check API Host (api_host).", words),
        std::string(kRequestName));
  }
  if (error.fault == http::TransportFault::refused_redirect) {
    lose(
        fmt::format("The address for new tokens leads elsewhere (\"{}\"), where they are not asked for a second time. "
                    "Check API Host (api_host) and Environment (environment).",
                    words));
  }
  if (error.fault == http::TransportFault::deadline) {
    lose("Sprinklr had not answered with the new tokens when the time for the check was over.");
  }
  lose(fmt::format("The connection broke off before Sprinklr's answer with the new tokens had arrived (\"{}\").",
                   words));
}

void Tokens::mint(engine::Context& context, const std::stop_token& stop) {
  const http::Request request = token_request(fmt::format("grant_type=client_credentials&client_id={}&client_secret={}",
                                                          http::percent_encoded(credentials_.client_id),
                                                          http::percent_encoded(credentials_.client_secret)));
  http::Response response;
  rest::Answer answer;
  std::optional<Granted> granted;
  const auto interpret = [&](http::Response& got) {
    if (got.status < 200 || got.status > 299) return judge_small(got);
    granted = Granted::read(got.body.view(), context);
    rest::Answer judged;
    judged.status = got.status;
    judged.succeeded = granted.has_value();
    judged.unreadable = !granted;
    judged.text = granted ? "" : "an answer without an access token";
    return judged;
  };
  const auto action = minting_.call(request, "POST /oauth/token", response, interpret, answer, context, stop);
  if (action != rest::Action::ok) throw ConnectorError(refusal(answer, credentials_));
  credentials_.access_token = granted->access_token;
  got_at_ = context.environment().clock.now();
  ends_after(granted->lifetime, context);
}

void Tokens::adopt(const Granted& granted, engine::Context& context) {
  credentials_.access_token = granted.access_token;
  if (!granted.refresh_token.empty()) credentials_.refresh_token = granted.refresh_token;
  got_at_ = context.environment().clock.now();
  ends_after(granted.lifetime, context);
  refreshed_ = true;

  Json& stored = config_["credentials"];
  stored["access_token"] = credentials_.access_token;
  stored["refresh_token"] = credentials_.refresh_token;
  if (credentials_.expiry) {
    stored["token_expiry_date"] = to_rfc3339(*credentials_.expiry);
  } else {
    stored.erase("token_expiry_date");
  }
  if (auto* updates = context.environment().config_updates) updates->replace(config_);
}

void Tokens::prove() {
  const std::lock_guard lock(mutex_);
  proven_ = true;
}

bool Tokens::refreshed() const {
  const std::lock_guard lock(mutex_);
  return refreshed_;
}

}  // namespace engagement::sprinklr
