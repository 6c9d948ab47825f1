#pragma once

#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>

#include "core/clock.hpp"
#include "simulator/common/message.hpp"
#include "simulator/sheets/options.hpp"
#include "simulator/sheets/service_account.hpp"

namespace engagement::simulator::sheets {

// What a token allows.
struct Grant {
  bool reads = false, writes = false;
};

// Google's token endpoint for service accounts, and the tokens it issued. Thread safe.
class Tokens {
 public:
  Tokens(const ServiceAccount& account, const Options& options, const Clock& clock)
      : account_(account), options_(options), clock_(clock) {}

  // POST /token with a form of grant_type and assertion: a JWT that the account signed, for `token_uri` or
  // Google's own, for at most an hour, for a scope of sheets or drive.
  Reply issue(const std::string& form, const std::string& token_uri);

  // nullopt for a token that was never issued or has expired.
  std::optional<Grant> find(const std::string& token) const;

  // Header and claims of a form's assertion, for the log: never the signature.
  static nlohmann::ordered_json claims_in(const std::string& form);

 private:
  struct Issued {
    Grant grant;
    SteadyTime until;
  };
  const ServiceAccount& account_;
  const Options& options_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::map<std::string, Issued> issued_;
};

}  // namespace engagement::simulator::sheets
