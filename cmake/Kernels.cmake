# The micro-kernels under src/kernels. src/kernels/<family>/<family>.<isa>.cpp defines one table entry, <family>_<isa>,
# and its name chooses the compiler's flags; <family>_table() of each family is generated from the names.

set(TOUCANET_ISAS scalar)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$" AND CMAKE_SIZEOF_VOID_P EQUAL 8)
  list(APPEND TOUCANET_ISAS avx2 avx512 avx512vnni)
endif()
set(TOUCANET_FLAGS_scalar "")
set(TOUCANET_FLAGS_avx2 -mavx2 -mfma -mf16c -mbmi -mbmi2 -mpclmul -maes)
set(TOUCANET_FLAGS_avx512 ${TOUCANET_FLAGS_avx2} -mavx512f -mavx512cd -mavx512dq -mavx512vl -mavx512bw)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12's own header leaves unused operands undefined and warns of them (its bug 105593).
  list(APPEND TOUCANET_FLAGS_avx512 -Wno-uninitialized -Wno-maybe-uninitialized)
endif()
set(TOUCANET_FLAGS_avx512vnni ${TOUCANET_FLAGS_avx512} -mavx512vnni)

# Sets ${out} to all sources of kernels, those of the generated tables too.
function(toucanet_kernels out)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/kernels/*.cpp)
  file(GLOB folders CONFIGURE_DEPENDS LIST_DIRECTORIES true ${CMAKE_SOURCE_DIR}/src/kernels/*)
  foreach(folder ${folders})
    if(NOT IS_DIRECTORY ${folder})
      continue()
    endif()
    get_filename_component(family ${folder} NAME)
    file(GLOB files CONFIGURE_DEPENDS ${folder}/*.cpp)
    foreach(file ${files})
      get_filename_component(isa ${file} NAME)
      string(REGEX REPLACE "^${family}\\.([^.]*)\\.cpp$" "\\1" isa ${isa})
      if(isa MATCHES "\\.cpp$")
        continue()
      endif()
      list(REMOVE_ITEM files ${file})
      if(NOT isa MATCHES "^(scalar|avx2|avx512|avx512vnni)$")
        message(FATAL_ERROR "${file} is named for an instruction set that cmake/Kernels.cmake does not know")
      endif()
    endforeach()
    list(APPEND sources ${files})
    toucanet_class(${family} class)
    set(declarations "")
    set(rows "")
    foreach(isa ${TOUCANET_ISAS})
      set(file ${folder}/${family}.${isa}.cpp)
      if(NOT EXISTS ${file})
        continue()
      endif()
      list(APPEND sources ${file})
      set_source_files_properties(${file} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON COMPILE_OPTIONS "-O3;-ffp-contract=off;-fno-math-errno;-fno-trapping-math;${TOUCANET_FLAGS_${isa}}")
      string(APPEND declarations "extern const ${class} ${family}_${isa};\n")
      string(APPEND rows "    &${family}_${isa},\n")
    endforeach()
    if(rows STREQUAL "")
      continue()
    endif()
    set(table ${CMAKE_BINARY_DIR}/generated/kernels/${family}_table.cpp)
    file(CONFIGURE OUTPUT ${table} CONTENT
"// Derived from src/kernels/${family}.
#include \"kernels/${family}/${family}_table.h\"

namespace toucanet {
${declarations}
std::span<const ${class}* const> ${family}_table() {
  static constexpr const ${class}* rows[] = {
${rows}  };
  return rows;
}
}  // namespace toucanet
" @ONLY)
    list(APPEND sources ${table})
  endforeach()
  set(${out} ${sources} PARENT_SCOPE)
endfunction()
