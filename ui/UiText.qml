// A line or paragraph of the window's own words (not of the conversation).
import QtQuick

Text {
    color: Theme.text
    font.family: Theme.sans
    font.pixelSize: Theme.controlSize
    lineHeight: wrapMode === Text.NoWrap ? 1 : 1.18
    textFormat: Text.PlainText
    renderType: Text.NativeRendering
    verticalAlignment: Text.AlignVCenter
}
