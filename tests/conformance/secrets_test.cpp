// No secret in any output, whatever goes wrong and however it is echoed.

#include "conformance/subjects.hpp"
#include "support/catch.hpp"

namespace engagement::test {

namespace {

std::string url_encoded(const std::string& text, const char* digits) {
  std::string result;
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    if (std::isalnum(byte) != 0 || std::string_view("-._~").find(letter) != std::string_view::npos) {
      result += letter;
    } else {
      result += {'%', digits[byte >> 4], digits[byte & 15]};
    }
  }
  return result;
}

std::string base64(const std::string& text) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string result;
  for (std::size_t at = 0; at < text.size(); at += 3) {
    std::uint32_t bits = 0;
    for (std::size_t byte = 0; byte < 3; ++byte) {
      bits = bits << 8 | (at + byte < text.size() ? static_cast<unsigned char>(text[at + byte]) : 0U);
    }
    for (std::size_t digit = 0; digit < 4; ++digit) {
      result += at + digit > text.size() ? '=' : kLetters[bits >> (18 - 6 * digit) & 63];
    }
  }
  return result;
}

std::vector<std::string> forms_of(const std::string& secret) {
  return {secret, url_encoded(secret, "0123456789ABCDEF"), url_encoded(secret, "0123456789abcdef"), base64(secret)};
}

// A server that quotes the credentials in every way that servers do.
std::vector<Json> echoing_faults(const std::vector<std::string>& secrets) {
  std::string text;
  for (const auto& secret : secrets) {
    for (const auto& form : forms_of(secret)) text += " [" + form + "]";
  }
  const auto forever = [](Json fault) {
    fault["times"] = 0;
    return fault;
  };
  return {
      forever({{"fault", "status"}, {"status", 400}, {"body", {{"status", "fail"}, {"error", "no " + text}}}}),
      forever({{"fault", "status"}, {"status", 401}, {"body", {{"status", "fail"}, {"error", {"no " + text}}}}}),
      forever({{"fault", "status"}, {"status", 500}, {"body", text}, {"content_type", "text/plain"}}),
      forever({{"fault", "status"},
               {"status", 200},
               {"body", "<html><head><title>" + text + "</title></head></html>"},
               {"content_type", "text/html"}}),
      forever({{"fault", "status"}, {"status", 302}, {"headers", {{"Location", "http://elsewhere.test/?p=" + text}}}}),
      forever({{"fault", "garbage"}, {"body", "{\"status\": " + text}})};
}

void check_silence(const Output& output, const std::vector<std::string>& secrets) {
  for (const auto& secret : secrets) {
    for (const auto& form : forms_of(secret)) {
      INFO(output.out.substr(0, 2000));
      CHECK(output.out.find(form) == std::string::npos);
      CHECK(output.err.find(form) == std::string::npos);
    }
  }
}

}  // namespace

TEST_CASE("The helper encodes as the standards say") {
  CHECK(base64("Many hands") == "TWFueSBoYW5kcw==");
  CHECK(base64("Many hand") == "TWFueSBoYW5k");
  CHECK(url_encoded("a+b/é", "0123456789ABCDEF") == "a%2Bb%2F%C3%A9");
}

TEST_CASE("No command tells a secret, with --debug and while the server quotes it") {
  for (const auto& source : tested_sources()) {
    Setup setup(source->name());
    const auto& secrets = setup.subject.secrets;
    setup.config["retry_seconds"] = 0;
    const Json catalog = setup.catalog("incremental");
    auto faults = echoing_faults(secrets);
    faults.insert(faults.begin(), Json::array());
    for (const auto& fault : faults) {
      INFO(source->name() << " " << fault);
      setup.simulator.set_faults(fault);
      const std::string config = setup.connector.file(setup.config.dump());
      check_silence(setup.connector.run({"check", "--debug", "--config", config}), secrets);
      auto command = setup.connector.read_command(setup.config, catalog);
      command.push_back("--debug");
      const Output read = Connector::run_command(command, {{"LOG_LEVEL", "debug"}});
      check_silence(read, secrets);
      CHECK(read.exit_code == (fault.empty() ? 0 : 1));
      if (!fault.empty()) CHECK(setup.simulator.faults_committed() > 0);
    }
  }
}

TEST_CASE("A configuration that is wrong is not quoted where it is secret") {
  for (const auto& source : tested_sources()) {
    const Subject& subject = subject_of(source->name());
    Connector connector(subject.source);
    const std::string text = subject.config.dump();
    for (const std::string& spoiled : {text.substr(0, text.size() - 1), "[" + text + "]", text + text}) {
      const std::string file = connector.file(spoiled);
      check_silence(connector.run({"check", "--debug", "--config", file}), subject.secrets);
      check_silence(connector.run({"discover", "--debug", "--config", file}), subject.secrets);
    }
    for (const auto& [name, value] : subject.config.items()) {
      Json wrong = subject.config;
      wrong[name] = Json::array({subject.secrets.front()});
      check_silence(connector.run({"check", "--debug", "--config", connector.file(wrong.dump())}), {subject.secrets});
    }
  }
}

}  // namespace engagement::test
