#pragma once

#include <array>
#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

#include "core/error.hpp"

namespace engagement::kustomer {

// Hands pages from a producer, which decides itself what to fetch next, to a consumer on another thread: two pages, so
// that one is fetched while the other is worked on. As engine::ReadAhead, for a producer that is a program of its own
// and not a function from page to page.
//
//   PageRelay<Page> relay([&](PageRelay<Page>& relay, const std::stop_token& stop) {
//     Page& page = relay.free_page();   // fill it, look at it, and either leave it or
//     relay.hand_over();                // page is the consumer's now
//   }, stop);
//   while (Page* page = relay.next()) { … }     // a page is valid until the next call
//
// What the producer throws comes out of next(), after the pages before it. Its stop token also fires when the relay is
// destroyed.
template <typename Page>
class PageRelay {
 public:
  using Producer = std::function<void(PageRelay&, const std::stop_token&)>;

  PageRelay(Producer producer, const std::stop_token& stop)
      : producer_(std::move(producer)), outer_stop_(stop, StopInner{inner_stop_}), thread_([this] { run(); }) {}
  ~PageRelay() {
    inner_stop_.request_stop();
    thread_.join();
  }
  PageRelay(const PageRelay&) = delete;
  PageRelay& operator=(const PageRelay&) = delete;

  // Producer: the page to fill, the same until it is handed over. Waits for the consumer. Throws Stopped.
  Page& free_page() {
    std::unique_lock lock(mutex_);
    if (!changed_.wait(lock, inner_stop_.get_token(), [this] { return handed_over_ < 2; })) throw Stopped();
    return pages_[producer_slot_];
  }
  void hand_over() {
    const std::lock_guard lock(mutex_);
    ++handed_over_;
    producer_slot_ = 1 - producer_slot_;
    changed_.notify_all();
  }

  // Consumer: nullptr at the end.
  Page* next() {
    std::unique_lock lock(mutex_);
    if (std::exchange(given_out_, false)) {
      --handed_over_;
      consumer_slot_ = 1 - consumer_slot_;
      changed_.notify_all();
    }
    changed_.wait(lock, [this] { return handed_over_ > 0 || ended_; });
    if (handed_over_ > 0) {
      given_out_ = true;
      return &pages_[consumer_slot_];
    }
    if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
    return nullptr;
  }

 private:
  struct StopInner {
    std::stop_source source;
    void operator()() { source.request_stop(); }
  };

  void run() {
    std::exception_ptr error;
    try {
      producer_(*this, inner_stop_.get_token());
    } catch (...) {
      error = std::current_exception();
    }
    const std::lock_guard lock(mutex_);
    error_ = error;
    ended_ = true;
    changed_.notify_all();
  }

  Producer producer_;
  std::stop_source inner_stop_;
  std::stop_callback<StopInner> outer_stop_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::array<Page, 2> pages_;
  std::size_t producer_slot_ = 0;
  std::size_t consumer_slot_ = 0;
  int handed_over_ = 0;
  bool given_out_ = false;
  bool ended_ = false;
  std::exception_ptr error_;
  std::thread thread_;
};

}  // namespace engagement::kustomer
