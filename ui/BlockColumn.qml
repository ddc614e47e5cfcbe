// The paragraphs and code blocks of one message. Only the last one changes while an answer is written.
pragma ComponentBehavior: Bound

import QtQuick
import Tercet

Column {
    id: root

    required property MessageBlocks blocks
    property bool live: false
    property bool pale: false
    // Only a bubble pays for measuring: it lays the text out a second time.
    property bool measured: false

    signal copyTextRequested(string text)
    signal menuRequested(TextEdit source)

    // The width that all blocks would take on one line each, for a bubble that fits its text.
    property real naturalWidth: Infinity

    spacing: Theme.px(12)

    Repeater {
        id: repeater

        model: root.blocks
        delegate: MessageBlock {
            id: block

            required property int index

            readonly property real widthWanted: root.measured ? block.implicitWidth : 0

            width: root.width
            live: root.live && block.index === repeater.count - 1
            pale: root.pale
            onWidthWantedChanged: Qt.callLater(root.measure)
            onCopyTextRequested: text => root.copyTextRequested(text)
            onMenuRequested: source => root.menuRequested(source)
        }
    }
    TextBlock {
        // The cursor stands here until the first word arrives.
        width: root.width
        html: ""
        live: true
        visible: root.live && repeater.count === 0
    }

    // Called after the texts are laid out: a width changed in the middle of it would leave a stale height.
    function measure() {
        let widest = 0;
        for (let i = 0; i < repeater.count; i++)
            widest = Math.max(widest, repeater.itemAt(i)?.implicitWidth ?? 0);
        root.naturalWidth = widest;
    }
}
