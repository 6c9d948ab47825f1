#include "cli/terminal_progress.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>

#include "core/error.hpp"

namespace engagement::cli {

namespace {
constexpr std::chrono::milliseconds kRedraw = std::chrono::seconds(1);
constexpr std::size_t kUsualColumns = 80;

std::size_t terminal_columns() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : kUsualColumns;
}

// A line that wraps would be two, and redrawing would leave one of them behind.
void cut_to_terminal(std::string& line) {
  std::size_t end = terminal_columns() - 1;
  if (line.size() <= end) return;
  while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xc0) == 0x80) --end;  // not within a character
  line.resize(end);
}
}  // namespace

TerminalProgress::TerminalProgress(std::vector<const engine::StreamContext*> streams, Clock& clock)
    : streams_(std::move(streams)), clock_(clock), began_(clock.steady_now()) {
  if (isatty(STDERR_FILENO) == 1) painter_ = std::thread([this] { redraw_every_second(); });
}

TerminalProgress::~TerminalProgress() {
  stop_.request_stop();
  if (painter_.joinable()) painter_.join();
}

void TerminalProgress::redraw_every_second() {
  try {
    for (;;) {
      clock_.wait_for(kRedraw, stop_.get_token());
      draw();
    }
  } catch (const Stopped&) {
    // the summary follows
  }
}

void TerminalProgress::draw() {
  if (drawn_) fmt::print(stderr, "\033[{}A", streams_.size());
  for (const auto* stream : streams_) {
    auto line = line_for(*stream);
    cut_to_terminal(line);
    fmt::print(stderr, "\033[2K{}\n", line);
  }
  drawn_ = true;
}

std::string TerminalProgress::line_for(const engine::StreamContext& stream) const {
  const auto& counts = stream.counts();
  const double seconds = std::chrono::duration<double>(clock_.steady_now() - began_).count();
  const auto records = counts.records.load();
  auto line =
      fmt::format("{:<20} {:>9} records {:>7.0f}/s {:>6} pages {:>6} requests {:>6.0f} MB",
                  stream.stream().descriptor.name, records, static_cast<double>(records) / seconds, counts.pages.load(),
                  counts.requests.load(), static_cast<double>(counts.body_bytes.load()) / 1e6);
  if (const auto until = counts.waiting_until_ms.load(); until != 0) {
    const auto left = (until - clock_.now().time_since_epoch().count()) / 1000;
    line += fmt::format("  waiting {} s", left > 0 ? left : 0);
  }
  return line;
}

void TerminalProgress::summarise() {
  if (!painter_.joinable()) return;
  stop_.request_stop();
  painter_.join();
  draw();
  fmt::print(stderr, "{:.1f} s in all\n", std::chrono::duration<double>(clock_.steady_now() - began_).count());
}

}  // namespace engagement::cli
