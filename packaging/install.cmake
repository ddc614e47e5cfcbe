# What an installed Tercet consists of, and the packages made of it (cmake --install, cpack).
include(GNUInstallDirs)

set(tercet_licences LICENSE resources/licences/Inter-OFL.txt resources/licences/JetBrainsMono-OFL.txt
  resources/licences/Lucide-ISC.txt)

if(TARGET tercet-cli)
  install(TARGETS tercet-cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()

if(TARGET tercet)
  if(APPLE)
    set_target_properties(tercet PROPERTIES
      MACOSX_BUNDLE ON
      MACOSX_BUNDLE_INFO_PLIST ${CMAKE_CURRENT_LIST_DIR}/macos/Info.plist.in
      MACOSX_BUNDLE_BUNDLE_NAME Tercet
      MACOSX_BUNDLE_GUI_IDENTIFIER org.tercet.tercet
      MACOSX_BUNDLE_BUNDLE_VERSION ${PROJECT_VERSION}
      MACOSX_BUNDLE_SHORT_VERSION_STRING ${PROJECT_VERSION})
    install(TARGETS tercet BUNDLE DESTINATION .)
    # Puts Qt into the bundle, so that it runs on a Mac without Homebrew.
    if(Qt6_VERSION VERSION_GREATER_EQUAL 6.5)
      qt_generate_deploy_qml_app_script(TARGET tercet OUTPUT_SCRIPT tercet_deploy_script)
      install(SCRIPT ${tercet_deploy_script})
    endif()
  else()
    install(TARGETS tercet RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
    install(FILES ${CMAKE_CURRENT_LIST_DIR}/linux/tercet.desktop DESTINATION ${CMAKE_INSTALL_DATADIR}/applications)
    install(FILES ${CMAKE_CURRENT_LIST_DIR}/linux/org.tercet.tercet.metainfo.xml
      DESTINATION ${CMAKE_INSTALL_DATADIR}/metainfo)
    install(FILES ${CMAKE_SOURCE_DIR}/resources/icons/tercet.svg
      DESTINATION ${CMAKE_INSTALL_DATADIR}/icons/hicolor/scalable/apps)
  endif()
endif()
install(FILES ${tercet_licences} DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/tercet)

set(CPACK_PACKAGE_NAME tercet)
set(CPACK_PACKAGE_VENDOR "The Tercet authors")
set(CPACK_PACKAGE_CONTACT "The Tercet authors <tercet@localhost>")  # a .deb must name one; packagers set their own
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_RESOURCE_FILE_LICENSE ${CMAKE_SOURCE_DIR}/LICENSE)
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)
if(APPLE)
  set(CPACK_GENERATOR DragNDrop)
else()
  set(CPACK_GENERATOR "TGZ;DEB")
  set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
  set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
  set(CPACK_DEBIAN_PACKAGE_SECTION utils)
  set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
  # QML modules and the platform plugins are found at run time, so the linker knows nothing of them.
  string(CONCAT CPACK_DEBIAN_PACKAGE_DEPENDS
    "qml6-module-qtqml, qml6-module-qtqml-models, qml6-module-qtqml-workerscript, qml6-module-qtquick, "
    "libqt6sql6-sqlite, qml6-module-qtquick-controls, qml6-module-qtquick-dialogs, qml6-module-qtquick-layouts, "
    "qml6-module-qtquick-templates, qml6-module-qtquick-window, qml6-module-qt-labs-folderlistmodel, libqt6svg6, qt6-qpa-plugins")
  set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "qt6-wayland, libxcb-cursor0, qt6-translations-l10n")
endif()
include(CPack)
