#include "sources/clevertap/sheet/row_query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/error.hpp"
#include "core/lower_case.hpp"
#include "core/suggestion.hpp"
#include "protocol/json_text.hpp"
#include "sources/clevertap/sheet/day_cell.hpp"
#include "sources/clevertap/sheet/filter_cell.hpp"

namespace engagement::clevertap {

namespace {

using protocol::Json;

// What a formula that went wrong leaves in its cell.
constexpr std::array<std::string_view, 8> kFormulaErrors = {"#N/A",  "#REF!",   "#NAME?", "#VALUE!",
                                                            "#NUM!", "#DIV/0!", "#NULL!", "#ERROR!"};

// By FilterPlace; those of a profile stand within common_profile_properties.
constexpr std::array<const char*, 7> kPlaceMembers = {"event_properties", "session_properties", "profile_fields",
                                                      "app_fields",       "demographics",       "technographics",
                                                      "reachability"};

// nullopt: neither.
std::optional<bool> yes_or_no(const Cell& cell) {
  const auto text = lower_case(cell_text(cell));
  if (text == "yes" || text == "true" || text == "1") return true;
  if (text == "no" || text == "false" || text == "0") return false;
  return std::nullopt;
}

const Cell& cell_at(const Json& cells, std::size_t index) {
  static const Cell empty;
  return index < cells.size() ? cells[index] : empty;
}

// Objects key by key; anything else takes the place of what was there.
void merge_over(Json& under, const Json& over) {
  for (const auto& [key, value] : over.items()) {
    const auto found = under.find(key);
    if (found != under.end() && found->is_object() && value.is_object()) {
      merge_over(*found, value);
    } else {
      under[key] = value;
    }
  }
}

bool holds_number(const Json& value) {
  return value.is_number() || (value.is_array() && std::any_of(value.begin(), value.end(), [](const Json& element) {
                                 return element.is_number();
                               }));
}

bool is_sent_with_days(const Query& query) {
  return query.kind != QueryKind::profiles || protocol::find_member(query.body, "event_name") != nullptr;
}

bool counts_an_event(QueryKind kind) {
  return kind == QueryKind::event_count || kind == QueryKind::top_property_values || kind == QueryKind::trends;
}

// One event's name, or several where `several` is allowed.
std::vector<std::string> event_names_in(const Cell& cell, bool several) {
  std::vector<std::string> names;
  const auto text = cell_text(cell);
  for (auto& item : cut_at_bars(text)) names.push_back(std::move(item.text));
  if (names.size() == 1 || several) return names;
  throw CellProblem(fmt::format(
      "\"{0}\" is more than one event. Write one name; a name with a bar in it stands in double quotes: \"{0}\".",
      text));
}

class RowReader {
 public:
  RowReader(const RowSettings& settings, const std::map<std::string, int>& earlier)
      : settings_(settings), earlier_(earlier) {
    row_.kind = QueryKind::event_count;
  }

  SheetRow read(int number, const std::vector<Column>& columns, const Json& cells) {
    row_.number = number;
    for (std::size_t index = 0; index < columns.size(); ++index) {
      const auto& column = columns[index];
      const auto& cell = cell_at(cells, index);
      if (is_empty_cell(cell) || column.use == ColumnUse::unnamed) continue;
      remember(column, cell);
      attempt(column.header, [&] { take(column, cell); });
    }
    if (row_.written_name.empty()) complain("name", "It is empty. Write a name of letters, digits and _ only.");
    attempt(is_from_to_blame() ? "from" : "to", [&] { take_days(); });
    row_.query.body = body();
    attempt("query", [&] { merge_json(); });
    if (problems_.empty()) judge_body();
    finish();
    return std::move(row_);
  }

 private:
  template <typename Step>
  void attempt(const std::string& header, Step&& step) {
    try {
      step();
    } catch (const CellProblem& problem) {
      complain(header, problem.what());
    }
  }

  void complain(const std::string& header, const std::string& problem) {
    problems_ += fmt::format("{}column \"{}\": {}", problems_.empty() ? "" : " Also ", header, problem);
  }
  void warn(const std::string& header, std::string_view text) {
    row_.warnings.push_back(fmt::format("column \"{}\": {}", header, text));
  }

  void remember(const Column& column, const Cell& cell) {
    Json& seen = row_.columns[column.header];
    if (seen.is_null()) {
      seen = cell;
    } else {
      if (!seen.is_array()) seen = Json::array({seen});
      seen.push_back(cell);
    }
  }

  void take(const Column& column, const Cell& cell) {
    if (column.use == ColumnUse::context) {
      row_.query.context[column.header] = cell;
      return;
    }
    const auto text = cell_text(cell);
    if (std::find(kFormulaErrors.begin(), kFormulaErrors.end(), text) != kFormulaErrors.end()) {
      throw CellProblem(
          fmt::format("The formula in this cell went wrong and left {0}. Mend it; if this text is meant, write it in "
                      "double quotes.",
                      text));
    }
    take_known(column, cell, text);
  }

