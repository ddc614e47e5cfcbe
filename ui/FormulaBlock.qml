// A formula on lines of its own.
import QtQuick

TextBlock {
    id: root

    readonly property bool stacked: root.html.includes("<br/>")

    horizontalAlignment: root.stacked ? TextEdit.AlignLeft : TextEdit.AlignHCenter
    // Matrices line up only in a monospaced font.
    font.family: root.stacked ? Theme.mono : Theme.sans
    font.pixelSize: root.stacked ? Theme.codeSize : Theme.titleSize
}
