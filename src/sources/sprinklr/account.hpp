#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/request_gate.hpp"
#include "rest/caller.hpp"
#include "sources/sprinklr/answers.hpp"
#include "sources/sprinklr/config.hpp"
#include "sources/sprinklr/quota.hpp"
#include "sources/sprinklr/tokens.hpp"

namespace engagement::sprinklr {

// The API as one key sees it: its host and environment, its token, its quota. Shared by all streams of a process;
// thread safe.
class Account {
 public:
  Account(const Config& config, TokenUse use);
  Account(const Account&) = delete;
  Account& operator=(const Account&) = delete;

  // Requests carry the key; the token comes when they are sent. `path` begins with a slash and is encoded.
  http::Request get(const std::string& path) const;
  http::Request post(const std::string& path, std::string body) const;

  const Tokens& tokens() const { return tokens_; }
  // Proves key, token and environment by a call that any role may make (GET /api/v2/me). Throws ConnectorError.
  void prove_credentials(engine::Context& context, const std::stop_token& stop);

 private:
  friend class StreamCaller;

  http::Request request(http::Method method, const std::string& path) const;

  const std::string base_url_;
  const std::string key_;
  engine::RequestGate gate_;
  Quota quota_;
  Tokens tokens_;
};

// Makes one stream's calls on an account. Its messages name the permission that the stream needs.
class StreamCaller {
 public:
  // `permission` completes "… lacks a permission: the stream needs …".
  StreamCaller(std::shared_ptr<Account> account, Special special, std::string_view permission);
  StreamCaller(const StreamCaller&) = delete;
  StreamCaller& operator=(const StreamCaller&) = delete;

  const Account& account() const { return *account_; }
  const rest::Caller& caller() const { return caller_; }

 private:
  const std::shared_ptr<Account> account_;
  const std::string forbidden_;
  const std::vector<rest::Rule> rules_;
  const rest::Caller caller_;
};

}  // namespace engagement::sprinklr