  void take_known(const Column& column, const Cell& cell, const std::string& text) {
    switch (column.use) {
      case ColumnUse::name:
        return take_name(text);
      case ColumnUse::kind:
        return take_kind(lower_case(cell_text(cell)));
      case ColumnUse::event:
        event_ = event_names_in(cell, false).front();
        return;
      case ColumnUse::from:
        return take_day(from_, cell);
      case ColumnUse::to:
        return take_day(to_, cell);
      case ColumnUse::filter:
        return take_filter(column, cell);
      case ColumnUse::did:
        did_ = event_names_in(cell, true);
        return;
      case ColumnUse::did_any:
        did_any_ = event_names_in(cell, true);
        return;
      case ColumnUse::did_not:
        did_not_ = event_names_in(cell, true);
        return;
      case ColumnUse::first_time:
        return take_first_time(cell);
      case ColumnUse::query:
        json_ = text;
        return;
      case ColumnUse::granularity:
        return take_granularity(lower_case(cell_text(cell)));
      case ColumnUse::enabled:
        return check_enabled(cell);
      default:
        throw CellProblem(column.problem);
    }
  }

  void take_name(const std::string& text) {
    row_.written_name = text;
    if (const auto same = earlier_.find(text); same != earlier_.end()) {
      throw CellProblem(fmt::format("\"{}\" is the name of row {} already. Choose another name for one of them.", text,
                                    same->second));
    }
    if (const auto problem = name_problem(text, settings_.taken)) {
      std::string sentence = *problem;
      if (sentence.front() == 't') sentence.front() = 'T';
      throw CellProblem(sentence);
    }
    row_.name = text;
  }

  void take_kind(const std::string& text) {
    row_.kind = query_kind_from(text);
    if (row_.kind) return;
    const auto names = query_kind_names();
    const auto hint = did_you_mean(text, names);
    throw CellProblem(fmt::format("\"{}\" is no kind of query{} Write {}.", text, hint.empty() ? "." : "; " + hint,
                                  fmt::join(names, ", ")));
  }

  void take_day(std::optional<Day>& day, const Cell& cell) {
    days_understood_ = false;
    day = day_in_cell(cell, settings_.period.today, settings_.zone);
    days_understood_ = true;
  }

  void take_filter(const Column& column, const Cell& cell) {
    Json& filters = filters_[static_cast<std::size_t>(column.place)];
    if (column.place != FilterPlace::session) return append_filters(filters, column.property, cell);
    append_session_filter(filters, column.property, cell);
    if (column.property == "time_of_day" && holds_number(filters.back().at("value"))) {
      warn(
          column.header,
          "to Google a time cell is a number, and it is sent as one. Write the time in double quotes, or from one time "
          "to another, as in 00:00..14:00.");
    }
  }

  void take_first_time(const Cell& cell) {
    const auto yes = yes_or_no(cell);
    if (!yes) throw CellProblem(fmt::format("\"{}\" is neither yes nor no. Write one of them.", cell_text(cell)));
    if (*yes)
      filters_[static_cast<std::size_t>(FilterPlace::session)].push_back({{"name", "first_time"}, {"value", "True"}});
  }

  void take_granularity(const std::string& text) {
    const auto granularity = granularity_from(text);
    if (!granularity) {
      throw CellProblem(fmt::format(
          "\"{}\" is no granularity. Write day, for one count a day, or range, for one count of the whole period.",
          text));
    }
    row_.query.granularity = *granularity;
  }

  void check_enabled(const Cell& cell) {
    if (yes_or_no(cell)) return;
    throw CellProblem(fmt::format(
        "\"{}\" is neither yes nor no. Write no to leave the row out, or leave the cell empty.", cell_text(cell)));
  }

  // Which of the two columns is to be corrected where their days make no period.
  bool is_from_to_blame() const { return from_ && (!to_ || *from_ > *to_ || *from_ > settings_.period.last); }

  void take_days() {
    auto& period = row_.period = settings_.period;
    if (!days_understood_) return;
    if (from_ && to_ && *from_ > *to_) {
      throw CellProblem(fmt::format("{} lies after \"to\", {}. Exchange them, or correct one.", day_to_text(*from_),
                                    day_to_text(*to_)));
    }
    if (from_) period.first = std::max(period.first, *from_);
    if (to_) period.last = std::min(period.last, *to_);
    if (period.first > period.last) {
      throw CellProblem(fmt::format(
          "Of the days from {} to {} the connector reads none: it reads {} to {}. Write days among these, or leave "
          "\"from\" and \"to\" empty.",
          from_ ? day_to_text(*from_) : "the start", to_ ? day_to_text(*to_) : "the end",
          day_to_text(settings_.period.first), day_to_text(settings_.period.last)));
    }
    if (from_) row_.query.from = period.first;
    if (to_) row_.query.to = period.last;
  }

