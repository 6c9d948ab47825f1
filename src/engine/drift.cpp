#include "engine/drift.hpp"

#include <fmt/format.h>

#include <memory>

#include "json/string_text.hpp"

namespace engagement::engine {

namespace {

// A set of JSON types.
constexpr unsigned kNull = 1;
constexpr unsigned kBoolean = 2;
constexpr unsigned kInteger = 4;
constexpr unsigned kNumber = 8;
constexpr unsigned kString = 16;
constexpr unsigned kArray = 32;
constexpr unsigned kObject = 64;
constexpr unsigned kAnyType = 127;

unsigned bit_of(std::string_view type) {
  if (type == "null") return kNull;
  if (type == "boolean") return kBoolean;
  if (type == "integer") return kInteger;
  if (type == "number") return kNumber | kInteger;
  if (type == "string") return kString;
  if (type == "array") return kArray;
  if (type == "object") return kObject;
  return kAnyType;
}

std::string_view name_of(unsigned bit) {
  switch (bit) {
    case kNull:
      return "null";
    case kBoolean:
      return "boolean";
    case kInteger:
      return "integer";
    case kNumber:
      return "number";
    case kString:
      return "string";
    case kArray:
      return "array";
    default:
      return "object";
  }
}

unsigned type_of(std::string_view value) {
  switch (value.front()) {
    case '{':
      return kObject;
    case '[':
      return kArray;
    case '"':
      return kString;
    case 't':
    case 'f':
      return kBoolean;
    case 'n':
      return kNull;
    default:
      return value.find_first_of(".eE") == std::string_view::npos ? kInteger : kNumber;
  }
}

}  // namespace

struct DriftReport::Node {
  unsigned types = kAnyType;
  std::string type_text;
  bool has_properties = false;
  std::map<std::string, Node, std::less<>> properties;
  std::unique_ptr<Node> items;

  static Node from_schema(const protocol::Json& schema) {
    Node node;
    if (!schema.is_object()) return node;
    if (const auto type = schema.find("type"); type != schema.end()) {
      const auto names = type->is_array() ? *type : protocol::Json::array({*type});
      node.types = 0;
      for (const auto& name : names) {
        if (name.is_string()) node.add_type(name.get<std::string>());
      }
      if (node.types == 0) node.types = kAnyType;
    }
    if (const auto properties = schema.find("properties"); properties != schema.end() && properties->is_object()) {
      node.has_properties = !properties->empty();
      for (const auto& [name, property] : properties->items()) node.properties.emplace(name, from_schema(property));
    }
    if (const auto items = schema.find("items"); items != schema.end()) {
      node.items = std::make_unique<Node>(from_schema(*items));
    }
    return node;
  }

 private:
  void add_type(const std::string& name) {
    types |= bit_of(name);
    if (name == "null") return;
    if (!type_text.empty()) type_text += " or ";
    type_text += name;
  }
};

DriftReport::DriftReport(const protocol::Json& json_schema)
    : root_(std::make_unique<Node>(Node::from_schema(json_schema))) {}

DriftReport::~DriftReport() = default;

void DriftReport::observe(json::ValueWalker record) {
  std::string path;
  compare(*root_, record, path);
}

void DriftReport::compare(const Node& node, json::ValueWalker& walker, std::string& path) {
  const bool object = walker.at_object();
  const bool array = walker.at_array();
  const bool fits = (node.types & (object ? kObject : array ? kArray : kAnyType)) != 0;
  if (fits && object && node.has_properties) return compare_object(node, walker, path);
  if (fits && array && node.items != nullptr) return compare_array(node, walker, path);
  const unsigned type = type_of(walker.skip_value());
  if (type != kNull && (node.types & type) == 0) note(path, Kind::misfit, name_of(type), node.type_text);
}

void DriftReport::compare_object(const Node& node, json::ValueWalker& walker, std::string& path) {
  const std::size_t length = path.size();
  walker.enter_object();
  std::string_view key;
  while (walker.next_member(key)) {
    auto property = node.properties.find(key);
    if (property == node.properties.end() && key.find('\\') != std::string_view::npos) {
      property = node.properties.find(json::decode_string(key));
    }
    if (length > 0) path += '.';
    path += key;
    if (property != node.properties.end()) {
      compare(property->second, walker, path);
    } else if (const unsigned type = type_of(walker.skip_value()); type != kNull) {
      note(path, Kind::unknown_field, name_of(type), {});
    }
    path.resize(length);
  }
}

void DriftReport::compare_array(const Node& node, json::ValueWalker& walker, std::string& path) {
  const std::size_t length = path.size();
  path += "[]";
  walker.enter_array();
  while (walker.next_element()) compare(*node.items, walker, path);
  path.resize(length);
}

void DriftReport::collided(const std::string& path) { note(path + " (twice)", Kind::collision, {}, {}); }

void DriftReport::note(const std::string& path, Kind kind, std::string_view type_seen, std::string_view type_wanted) {
  const std::lock_guard lock(mutex_);
  auto finding = findings_.find(path);
  if (finding == findings_.end()) {
    if (findings_.size() == kMostPaths) {
      ++paths_left_out_;
      return;
    }
    finding = findings_.emplace(path, Finding{kind, 0, std::string(type_seen), std::string(type_wanted)}).first;
  }
  ++finding->second.count;
}

std::string DriftReport::sentence(const std::string& path, const Finding& finding) {
  const char* values = finding.count == 1 ? "value" : "values";
  switch (finding.kind) {
    case Kind::unknown_field:
      return fmt::format("{}: {} {} ({}) of a field that the configured schema does not have", path, finding.count,
                         values, finding.type_seen);
    case Kind::collision:
      return fmt::format("{}: {} {} gave way to a later field that is called the same once it is renamed", path,
                         finding.count, values);
    case Kind::misfit:
      break;
  }
  const bool vowel = std::string_view("aeiou").find(finding.type_seen.front()) != std::string_view::npos;
  return fmt::format("{}: {} {} did not fit, for example {} {} where the schema says {}", path, finding.count, values,
                     vowel ? "an" : "a", finding.type_seen, finding.type_wanted);
}

std::vector<std::string> DriftReport::sentences() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> sentences;
  for (const auto& [path, finding] : findings_) {
    sentences.push_back(sentence(path, finding));
  }
  if (paths_left_out_ > 0) sentences.emplace_back("further paths are left out");
  const std::uint64_t seen = seen_.load();
  if (!sentences.empty() && seen > kAllUpTo) {
    sentences.push_back(fmt::format("counts are of a sample: the first {} records and one in {} of the {} after them",
                                    kAllUpTo, kOneIn, seen - kAllUpTo));
  }
  return sentences;
}

}  // namespace engagement::engine
