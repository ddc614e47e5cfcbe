// Text of a message as its blocks show it. What is selected belongs to the message, which may be longer than this text.
import QtQuick

TextEdit {
    id: root

    property int selectedFrom: 0
    property int selectedTo: 0
    // More text is still arriving.
    property bool live: false
    // Where the text ends while it grows. Otherwise nobody asks: finding it costs as much as laying out the last line again.
    readonly property rect end: root.live ? root.placeOf(root.length, root.width, root.contentHeight) : Qt.rect(0, 0, 0, 0)

    readonly property string inlineStyle: "code { font-family: '" + Theme.mono + "'; font-size: " + Theme.codeSize
        + "px } a { color: " + Theme.accentHex + " } " + root.foundStyle
    // Of what was found in it, and of the place that was gone to.
    readonly property string foundStyle: ".found { background-color: " + Theme.foundHex + "; color: " + Theme.textHex
        + " } .here { background-color: " + Theme.accentHex + "; color: " + Theme.accentInkHex + " } "

    // The pointer is the conversation's: a selection may leave this text.
    enabled: false
    readOnly: true
    persistentSelection: true
    color: Theme.text
    selectionColor: Theme.accentSoft
    selectedTextColor: Theme.text
    renderType: TextEdit.NativeRendering
    textFormat: TextEdit.RichText
    Accessible.ignored: true

    // Once the text and both ends are there.
    property Timer showing: Timer {
        interval: 0
        onTriggered: root.showSelection()
    }

    onSelectedFromChanged: root.showing.restart()
    onSelectedToChanged: root.showing.restart()
    onTextChanged: root.showing.restart()

    // The arguments after the first name what the place depends on, so that a binding follows the text.
    function placeOf(position: int, width: real, height: real): rect {
        return root.positionToRectangle(position);
    }

    function showSelection() {
        if (root.selectedFrom !== root.selectionStart || root.selectedTo !== root.selectionEnd)
            root.select(root.selectedFrom, root.selectedTo);
    }
}
