#include "protocol/config_violations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <regex>
#include <set>
#include <utility>

#include "core/suggestion.hpp"
#include "core/time_text.hpp"
#include "core/utf8_points.hpp"
#include "protocol/json_text.hpp"
#include "protocol/spec_walk.hpp"

namespace engagement::protocol {
namespace {

constexpr std::size_t kMostChoices = 20;
constexpr std::size_t kMostShown = 60;
constexpr std::size_t kMostOfAPattern = 10'000;  // bytes; std::regex goes one call deeper for each

// Where we are in the config: how a user finds the field.
struct Place {
  std::string path;   // credentials.client_id, event_names[2]
  std::string title;  // of the field, or of the list it is an element of

  Place member(const std::string& name, const Json& schema) const {
    const Json* own = find_member(schema, "title");
    return {path.empty() ? name : path + '.' + name, own != nullptr && own->is_string() ? own->get<std::string>() : ""};
  }
  Place element(std::size_t index) const { return {fmt::format("{}[{}]", path, index), title}; }

  std::string label() const {
    if (path.empty()) return "The configuration";
    return title.empty() ? path : fmt::format("{} ({})", title, path);
  }
};

std::string shown(const Json& value) {
  if (value.is_structured() || value.is_null()) return value.is_null() ? "null" : std::string(kind_of(value));
  if (!value.is_string()) return value.dump();
  const auto points = utf8_points(value.get_ref<const std::string&>());
  std::string text;
  for (std::size_t i = 0; i < std::min(points.size(), kMostShown); ++i) text += points[i].text;
  return Json(points.size() > kMostShown ? text + "…" : text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string joined(const std::vector<std::string>& parts, std::string_view separator) {
  return fmt::format("{}", fmt::join(parts, separator));
}

// What a value of this type is called.
std::string type_in_words(const Json& type) {
  static const std::vector<std::pair<std::string, std::string>> names{
      {"string", "text"},           {"integer", "an integer"}, {"number", "a number"},
      {"boolean", "true or false"}, {"array", "a list"},       {"object", "an object (a group of fields)"}};
  const std::string name = type.is_string() ? type.get<std::string>() : type.dump();
  for (const auto& [known, words] : names) {
    if (known == name) return words;
  }
  return name;
}

bool is_of_type(const Json& value, const Json& type) {
  if (type == "string") return value.is_string();
  if (type == "integer") return value.is_number_integer();
  if (type == "number") return value.is_number();
  if (type == "boolean") return value.is_boolean();
  if (type == "array") return value.is_array();
  if (type == "object") return value.is_object();
  return type != "null" || value.is_null();
}

std::vector<Json> as_list(const Json& value) {
  if (value.is_array()) return {value.begin(), value.end()};
  return {value};
}

std::optional<double> number_at(const Json& schema, const char* keyword) {
  const Json* value = find_member(schema, keyword);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  return value->get<double>();
}

std::string text_member(const Json& schema, const char* keyword) {
  const Json* value = find_member(schema, keyword);
  return value != nullptr && value->is_string() ? value->get<std::string>() : "";
}

bool matches(const std::string& text, const std::string& pattern) try {
  return std::regex_search(text, std::regex(pattern));
} catch (const std::regex_error&) {
  return true;  // the spec's mistake, not the user's
}

bool is_date_time(const std::string& text) {
  static const std::regex shape(
      R"(^(\d{4}-\d\d-\d\d)[Tt]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$)");
  return day_from_text(std::string_view(text).substr(0, 10)) && std::regex_match(text, shape);
}

std::string sentence_start(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

// Walks config and spec together and collects a sentence for each thing that is wrong.
class Describer final {
 public:
  std::vector<std::string> take() { return std::move(sentences_); }

  void value(const Json& value, const Json& schema, const Place& place) {
    // Once secret, everything below is: an object given where text belongs, too.
    const bool hidden_before = std::exchange(hidden_, hidden_ || is_secret(schema));
    if (type(value, schema, place) && choice(value, schema, place)) {
      if (value.is_number()) number(value, schema, place);
      if (value.is_string()) text(value.get_ref<const std::string&>(), schema, place);
      if (value.is_array()) list(value, schema, place);
      if (value.is_object()) object(value, schema, place);
    }
    hidden_ = hidden_before;
  }

 private:
  void say(const Place& place, const std::string& trouble) {
    std::string sentence = fmt::format("{}: {}", place.label(), trouble);
    if (sentence.back() != '?') sentence += '.';
    sentences_.push_back(std::move(sentence));
  }

  // The value as the subject of a sentence. A value of the wrong shape may hold the secrets of the right one.
  std::string subject(const Json& value, const Json& schema) const {
    return hidden_ || holds_secret(schema) ? "the value given (not shown)" : shown(value);
  }

  std::string example(const Json& schema) const {
    const Json* examples = find_member(schema, "examples");
    if (examples == nullptr || hidden_ || (examples->is_array() && examples->empty())) return {};
    const Json& first = examples->is_array() ? examples->front() : *examples;
    if (first.is_object()) return {};
    return fmt::format(", for example {}", first.is_array() ? first.dump() : shown(first));
  }

  bool type(const Json& value, const Json& schema, const Place& place) {
    const Json* types = find_member(schema, "type");
    if (types == nullptr) return true;
    std::vector<std::string> words;
    for (const auto& type : as_list(*types)) {
      if (is_of_type(value, type)) return true;
      if (type != "null") words.push_back(type_in_words(type));
    }
    say(place, fmt::format("{} is not {}{}", subject(value, schema), joined(words, " or "), example(schema)));
    return false;
  }

  // const and enum.
  bool choice(const Json& value, const Json& schema, const Place& place) {
    std::vector<Json> choices;
    if (const auto only = schema.find("const"); only != schema.end()) choices = {*only};
    if (const Json* values = find_member(schema, "enum")) choices = as_list(*values);
    if (choices.empty() || std::find(choices.begin(), choices.end(), value) != choices.end()) return true;
    not_one_of(value, schema, place, choices, {});
    return false;
  }

  // `names` explains the choices, one for each, where they are codes.
  void not_one_of(const Json& value, const Json& schema, const Place& place, const std::vector<Json>& choices,
                  const std::vector<std::string>& names) {
    std::vector<std::string> words, texts;
    for (std::size_t i = 0; i < choices.size(); ++i) {
      if (choices[i].is_string()) texts.push_back(choices[i].get<std::string>());
      if (i == kMostChoices) words.emplace_back("…");
      if (i >= kMostChoices) continue;
      const bool named = i < names.size() && !names[i].empty();
      words.push_back(named ? fmt::format("{} ({})", shown(choices[i]), names[i]) : shown(choices[i]));
    }
    std::string trouble =
        fmt::format("{} is not {}{}", subject(value, schema), words.size() == 1 ? "" : "one of ", joined(words, ", "));
    if (value.is_string() && !hidden_ && !holds_secret(schema)) {
      const auto hint = did_you_mean(value.get_ref<const std::string&>(), texts);
      if (!hint.empty()) trouble += ". " + sentence_start(hint);
    }
    say(place, trouble);
  }

  void number(const Json& value, const Json& schema, const Place& place) {
    const double number = value.get<double>();
    const auto least = number_at(schema, "minimum"), most = number_at(schema, "maximum");
    if ((least && number < *least) || (most && number > *most)) {
      const std::string given = subject(value, schema);
      if (least && most) {
        say(place,
            fmt::format("{} is not between {} and {}", given, shown(schema["minimum"]), shown(schema["maximum"])));
      } else if (least) {
        say(place, fmt::format("{} is less than {}, the least allowed", given, shown(schema["minimum"])));
      } else {
        say(place, fmt::format("{} is more than {}, the most allowed", given, shown(schema["maximum"])));
      }
    }
    const auto above = number_at(schema, "exclusiveMinimum"), below = number_at(schema, "exclusiveMaximum");
    if (above && number <= *above) {
      say(place, fmt::format("{} is not more than {}", subject(value, schema), shown(schema["exclusiveMinimum"])));
    }
    if (below && number >= *below) {
      say(place, fmt::format("{} is not less than {}", subject(value, schema), shown(schema["exclusiveMaximum"])));
    }
  }

  void text(const std::string& text, const Json& schema, const Place& place) {
    const std::string given = subject(text, schema);
    const auto length = static_cast<double>(utf8_points(text).size());
    const auto least = number_at(schema, "minLength"), most = number_at(schema, "maxLength");
    const std::string pattern = text_member(schema, "pattern"), format = text_member(schema, "format");
    if (least && length < *least) {
      say(place, text.empty() ? "is empty" : fmt::format("{} is shorter than {} characters", given, *least));
    } else if (most && length > *most) {
      say(place, fmt::format("{} is longer than {} characters", given, *most));
    } else if (!pattern.empty() && text.size() > kMostOfAPattern) {
      say(place, fmt::format("{} is longer than {} bytes", given, kMostOfAPattern));
    } else if (!pattern.empty() && !matches(text, pattern)) {
      const std::string words = text_member(schema, "pattern_descriptor");
      say(place, (words.empty() ? fmt::format("{} does not match the pattern {}", given, pattern)
                                : fmt::format("{} does not look like {}", given, words)) +
                     example(schema));
    } else if (format == "date" && !day_from_text(text)) {
      say(place, fmt::format("{} is no date like 2026-01-31{}", given, example(schema)));
    } else if (format == "date-time" && !is_date_time(text)) {
      say(place, fmt::format("{} is no time like 2026-01-31T10:20:30Z{}", given, example(schema)));
    }
  }

  void list(const Json& list, const Json& schema, const Place& place) {
    const auto size = static_cast<double>(list.size());
    const auto least = number_at(schema, "minItems"), most = number_at(schema, "maxItems");
    if (least && size < *least) say(place, fmt::format("needs {} entries or more, and has {}", *least, size));
    if (most && size > *most) say(place, fmt::format("may have {} entries, and has {}", *most, size));
    if (const Json* unique = find_member(schema, "uniqueItems"); unique != nullptr && *unique == true) {
      if (std::set<Json>(list.begin(), list.end()).size() < list.size()) say(place, "has an entry twice");
    }
    if (const Json* items = find_member(schema, "items"); items != nullptr && items->is_object()) {
      for (std::size_t i = 0; i < list.size(); ++i) value(list[i], *items, place.element(i));
    }
  }

  void object(const Json& object, const Json& schema, const Place& place) {
    const Json* variant = chosen_variant(object, schema);
    members(object, schema, place, variant);
    if (variant != nullptr) {
      members(object, *variant, place, &schema);
    } else if (const auto field = discriminator(schema)) {
      not_a_variant(object, schema, place, *field);
    }
  }

  // `other` is the schema that the object is held to as well, whose fields are known, too.
  void members(const Json& object, const Json& schema, const Place& place, const Json* other) {
    const Json* known = find_member(schema, "properties");
    const Json none = Json::object();
    if (known == nullptr) known = &none;
    if (const Json* required = find_member(schema, "required")) {
      for (const auto& name : *required) {
        if (name.is_string()) require(object, name.get<std::string>(), *known, place, other);
      }
    }
    for (const auto& [name, property] : known->items()) {
      const auto member = object.find(name);
      if (member == object.end() || (member->is_null() && is_required(schema, name))) continue;
      value(*member, property, place.member(name, property));
    }
  }

  void require(const Json& object, const std::string& name, const Json& known, const Place& place, const Json* other) {
    const Json* property = find_member(known, name);
    const Json schema = property == nullptr ? Json::object() : *property;
    const auto member = object.find(name);
    if (member != object.end() && (!member->is_null() || !has_type(schema) || allows_type(schema, "null"))) return;

    std::vector<std::string> unknown;
    const Json* also_known = other == nullptr ? nullptr : find_member(*other, "properties");
    for (const auto& [key, ignored] : object.items()) {
      const bool is_known = known.contains(key) || (also_known != nullptr && also_known->contains(key));
      if (!is_known) unknown.push_back(key);
    }
    const auto near = nearest(name, unknown, 1);
    const std::string hint = near.empty() ? "" : fmt::format(". Did you mean it by \"{}\"?", near.front());
    say(place.member(name, schema), "required, but missing" + (hint.empty() ? example(schema) : hint));
  }

  void not_a_variant(const Json& object, const Json& schema, const Place& place, const Discriminator& field) {
    std::vector<std::string> titles, words;
    const Json& variants = schema.at("oneOf");
    for (const auto& variant : variants) titles.push_back(text_member(variant, "title"));
    for (std::size_t i = 0; i < titles.size(); ++i) {
      words.push_back(shown(field.values[i]) + (titles[i].empty() ? "" : fmt::format(" ({})", titles[i])));
    }
    const Json& property = variants.front().at("properties").at(field.field);
    Place at = place.member(field.field, property);
    if (at.title.empty()) at.title = place.title;
    if (const Json* given = find_member(object, field.field)) {
      not_one_of(*given, property, at, field.values, titles);
    } else {
      say(at, fmt::format("required, but missing; it has to be {}{}", words.size() == 1 ? "" : "one of ",
                          joined(words, ", ")));
    }
  }

  std::vector<std::string> sentences_;
  bool hidden_ = false;
};

}  // namespace

std::vector<std::string> describe_violations(const Json& config, const Json& connection_specification) {
  Describer describer;
  describer.value(config, connection_specification, {});
  return describer.take();
}

}  // namespace engagement::protocol
