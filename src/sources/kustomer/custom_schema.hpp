#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/context.hpp"
#include "sources/kustomer/streams.hpp"

namespace engagement::kustomer {

// What an organisation's own attributes (`custom`) and klasses add to the catalog, asked for once each. A key that may
// not read them costs the types of these attributes, or the streams of these klasses, and a warning.
class CustomSchemas {
 public:
  CustomSchemas(std::shared_ptr<const Organisation> organisation, Layout layout)
      : organisation_(std::move(organisation)), layout_(layout) {}

  void add_to(engine::StreamDescription& description, const StreamRow& row, engine::Context& context,
              const std::stop_token& stop);
  std::vector<std::string> klasses(engine::Context& context, const std::stop_token& stop);

 private:
  const engine::Json& properties_of(const std::string& resource, engine::Context& context, const std::stop_token& stop);

  std::shared_ptr<const Organisation> organisation_;
  Layout layout_;
  std::map<std::string, engine::Json> by_resource_;
};

// The JSON Schema of a custom attribute, by what its metadata says and how its name ends
// (https://developer.kustomer.com/kustomer-api-docs/reference/custom-attributes).
engine::Json custom_attribute_schema(const std::string& name, const engine::Json& metadata);

}  // namespace engagement::kustomer
