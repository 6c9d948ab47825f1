#include "sources/clevertap/exports/export.hpp"

#include <fmt/format.h>

#include <string_view>

#include "engine/loop_guard.hpp"
#include "engine/read_ahead.hpp"

namespace engagement::clevertap {

namespace {

constexpr int kMostRestarts = 5;
constexpr int kManyEmptyPages = 100;

// The cursor no longer works; the export must begin again. Never leaves this file.
struct CursorGone : std::exception {
  explicit CursorGone(std::string text) : words(std::move(text)) {}
  std::string words;
};

// A cursor comes percent-encoded and goes back as it came: encoded a second time, CleverTap answers 200 with
// "Incorrect Usage". Only what could not stand in a URL at all is encoded here.
std::string url_safe(std::string_view cursor) {
  std::string safe;
  safe.reserve(cursor.size());
  for (const char letter : cursor) {
    const auto byte = static_cast<unsigned char>(letter);
    const bool cannot_stand = byte <= 0x20 || byte >= 0x7F || letter == '"' || letter == '#' || letter == '&' ||
                              letter == '<' || letter == '>' || letter == '\\';
    if (cannot_stand) {
      fmt::format_to(std::back_inserter(safe), "%{:02X}", byte);
    } else {
      safe.push_back(letter);
    }
  }
  return safe;
}

// What step one brought: a cursor to read with, or the words of a refusal.
struct Created {
  std::string cursor;
  std::optional<std::string> refusal;
};

Created create(const Account& account, const ExportQuery& query, engine::Context& context,
               const std::stop_token& stop) {
  ExportPage page;
  rest::Answer answer;
  const auto action =
      (query.of_user ? account.query_caller() : account.caller())
          .call(
              account.post(fmt::format("{}?{}", query.path, query.parameters), query.body), "POST " + query.what,
              page.response, [&](http::Response&) { return page.read(); }, answer, context, stop);
  const bool refused = action == rest::Action::skip || (query.of_user && action == rest::Action::restart);
  if (refused) return {{}, answer.text};
  if (action == rest::Action::restart) {
    throw system_error(fmt::format("CleverTap refused to begin an export: \"{}\".", answer.text), "POST " + query.what);
  }
  if (page.next_cursor) return {*page.next_cursor, std::nullopt};
  throw system_error(
      "CleverTap accepted an export but gave no cursor to read it with. Please report this with the log.",
      "POST " + query.what);
}

// Step two, one call a page: what a ReadAhead fetches.
class PageFetcher {
 public:
  PageFetcher(const Account& account, const ExportQuery& query, std::string first_cursor, WantedMembers wanted,
              engine::Context& context)
      : account_(account),
        query_(query),
        cursor_(std::move(first_cursor)),
        wanted_(std::move(wanted)),
        context_(context) {
    remember(cursor_);
  }

  bool operator()(ExportPage& page, const std::stop_token& stop) {
    if (cursor_.empty()) return false;
    rest::Answer answer;
    const auto action = account_.page_caller().call(
        account_.get(fmt::format("{}?cursor={}", query_.path, url_safe(cursor_))), "GET " + query_.what, page.response,
        [&](http::Response&) { return page.read(wanted_); }, answer, context_, stop);
    if (action == rest::Action::restart) throw CursorGone(answer.text);
    if (action != rest::Action::ok) {
      throw system_error(fmt::format("CleverTap refused to go on with an export: \"{}\".", answer.text),
                         "GET " + query_.what);
    }
    cursor_ = page.next_cursor.value_or("");
    if (!cursor_.empty()) remember(cursor_);
    note_empty(page);
    return true;
  }

 private:
  // An empty page ends nothing, and each cursor is a new one: nobody but a person can tell when it is enough.
  void note_empty(const ExportPage& page) {
    empty_in_a_row_ = page.records.empty() && !cursor_.empty() ? empty_in_a_row_ + 1 : 0;
    if (empty_in_a_row_ != kManyEmptyPages) return;
    context_.log(engine::LogLevel::warn,
                 fmt::format("{}: CleverTap has sent {} pages without a record one after the other, each with a cursor "
                             "for a next one; reading goes on",
                             query_.what, kManyEmptyPages));
  }

  void remember(const std::string& cursor) {
    if (guard_.is_new(cursor)) return;
    throw system_error(
        "CleverTap sent the same cursor twice within one export, so its pages would go in a circle. Please try again, "
        "and report it to CleverTap if it stays.",
        "GET " + query_.what);
  }

  const Account& account_;
  const ExportQuery& query_;
  std::string cursor_;
  WantedMembers wanted_;
  engine::Context& context_;
  engine::LoopGuard guard_;
  int empty_in_a_row_ = 0;
};

}  // namespace

std::optional<std::string> run_export(const Account& account, const ExportQuery& query, ExportConsumer& consumer,
                                      engine::StreamContext& context, const std::stop_token& stop) {
  for (int restarts = 0;; ++restarts) {
    const Created created = create(account, query, context, stop);
    if (created.refusal) return created.refusal;
    consumer.export_began();
    try {
      engine::ReadAhead<ExportPage> pages(PageFetcher(account, query, created.cursor, consumer.wanted(), context),
                                          stop);
      while (const ExportPage* page = pages.next()) {
        ++context.counts().pages;
        context.repaired(page->repairs);
        consumer.page(*page);
      }
      return std::nullopt;
    } catch (const CursorGone& gone) {
      if (restarts == kMostRestarts) {
        throw transient_error(
            fmt::format("CleverTap's cursor expired {} times before the export of {} was read (\"{}\"). Try a smaller "
                        "window (window_days).",
                        kMostRestarts + 1, query.what, gone.words),
            "GET " + query.what);
      }
      context.log(engine::LogLevel::warn,
                  fmt::format("the cursor for {} is gone (\"{}\"); this export begins again", query.what, gone.words));
    }
  }
}

std::optional<std::string> try_export(const Account& account, const ExportQuery& query, engine::Context& context,
                                      const std::stop_token& stop) {
  const Created created = create(account, query, context, stop);
  if (created.refusal) return created.refusal;
  ExportPage page;
  try {
    PageFetcher(account, query, created.cursor, {}, context)(page, stop);
  } catch (const CursorGone&) {
    // The query was accepted; that is all there was to hear.
  }
  return std::nullopt;
}

}  // namespace engagement::clevertap
