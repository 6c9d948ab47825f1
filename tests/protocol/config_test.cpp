#include "protocol/config.hpp"

#include "support/catch.hpp"

using namespace engagement;
using namespace engagement::protocol;
using Sentences = std::vector<std::string>;

namespace {

// A specification with one field for each keyword that a specification uses.
const Json& spec() {
  static const Json parsed = Json::parse(R"json({
    "$schema": "http://json-schema.org/draft-07/schema#", "title": "Toy", "type": "object",
    "required": ["account", "passcode", "start_date"], "additionalProperties": false,
    "properties": {
      "account": {"type": "string", "title": "Account ID", "order": 0, "minLength": 1, "examples": ["ABC-123"]},
      "passcode": {"type": "string", "title": "Passcode", "airbyte_secret": true, "pattern": "^[a-z0-9-]+$",
                   "pattern_descriptor": "letters and dashes"},
      "start_date": {"type": "integer", "title": "Start date", "minimum": 20000101, "maximum": 20991231, "examples": [20260101]},
      "region": {"type": "string", "title": "Region", "enum": ["", "eu1", "in1", "us1"], "default": ""},
      "rate": {"type": "number", "title": "Rate", "exclusiveMinimum": 0, "maximum": 1.5},
      "workers": {"type": "integer", "minimum": 1},
      "drift": {"type": "boolean", "title": "Drift report"},
      "day": {"type": ["string", "null"], "title": "Day", "format": "date"},
      "moment": {"type": "string", "title": "Moment", "format": "date-time"},
      "month": {"type": "string", "title": "Month", "pattern": "^[0-9]{4}-[0-9]{2}$", "pattern_descriptor": "YYYY-MM"},
      "plain": {"type": "string", "pattern": "^x"},
      "names": {"type": "array", "title": "Event names", "items": {"type": "string", "minLength": 2, "maxLength": 5},
                "minItems": 1, "maxItems": 3, "uniqueItems": true},
      "limits": {"type": "array", "title": "Limits", "items": {"type": "integer"}},
      "tokens": {"type": "array", "title": "Tokens", "items": {"type": "string", "airbyte_secret": true, "enum": ["aaaa"]}},
      "level": {"type": "integer", "title": "Level", "enum": [1, 2]},
      "credentials": {
        "type": "object", "title": "Credentials",
        "oneOf": [
          {"title": "API token", "required": ["kind", "token"],
           "properties": {"kind": {"type": "string", "const": "token"},
                          "token": {"type": "string", "title": "Token", "airbyte_secret": true}}},
          {"title": "OAuth", "required": ["kind", "client_id", "client_secret"],
           "properties": {"kind": {"type": "string", "enum": ["oauth"]},
                          "client_id": {"type": "string", "title": "Client ID"},
                          "client_secret": {"type": "string", "title": "Client secret", "airbyte_secret": true},
                          "port": {"type": "integer", "title": "Port", "maximum": 65535}}}]}
    }})json");
  return parsed;
}

// A valid config with these members set.
Json config_with(const std::string& members) {
  Json config = Json::parse(R"({"account":"A","passcode":"hunter-2","start_date":20260101})");
  const Json more = Json::parse("{" + members + "}");
  for (const auto& [key, value] : more.items()) config[key] = value;
  return config;
}

Sentences violations(const std::string& members) { return validate_config(config_with(members), spec()); }

std::string coerced(const std::string& members) {
  Json config = Json::parse("{" + members + "}");
  coerce_to_spec(config, spec());
  return config.dump();
}

