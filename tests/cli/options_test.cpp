#include "cli/options.hpp"

#include <string>

#include "cli/version.hpp"
#include "support/catch.hpp"
#include "support/has.hpp"

namespace engagement::cli {
namespace {

const std::vector<std::string> kSources = {"clevertap", "kustomer", "sprinklr"};

ParsedOptions parse(std::vector<std::string> arguments) { return parse_options(arguments, kSources); }

using test::has;

TEST_CASE("every command is understood with its files") {
  const auto spec = parse({"source-clevertap", "spec"});
  REQUIRE(spec.options);
  CHECK(spec.options->command == Command::spec);
  CHECK(spec.options->source == "clevertap");
  CHECK_FALSE(spec.options->debug);

  const auto check = parse({"source-clevertap", "check", "--config", "/a/config.json"});
  REQUIRE(check.options);
  CHECK(check.options->command == Command::check);
  CHECK(check.options->config_path == "/a/config.json");

  const auto discover = parse({"source-clevertap", "discover", "--config=b.json"});
  REQUIRE(discover.options);
  CHECK(discover.options->command == Command::discover);
  CHECK(discover.options->config_path == "b.json");

  const auto read = parse({"source-clevertap", "read", "--config", "c", "--catalog", "d", "--state", "e"});
  REQUIRE(read.options);
  CHECK(read.options->command == Command::read);
  CHECK(read.options->config_path == "c");
  CHECK(read.options->catalog_path == "d");
  CHECK(read.options->state_path == "e");

  const auto queries = parse({"source-clevertap", "queries", "--config", "f"});
  REQUIRE(queries.options);
  CHECK(queries.options->command == Command::queries);
  CHECK(queries.options->config_path == "f");

  const auto docs = parse({"source-clevertap", "docs"});
  REQUIRE(docs.options);
  CHECK(docs.options->command == Command::docs);
}

TEST_CASE("the state is optional") {
  const auto read = parse({"source-clevertap", "read", "--catalog", "d", "--config", "c"});
  REQUIRE(read.options);
  CHECK_FALSE(read.options->state_path.has_value());
}

TEST_CASE("the program's name selects the source, whatever folder it lies in") {
  for (const char* name : {"source-kustomer", "./source-kustomer", "/usr/local/bin/source-kustomer"}) {
    const auto parsed = parse({name, "spec"});
    REQUIRE(parsed.options);
    CHECK(parsed.options->source == "kustomer");
  }
}

TEST_CASE("an option selects the source before or behind the command and wins over the name") {
  for (const auto& arguments : {std::vector<std::string>{"engagement-source", "--source", "sprinklr", "spec"},
                                std::vector<std::string>{"engagement-source", "spec", "--source", "sprinklr"},
                                std::vector<std::string>{"source-clevertap", "spec", "--source=sprinklr"}}) {
    const auto parsed = parse(arguments);
    REQUIRE(parsed.options);
    CHECK(parsed.options->source == "sprinklr");
  }
}

TEST_CASE("debug may stand before or behind the command") {
  for (const auto& arguments : {std::vector<std::string>{"source-clevertap", "--debug", "spec"},
                                std::vector<std::string>{"source-clevertap", "spec", "--debug"}}) {
    const auto parsed = parse(arguments);
    REQUIRE(parsed.options);
    CHECK(parsed.options->debug);
  }
}

TEST_CASE("without a source the usage error names those there are") {
  const auto parsed = parse({"engagement-source", "spec"});
  CHECK_FALSE(parsed.options);
  CHECK(parsed.exit_code == 2);
  CHECK(parsed.text_to_stderr);
  CHECK(has(parsed.text, "clevertap, kustomer, sprinklr"));
  CHECK(has(parsed.text, "--source"));
}

TEST_CASE("an unknown source is a usage error with the nearest one") {
  for (const auto& arguments : {std::vector<std::string>{"engagement-source", "--source", "clevrtap", "spec"},
                                std::vector<std::string>{"source-clevrtap", "spec"}}) {
    const auto parsed = parse(arguments);
    CHECK_FALSE(parsed.options);
    CHECK(parsed.exit_code == 2);
    CHECK(has(parsed.text, "did you mean \"clevertap\"?"));
  }
}

TEST_CASE("the documentation of all sources needs no source") {
  const auto parsed = parse({"engagement-source", "docs"});
  REQUIRE(parsed.options);
  CHECK(parsed.options->source.empty());
}

TEST_CASE("an unknown option is a usage error with the nearest one") {
  const auto parsed = parse({"source-clevertap", "check", "--confg", "x.json"});
  CHECK_FALSE(parsed.options);
  CHECK(parsed.exit_code == 2);
  CHECK(parsed.text_to_stderr);
  CHECK(has(parsed.text, "there is no option \"--confg\"; did you mean \"--config\"?"));
  CHECK(has(parsed.text, "--help"));
  CHECK(has(parse({"source-clevertap", "read", "--config", "secrets/config.json", "--catalgo=c.json"}).text,
            "did you mean \"--catalog\"?"));
  CHECK(has(parse({"source-clevertap", "spec", "--dbug"}).text, "\"--debug\""));
}

TEST_CASE("an unknown command is a usage error with the nearest one") {
  const auto parsed = parse({"source-clevertap", "chekc", "--config", "x"});
  CHECK_FALSE(parsed.options);
  CHECK(parsed.exit_code == 2);
  CHECK(has(parsed.text, "did you mean \"check\"?"));
}

TEST_CASE("a usage error that resembles nothing suggests nothing") {
  const auto parsed = parse({"source-clevertap", "spec", "--zzzzzzzzzzzzzz"});
  CHECK(parsed.exit_code == 2);
  CHECK_FALSE(has(parsed.text, "did you mean"));
  // The value of an option is no command, however much it looks like one.
  CHECK_FALSE(has(parse({"source-clevertap", "read", "--config", "chec"}).text, "did you mean"));
}

TEST_CASE("what a command needs and lacks is a usage error") {
  for (const auto& arguments :
       {std::vector<std::string>{"source-clevertap"}, std::vector<std::string>{"source-clevertap", "check"},
        std::vector<std::string>{"source-clevertap", "discover"},
        std::vector<std::string>{"source-clevertap", "read", "--config", "c"},
        std::vector<std::string>{"source-clevertap", "read", "--catalog", "c"},
        std::vector<std::string>{"source-clevertap", "check", "--config"},
        std::vector<std::string>{"source-clevertap", "spec", "check"},
        std::vector<std::string>{"source-clevertap", "spec", "surplus"},
        std::vector<std::string>{"source-clevertap", "check", "--config", "a", "--state", "b"}}) {
    const auto parsed = parse(arguments);
    INFO(arguments.size() << " arguments, the last is " << arguments.back());
    CHECK_FALSE(parsed.options);
    CHECK(parsed.exit_code == 2);
    CHECK(parsed.text_to_stderr);
    CHECK(has(parsed.text, "source-clevertap"));
  }
}

TEST_CASE("help goes to standard output with an example for each command") {
  const auto parsed = parse({"/opt/bin/source-clevertap", "--help"});
  CHECK_FALSE(parsed.options);
  CHECK(parsed.exit_code == 0);
  CHECK_FALSE(parsed.text_to_stderr);
  for (const char* example :
       {"source-clevertap spec\n", "source-clevertap check --config ", "source-clevertap discover --config ",
        "source-clevertap read --config secrets/config.json --catalog catalog.json\n", "--state state.json",
        "source-clevertap docs\n", "--debug", "--source", "--version"}) {
    INFO(example);
    CHECK(has(parsed.text, example));
  }
}

TEST_CASE("a command has help of its own") {
  const auto parsed = parse({"source-clevertap", "read", "--help"});
  CHECK(parsed.exit_code == 0);
  CHECK(has(parsed.text, "--catalog"));
  CHECK(has(parsed.text, "--state"));
}

TEST_CASE("the version names the libraries that decide how the program behaves") {
  const auto parsed = parse({"source-clevertap", "--version"});
  CHECK_FALSE(parsed.options);
  CHECK(parsed.exit_code == 0);
  CHECK_FALSE(parsed.text_to_stderr);
  CHECK(has(parsed.text, std::string("engagement-source ") + ENGAGEMENT_VERSION));
  CHECK(has(parsed.text, "libcurl/"));
  CHECK(has(parsed.text, "simdjson/"));
  CHECK(has(version_text(), "SSL") + has(version_text(), "TLS") > 0);
}

TEST_CASE("a backfill has both its days or none") {
  const auto both = parse({"source-clevertap", "read", "--config", "c", "--catalog", "d", "--since", "2026-01-01",
                           "--until", "2026-01-31"});
  REQUIRE(both.options);
  CHECK(both.options->since == "2026-01-01");
  CHECK(both.options->until == "2026-01-31");
  for (const char* one : {"--since", "--until"}) {
    const auto alone = parse({"source-clevertap", "read", "--config", "c", "--catalog", "d", one, "2026-01-01"});
    CHECK(alone.exit_code == 2);
    CHECK(has(alone.text, one == std::string("--since") ? "--until" : "--since"));
  }
}

TEST_CASE("the configuration file follows changed tokens only where that is asked for") {
  CHECK_FALSE(parse({"source-sprinklr", "check", "--config", "c"}).options->update_config);
  for (const char* command : {"check", "discover"}) {
    CHECK(parse({"source-sprinklr", command, "--config", "c", "--update-config"}).options->update_config);
  }
}

}  // namespace
}  // namespace engagement::cli
