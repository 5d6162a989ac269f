# The shared library, its headers and what find_package(toucanet) reads.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

add_library(libtoucanet SHARED $<TARGET_OBJECTS:toucanet_api>)
target_include_directories(libtoucanet PUBLIC $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_compile_features(libtoucanet PUBLIC cxx_std_20)
target_link_libraries(libtoucanet PRIVATE toucanet_core)
target_link_options(libtoucanet PRIVATE -Wl,--version-script=${CMAKE_SOURCE_DIR}/cmake/libtoucanet.map)
set_target_properties(libtoucanet PROPERTIES OUTPUT_NAME toucanet VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}
  LINK_DEPENDS ${CMAKE_SOURCE_DIR}/cmake/libtoucanet.map EXPORT_NAME toucanet)

set(package ${CMAKE_INSTALL_LIBDIR}/cmake/toucanet)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/toucanetConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(TARGETS libtoucanet EXPORT toucanet LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT library)
install(DIRECTORY include/toucanet DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT library)
install(EXPORT toucanet FILE toucanetConfig.cmake NAMESPACE toucanet:: DESTINATION ${package} COMPONENT library)
install(FILES ${CMAKE_BINARY_DIR}/toucanetConfigVersion.cmake DESTINATION ${package} COMPONENT library)