std::string parse_error(const std::string& text) {
  try {
    (void)parse_config(text);
  } catch (const ConnectorError& error) {
    CHECK(error.type() == FailureType::config);
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("a config is read with its keys in order") {
  CHECK(parse_config(R"({"b":1,"a":{"d":[1.50,"x"],"c":null}})").dump() == R"({"b":1,"a":{"d":[1.5,"x"],"c":null}})");
  CHECK(parse_config("\xef\xbb\xbf{}") == Json::object());
}

TEST_CASE("a config that is not JSON is refused with line and column and no word of it") {
  const std::string error = parse_error("{\n  \"passcode\": \"hunter2\",\n  \"a\": hunter2\n}");
  CAPTURE(error);
  CHECK(error.find("line 3, column 8") != std::string::npos);
  CHECK(error.find("hunter2") == std::string::npos);
  CHECK(error.find("invalid literal") != std::string::npos);
  CHECK(parse_error("{\"a\":\"hunter2").find("hunter2") == std::string::npos);
  CHECK(parse_error("{\"a\":\"hunter2; expected hunter2\n\"}").find("hunter2") == std::string::npos);
  CHECK(parse_error(R"({"a":1e999})").find("too large") != std::string::npos);
}

TEST_CASE("a config that is empty or no object is refused") {
  CHECK(parse_error("").find("empty") != std::string::npos);
  CHECK(parse_error(" \n").find("empty") != std::string::npos);
  CHECK(parse_error("[]").find("not an array") != std::string::npos);
  CHECK(parse_error("null").find("not nothing") != std::string::npos);
  CHECK(parse_error(R"("text")").find("not text") != std::string::npos);
}

TEST_CASE("nesting is followed 500 levels deep, brackets inside of texts do not count") {
  const auto nested = [](std::size_t depth) {
    return "{\"a\":" + std::string(depth, '[') + std::string(depth, ']') + "}";
  };
  CHECK(parse_error(nested(499)) == "no error");
  CHECK(parse_error(nested(500)).find("500 levels") != std::string::npos);
  CHECK(parse_error(nested(1'000'000)).find("500 levels") != std::string::npos);
  CHECK(parse_error("{\"a\":\"\\\"" + std::string(1000, '[') + "\"}") == "no error");
  CHECK(parse_error("{\"a\":[" + std::string(1000, ' ') + "[],[],[{}]]}") == "no error");
}

TEST_CASE("numbers given as text become numbers where the spec wants them") {
  CHECK(coerced(R"("start_date":"20260101")") == R"({"start_date":20260101})");
  CHECK(coerced(R"("start_date":" -5 ")") == R"({"start_date":-5})");
  CHECK(coerced(R"("start_date":"500.0")") == R"({"start_date":500})");
  CHECK(coerced(R"("start_date":500.0)") == R"({"start_date":500})");
  CHECK(coerced(R"("rate":"0.25")") == R"({"rate":0.25})");
  CHECK(coerced(R"("rate":"3")") == R"({"rate":3})");
  CHECK(coerced(R"("rate":"1e3")") == R"({"rate":1000.0})");
  CHECK(coerced(R"("limits":["1",2,"x"])") == R"({"limits":[1,2,"x"]})");
}

TEST_CASE("booleans given as text become booleans where the spec wants them") {
  CHECK(coerced(R"("drift":"true")") == R"({"drift":true})");
  CHECK(coerced(R"("drift":" False ")") == R"({"drift":false})");
}

TEST_CASE("what would lose something or is no such value is left for validation") {
  for (const std::string same : {R"("start_date":"2026-01-01")",
                                 R"("start_date":"5.5")",
                                 R"("start_date":5.5)",
                                 R"("start_date":"0x10")",
                                 R"("start_date":"99999999999999999999")",
                                 R"("start_date":true)",
                                 R"("rate":"nan")",
                                 R"("rate":"inf")",
                                 R"("rate":"1e999")",
                                 R"("rate":"0.12345678901234567890")",
                                 R"("rate":"1,5")",
                                 R"("drift":"yes")",
                                 R"("drift":1)",
                                 R"("drift":"1")",
                                 R"("account":5)",
                                 R"("account":"5")",
                                 R"("region":"true")",
                                 R"("unknown":"5")",
                                 R"("names":"one")",
                                 R"("start_date":"")",
                                 R"("start_date":null)",
                                 R"("start_date":[])"}) {
    CHECK(coerced(same) == "{" + same + "}");
  }
}

TEST_CASE("optional fields that are null, or empty where no text is wanted, are removed") {
  CHECK(coerced(R"("region":null,"drift":null,"day":null,"credentials":null,"account":"x")") == R"({"account":"x"})");
  CHECK(coerced(R"("rate":"","drift":" ","names":"","credentials":"","workers":"")") == "{}");
  CHECK(coerced(R"("region":"","month":"","unknown":null)") == R"({"region":"","month":"","unknown":null})");
}

TEST_CASE("required fields are never removed") {
  CHECK(coerced(R"("account":null,"start_date":null)") == R"({"account":null,"start_date":null})");
}

TEST_CASE("the chosen variant of a oneOf is fitted too") {
  CHECK(coerced(R"("credentials":{"kind":"oauth","port":"8080","client_id":null})") ==
        R"({"credentials":{"kind":"oauth","port":8080,"client_id":null}})");
  CHECK(coerced(R"("credentials":{"kind":"oauth","port":""})") == R"({"credentials":{"kind":"oauth"}})");
  CHECK(coerced(R"("credentials":{"kind":"token","port":"8080"})") ==
        R"({"credentials":{"kind":"token","port":"8080"}})");
  CHECK(coerced(R"("credentials":{"kind":"other","port":"8080"})") ==
        R"({"credentials":{"kind":"other","port":"8080"}})");
}

TEST_CASE("a valid config has no violations, and unknown fields are allowed") {
  CHECK(violations("") == Sentences{});
  CHECK(violations(R"("_limit":5,"unknown":{"x":[]})") == Sentences{});
  CHECK(violations(R"("region":"us1","rate":1.5,"drift":true,"day":"2026-01-31","moment":"2026-01-31T10:20:30.5+02:00",
    "month":"2026-01","names":["ab","cde"],"limits":[],"level":2,"plain":"xy",
    "credentials":{"kind":"oauth","client_id":"i","client_secret":"s","port":1,"extra":1})") == Sentences{});
  CHECK(violations(R"("credentials":{"kind":"token","token":"t"},"day":null)") == Sentences{});
}

TEST_CASE("a value that is not in the list is named with the list and the nearest of it") {
  CHECK(violations(R"("region":"us9")") ==
        Sentences{R"(Region (region): "us9" is not one of "", "eu1", "in1", "us1". Did you mean "us1"?)"});
  CHECK(violations(R"("region":"somewhere")") ==
        Sentences{R"(Region (region): "somewhere" is not one of "", "eu1", "in1", "us1".)"});
  CHECK(violations(R"("level":3)") == Sentences{"Level (level): 3 is not one of 1, 2."});
}

TEST_CASE("a value of the wrong type is named with the right one and an example") {
  CHECK(violations(R"("start_date":"yesterday")") ==
        Sentences{R"(Start date (start_date): "yesterday" is not an integer, for example 20260101.)"});
  CHECK(violations(R"("start_date":2.5)") ==
        Sentences{"Start date (start_date): 2.5 is not an integer, for example 20260101."});
  CHECK(violations(R"("account":5)") == Sentences{R"(Account ID (account): 5 is not text, for example "ABC-123".)"});
  CHECK(violations(R"("drift":"yes")") == Sentences{R"(Drift report (drift): "yes" is not true or false.)"});
  CHECK(violations(R"("rate":[])") == Sentences{"Rate (rate): an array is not a number."});
  CHECK(violations(R"("names":{"a":1})") == Sentences{"Event names (names): an object is not a list."});
  CHECK(violations(R"("day":7)") == Sentences{"Day (day): 7 is not text."});
  CHECK(violations(R"("limits":[1,null,"x"])") ==
        Sentences{"Limits (limits[1]): null is not an integer.", R"(Limits (limits[2]): "x" is not an integer.)"});
}

TEST_CASE("a number out of its range is named with the range") {
  CHECK(violations(R"("start_date":5)") ==
        Sentences{"Start date (start_date): 5 is not between 20000101 and 20991231."});
  CHECK(violations(R"("start_date":20991232)").size() == 1);
  CHECK(violations(R"("workers":0)") == Sentences{"workers: 0 is less than 1, the least allowed."});
  CHECK(violations(R"("rate":2)") == Sentences{"Rate (rate): 2 is more than 1.5, the most allowed."});
  CHECK(violations(R"("rate":0)") == Sentences{"Rate (rate): 0 is not more than 0."});
  CHECK(violations(R"("credentials":{"kind":"oauth","client_id":"i","client_secret":"s","port":65536})") ==
        Sentences{"Port (credentials.port): 65536 is more than 65535, the most allowed."});
}

TEST_CASE("a text that is far too long for a pattern is refused before it is compared") {
  const auto sentences = violations(R"("plain":")" + std::string(1'000'000, 'x') + "\"");
  REQUIRE_FALSE(sentences.empty());
  CHECK(sentences.back().find("is longer than 10000 bytes") != std::string::npos);
}

TEST_CASE("a text that does not match is named with the pattern in words, or as it is") {
  CHECK(violations(R"("month":"January")") == Sentences{R"(Month (month): "January" does not look like YYYY-MM.)"});
  CHECK(violations(R"("plain":"y")") == Sentences{R"(plain: "y" does not match the pattern ^x.)"});
  CHECK(violations(R"("day":"2026-02-31")") == Sentences{R"(Day (day): "2026-02-31" is no date like 2026-01-31.)"});
  CHECK(violations(R"("moment":"2026-01-31 10:20")") ==
        Sentences{R"(Moment (moment): "2026-01-31 10:20" is no time like 2026-01-31T10:20:30Z.)"});
  CHECK(violations(R"("moment":"2026-02-31T10:20:30Z")").size() == 1);
}

TEST_CASE("texts and lists that are too short or too long are named") {
  CHECK(violations(R"("account":"")") == Sentences{"Account ID (account): is empty."});
  CHECK(violations(R"("names":["a","abcdef"])") ==
        Sentences{R"(Event names (names[0]): "a" is shorter than 2 characters.)",
                  R"(Event names (names[1]): "abcdef" is longer than 5 characters.)"});
  CHECK(violations("\"names\":[\"\xc3\xa9\"]").size() == 1);  // one character of two bytes
  CHECK(violations(R"("names":[])") == Sentences{"Event names (names): needs 1 entries or more, and has 0."});
  CHECK(violations(R"("names":["ab","cd","ef","gh"])") ==
        Sentences{"Event names (names): may have 3 entries, and has 4."});
  CHECK(violations(R"("names":["ab","ab"])") == Sentences{"Event names (names): has an entry twice."});
}

TEST_CASE("a required field that is missing or null is named with what was written instead") {
  CHECK(validate_config(Json::parse(R"({"account":"A","pass_code":"hunter2","start_date":20260101})"), spec()) ==
        Sentences{R"(Passcode (passcode): required, but missing. Did you mean it by "pass_code"?)"});
  CHECK(validate_config(Json::parse(R"({"account":null,"passcode":"x"})"), spec()) ==
        Sentences{R"(Account ID (account): required, but missing, for example "ABC-123".)",
                  "Start date (start_date): required, but missing, for example 20260101."});
  CHECK(validate_config(Json::object(), spec()).size() == 3);
}

TEST_CASE("every violation is named, not the first alone") {
  CHECK(violations(R"("region":"x","workers":0,"account":"")").size() == 3);
}

TEST_CASE("a oneOf is judged by the variant that its constant chooses") {
  CHECK(violations(R"("credentials":{"kind":"oauth","client_id":7})") ==
        Sentences{"Client secret (credentials.client_secret): required, but missing.",
                  "Client ID (credentials.client_id): 7 is not text."});
  CHECK(violations(R"("credentials":{"kind":"token","token":""})") == Sentences{});
}

TEST_CASE("a oneOf whose constant is missing or unknown is named with the choices") {
  CHECK(
      violations(R"("credentials":{})") ==
      Sentences{
          R"(Credentials (credentials.kind): required, but missing; it has to be one of "token" (API token), "oauth" (OAuth).)"});
  CHECK(
      violations(R"("credentials":{"kind":"OAuth"})") ==
      Sentences{
          R"(Credentials (credentials.kind): "OAuth" is not one of "token" (API token), "oauth" (OAuth). Did you mean "oauth"?)"});
}

TEST_CASE("the value of a secret field is never shown") {
  const Sentences all[]{
      violations(R"("passcode":"Hunter 2!")"),
      violations(R"("passcode":123454321)"),
      violations(R"("passcode":{"hunter":"Hunter 2!"})"),
      violations(R"("tokens":["aaab","Hunter 2!"])"),
      violations(R"("tokens":"Hunter 2!")"),
      violations(R"("credentials":"Hunter 2!")"),
      violations(R"("credentials":{"kind":"oauth","client_id":"i","client_secret":123454321})"),
  };
  for (const auto& sentences : all) {
    REQUIRE_FALSE(sentences.empty());
    for (const auto& sentence : sentences) {
      CAPTURE(sentence);
      CHECK(sentence.find("Hunter 2!") == std::string::npos);
      CHECK(sentence.find("123454321") == std::string::npos);
      CHECK(sentence.find("Did you mean") == std::string::npos);
    }
  }
  CHECK(violations(R"("passcode":"Hunter 2!")") ==
        Sentences{"Passcode (passcode): the value given (not shown) does not look like letters and dashes."});
}

TEST_CASE("everything below a secret field is secret") {
  const Json vault = Json::parse(R"({"type":"object","properties":{"vault":{"type":"object","airbyte_secret":true,
    "properties":{"pin":{"type":"integer"}}}}})");
  const Json config = Json::parse(R"({"vault":{"pin":"Hunter 2!"}})");
  CHECK(validate_config(config, vault) == Sentences{"vault.pin: the value given (not shown) is not an integer."});
  CHECK(secret_values(config, vault) == Sentences{"Hunter 2!"});
}

