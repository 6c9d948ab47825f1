# Every target of ours links engagement::warnings; third-party headers come in as SYSTEM.
add_library(engagement_warnings INTERFACE)
add_library(engagement::warnings ALIAS engagement_warnings)
target_compile_options(engagement_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion)
# g++ 12 sees an overlap in std::string's operator+ that is not there (GCC bug 105651).
target_compile_options(engagement_warnings INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
if(ENGAGEMENT_WERROR)
  target_compile_options(engagement_warnings INTERFACE -Werror)
endif()
