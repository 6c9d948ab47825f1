# add_engagement_library(NAME LINKS… PRIVATE_LINKS…): the folder src/NAME, and the folders in it, as a target that links
# only what stands to its left in the house's order.
function(add_engagement_library name)
  cmake_parse_arguments(ARG "" "FOLDER" "LINKS;PRIVATE_LINKS" ${ARGN})
  if(NOT ARG_FOLDER)
    set(ARG_FOLDER ${name})
  endif()
  file(GLOB files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${ARG_FOLDER}/*.cpp
       ${CMAKE_SOURCE_DIR}/src/${ARG_FOLDER}/*/*.cpp)
  if(NOT files)
    add_library(engagement_${name} INTERFACE)
    add_library(engagement::${name} ALIAS engagement_${name})
    target_link_libraries(engagement_${name} INTERFACE ${ARG_LINKS})
    return()
  endif()
  add_library(engagement_${name} STATIC ${files})
  add_library(engagement::${name} ALIAS engagement_${name})
  target_include_directories(engagement_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(engagement_${name} PUBLIC ${ARG_LINKS} PRIVATE engagement::warnings ${ARG_PRIVATE_LINKS})
endfunction()

# add_connector_source(NAME): the whole build of one source. Compiles src/sources/NAME/*.cpp, embeds spec/NAME.json and
# spec/schemas/NAME/*.json, registers the source in the executable (which calls make_NAME_source()) and makes
# bin/source-NAME a link to it.
function(add_connector_source name)
  add_engagement_library(source_${name} FOLDER sources/${name} LINKS engagement::rest)
  file(GLOB spec_files CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}/spec
       ${CMAKE_SOURCE_DIR}/spec/${name}.json ${CMAKE_SOURCE_DIR}/spec/schemas/${name}/*.json)
  embed_files(engagement_source_${name} ${name} ${CMAKE_SOURCE_DIR}/spec ${spec_files})
  set_property(GLOBAL APPEND PROPERTY ENGAGEMENT_SOURCES ${name})
endfunction()

# The list of sources as code: `std::vector<std::unique_ptr<engine::Source>> make_all_sources()`.
function(generate_source_registry target)
  get_property(names GLOBAL PROPERTY ENGAGEMENT_SOURCES)
  set(declarations "")
  set(calls "")
  foreach(name IN LISTS names)
    string(APPEND declarations "std::unique_ptr<engine::Source> make_${name}_source();\n")
    string(APPEND calls "  sources.push_back(make_${name}_source());\n")
    target_link_libraries(${target} PUBLIC engagement::source_${name})
  endforeach()
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/source_registry.cpp)
  file(GENERATE OUTPUT ${generated} CONTENT
"#include <memory>
#include <vector>

#include \"engine/source.hpp\"

namespace engagement {

${declarations}
std::vector<std::unique_ptr<engine::Source>> make_all_sources();

std::vector<std::unique_ptr<engine::Source>> make_all_sources() {
  std::vector<std::unique_ptr<engine::Source>> sources;
${calls}  return sources;
}

}  // namespace engagement
")
  target_sources(${target} PRIVATE ${generated})
endfunction()

# bin/source-NAME -> the executable, for each source.
function(link_sources executable)
  get_property(names GLOBAL PROPERTY ENGAGEMENT_SOURCES)
  foreach(name IN LISTS names)
    add_custom_command(TARGET ${executable} POST_BUILD
      COMMAND ${CMAKE_COMMAND} -E create_symlink $<TARGET_FILE_NAME:${executable}>
              $<TARGET_FILE_DIR:${executable}>/source-${name})
  endforeach()
endfunction()
