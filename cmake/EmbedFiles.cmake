# embed_files(TARGET NAMESPACE BASE_DIR FILE…): compiles text files into TARGET.
#
# Generates `std::string_view engagement::NAMESPACE::embedded_file(std::string_view path)`, which returns the text of
# BASE_DIR/path, or an empty view where there is no such file.
function(embed_files target namespace base_dir)
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/embedded_${namespace}.cpp)
  set(entries "")
  foreach(file IN LISTS ARGN)
    file(READ ${base_dir}/${file} text)
    string(APPEND entries "    {\"${file}\", R\"__EMBED__(${text})__EMBED__\"},\n")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${base_dir}/${file})
  endforeach()
  file(GENERATE OUTPUT ${generated} CONTENT
"#include <string_view>
#include <utility>

namespace engagement::${namespace} {

std::string_view embedded_file(std::string_view path);

namespace {
constexpr std::pair<std::string_view, std::string_view> kFiles[] = {
${entries}};
}  // namespace

std::string_view embedded_file(std::string_view path) {
  for (const auto& [name, text] : kFiles) {
    if (name == path) return text;
  }
  return {};
}

}  // namespace engagement::${namespace}
")
  target_sources(${target} PRIVATE ${generated})
  set_source_files_properties(${generated} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()
