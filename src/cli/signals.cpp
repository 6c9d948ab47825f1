#include "cli/signals.hpp"

#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <ctime>

#include "protocol/writer.hpp"

namespace engagement::cli {

namespace {

constexpr timespec kLook{1, 0};
constexpr timespec kTick{0, 100'000'000};
constexpr int kTidyTicks = 40;       // four of the five seconds that a stop may take
constexpr int kCriticalTicks = 250;  // of the 30 seconds that Kubernetes gives

// PID 1 cannot die of a signal whose action is the default one, so it says so by its exit code.
[[noreturn]] void die_of(int signal) {
  if (getpid() != 1) {
    std::signal(signal, SIG_DFL);
    sigset_t only;
    sigemptyset(&only);
    sigaddset(&only, signal);
    pthread_sigmask(SIG_UNBLOCK, &only, nullptr);
    kill(getpid(), signal);
  }
  _exit(128 + signal);
}

}  // namespace

Signals::Signals(std::stop_source stop, const engine::CriticalWork& critical_work)
    : stop_(std::move(stop)), critical_work_(critical_work) {
  std::signal(SIGPIPE, SIG_IGN);  // a closed stdout is an error of write(), not a death
  sigemptyset(&watched_);
  sigaddset(&watched_, SIGTERM);
  sigaddset(&watched_, SIGINT);
  sigaddset(&watched_, SIGUSR2);  // from the destructor: stop watching
  pthread_sigmask(SIG_BLOCK, &watched_, nullptr);
  watcher_ = std::thread([this] { watch(); });
}

Signals::~Signals() {
  done_ = true;
  pthread_kill(watcher_.native_handle(), SIGUSR2);
  watcher_.join();
}

void Signals::watch() {
  for (;;) {
    const int signal = sigtimedwait(&watched_, nullptr, &kLook);
    if (signal == SIGUSR2 && done_) return;
    if (signal == -1 && protocol::reader_is_gone(1)) stop_.request_stop();
    if (signal != SIGTERM && signal != SIGINT) continue;
    received_ = signal;
    stop_.request_stop();
    if (ends_tidily()) return;
    die_of(signal);
  }
}

// Whether the process ends before its time is over, which begins anew when critical work ends.
bool Signals::ends_tidily() const {
  sigset_t end;
  sigemptyset(&end);
  sigaddset(&end, SIGUSR2);
  int left = kTidyTicks;
  for (int ticks = 0; left > 0; ++ticks, --left) {
    if (ticks < kCriticalTicks && critical_work_.in_progress()) left = kTidyTicks;
    if (sigtimedwait(&end, nullptr, &kTick) == SIGUSR2 && done_) return true;
  }
  return false;
}

void Signals::die_of_received() {
  if (const int signal = received_; signal != 0) die_of(signal);
}

}  // namespace engagement::cli
