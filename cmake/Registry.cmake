# The tables of operators and rewrites, derived from the folders under src/ops and src/rewrites.

# conv_2d → Conv2D, relu_n1_to_1 → ReluN1To1
function(toucanet_class name out)
  string(REPLACE "_" ";" parts ${name})
  set(class "")
  foreach(part ${parts})
    if(part MATCHES "^[0-9]+d$")
      string(TOUPPER ${part} part)
    endif()
    string(SUBSTRING ${part} 0 1 first)
    string(SUBSTRING ${part} 1 -1 rest)
    string(TOUPPER ${first} first)
    string(APPEND class ${first}${rest})
  endforeach()
  set(${out} ${class} PARENT_SCOPE)
endfunction()

function(toucanet_registry out)
  file(GLOB ops CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}/src/ops ${CMAKE_SOURCE_DIR}/src/ops/*/*.cpp)
  file(GLOB rewrites CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}/src/rewrites ${CMAKE_SOURCE_DIR}/src/rewrites/*/*.cpp)
  set(includes "")
  set(op_rows "")
  foreach(file ${ops})
    get_filename_component(name ${file} NAME_WE)
    get_filename_component(folder ${file} DIRECTORY)
    if(NOT name STREQUAL folder)
      continue()
    endif()
    toucanet_class(${name} class)
    string(APPEND includes "#include \"ops/${name}/${name}.h\"\n")
    string(APPEND op_rows "    &${class}::def,\n")
  endforeach()
  set(declarations "")
  set(rewrite_rows "")
  foreach(file ${rewrites})
    get_filename_component(name ${file} NAME_WE)
    get_filename_component(folder ${file} DIRECTORY)
    if(NOT name STREQUAL folder)
      continue()
    endif()
    string(APPEND declarations "extern const Rewrite ${name};\n")
    string(APPEND rewrite_rows "    &rewrites::${name},\n")
  endforeach()
  set(file ${CMAKE_BINARY_DIR}/generated/registry.cpp)
  file(CONFIGURE OUTPUT ${file} CONTENT
"// Derived from src/ops and src/rewrites.
${includes}#include \"pipeline/rewrite.h\"

namespace toucanet {
namespace rewrites {
${declarations}}  // namespace rewrites
namespace {
const OpDef* const ops[] = {
${op_rows}};
const Rewrite* const registered[] = {
    nullptr,
${rewrite_rows}};
}  // namespace
std::span<const OpDef* const> all_ops() { return ops; }
std::span<const Rewrite* const> registered_rewrites() { return std::span(registered).subspan(1); }
}  // namespace toucanet
" @ONLY)
  set(${out} ${file} PARENT_SCOPE)
endfunction()