TEST_CASE("a long value is shown by its beginning") {
  const auto sentences = violations("\"region\":\"" + std::string(500, 'z') + "\"");
  REQUIRE(sentences.size() == 1);
  CHECK(sentences[0].find(std::string(60, 'z') + "\xe2\x80\xa6\"") != std::string::npos);
  CHECK(sentences[0].find(std::string(61, 'z')) == std::string::npos);
}

TEST_CASE("what only the validator knows is still refused, at its place") {
  const Json odd = Json::parse(R"({"type":"object","properties":{"a":{"type":"object","minProperties":2},
    "b":{"type":"integer","multipleOf":5},"c":{"oneOf":[{"type":"string"},{"type":"integer"}]}}})");
  const auto a = validate_config(Json::parse(R"({"a":{"x":1}})"), odd);
  REQUIRE_FALSE(a.empty());
  CHECK(a[0].find("a: is not what the specification allows") == 0);
  CHECK_FALSE(validate_config(Json::parse(R"({"b":7})"), odd).empty());
  CHECK_FALSE(validate_config(Json::parse(R"({"c":true})"), odd).empty());
  CHECK(validate_config(Json::parse(R"({"a":{"x":1,"y":2},"b":10,"c":"text"})"), odd).empty());
}

TEST_CASE("a property named like a keyword is a property") {
  const Json odd = Json::parse(R"({"type":"object","required":["format"],"properties":{"format":{"type":"string"},
    "additionalProperties":{"type":"integer"}},"additionalProperties":false})");
  CHECK(validate_config(Json::parse(R"({"format":"x","additionalProperties":1,"else":1})"), odd).empty());
  CHECK(validate_config(Json::parse(R"({"format":1})"), odd).size() == 1);
  CHECK(validate_config(Json::parse(R"({"format":"x","additionalProperties":"y"})"), odd).size() == 1);
}

