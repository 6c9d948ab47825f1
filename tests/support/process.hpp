#pragma once

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <fstream>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "support/sanitized.hpp"

namespace engagement::test {

// How a child process ended, and everything it wrote.
struct Ended {
  int exit_code = -1;  // -1: it died of a signal
  int signal = 0;      // 0: it ended by itself
  std::string out;
  std::string err;
};

// A child process whose stdout and stderr are pipes to this one, read only when asked to, so that a test can be a slow
// reader or none. stdin is empty. The destructor kills what still runs. Not thread safe.
class Process {
 public:
  using Environment = std::map<std::string, std::string>;  // on top of the test's own
  using Seconds = std::chrono::seconds;
  // Long enough for a loaded machine: it only tells "ends" from "hangs". With a sanitizer everything is many times
  // slower.
  static Seconds patience() { return Seconds(sanitized_executable() != nullptr ? 600 : 90); }

  explicit Process(const std::vector<std::string>& command, const Environment& environment = {})
      : out_pipe_(new_pipe()), err_pipe_(new_pipe()) {
    spawn(command, environment);
    ::close(out_pipe_.second);
    ::close(err_pipe_.second);
  }

  ~Process() {
    if (running_) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
    close_reader(out_pipe_.first);
    close_reader(err_pipe_.first);
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }
  const std::string& out() const { return ended_.out; }

  void send_signal(int signal) const { ::kill(pid_, signal); }

  // Nobody reads the child's stdout any more.
  void close_stdout() { close_reader(out_pipe_.first); }

  // Reads until `enough` is true of what stdout brought so far, or stdout ends, or the limit has passed. Returns
  // whether it is.
  bool read_until(const std::function<bool(const std::string& out)>& enough, Seconds limit = patience()) {
    const auto until = Clock::now() + limit;
    while (!enough(ended_.out)) {
      if (out_pipe_.first < 0 || !read_some(until)) return enough(ended_.out);
    }
    return true;
  }
  bool read_bytes(std::size_t bytes) {
    const std::size_t wanted = ended_.out.size() + bytes;
    return read_until([&](const std::string& out) { return out.size() >= wanted; });
  }

  // Whether the child ends in time although nobody reads its output.
  bool ends_unread(Seconds limit) {
    const auto until = Clock::now() + limit;
    while (running_ && Clock::now() < until) {
      reap(WNOHANG);
      if (running_) ::poll(nullptr, 0, 5);
    }
    return !running_;
  }

  // Reads everything and waits for the end; with a pause as a slow reader, 64 KB at a time. Throws when the child does
  // not end within the limit.
  Ended finish(Seconds limit = patience(), std::chrono::milliseconds pause = {}) {
    const auto until = Clock::now() + limit;
    while (out_pipe_.first >= 0 || err_pipe_.first >= 0) {
      if (pause.count() > 0) ::poll(nullptr, 0, static_cast<int>(pause.count()));
      if (read_some(until)) continue;
      if (Clock::now() >= until) give_up(limit);
    }
    if (!ends_unread(std::chrono::duration_cast<Seconds>(until - Clock::now()) + Seconds(1))) give_up(limit);
    return ended_;
  }

  // VmHWM of the living child in KB: the most memory that it ever had resident. 0 once it has ended.
  std::size_t peak_memory_kb() const {
    std::ifstream status("/proc/" + std::to_string(pid_) + "/status");
    for (std::string line; std::getline(status, line);) {
      if (line.rfind("VmHWM:", 0) == 0) return std::stoul(line.substr(6));
    }
    return 0;
  }

 private:
  using Clock = std::chrono::steady_clock;
  using Pipe = std::pair<int, int>;

  static Pipe new_pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe2");
    return {ends[0], ends[1]};
  }

  static void close_reader(int& descriptor) {
    if (descriptor >= 0) ::close(descriptor);
    descriptor = -1;
  }

  // The test's environment with the changes, as execve() wants it.
  static std::vector<std::string> merged(Environment changes) {
    std::vector<std::string> all;
    for (char** entry = environ; *entry != nullptr; ++entry) {
      const std::string text = *entry;
      if (!changes.contains(text.substr(0, text.find('=')))) all.push_back(text);
    }
    for (const auto& [name, value] : changes) all.push_back(name + '=' + value);
    return all;
  }

  static std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> result;
    for (std::string& text : texts) result.push_back(text.data());
    result.push_back(nullptr);
    return result;
  }

  void spawn(std::vector<std::string> command, const Environment& environment) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out_pipe_.second, 1);
    posix_spawn_file_actions_adddup2(&actions, err_pipe_.second, 2);
    std::vector<std::string> variables = merged(environment);
    const int error = ::posix_spawn(&pid_, command.at(0).c_str(), &actions, nullptr, pointers(command).data(),
                                    pointers(variables).data());
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) throw std::system_error(error, std::generic_category(), command.at(0));
    running_ = true;
  }

  // Waits for output and reads it once. False when the time is up, or nothing is left to read.
  bool read_some(Clock::time_point until) {
    pollfd waiting[] = {{out_pipe_.first, POLLIN, 0}, {err_pipe_.first, POLLIN, 0}};
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
    if (left <= 0 || ::poll(waiting, 2, static_cast<int>(left)) <= 0) return false;
    if (waiting[0].revents != 0) take(out_pipe_.first, ended_.out);
    if (waiting[1].revents != 0) take(err_pipe_.first, ended_.err);
    return true;
  }

  static void take(int& descriptor, std::string& text) {
    char bytes[64 * 1024];
    const ssize_t count = ::read(descriptor, bytes, sizeof bytes);
    if (count > 0) text.append(bytes, static_cast<std::size_t>(count));
    if (count == 0) close_reader(descriptor);
  }

  void reap(int options) {
    int status = 0;
    if (::waitpid(pid_, &status, options) != pid_) return;
    running_ = false;
    if (WIFEXITED(status)) ended_.exit_code = WEXITSTATUS(status);
    if (WIFSIGNALED(status)) ended_.signal = WTERMSIG(status);
  }

  [[noreturn]] void give_up(Seconds limit) {
    throw std::runtime_error("no end after " + std::to_string(limit.count()) + " s; the last output was: " +
                             ended_.out.substr(ended_.out.size() - std::min<std::size_t>(ended_.out.size(), 2000)) +
                             ended_.err);
  }

  Pipe out_pipe_;
  Pipe err_pipe_;
  pid_t pid_ = -1;
  bool running_ = false;
  Ended ended_;
};

}  // namespace engagement::test
