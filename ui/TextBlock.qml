// A paragraph, heading, list item or formula of a message, laid out again only when its own text changes.
import QtQuick

SelectableText {
    id: root

    required property string html
    // Of a heading, 1 to 6.
    property int level: 0
    readonly property TextEdit edit: root

    // A TextEdit has no line height of its own; rich text takes it from the style.
    text: "<style>" + root.inlineStyle + "div { line-height: " + Theme.bodyLinePercent + "% }</style>"
          + "<div>" + root.html + "</div>"
    wrapMode: TextEdit.Wrap
    font.family: Theme.sans
    font.weight: root.level > 0 ? Font.DemiBold : Font.Normal
    font.pixelSize: root.level === 1 ? Theme.px(22) : root.level === 2 ? Theme.px(19) : root.level === 3 ? Theme.px(17)
        : Theme.bodySize

    // The live cursor stands after the last word while the answer is being written.
    Rectangle {
        x: Math.min(root.end.x + Theme.px(3), root.width - width)
        y: root.end.y + Math.round((root.end.height - height) / 2)
        width: Theme.px(8)
        height: Theme.px(17)
        radius: Theme.px(2)
        color: Theme.accent
        visible: root.live
    }
}