TEST_CASE("a faulty specification is the connector's error, not the user's") {
  const Json faulty = Json::parse(R"({"type":"object","properties":{"a":{"minimum":"x"}}})");
  try {
    (void)validate_config(Json::parse(R"({"a":1})"), faulty);
    FAIL("no error");
  } catch (const ConnectorError& error) {
    CHECK(error.type() == FailureType::system);
  }
}

TEST_CASE("the texts of all secret fields are found, in lists and in every variant of a oneOf") {
  const Json config = config_with(
      R"("tokens":["t-1","t-2","t-1"],"credentials":{"kind":"oauth","token":"left over","client_secret":"c-s","client_id":"public"})");
  CHECK(secret_values(config, spec()) == Sentences{"hunter-2", "t-1", "t-2", "left over", "c-s"});
}

TEST_CASE("secrets of a wrong type are secret too") {
  CHECK(secret_values(Json::parse(R"({"passcode":123454321,"tokens":"not here"})"), spec()) == Sentences{"123454321"});
  CHECK(secret_values(Json::parse(R"({"passcode":{"a":["deep",null,true]}})"), spec()) == Sentences{"deep"});
  CHECK(secret_values(Json::parse(R"({"passcode":null})"), spec()).empty());
  CHECK(secret_values(Json::parse(R"({"passcode":""})"), spec()).empty());
  CHECK(secret_values(Json::object(), spec()).empty());
}
