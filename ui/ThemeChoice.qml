// Keeps the theme as the settings want it.
import QtQuick
import Tercet

Item {
    id: root

    required property Settings settings

    Binding {
        target: Theme
        property: "zoom"
        value: root.settings.zoom / 100
    }
    Binding {
        target: Theme
        property: "dark"
        value: root.settings.theme === "dark" || (root.settings.theme === "system" && systemPalette.window.hslLightness < 0.5)
    }
    SystemPalette {
        id: systemPalette
    }
}
