// Colours, type and space of the window, in one place. Everything is multiplied by one zoom factor.
pragma Singleton

import QtQuick

QtObject {
    id: root

    // Set by Main from the settings; the only state here.
    property bool dark: false
    property real zoom: 1

    readonly property color background: root.dark ? "#17181A" : "#F8F7F4"
    readonly property color sidebar: root.dark ? "#121315" : "#F0EEE9"
    readonly property color surface: root.dark ? "#1F2124" : "#FFFFFF"
    readonly property color text: root.textHex
    readonly property color muted: root.mutedHex
    // Hints and figures at 12.5 px and up; never text a person needs.
    readonly property color faint: root.dark ? "#75726C" : "#9A958B"
    readonly property color line: root.lineHex
    readonly property color accent: root.accentHex
    readonly property color accentInk: root.accentInkHex
    readonly property color accentSoft: root.dark ? "#203835" : "#DDEBE8"
    readonly property color bubble: root.dark ? "#2A2D31" : "#ECE9E2"
    readonly property color code: root.dark ? "#121315" : "#F2F0EB"
    readonly property color danger: root.dangerHex
    readonly property color warning: root.dark ? "#E3B35B" : "#8A5A00"
    readonly property color warningSoft: root.dark ? "#33291A" : "#FBF0D9"
    readonly property color minus: root.dark ? "#E9836B" : "#D9694F"
    readonly property color zero: root.dark ? "#6F6C66" : "#B9B4A8"
    readonly property color plus: root.dark ? "#62BDB4" : "#1F6F6A"

    // Behind words that were found; behind the one that was gone to is the accent.
    readonly property color found: root.foundHex

    // What the words of a code block are, by the names in app/highlighter.cpp.
    readonly property var codeInks: ({
        comment: root.mutedHex,
        string: root.dark ? "#E0A86A" : "#8F5200",
        number: root.dark ? "#D8A0C8" : "#8A3F78",
        keyword: root.accentHex,
        type: root.dark ? "#8DB4E8" : "#2F5D9B",
        added: root.dark ? "#7FC98A" : "#25703A",
        removed: root.dangerHex
    })

    // Those that style sheets name. In compiled QML, Qt 6.4 now and then ends the program where a colour becomes text.
    readonly property string textHex: root.dark ? "#ECEAE5" : "#1D1C1A"
    readonly property string mutedHex: root.dark ? "#A09C94" : "#6E6A62"
    readonly property string lineHex: root.dark ? "#2F3236" : "#E3E0D8"
    readonly property string accentHex: root.dark ? "#62BDB4" : "#1F6F6A"
    readonly property string accentInkHex: root.dark ? "#0E1F1D" : "#FFFFFF"
    readonly property string dangerHex: root.dark ? "#F0796D" : "#B3392F"
    readonly property string foundHex: root.dark ? "#574818" : "#F5E2A0"

    // Laid over what is under the pointer.
    readonly property color hover: root.dark ? "#12FFFFFF" : "#0D1D1C1A"
    readonly property color pressed: root.dark ? "#1FFFFFFF" : "#1A1D1C1A"
    readonly property color shade: "#66000000"
    readonly property color shadow: root.dark ? "#30000000" : "#0A1D1C1A"

    readonly property string sans: root.regular.font.family
    readonly property string mono: root.code400.font.family

    readonly property int bodySize: root.px(15)
    readonly property int controlSize: root.px(14)
    readonly property int figureSize: root.px(12.5)
    readonly property int codeSize: root.px(13.5)
    readonly property int titleSize: root.px(17)
    // Of the font's own line height: 24 px for 15 px of Inter, 21 px for 13.5 px of JetBrains Mono.
    readonly property int bodyLinePercent: 126
    readonly property int codeLinePercent: 111

    readonly property int radius: root.px(9)
    readonly property int codeRadius: root.px(10)
    readonly property int cardRadius: root.px(14)
    readonly property int composerRadius: root.px(16)

    readonly property int sidebarWidth: root.px(264)
    readonly property int columnWidth: root.px(712)
    readonly property int headerHeight: root.px(52)
    readonly property int controlHeight: root.px(36)
    readonly property int iconSize: root.px(18)

    // The faces are compiled in; a FontLoader registers each with the program.
    readonly property FontLoader regular: FontLoader { source: "qrc:/fonts/Inter-Regular.ttf" }
    readonly property FontLoader medium: FontLoader { source: "qrc:/fonts/Inter-Medium.ttf" }
    readonly property FontLoader semiBold: FontLoader { source: "qrc:/fonts/Inter-SemiBold.ttf" }
    readonly property FontLoader italic: FontLoader { source: "qrc:/fonts/Inter-Italic.ttf" }
    readonly property FontLoader bold: FontLoader { source: "qrc:/fonts/Inter-Bold.ttf" }
    readonly property FontLoader code400: FontLoader { source: "qrc:/fonts/JetBrainsMono-Regular.ttf" }
    readonly property FontLoader code700: FontLoader { source: "qrc:/fonts/JetBrainsMono-Bold.ttf" }

    // A length of the drawings in pixels of the zoomed window.
    function px(length: real): int {
        return Math.round(length * root.zoom);
    }
}
