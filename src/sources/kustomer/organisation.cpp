#include "sources/kustomer/organisation.hpp"

#include <fmt/format.h>

#include <charconv>
#include <nlohmann/json.hpp>

namespace engagement::kustomer {

namespace {

using rest::Action;
using rest::Rule;

constexpr std::string_view kKey =
    "Check the API Key (api_token): in Kustomer, Settings, Security, API Keys. A key works only in the region of its "
    "organisation, see Region (region) and Organisation (org), and only from the addresses it is restricted to.";
constexpr std::string_view kExpired =
    "The API Key (api_token) has expired. Create a new one in Kustomer (Settings, Security, API Keys), with the same "
    "roles, and put it in the source's settings.";

// https://developer.kustomer.com/docs/concepts/errors. A key that meets the wrong region is refused in words that name
// its own.
constexpr Rule kRules[] = {
    {.name = "wrong region",
     .text = "associated with pod prod1",
     .failure = FailureType::config,
     .scope = FailureScope::source,
     .advice = "The key belongs to an organisation in the US. Set Region (region) to \"us\", or name the Organisation "
               "(org)."},
    {.name = "wrong region",
     .text = "associated with pod prod2",
     .failure = FailureType::config,
     .scope = FailureScope::source,
     .advice = "The key belongs to an organisation in Europe. Set Region (region) to \"eu\", or name the Organisation "
               "(org)."},
    {.name = "wrong region",
     .text = "associated with pod prod4",
     .failure = FailureType::config,
     .scope = FailureScope::source,
     .advice =
         "The key belongs to an organisation in India. Set Region (region) to \"in\", or name the Organisation (org)."},
    {.name = "wrong region",
     .text = "associated with pod",
     .failure = FailureType::config,
     .scope = FailureScope::source,
     .advice = "The key belongs to another region. Name the Organisation (org): the first part of your address at "
               "kustomerapp.com."},
    {.name = "expired key",
     .statuses = {401, 403},
     .text = "expired",
     .failure = FailureType::config,
     .scope = FailureScope::source,
     .advice = kExpired},
    {.name = "bad key", .statuses = 401, .failure = FailureType::config, .scope = FailureScope::source, .advice = kKey},
    // Trouble inside of Kustomer that it answers with a 200.
    {.name = "internal error",
     .statuses = {200, 299},
     .text = "internal",
     .action = Action::retry,
     .advice = "Kustomer did not answer properly for the whole retry time."},
    {.name = "timed out search", .statuses = {200, 299}, .text = "meta.timed_out", .action = Action::split},
    {.name = "payment required",
     .statuses = 402,
     .failure = FailureType::config,
     .advice = "The organisation's plan does not include this part of the API. Take the stream out of the connection."},
    {.name = "bad request",
     .statuses = 400,
     .failure = FailureType::system,
     .advice = "Kustomer does not accept this request. Please report it with the log of this sync."},
};

constexpr std::string_view kNotFound =
    "Kustomer does not have this. If it is not part of your plan, take the stream out of the connection.";

std::vector<Rule> rules_with(std::string_view forbidden, Action not_found, Action if_forbidden) {
  std::vector<Rule> rules(std::begin(kRules), std::end(kRules));
  rules.push_back(
      {.name = "not found", .statuses = 404, .action = not_found, .failure = FailureType::config, .advice = kNotFound});
  rules.push_back({.name = "forbidden",
                   .statuses = 403,
                   .action = if_forbidden,
                   .failure = FailureType::config,
                   .advice = forbidden});
  return rules;
}

void add_words(std::string& text, const std::string& words) {
  if (words.empty()) return;
  if (!text.empty()) text += "; ";
  text += words;
}

std::string member_text(const nlohmann::json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return {};
  return found->is_string() ? found->get<std::string>() : found->dump();
}

// One error of either shape in a few words, "bad_request: Invalid body".
std::string words_of(const nlohmann::json& error) {
  if (error.is_string()) return error.get<std::string>();
  if (!error.is_object()) return error.dump();
  std::string said = member_text(error, "message");
  for (const char* key : {"detail", "title"}) {
    if (said.empty()) said = member_text(error, key);
  }
  const std::string code = member_text(error, "code");
  if (code.empty() || code == said) return said;
  return said.empty() ? code : fmt::format("{}: {}", code, said);
}

// Some failures come with HTTP 200; their status is in the body then.
int status_in(const nlohmann::json& error) {
  const std::string text = error.is_object() ? member_text(error, "status") : std::string();
  int status = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), status);
  return problem == std::errc() && end == text.data() + text.size() && status >= 400 && status < 600 ? status : 0;
}

std::string without_blanks(std::string_view link) {
  std::string text;
  for (const char letter : link) text += letter == ' ' ? std::string("%20") : std::string(1, letter);
  return text;
}

void read_errors(const rest::Page& page, rest::Answer& answer) {
  const auto errors = nlohmann::json::parse(page.value("errors").value_or("[]"), nullptr, false);
  for (const auto& error : errors.is_array() ? errors : nlohmann::json::array({errors})) {
    add_words(answer.text, words_of(error));
    if (answer.status < 300 && status_in(error) != 0) answer.status = status_in(error);
  }
  for (const char* path : {"error", "message"}) {
    if (answer.text.empty()) answer.text = page.text(path).value_or("");
  }
}

