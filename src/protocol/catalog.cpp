#include "protocol/catalog.hpp"

#include <fmt/format.h>

#include <set>
#include <utility>

#include "core/suggestion.hpp"
#include "protocol/json_text.hpp"

namespace engagement::protocol {
namespace {

[[noreturn]] void fail(std::string_view place, const std::string& trouble) {
  throw config_error(
      fmt::format("The configured catalog (--catalog) cannot be used: {} {}. In Airbyte, refresh the connection's "
                  "schema and save it; by hand, write the catalog from the output of `discover`.",
                  place, trouble));
}

const Json& required(const Json& object, std::string_view key, std::string_view place) {
  const Json* member = find_member(object, key);
  if (member == nullptr) fail(place, "is missing");
  return *member;
}

std::string text_at(const Json& value, const std::string& place) {
  if (!value.is_string()) fail(place, fmt::format("has to be text, not {}", kind_of(value)));
  return value.get<std::string>();
}

SyncMode sync_mode_at(const Json& value, const std::string& place) {
  const std::string text = text_at(value, place);
  if (text == "full_refresh") return SyncMode::full_refresh;
  if (text == "incremental") return SyncMode::incremental;
  const std::string suggestion = did_you_mean(text, {"full_refresh", "incremental"});
  fail(place, fmt::format("is {}, but has to be \"full_refresh\" or \"incremental\"{}{}", Json(text).dump(),
                          suggestion.empty() ? "" : "; ", suggestion));
}

// A list of texts, nulls left out; one text alone is a list of one.
std::vector<std::string> path_at(const Json& value, const std::string& place) {
  if (value.is_string()) return {value.get<std::string>()};
  if (!value.is_array()) fail(place, fmt::format("has to be a list of field names, not {}", kind_of(value)));
  std::vector<std::string> path;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (!value[i].is_null()) path.push_back(text_at(value[i], fmt::format("{}[{}]", place, i)));
  }
  return path;
}

std::vector<std::vector<std::string>> paths_at(const Json& value, const std::string& place) {
  if (!value.is_array()) fail(place, fmt::format("has to be a list of paths, not {}", kind_of(value)));
  std::vector<std::vector<std::string>> paths;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (!value[i].is_null()) paths.push_back(path_at(value[i], fmt::format("{}[{}]", place, i)));
  }
  return paths;
}

StreamDescriptor descriptor_at(const Json& stream, const std::string& place) {
  StreamDescriptor descriptor;
  descriptor.name = text_at(required(stream, "name", place + ".name"), place + ".name");
  if (descriptor.name.empty()) fail(place + ".name", "is empty");
  if (const Json* name_space = find_member(stream, "namespace")) {
    descriptor.name_space = text_at(*name_space, place + ".namespace");
  }
  return descriptor;
}

ConfiguredStream stream_at(const Json& configured, const std::string& place) {
  if (!configured.is_object()) fail(place, fmt::format("has to be an object, not {}", kind_of(configured)));
  const Json& stream = required(configured, "stream", place + ".stream");
  if (!stream.is_object()) fail(place + ".stream", fmt::format("has to be an object, not {}", kind_of(stream)));

  ConfiguredStream result;
  result.descriptor = descriptor_at(stream, place + ".stream");
  if (const Json* schema = find_member(stream, "json_schema")) {
    if (!schema->is_object()) {
      fail(place + ".stream.json_schema", fmt::format("has to be an object, not {}", kind_of(*schema)));
    }
    result.json_schema = *schema;
  }
  if (const Json* mode = find_member(configured, "sync_mode")) {
    result.sync_mode = sync_mode_at(*mode, place + ".sync_mode");
  }
  if (const Json* mode = find_member(configured, "destination_sync_mode")) {
    result.destination_sync_mode = text_at(*mode, place + ".destination_sync_mode");
  }
  if (const Json* cursor = find_member(configured, "cursor_field")) {
    result.cursor_field = path_at(*cursor, place + ".cursor_field");
  }
  if (const Json* key = find_member(configured, "primary_key")) {
    result.primary_key = paths_at(*key, place + ".primary_key");
  }
  return result;
}

}  // namespace

std::string_view to_string(SyncMode mode) { return mode == SyncMode::incremental ? "incremental" : "full_refresh"; }

ConfiguredCatalog parse_configured_catalog(std::string_view text) {
  const Json root = parse_json_text(text, "configured catalog (--catalog)");
  if (!root.is_object()) fail("it", fmt::format("has to be an object with `streams`, not {}", kind_of(root)));
  if (find_member(root, "streams") == nullptr && find_member(root, "catalog") != nullptr) {
    fail("it",
         "is what `discover` prints; that lists the streams there are, and a configured catalog says which of them "
         "to read and how: {\"streams\": [{\"stream\": …, \"sync_mode\": …, \"destination_sync_mode\": …}]}");
  }
  const Json& streams = required(root, "streams", "streams");
  if (!streams.is_array()) fail("streams", fmt::format("has to be a list, not {}", kind_of(streams)));

  ConfiguredCatalog catalog;
  std::set<std::pair<std::string, std::string>> seen;  // to the platform no namespace and "" are the same
  for (std::size_t i = 0; i < streams.size(); ++i) {
    if (streams[i].is_null()) continue;
    const std::string place = fmt::format("streams[{}]", i);
    ConfiguredStream stream = stream_at(streams[i], place);
    if (!seen.emplace(stream.descriptor.name_space.value_or(""), stream.descriptor.name).second) {
      fail(place + ".stream.name", fmt::format("is {} a second time", Json(stream.descriptor.name).dump()));
    }
    catalog.streams.push_back(std::move(stream));
  }
  return catalog;
}

}  // namespace engagement::protocol