  // https://developer.clevertap.com/docs/clevertap-query-language
  Json body() const {
    Json body = Json::object();
    if (event_) body["event_name"] = *event_;
    for (std::size_t place = 0; place < kPlaceMembers.size(); ++place) {
      if (filters_[place].empty()) continue;
      const bool of_profile = place >= static_cast<std::size_t>(FilterPlace::profile_fields);
      (of_profile ? body["common_profile_properties"] : body)[kPlaceMembers[place]] = filters_[place];
    }
    if (!did_.empty()) body["advanced_query"]["did_all"] = events_in_period(did_);
    if (!did_any_.empty()) body["advanced_query"]["did_any"]["any_events"] = events_in_period(did_any_);
    if (!did_not_.empty()) body["advanced_query"]["did_none"] = events_in_period(did_not_);
    return body;
  }

  Json events_in_period(const std::vector<std::string>& names) const {
    Json events = Json::array();
    for (const auto& name : names) {
      events.push_back(
          {{"event_name", name}, {"from", day_to_number(row_.period.first)}, {"to", day_to_number(row_.period.last)}});
    }
    return events;
  }

  void merge_json() {
    if (json_.empty()) return;
    Json more;
    try {
      more = protocol::parse_exact_json_text(json_, "text", "Correct the cell.");
    } catch (const ConnectorError& error) {
      throw CellProblem(error.what());
    }
    if (!more.is_object()) {
      throw CellProblem(fmt::format("It holds {}. Write a JSON object, as in {{\"event_name\":\"Charged\"}}.",
                                    protocol::kind_of(more)));
    }
    for (const char* key : {"from", "to"}) {
      if (!more.contains(key)) continue;
      throw CellProblem(fmt::format("\"{0}\" does not belong here. Write the day in a column \"{0}\".", key));
    }
    merge_over(row_.query.body, more);
  }

  // What is missing in the whole, whichever column would have brought it.
  void judge_body() {
    row_.query.kind = *row_.kind;
    if (counts_an_event(row_.query.kind) && !event_ && json_.empty()) {
      complain("event", "It is empty. Write the name of the event to count.");
    } else if (const auto problem = body_problem(row_.query)) {
      if (row_.kind == QueryKind::events) {
        complain("event", "It is empty, and CleverTap exports the events of one name. Write the event's name.");
      } else {
        complain("query", "For this kind of query " + *problem);
      }
    }
    if (!is_sent_with_days(row_.query) && (from_ || to_) && did_.empty() && did_any_.empty() && did_not_.empty()) {
      warn(from_ ? "from" : "to", "without an event CleverTap takes no days, so this one has no effect.");
    }
  }

  void finish() {
    row_.query.name = row_.name.value_or("");
    row_.query.kind = row_.kind.value_or(QueryKind::event_count);
    if (!problems_.empty()) row_.error = std::move(problems_);
  }

  const RowSettings& settings_;
  const std::map<std::string, int>& earlier_;
  SheetRow row_;
  std::optional<std::string> event_;
  std::optional<Day> from_;
  std::optional<Day> to_;
  bool days_understood_ = true;
  std::array<Json, kPlaceMembers.size()> filters_{};
  std::vector<std::string> did_;
  std::vector<std::string> did_any_;
  std::vector<std::string> did_not_;
  std::string json_;
  std::string problems_;
};

}  // namespace

bool is_blank_row(const Json& cells) {
  return std::all_of(cells.begin(), cells.end(),
                     [](const Cell& cell) { return is_empty_cell(cell) || cell.is_boolean(); });
}

bool is_disabled_row(const std::vector<Column>& columns, const Json& cells) {
  for (std::size_t index = 0; index < columns.size(); ++index) {
    const auto& cell = cell_at(cells, index);
    if (columns[index].use == ColumnUse::enabled && !is_empty_cell(cell)) return yes_or_no(cell) == false;
  }
  return false;
}

std::string text_in_column(const std::vector<Column>& columns, const Json& cells, ColumnUse use) {
  for (std::size_t index = 0; index < columns.size(); ++index) {
    if (columns[index].use == use) return cell_text(cell_at(cells, index));
  }
  return {};
}

SheetRow read_row(int number, const std::vector<Column>& columns, const Json& cells, const RowSettings& settings,
                  const std::map<std::string, int>& earlier) {
  return RowReader(settings, earlier).read(number, columns, cells);
}

Json query_as_sent(const SheetRow& row) {
  Json query = row.query.body;
  if (!is_sent_with_days(row.query)) return query;
  query["from"] = day_to_number(row.period.first);
  query["to"] = day_to_number(row.period.last);
  return query;
}

}  // namespace engagement::clevertap