// What a list was asked for holds for all its pages, also where a link names the page alone.
std::string with_query_of(std::string_view asked, std::string link) {
  const auto mark = asked.find('?');
  if (mark == std::string_view::npos) return link;
  const auto names = [](std::string_view address, std::string_view name) {
    for (auto at = address.find('?'); at != std::string_view::npos; at = address.find('&', at + 1)) {
      const auto part = address.substr(at + 1);
      if (part.starts_with(name) && (part.size() == name.size() || part[name.size()] == '=')) return true;
    }
    return false;
  };
  for (std::string_view rest = asked.substr(mark + 1); !rest.empty();) {
    const auto part = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), part.size() + 1));
    if (names(link, part.substr(0, part.find('=')))) continue;
    link += link.find('?') == std::string::npos ? '?' : '&';
    link += part;
  }
  return link;
}

}  // namespace

rest::PageShape answer_shape(std::string_view records) {
  return {
      {std::string(records)},
      {"meta.total", "meta.pageSize", "meta.timed_out", "links.next", "links", "errors", "error", "message", "data"}};
}

rest::Answer judge_answer(const rest::Page& page) {
  const int status = page.response.status;
  if (page.response.body.size() == 0) {
    rest::Answer answer;
    answer.status = status;
    answer.unreadable = true;
    answer.text = "an empty body";
    return answer;
  }
  if (!page.malformed().empty()) {
    return rest::unreadable_answer(status, page.response.body.view(), page.malformed());
  }
  rest::Answer answer;
  answer.status = status;
  read_errors(page, answer);
  if (status < 200 || status > 299 || !answer.text.empty()) return answer;
  if (page.value("meta.timed_out") == std::string_view("true")) {
    answer.text = "meta.timed_out: the search was given up and its answer is not whole";
    return answer;
  }
  if (!page.records_found() && !page.value("data")) {
    return rest::unreadable_answer(status, page.response.body.view(), "an answer without \"data\"");
  }
  answer.succeeded = true;
  return answer;
}

NextLink next_link(const rest::Page& page) {
  if (page.value("links.next")) return NextLink::given;
  // A page keeps no nulls apart.
  const auto links = nlohmann::json::parse(page.value("links").value_or("{}"), nullptr, false);
  return links.is_object() && links.contains("next") ? NextLink::none : NextLink::absent;
}

Organisation::Organisation(const Config& config)
    : base_url_(config.base_url),
      api_token_(config.api_token),
      user_agent_(config.user_agent),
      gate_(config.workers + 1),
      pacer_(config) {
  if (base_url_.ends_with("/v1")) base_url_.resize(base_url_.size() - 3);
}

http::Request Organisation::request(http::Method method, const std::string& path) const {
  http::Request request;
  request.method = method;
  request.url = base_url_ + path;
  request.headers = {{"Authorization", "Bearer " + api_token_}, {"Accept", "application/json"}};
  if (!user_agent_.empty()) request.headers.push_back({"User-Agent", user_agent_});
  return request;
}

http::Request Organisation::post(const std::string& path, std::string body) const {
  auto post = request(http::Method::post, path);
  post.headers.push_back({"Content-Type", "application/json"});
  post.body = std::move(body);
  return post;
}

http::Request Organisation::follow(std::string_view link, std::string_view path) const {
  if (link.starts_with('?')) {
    return get(with_query_of(path, without_blanks(fmt::format("{}{}", path.substr(0, path.find('?')), link))));
  }
  if (const auto host = link.find("://"); host != std::string_view::npos) {
    const auto slash = link.find('/', host + 3);
    link = slash == std::string_view::npos ? std::string_view() : link.substr(slash);
  }
  if (link.starts_with('/')) link.remove_prefix(1);
  // "v1/users?page=2", "v2.1/…", or the path without its version.
  const bool versioned = link.size() > 1 && link[0] == 'v' && link[1] >= '0' && link[1] <= '9';
  return get(with_query_of(path, without_blanks(fmt::format("{}{}", versioned ? "/" : "/v1/", link))));
}

RoleCaller::RoleCaller(std::shared_ptr<const Organisation> organisation, std::string_view role, rest::Action not_found,
                       Forbidden forbidden)
    : organisation_(std::move(organisation)),
      forbidden_(!forbidden.advice.empty()
                     ? std::move(forbidden.advice)
                     : fmt::format("The API key lacks a role that this needs: {}. A key's roles cannot be changed: "
                                   "create a new key with it in Kustomer (Settings, Security, API Keys), or take the "
                                   "stream out of the connection.",
                                   role)),
      rules_(rules_with(forbidden_, not_found, forbidden.action)),
      caller_("Kustomer", rules_, organisation_->gate(), &organisation_->pacer()) {}

bool RoleCaller::call(const http::Request& request, std::string_view what, rest::Page& page, engine::Context& context,
                      const std::stop_token& stop) const {
  static const rest::PageShape shape = answer_shape();
  static const rest::PageJudge judge = judge_answer;
  rest::Answer answer;
  const Action action = rest::call_page(caller_, request, what, shape, judge, page, answer, context, stop);
  return is_served(action, answer, what);
}

bool is_served(Action action, const rest::Answer& answer, std::string_view what) {
  if (action == Action::ok || action == Action::skip) return action == Action::ok;
  throw transient_error(fmt::format("Kustomer gave up: \"{}\".", answer.text), std::string(what));
}

}  // namespace engagement::kustomer
