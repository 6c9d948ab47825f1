#pragma once

#include <string>

#include "core/clock.hpp"
#include "sources/clevertap/sheet/sheet_config.hpp"

namespace engagement::clevertap {

// The JSON Web Token by which a service account asks Google for an access token to read sheets: RS256, good for an hour
// (https://developers.google.com/identity/protocols/oauth2/service-account#authorizingrequests). It is as secret as the
// token. Throws a config ConnectorError where the private key is none.
std::string signed_assertion(const ServiceAccountKey& key, SystemTime now);

}  // namespace engagement::clevertap
