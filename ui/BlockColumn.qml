// All blocks of a message that is shown as one: of a bubble, which fits its text.
pragma ComponentBehavior: Bound

import QtQuick
import Tercet

Column {
    id: root

    required property MessageBlocks blocks
    property bool pale: false

    signal copyTextRequested(string text)

    // The width that all blocks would take on one line each.
    property real naturalWidth: Infinity

    Repeater {
        id: repeater

        model: root.blocks
        delegate: MessageBlock {
            id: item

            required property int index

            block: item.index
            blocks: root.blocks
            width: root.width
            live: false
            pale: root.pale
            onImplicitWidthChanged: root.measuring.restart()
            onCopyTextRequested: text => root.copyTextRequested(text)
        }
    }

    // After the texts are laid out: a width changed in the middle of it would leave a stale height.
    property Timer measuring: Timer {
        interval: 0
        onTriggered: root.measure()
    }

    function measure() {
        let widest = 0;
        for (let i = 0; i < repeater.count; i++)
            widest = Math.max(widest, repeater.itemAt(i)?.implicitWidth ?? 0);
        root.naturalWidth = widest;
    }

    function placeAt(x: real, y: real): var {
        let last = 0;
        for (let i = 1; i < repeater.count && repeater.itemAt(i).y <= y; i++)
            last = i;
        const item = repeater.itemAt(last);
        if (!item)
            return { block: 0, position: 0, link: "", text: false };
        const at = root.mapToItem(item, x, y);
        return item.placeAt(at.x, at.y);
    }

    function reveal(block: int, position: int): rect {
        const item = repeater.itemAt(block);
        return item ? root.mapFromItem(item, item.reveal(position)) : Qt.rect(0, 0, 0, 0);
    }
}
