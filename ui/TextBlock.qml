// One paragraph of a message: selectable, and laid out again only when its own text changes.
import QtQuick

TextEdit {
    id: root

    required property string html
    // The live cursor stands after the last word while the answer is being written.
    property bool live: false

    signal menuRequested(TextEdit source)

    // A TextEdit has no line height of its own; rich text takes it from the style.
    text: "<style>code, pre { font-family: '" + Theme.mono + "'; font-size: " + Theme.codeSize + "px }"
          + " a { color: " + Theme.accent + " } p, div { line-height: " + Theme.bodyLinePercent + "% }</style>"
          + "<div>" + root.html + "</div>"
    textFormat: TextEdit.RichText
    wrapMode: TextEdit.Wrap
    readOnly: true
    selectByMouse: true
    persistentSelection: false
    activeFocusOnTab: false
    color: Theme.text
    selectionColor: Theme.accentSoft
    selectedTextColor: Theme.text
    font.family: Theme.sans
    font.pixelSize: Theme.bodySize
    renderType: TextEdit.NativeRendering
    onLinkActivated: link => Qt.openUrlExternally(link)
    Accessible.ignored: true

    Rectangle {
        // The arguments name what the place depends on, so that the binding follows the text.
        readonly property rect end: root.endOfText(root.length, root.width, root.contentHeight)

        x: Math.min(end.x + Theme.px(3), root.width - width)
        y: end.y + Math.round((end.height - height) / 2)
        width: Theme.px(8)
        height: Theme.px(17)
        radius: Theme.px(2)
        color: Theme.accent
        visible: root.live
    }

    HoverHandler {
        cursorShape: root.hoveredLink ? Qt.PointingHandCursor : Qt.IBeamCursor
    }
    TapHandler {
        acceptedButtons: Qt.RightButton
        onTapped: root.menuRequested(root)
    }

    function endOfText(length: int, width: real, height: real): rect {
        return root.positionToRectangle(length);
    }
}
