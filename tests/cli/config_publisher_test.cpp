#include "cli/config_publisher.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "support/catch.hpp"
#include "support/fake_clock.hpp"
#include "support/memory_sink.hpp"

namespace engagement::cli {
namespace {

using protocol::Json;

const Json kSpecification =
    Json::parse(R"({"type":"object","properties":{"token":{"type":"string","airbyte_secret":true}}})");

class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "publisher-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string file(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name) << text;
    return (path_ / name).string();
  }
  std::size_t size() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(path_), {}));
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

std::string content(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

mode_t mode_of(const std::string& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 07777U;
}

struct PublisherFixture {
  test::MemorySink sink;
  Redactor redactor;
  protocol::Writer writer{sink, redactor};
  test::FakeClock clock;
};

TEST_CASE("a changed configuration goes out whole, and its secrets are secrets from then on") {
  PublisherFixture f;
  ConfigPublisher publisher(f.writer, f.redactor, f.clock, kSpecification, "");
  publisher.replace({{"token", "new-token-1"}, {"other", 5}});
  const auto messages = f.sink.messages("CONTROL");
  REQUIRE(messages.size() == 1);
  CHECK(messages[0]["control"]["type"] == "CONNECTOR_CONFIG");
  CHECK(messages[0]["control"]["connectorConfig"]["config"] == Json{{"token", "new-token-1"}, {"other", 5}});
  CHECK(f.redactor.redact("say new-token-1") == "say ****");
  publisher.add_secret("another-secret");
  CHECK(f.redactor.redact("another-secret") == "****");
}

TEST_CASE("the file follows with its mode kept and nothing left beside it") {
  PublisherFixture f;
  const Folder folder;
  const auto path = folder.file("config.json", R"({"token":"old"})");
  ::chmod(path.c_str(), 0640);
  ConfigPublisher publisher(f.writer, f.redactor, f.clock, kSpecification, path);
  publisher.replace({{"token", "new-token-1"}});
  CHECK(Json::parse(content(path)) == Json{{"token", "new-token-1"}});
  CHECK(mode_of(path) == 0640);
  CHECK(folder.size() == 1);
}

TEST_CASE("a link stays a link: the file that it names is replaced") {
  const Folder folder;
  const auto target = folder.file("real.json", "old");
  const auto link = (folder.path() / "link.json").string();
  std::filesystem::create_symlink("real.json", link);
  replace_file(link, "new");
  CHECK(std::filesystem::is_symlink(link));
  CHECK(content(target) == "new");
}

TEST_CASE("a file that cannot be replaced is an error that tells where the tokens are, after they went out") {
  PublisherFixture f;
  ConfigPublisher publisher(f.writer, f.redactor, f.clock, kSpecification, "/nowhere/config.json");
  try {
    publisher.replace({{"token", "new-token-1"}});
    FAIL("no error");
  } catch (const ConnectorError& error) {
    CHECK(std::string(error.what()).find("CONTROL") != std::string::npos);
  }
  CHECK(f.sink.messages("CONTROL").size() == 1);
}

TEST_CASE("whether a file can be replaced is known before, and leaves nothing beside it") {
  PublisherFixture f;
  const Folder folder;
  const auto path = folder.file("config.json", "{}");
  ConfigPublisher(f.writer, f.redactor, f.clock, kSpecification, path).prepare();
  ConfigPublisher(f.writer, f.redactor, f.clock, kSpecification, "").prepare();
  CHECK(folder.size() == 1);
  ConfigPublisher nowhere(f.writer, f.redactor, f.clock, kSpecification, "/nowhere/config.json");
  CHECK_THROWS_AS(nowhere.prepare(), ConnectorError);
}

TEST_CASE("where nobody reads the message any more, the file still gets the new configuration") {
  PublisherFixture f;
  const Folder folder;
  const auto path = folder.file("config.json", "{}");
  ConfigPublisher publisher(f.writer, f.redactor, f.clock, kSpecification, path);
  f.sink.close_after(0);
  CHECK_THROWS_AS(publisher.replace({{"token", "new"}}), Stopped);
  CHECK(Json::parse(content(path)) == Json{{"token", "new"}});
}

}  // namespace
}  // namespace engagement::cli
