// The specification of every source, held to the rules of Airbyte's acceptance tests.

#include <functional>
#include <set>

#include "conformance/subjects.hpp"
#include "core/error.hpp"
#include "protocol/config.hpp"
#include "support/catch.hpp"
#include "support/validation.hpp"

namespace engagement::test {

namespace {

Json specification_of(const engine::Source& source) { return Json::parse(source.connection_specification()); }

// Calls `visit` with every schema that `schema` is made of, and its path.
void each_schema(const Json& schema, const std::string& path,
                 const std::function<void(const Json&, const std::string&)>& visit) {
  visit(schema, path);
  if (schema.contains("properties")) {
    for (const auto& [name, property] : schema["properties"].items()) each_schema(property, path + "/" + name, visit);
  }
  if (schema.contains("items") && schema["items"].is_object()) each_schema(schema["items"], path + "/items", visit);
  for (const auto& variant : schema.value("oneOf", Json::array())) each_schema(variant, path + "/oneOf", visit);
}

// type as a list, without "null".
std::vector<std::string> types_of(const Json& schema) {
  std::vector<std::string> types;
  if (!schema.contains("type")) return types;
  for (const auto& type : schema["type"].is_array() ? schema["type"] : Json::array({schema["type"]})) {
    if (type != "null") types.push_back(type);
  }
  return types;
}

// What the source does with its configuration before anything else, as every command does it.
std::vector<std::string> problems_of(const engine::Source& source, Json config) {
  const Json specification = specification_of(source);
  source.migrate_config(config);
  protocol::coerce_to_spec(config, specification);
  return protocol::validate_config(config, specification);
}

}  // namespace

TEST_CASE("Every source's specification is a draft-07 schema that its own example fits") {
  for (const auto& source : tested_sources()) {
    INFO(source->name());
    const Json specification = specification_of(*source);
    CHECK(specification.at("$schema").get<std::string>().find("draft-07") != std::string::npos);
    CHECK(specification.at("type") == "object");
    CHECK_FALSE(specification.at("properties").empty());
    const auto violation = JsonSchema(specification).violation(subject_of(source->name()).config);
    CHECK(violation.value_or("") == "");
  }
}

TEST_CASE("No specification uses what Airbyte's form cannot show") {
  const std::vector<const char*> forbidden = {"not",
                                              "anyOf",
                                              "allOf",
                                              "if",
                                              "then",
                                              "else",
                                              "$ref",
                                              "patternProperties",
                                              "prefixItems",
                                              "dependentSchemas",
                                              "dependentRequired"};
  for (const auto& source : tested_sources()) {
    each_schema(specification_of(*source), std::string(source->name()), [&](const Json& schema, const auto& path) {
      INFO(path);
      for (const char* keyword : forbidden) CHECK_FALSE(schema.contains(keyword));
      CHECK(schema.value("additionalProperties", true));
      CHECK(types_of(schema).size() == 1);
      if (types_of(schema) == std::vector<std::string>{"object"}) {
        CHECK((!schema.value("properties", Json::object()).empty() || schema.contains("oneOf")));
      }
      if (types_of(schema) == std::vector<std::string>{"array"}) {
        CHECK((schema.at("items").contains("type") || schema.at("items").contains("enum")));
      }
    });
  }
}

TEST_CASE("Every option has a title, a description and an order of its own, and no choice twice") {
  for (const auto& source : tested_sources()) {
    const Json specification = specification_of(*source);
    std::set<std::pair<std::string, int>> orders;
    std::set<std::string> titles;
    for (const auto& [name, property] : specification.at("properties").items()) {
      INFO(source->name() << "/" << name);
      CHECK(property.value("title", "").size() > 2);
      CHECK(property.value("description", "").size() > 10);
      CHECK(titles.insert(property.value("title", "")).second);
      REQUIRE(property.contains("order"));
      CHECK(orders.emplace(property.value("group", ""), property.at("order").get<int>()).second);
      const Json choices = property.value("enum", Json::array());
      CHECK(std::set<Json>(choices.begin(), choices.end()).size() == choices.size());
      if (property.contains("default")) CHECK_FALSE(JsonSchema(property).violation(property["default"]));
      for (const auto& example : property.value("examples", Json::array())) {
        CHECK_FALSE(JsonSchema(property).violation(example));
      }
    }
    for (const auto& name : specification.value("required", Json::array())) {
      INFO(source->name() << "/" << name);
      REQUIRE(specification.at("properties").contains(name.get<std::string>()));
      CHECK_FALSE(specification.at("properties").at(name.get<std::string>()).contains("default"));
    }
  }
}

TEST_CASE("Secrets are marked as such, and nothing else is") {
  const std::set<std::string> always = {
      "client_token",         "access_token",    "api_token", "token",        "secret",
      "client_secret",        "password",        "passcode",  "key",          "api_key",
      "service_account_info", "service_account", "tenant_id", "certificate",  "jwt",
      "credentials",          "app_id",          "appid",     "refresh_token"};
  for (const auto& source : tested_sources()) {
    std::size_t marked = 0;
    each_schema(specification_of(*source), std::string(source->name()), [&](const Json& schema, const auto& path) {
      INFO(path);
      const bool secret = schema.value("airbyte_secret", false);
      const bool scalar = types_of(schema) != std::vector<std::string>{"object"} &&
                          types_of(schema) != std::vector<std::string>{"boolean"};
      marked += secret ? 1 : 0;
      if (!scalar) CHECK_FALSE(secret);
      if (scalar && !schema.contains("const") && always.contains(path.substr(path.rfind('/') + 1))) CHECK(secret);
    });
    CHECK(marked > 0);
    // What is marked is what the redactor will know.
    const Subject& subject = subject_of(source->name());
    CHECK(protocol::secret_values(subject.config, specification_of(*source)) == subject.secrets);
  }
}

TEST_CASE("An option with a value of the wrong type is refused by its title, every one of them") {
  for (const auto& source : tested_sources()) {
    const Json config = subject_of(source->name()).config;
    CHECK(problems_of(*source, config).empty());
    const Json specification = specification_of(*source);
    for (const auto& [name, property] : specification.at("properties").items()) {
      INFO(source->name() << "/" << name);
      Json wrong = config;
      wrong[name] = types_of(property).front() == "object" ? Json("text") : Json{{"not", "a value"}};
      const auto problems = problems_of(*source, wrong);
      REQUIRE(problems.size() == 1);
      CHECK(problems.front().find(property.at("title").get<std::string>()) != std::string::npos);
      if (!property.contains("default")) continue;
      Json defaulted = config;
      defaulted[name] = property.at("default");
      CHECK(problems_of(*source, defaulted).empty());
    }
  }
}

TEST_CASE("Every required option is missed by name, and unknown ones are let pass") {
  for (const auto& source : tested_sources()) {
    const Json config = subject_of(source->name()).config;
    const Json specification = specification_of(*source);
    for (const auto& name : specification.at("required")) {
      INFO(source->name() << "/" << name);
      Json without = config;
      without.erase(name.get<std::string>());
      const auto problems = problems_of(*source, without);
      REQUIRE(problems.size() == 1);
      CHECK(problems.front().find(name.get<std::string>()) != std::string::npos);
    }
    Json more = config;
    more["no_such_option"] = 1;
    more["_limit"] = 5;
    CHECK(problems_of(*source, more).empty());
  }
}

TEST_CASE("The catalog of every source says what the platform needs of each stream") {
  for (const auto& source : tested_sources()) {
    std::set<std::string> names;
    const auto streams = source->documented_streams();
    REQUIRE_FALSE(streams.empty());
    for (const auto& description : streams) {
      INFO(source->name() << "/" << description.name);
      CHECK(names.insert(description.name).second);
      const Json& schema = description.json_schema;
      CHECK_NOTHROW(JsonSchema(schema));
      REQUIRE_FALSE(description.primary_key.empty());
      auto paths = description.primary_key;
      if (description.incremental()) paths.push_back(description.cursor);
      for (const auto& path : paths) {
        REQUIRE(path.size() == 1);
        const auto types = types_of(schema.at("properties").at(path.front()));
        REQUIRE(types.size() == 1);
        CHECK((types.front() == "string" || types.front() == "integer" || types.front() == "number"));
      }
      each_schema(schema, description.name, [&](const Json& part, const std::string& where) {
        INFO(where);
        for (const char* keyword : {"allOf", "not", "$ref", "anyOf"}) CHECK_FALSE(part.contains(keyword));
        CHECK(part.value("additionalProperties", true));
        CHECK_FALSE(types_of(part).empty());
        if (part.contains("airbyte_type")) CHECK(part.value("format", "") != "");
      });
    }
  }
}

}  // namespace engagement::test
