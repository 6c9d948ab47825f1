#include "sources/sprinklr/account.hpp"

#include <fmt/format.h>

namespace engagement::sprinklr {

Account::Account(const Config& config, TokenUse use)
    : base_url_(config.base_url),
      key_(config.credentials.client_id),
      gate_(config.workers),
      quota_(config),
      tokens_(config, use) {}

http::Request Account::request(http::Method method, const std::string& path) const {
  http::Request request;
  request.method = method;
  request.url = base_url_ + path;
  request.headers = {{"Key", key_}, {"Accept", "application/json"}};
  return request;
}

http::Request Account::get(const std::string& path) const { return request(http::Method::get, path); }

http::Request Account::post(const std::string& path, std::string body) const {
  auto post = request(http::Method::post, path);
  post.headers.push_back({"Content-Type", "application/json"});
  post.body = std::move(body);
  return post;
}

void Account::prove_credentials(engine::Context& context, const std::stop_token& stop) {
  const auto rules = rules_for(
      Special::none,
      "The token's user may not even ask who the token belongs to. Give its role \"Generate API Token\"; and where "
      "another client uses the same API key, give this source a key of its own.");
  const rest::Caller caller("Sprinklr", rules, gate_, &quota_, &tokens_);
  rest::PageShape shape{{"data"}, failure_values()};
  rest::Page page;
  rest::Answer answer;
  const auto action =
      rest::call_page(caller, get("/api/v2/me"), "GET /api/v2/me", shape, judge_page, page, answer, context, stop);
  if (action != rest::Action::ok)
    throw system_error(fmt::format("Sprinklr answered \"{}\".", answer.text), "GET /api/v2/me");
  tokens_.prove();
}

StreamCaller::StreamCaller(std::shared_ptr<Account> account, Special special, std::string_view permission)
    : account_(std::move(account)),
      forbidden_(fmt::format("The token's user lacks a permission, or the workspaces chosen when logging in do not "
                             "include this data. Needed: {}.",
                             permission)),
      rules_(rules_for(special, forbidden_)),
      caller_("Sprinklr", rules_, account_->gate_, &account_->quota_, &account_->tokens_) {}

}  // namespace engagement::sprinklr
