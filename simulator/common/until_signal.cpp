#include "simulator/common/until_signal.hpp"

#include <pthread.h>

#include <csignal>

namespace engagement::simulator {

namespace {

sigset_t ending_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

}  // namespace

SignalWatch::SignalWatch() {
  const sigset_t signals = ending_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  watcher_ = std::thread([this, signals] {
    int received = 0;
    sigwait(&signals, &received);
    source_.request_stop();
  });
}

SignalWatch::~SignalWatch() {
  // Not to wait for a signal that no one sends: the process is its own sender.
  if (watcher_.joinable()) {
    pthread_kill(watcher_.native_handle(), SIGTERM);
    watcher_.join();
  }
}

void SignalWatch::wait() { watcher_.join(); }

}  // namespace engagement::simulator
