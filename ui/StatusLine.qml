// What the engine does and how fast, in one quiet line.
import QtQuick
import Tercet

UiText {
    id: root

    required property ChatController chat
    required property ModelController model

    readonly property bool reading: root.chat.state === ChatController.State.Reading
    readonly property bool writing: root.chat.state === ChatController.State.Writing
    readonly property bool idle: root.chat.state === ChatController.State.Idle
    readonly property string act: root.reading ? qsTr("Reading") : root.writing ? qsTr("Writing") : qsTr("Stopping")
    readonly property string readingRate: root.rate(root.chat.readingSpeed)
    readonly property string writingRate: root.rate(root.chat.writingSpeed)

    // What the chat fills of the context, and what the message being written will.
    readonly property string used: root.number(root.chat.contextUsed, 0)
        + (root.chat.draftTokens > 0 ? " + " + root.number(root.chat.draftTokens, 0) : "")

    readonly property string fullness: root.chat.contextFull ? qsTr("%1 of %2 tokens, full")
        : root.chat.contextShort ? qsTr("%1 of %2 tokens, nearly full") : qsTr("%1 of %2 tokens")

    readonly property list<string> parts: [
        root.idle ? "" : root.joined(root.act, root.reading ? root.readingRate : root.writing ? root.writingRate : ""),
        root.idle && root.readingRate ? qsTr("read %1").arg(root.readingRate) : "",
        root.idle && root.writingRate ? qsTr("wrote %1").arg(root.writingRate) : "",
        root.chat.firstTokenMs < 0 ? ""
            : root.chat.firstTokenMs < 100 ? qsTr("first token %1 ms").arg(root.chat.firstTokenMs)
            : qsTr("first token %1 s").arg(root.number(root.chat.firstTokenMs / 1000, 1)),
        root.chat.contextTotal > 0 ? root.fullness.arg(root.used).arg(root.number(root.chat.contextTotal, 0)) : "",
        qsTr("%n thread(s)", "", root.model.effectiveThreads) + qsTr(" · batch %1").arg(root.model.effectiveBatch)
    ]

    // No-break spaces keep each part together where the line has to wrap.
    text: !root.model.hasModel ? ""
        : root.parts.filter(part => part.length > 0).map(part => part.replace(/ /g, "\u00a0")).join("    ")
    color: root.chat.contextShort ? Theme.warning : Theme.muted
    font.pixelSize: Theme.figureSize
    horizontalAlignment: Text.AlignHCenter
    wrapMode: Text.Wrap
    maximumLineCount: 2
    elide: Text.ElideRight
    Accessible.role: Accessible.StaticText
    Accessible.name: root.text

    function number(value: real, decimals: int): string {
        return Number(value).toLocaleString(Qt.locale(), "f", decimals);
    }

    function rate(tokensPerSecond: real): string {
        return tokensPerSecond > 0 ? qsTr("%1 tok/s").arg(root.number(tokensPerSecond, tokensPerSecond < 100 ? 1 : 0)) : "";
    }

    function joined(left: string, right: string): string {
        return right ? left + " · " + right : left;
    }
}
