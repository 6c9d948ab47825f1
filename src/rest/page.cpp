#include "rest/page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "json/string_text.hpp"

namespace engagement::rest {

namespace {

constexpr std::size_t kShownBytes = 200;

bool is_container(const json::ValueWalker& walker) { return walker.at_object() || walker.at_array(); }

}  // namespace

// Walks one answer once and puts what is wanted into its page.
class PageReader {
 public:
  PageReader(Page& page, const PageShape& shape) : page_(page), shape_(shape) {}

  void read(json::ValueWalker& walker) {
    read_value(walker);
    walker.finish();
  }

 private:
  // The value at path_.
  void read_value(json::ValueWalker& walker) {
    const auto records = std::find(shape_.records.begin(), shape_.records.end(), path_);
    if (records != shape_.records.end()) {
      read_records(walker, static_cast<std::size_t>(records - shape_.records.begin()));
    } else if (walker.at_object() && leads_further()) {
      read_object(walker);
    } else {
      const std::string_view value = walker.skip_value();
      if (is_wanted() && value != "null") keep(value);
    }
  }

  void read_object(json::ValueWalker& walker) {
    const json::ValueWalker before = walker;
    const std::size_t length = path_.size();
    walker.enter_object();
    std::string_view key;
    while (walker.next_member(key)) {
      if (length > 0) path_ += '.';
      if (json::has_escape(key)) {
        path_ += json::decode_string(key);
      } else {
        path_ += key;
      }
      read_value(walker);
      path_.resize(length);
    }
    if (is_wanted()) keep(json::ValueWalker(before).skip_value());
  }

  void read_records(json::ValueWalker& walker, std::size_t found) {
    if (walker.at_object()) {
      const json::ValueWalker at_record = walker;
      page_.records_.push_back({walker.skip_value(), at_record});
    } else if (walker.at_array()) {
      walker.enter_array();
      while (walker.next_element()) {
        if (!shape_.scalars && !is_container(walker))
          throw json::MalformedJson("a record that is no object", walker.offset());
        const json::ValueWalker at_record = walker;
        page_.records_.push_back({walker.skip_value(), at_record});
      }
    } else {
      const auto offset = walker.offset();
      if (walker.skip_value() == "null") return;
      throw json::MalformedJson(fmt::format("\"{}\" is no list of records", path_), offset);
    }
    page_.records_found_ = found;
  }

  bool is_wanted() const { return std::find(shape_.values.begin(), shape_.values.end(), path_) != shape_.values.end(); }
  bool leads_further() const {
    const auto below = [this](const std::string& wanted) {
      return path_.empty() ? !wanted.empty()
                           : wanted.size() > path_.size() && wanted[path_.size()] == '.' && wanted.starts_with(path_);
    };
    return std::any_of(shape_.records.begin(), shape_.records.end(), below) ||
           std::any_of(shape_.values.begin(), shape_.values.end(), below);
  }
  void keep(std::string_view value) { page_.values_.emplace_back(path_, value); }

  Page& page_;
  const PageShape& shape_;
  std::string path_;
};

void Page::read(const PageShape& shape) {
  records_.clear();
  records_found_.reset();
  values_.clear();
  malformed_.clear();
  repairs_ = {};
  try {
    repairs_ = index_.build(response.body);
    json::ValueWalker walker(response.body, index_);
    PageReader(*this, shape).read(walker);
  } catch (const json::MalformedJson& error) {
    records_.clear();
    records_found_.reset();
    values_.clear();
    malformed_ =
        fmt::format("malformed JSON at byte {} of {} ({})", error.offset(), response.body.size(), error.what());
  }
}

std::optional<std::string_view> Page::value(std::string_view path) const {
  // Of a member that stands twice the last counts, as for most readers.
  const auto found =
      std::find_if(values_.rbegin(), values_.rend(), [&](const auto& entry) { return entry.first == path; });
  return found == values_.rend() ? std::nullopt : std::optional(found->second);
}

std::optional<std::string> Page::text(std::string_view path) const {
  const auto found = value(path);
  if (!found) return std::nullopt;
  return json::is_string(*found) ? json::decode_string(json::string_content(*found)) : std::string(*found);
}

std::optional<std::int64_t> Page::integer(std::string_view path) const {
  const auto found = text(path);
  if (!found) return std::nullopt;
  std::int64_t number = 0;
  const char* end = found->data() + found->size();
  const auto [stop, error] = std::from_chars(found->data(), end, number);
  return error == std::errc() && stop == end ? std::optional(number) : std::nullopt;
}

Answer unreadable_answer(int status, std::string_view body, std::string_view why) {
  Answer answer;
  answer.status = status;
  // A failure without a body has said with its status all that it had to say.
  answer.unreadable = !body.empty() || status < 400;
  if (body.empty()) {
    answer.text = "an empty body";
  } else if (const auto begin = body.find("<title>"); begin != std::string_view::npos) {
    const auto end = body.find("</title>", begin);
    answer.text = fmt::format("an HTML page: {}", body.substr(begin + 7, std::min(end - begin - 7, kShownBytes)));
  } else {
    answer.text = fmt::format("{}: {}", why, body.substr(0, kShownBytes));
  }
  return answer;
}

Action call_page(const Caller& caller, const http::Request& request, std::string_view what, const PageShape& shape,
                 const PageJudge& judge, Page& page, Answer& answer, engine::Context& context,
                 const std::stop_token& stop) {
  const auto interpret = [&](http::Response&) {
    page.read(shape);
    return judge(page);
  };
  return caller.call(request, what, page.response, interpret, answer, context, stop);
}

}  // namespace engagement::rest
