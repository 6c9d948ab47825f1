#pragma once

#include <string>
#include <vector>

#include "sources/sprinklr/sprinklr_fixture.hpp"
#include "sources/sprinklr/tokens.hpp"

namespace engagement::sprinklr {

using test::answer;
using test::fault;
using test::ScriptedAnswer;

inline ScriptedAnswer granted(int number, const Json& expires_in = 3600) {
  return answer(Json{
      {"access_token", "access-" + std::to_string(number)},
      {"refresh_token", "refresh+" + std::to_string(number) + "/="},
      {"token_type", "Bearer"},
      {"expires_in",
       expires_in}}.dump());
}

inline bool asks_for_token(const http::Request& request) { return has(request.url, "/oauth/token"); }

inline std::string authorization(const http::Request& request) {
  for (const auto& header : request.headers) {
    if (header.name == "Authorization") return header.value;
  }
  return {};
}

struct TokensFixture : SprinklrFixture {
  explicit TokensFixture(const Json& changes = Json::object(), TokenUse use = TokenUse::sync)
      : config(config_with({{"credentials",
                             [&] {
                               Json all = credentials_json();
                               all.update(changes);
                               return all;
                             }()},
                            {"environment", "prod4"}})),
        account(std::make_shared<Account>(config, use)) {}

  // One request for data, as any stream makes it.
  void call() { account->prove_credentials(context, stop.get_token()); }

  std::vector<http::Request> token_requests() const {
    std::vector<http::Request> all;
    for (const auto& request : client.requests()) {
      if (asks_for_token(request)) all.push_back(request);
    }
    return all;
  }
  std::vector<std::string> tokens_used() const {
    std::vector<std::string> all;
    for (const auto& request : client.requests()) {
      if (!asks_for_token(request)) all.push_back(authorization(request));
    }
    return all;
  }

  Config config;
  std::shared_ptr<Account> account;
  engine::CommandContext context{environment, logger};
};

inline const std::string kMe = R"({"data":{"id":551},"errors":[]})";
inline const std::string kRefused =
    R"({"data":[],"errors":[{"message":"Unauthorized: the access token has expired"}]})";

}  // namespace engagement::sprinklr
