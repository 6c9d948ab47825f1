#include "cli/config_publisher.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "support/catch.hpp"
#include "support/fake_clock.hpp"
#include "support/memory_sink.hpp"

namespace engagement::cli {
namespace {

struct PublisherFixture {
  PublisherFixture() { std::ofstream(file) << "{}"; }
  ~PublisherFixture() { std::filesystem::remove(file); }

  std::string content() const {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
  }

  std::filesystem::path file =
      std::filesystem::temp_directory_path() / ("config-" + std::to_string(::getpid()) + ".json");
  test::FakeClock clock;
  test::MemorySink sink;
  Redactor redactor;
  protocol::Writer writer{sink, redactor};
  ConfigPublisher publisher{writer, redactor, clock, protocol::Json::object(), file.string()};
};

TEST_CASE("a new configuration goes out as a message and into the file") {
  PublisherFixture f;
  f.publisher.replace({{"token", "new"}});
  CHECK(f.sink.messages("CONTROL").size() == 1);
  CHECK(protocol::Json::parse(f.content()) == protocol::Json{{"token", "new"}});
}

TEST_CASE("where nobody reads the message any more, the file still gets the new configuration") {
  PublisherFixture f;
  f.sink.close_after(0);
  CHECK_THROWS_AS(f.publisher.replace({{"token", "new"}}), Stopped);
  CHECK(protocol::Json::parse(f.content()) == protocol::Json{{"token", "new"}});
}

}  // namespace
}  // namespace engagement::cli
