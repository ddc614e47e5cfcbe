// A table of a message, which scrolls sideways when its columns need more room than there is.
import QtQuick

WidePane {
    id: root

    required property string html
    property color ink: Theme.text
    property alias edit: cells
    property int selectedFrom: 0
    property int selectedTo: 0

    // A table stands behind an empty paragraph of its text.
    readonly property int lead: 1

    implicitWidth: cells.implicitWidth
    implicitHeight: cells.height + (root.furthest > 0 ? Theme.px(12) : 0)
    contentWidth: Math.max(cells.width, cells.contentWidth)
    contentHeight: cells.height

    SelectableText {
        id: cells

        width: root.width
        selectedFrom: root.selectedFrom + root.lead
        selectedTo: root.selectedTo + root.lead
        text: "<style>" + cells.inlineStyle + "table { border-color: " + Theme.lineHex + "; border-style: solid;"
              + " border-collapse: collapse } th { font-weight: 600 }</style>" + root.html
        // Never inside words: a table that needs more room scrolls.
        wrapMode: TextEdit.WordWrap
        color: root.ink
        font.family: Theme.sans
        font.pixelSize: Theme.px(14)
    }
}
