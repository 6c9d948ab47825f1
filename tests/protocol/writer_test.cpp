#include "protocol/writer.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "support/catch.hpp"
#include "support/memory_sink.hpp"

using namespace engagement;
using namespace engagement::protocol;

namespace {

constexpr SystemTime kNow{std::chrono::milliseconds{1'772'323'200'123}};

// A writer into memory that knows one secret.
struct Fixture {
  Fixture() { redactor.add_secret("hunter2"); }

  Json written(const Json& message) {
    writer.write(message);
    return sink.messages().back();
  }

  test::MemorySink sink;
  Redactor redactor;
  Writer writer{sink, redactor};
};

TEST_CASE("once the process is to end, no record is written any more, but what is to be said of its end is") {
  test::MemorySink sink;
  Redactor redactor;
  std::stop_source stop;
  Writer writer(sink, redactor, stop.get_token());
  writer.write_records("{\"a\":1}\n");
  stop.request_stop();
  CHECK_THROWS_AS(writer.write_records("{\"a\":2}\n"), Stopped);
  writer.write(log_message(LogLevel::info, "the end"));
  CHECK(sink.text().find("\"a\":2") == std::string::npos);
  CHECK(sink.text().find("the end") != std::string::npos);
}

// A pipe whose ends close with it. SIGPIPE is ignored from the first one on, as main() does.
class Pipe {
 public:
  Pipe() {
    std::signal(SIGPIPE, SIG_IGN);
    if (::pipe(ends_) != 0) throw std::runtime_error("no pipe");
  }
  ~Pipe() {
    close_reader();
    close_writer();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  int reader() const { return ends_[0]; }
  int writer() const { return ends_[1]; }
  void close_reader() { close_end(ends_[0]); }
  void close_writer() { close_end(ends_[1]); }

  // Everything up to the end, in bites of `bite` bytes, so that the writer finds the pipe full again and again.
  std::string read_all(std::size_t bite) const {
    std::string all, buffer(bite, '\0');
    for (;;) {
      const ssize_t got = ::read(reader(), buffer.data(), buffer.size());
      if (got <= 0) return all;
      all.append(buffer, 0, static_cast<std::size_t>(got));
    }
  }

 private:
  static void close_end(int& end) {
    if (end >= 0) ::close(end);
    end = -1;
  }
  int ends_[2] = {-1, -1};
};

// Lines of many lengths, 3 MB in all: more than any pipe holds.
std::string many_lines() {
  std::string lines;
  for (std::size_t i = 0; lines.size() < 3'000'000; ++i)
    lines += std::string(i % 5000, static_cast<char>('a' + i % 26)) + '\n';
  return lines;
}

}  // namespace

TEST_CASE_METHOD(Fixture, "records are written as they are, secrets and all, in one piece") {
  const std::string lines = "{\"a\":\"hunter2\"}\n{\"b\":\"\xff\"}\n";
  writer.write_records(lines);
  CHECK(sink.writes() == std::vector<std::string>{lines});
}

TEST_CASE_METHOD(Fixture, "no records are no write") {
  writer.write_records("");
  CHECK(sink.writes().empty());
}

TEST_CASE_METHOD(Fixture, "a message is one write of one line with one line end") {
  writer.write(log_message(LogLevel::info, "two\nlines\r\n"));
  REQUIRE(sink.writes().size() == 1);
  CHECK(sink.text() == "{\"type\":\"LOG\",\"log\":{\"level\":\"INFO\",\"message\":\"two\\nlines\\r\\n\"}}\n");
}

TEST_CASE_METHOD(Fixture, "line ends that only Unicode knows are escaped and nothing else of it is") {
  const std::string text =
      "a\xc2\x85"
      "b\xe2\x80\xa8"
      "c\xe2\x80\xa9"
      "d \xc2\x84 \xc3\xa9 \xe2\x80\xa7 \xe2\x82\xac \xf0\x9f\x98\x80";
  writer.write(log_message(LogLevel::info, text));
  CHECK(sink.text().find("a\\u0085b\\u2028c\\u2029d \xc2\x84 \xc3\xa9 \xe2\x80\xa7 \xe2\x82\xac \xf0\x9f\x98\x80\"") !=
        std::string::npos);
  CHECK(sink.messages().back()["log"]["message"] == text);
}

TEST_CASE_METHOD(Fixture, "line ends are escaped in states and in keys too, with the same meaning") {
  const Json state = state_message({"events", std::nullopt}, {{"key\xe2\x80\xa8", "\xc2\x85"}}, 1);
  writer.write(state);
  CHECK(sink.text().find('\xe2') == std::string::npos);
  CHECK(sink.messages().back() == state);
}

TEST_CASE_METHOD(Fixture, "bytes that are no UTF-8 become U+FFFD and never throw") {
  CHECK(written(log_message(LogLevel::info, "a\xff\xc3(b\xed\xa0\x80"))["log"]["message"].get<std::string>().find(
            "a\xef\xbf\xbd") == 0);
  CHECK(written(state_message({"events", std::nullopt}, {{"cursor", "\xe2\x80"}},
                              1))["state"]["stream"]["stream_state"]["cursor"] == "\xef\xbf\xbd");
}

TEST_CASE_METHOD(Fixture, "secrets are masked in every text of logs, statuses and errors") {
  CHECK(written(log_message(LogLevel::info, "is hunter2"))["log"]["message"] == "is ****");
  CHECK(written(connection_status_message(false, "hunter2"))["connectionStatus"]["message"] == "****");
  const auto error = written(error_message(system_error("hunter2!", "in hunter2"), std::nullopt, kNow));
  CHECK(error["trace"]["error"]["message"] == "****!");
  CHECK(error["trace"]["error"]["internal_message"] == "in ****");
  const Json nested = Json::parse(R"({"type":"LOG","log":{"level":"INFO","message":"","more":[{"x":"hunter2"}]}})");
  CHECK(written(nested)["log"]["more"][0]["x"] == "****");
}

TEST_CASE_METHOD(Fixture, "a secret is masked in its encoded forms, before JSON escapes it") {
  redactor.add_secret("pa\"ss/word");
  CHECK(written(log_message(LogLevel::info, "pa\"ss/word"))["log"]["message"] == "****");
  CHECK(written(log_message(LogLevel::info, "GET /?p=pa%22ss%2Fword"))["log"]["message"] == "GET /?p=****");
}

TEST_CASE_METHOD(Fixture, "states, controls, specs and catalogs are never altered") {
  const Json secret{{"passcode", "hunter2"}};
  for (const Json& message :
       {state_message({"events", std::nullopt}, secret, 1), connector_config_message(secret, kNow),
        spec_message(secret, "https://example.com/hunter2"), catalog_message(Json::array({secret}))}) {
    CHECK(written(message) == message);
  }
}

TEST_CASE_METHOD(Fixture, "a secret that is a word of the protocol or a stream's name breaks no message") {
  for (const std::string word : {"TRACE", "ERROR", "STREAM_STATUS", "RUNNING", "config_error", "events", "INFO",
                                 "FAILED", "LOG", "ESTIMATE", "STREAM", "CONNECTION_STATUS"}) {
    redactor.add_secret(word);
  }
  const StreamDescriptor stream{"events", "events"};
  for (const Json& message :
       {log_message(LogLevel::info, "fine"), connection_status_message(false, "fine"),
        stream_status_message(stream, StreamStatus::running, kNow), rate_limited_message(stream, kNow, kNow),
        estimate_message(stream, 1, kNow), error_message(config_error("fine"), stream, kNow)}) {
    CHECK(written(message) == message);
  }
}

TEST_CASE_METHOD(Fixture, "a text is cut at 50,000 characters, never inside of one") {
  const auto cut = [this](const std::string& text) {
    return written(error_message(system_error(text, text), std::nullopt, kNow))["trace"]["error"];
  };
  CHECK(cut(std::string(50'000, 'x'))["message"] == std::string(50'000, 'x'));
  CHECK(cut(std::string(50'001, 'x'))["message"] == std::string(50'000, 'x'));
  CHECK(cut(std::string(120'000, 'x'))["internal_message"] == std::string(50'000, 'x'));

  std::string euros, smileys;
  for (int i = 0; i < 50'000; ++i) euros += "\xe2\x82\xac";
  for (int i = 0; i < 25'000; ++i) smileys += "\xf0\x9f\x98\x80";  // two characters each to the platform (UTF-16)
  CHECK(cut(euros)["message"] == euros);
  CHECK(cut(euros + euros)["message"] == euros);
  CHECK(cut(smileys + "\xf0\x9f\x98\x80")["message"] == smileys);
  CHECK(cut("x" + smileys)["message"] == "x" + smileys.substr(0, 4 * 24'999));
}

TEST_CASE_METHOD(Fixture, "a secret at the place where a text is cut leaves no half of itself") {
  const std::string text = std::string(49'997, 'x') + "hunter2";
  const auto error = written(error_message(system_error(text), std::nullopt, kNow));
  CHECK(error["trace"]["error"]["message"].get<std::string>().find("hun") == std::string::npos);
}

TEST_CASE_METHOD(Fixture, "lines of many threads never interleave and a message follows what was written before it") {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([this, i] {
      const auto number = std::to_string(i);
      for (int j = 0; j < 200; ++j) {
        writer.write_records("{\"r\":" + number + "}\n{\"r\":" + number + "}\n");
        writer.write(log_message(LogLevel::info, "after " + number));
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(sink.writes().size() == 4 * 200 * 2);
  std::vector<int> records(4);
  for (const auto& message : sink.messages()) {
    if (message.contains("r")) {
      ++records[message["r"].get<std::size_t>()];
    } else {
      const auto text = message["log"]["message"].get<std::string>();
      auto& open = records[static_cast<std::size_t>(text.back() - '0')];
      REQUIRE(open == 2);
      open = 0;
    }
  }
}

TEST_CASE_METHOD(Fixture, "a sink whose reader is gone stops the writer and every later write") {
  sink.close_after(1);
  writer.write(log_message(LogLevel::info, "first"));
  CHECK_THROWS_AS(writer.write(log_message(LogLevel::info, "second")), Stopped);
  CHECK_THROWS_AS(writer.write_records("{}\n"), Stopped);
  CHECK(sink.lines().size() == 1);
}

TEST_CASE("everything arrives in order at a slow reader of a pipe, which is made 256 KB large") {
  Pipe pipe;
  StdoutSink sink(pipe.writer());
  // The system may refuse a larger pipe to a user who has many; it never gets smaller.
  CHECK(::fcntl(pipe.writer(), F_GETPIPE_SZ) >= 64 * 1024);
  if (::geteuid() == 0) CHECK(::fcntl(pipe.writer(), F_GETPIPE_SZ) == 256 * 1024);
  const std::string lines = many_lines();
  auto received = std::async(std::launch::async, [&pipe] { return pipe.read_all(1000); });
  sink.write(lines);
  sink.write("last\n");
  pipe.close_writer();
  CHECK(received.get() == lines + "last\n");
  CHECK_FALSE(sink.closed());
}

TEST_CASE("a pipe that is larger already stays as large") {
  Pipe pipe;
  const int larger = ::fcntl(pipe.writer(), F_SETPIPE_SZ, 512 * 1024);
  if (larger < 0) return;  // not allowed here
  const StdoutSink sink(pipe.writer());
  CHECK(::fcntl(pipe.writer(), F_GETPIPE_SZ) == larger);
}

TEST_CASE("a pipe that does not block is waited for") {
  Pipe pipe;
  REQUIRE(::fcntl(pipe.writer(), F_SETFL, O_NONBLOCK) == 0);
  StdoutSink sink(pipe.writer());
  const std::string lines = many_lines();
  auto received = std::async(std::launch::async, [&pipe] { return pipe.read_all(4096); });
  sink.write(lines);
  pipe.close_writer();
  CHECK(received.get() == lines);
}

TEST_CASE("a write goes on after a signal") {
  Pipe pipe;
  struct sigaction action {};
  action.sa_handler = [](int) {};  // without SA_RESTART: a blocked write() returns EINTR or a part
  struct sigaction before {};
  REQUIRE(::sigaction(SIGUSR1, &action, &before) == 0);
  StdoutSink sink(pipe.writer());
  const std::string lines = many_lines();
  std::thread writer([&] { sink.write(lines); });
  std::string received, buffer(3000, '\0');
  while (received.size() < lines.size()) {
    ::pthread_kill(writer.native_handle(), SIGUSR1);
    const ssize_t got = ::read(pipe.reader(), buffer.data(), buffer.size());
    REQUIRE(got > 0);
    received.append(buffer, 0, static_cast<std::size_t>(got));
  }
  writer.join();
  ::sigaction(SIGUSR1, &before, nullptr);
  CHECK(received == lines);
}

TEST_CASE("a reader that goes away stops the sink, also in the middle of a write, and is remembered") {
  Pipe pipe;
  StdoutSink sink(pipe.writer());
  CHECK_FALSE(sink.closed());
  auto closing = std::async(std::launch::async, [&pipe] {
    char byte = 0;
    const bool got = ::read(pipe.reader(), &byte, 1) == 1;
    pipe.close_reader();
    return got;
  });
  CHECK_THROWS_AS(sink.write(many_lines()), Stopped);
  CHECK(closing.get());
  CHECK(sink.closed());
  CHECK_THROWS_AS(sink.write("later\n"), Stopped);
}

TEST_CASE("a reader that goes away requests the stop of everything else, once something is written") {
  Pipe pipe;
  std::stop_source stop;
  StdoutSink sink(pipe.writer(), stop);
  pipe.close_reader();
  CHECK_FALSE(stop.stop_requested());
  CHECK_THROWS_AS(sink.write("line\n"), Stopped);
  CHECK(stop.stop_requested());
}

TEST_CASE("any other failure to write is a system error that says why") {
  const int descriptor = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  REQUIRE(descriptor >= 0);
  StdoutSink sink(descriptor);
  try {
    sink.write("line\n");
    FAIL("written to a full disk");
  } catch (const ConnectorError& error) {
    CHECK(error.type() == FailureType::system);
    CHECK(std::string(error.what()).find("No space left on device") != std::string::npos);
  }
  CHECK_FALSE(sink.closed());
  ::close(descriptor);
}

TEST_CASE("a file takes everything too") {
  std::FILE* file = std::tmpfile();
  REQUIRE(file != nullptr);
  StdoutSink sink(::fileno(file));
  const std::string lines = many_lines();
  sink.write(lines);
  CHECK(::lseek(::fileno(file), 0, SEEK_END) == static_cast<off_t>(lines.size()));
  std::fclose(file);
}
