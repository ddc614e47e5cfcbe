// One block of a message with what stands beside it: bars of quotes, the marker of a list item, room above.
// (Bound components do not work in a Loader before Qt 6.5.)
import QtQuick
import Tercet

Item {
    id: root

    required property MessageBlocks blocks
    required property int block
    required property int kind
    required property string html
    required property string language
    required property int level
    required property int depth
    required property int quotes
    required property int joinedQuotes
    required property int gap
    required property string marker
    required property int task
    required property int columns
    required property bool firstPart
    required property bool lastPart
    required property int offset
    required property int selectionStart
    required property int selectionEnd
    required property bool live
    required property bool pale

    signal copyTextRequested(string text)

    readonly property color ink: root.pale ? Theme.muted : Theme.text
    readonly property int above: Theme.px([0, 6, 12, 22][root.gap])
    readonly property int quoteStep: Theme.px(16)
    readonly property int listStep: Theme.px(27)
    readonly property int indent: root.quotes * root.quoteStep + root.depth * root.listStep

    implicitWidth: root.indent + Math.ceil(body.implicitWidth)
    implicitHeight: root.above + Math.ceil(body.height)

    Repeater {
        model: root.quotes

        Rectangle {
            required property int index

            x: index * root.quoteStep
            y: index < root.joinedQuotes ? 0 : root.above
            width: Theme.px(3)
            height: root.height - y
            color: Theme.line
        }
    }
    UiText {
        x: root.indent - root.listStep
        y: root.above
        width: root.listStep - Theme.px(8)
        text: root.marker
        visible: root.marker.length > 0 && root.task === TaskState.None
        color: root.ink
        font.pixelSize: Theme.bodySize
        horizontalAlignment: Text.AlignRight
    }
    Rectangle {
        x: root.indent - width - Theme.px(8)
        y: root.above + Theme.px(2)
        width: Theme.px(15)
        height: width
        radius: Theme.px(4)
        color: root.task === TaskState.Done ? Theme.accent : "transparent"
        border.width: 1
        border.color: root.task === TaskState.Done ? Theme.accent : Theme.muted
        visible: root.task !== TaskState.None

        Icon {
            anchors.centerIn: parent
            name: "check"
            size: Theme.px(11)
            color: Theme.accentInk
            visible: root.task === TaskState.Done
        }
    }
    Loader {
        id: body

        x: root.indent
        y: root.above
        width: root.width - root.indent
        sourceComponent: root.kind === BlockKind.Code ? code : root.kind === BlockKind.Table ? table
            : root.kind === BlockKind.Formula ? formula : root.kind === BlockKind.Rule ? rule : paragraph
    }
    BlockLinks {
        anchors.fill: body
        html: root.html
        edit: body.item?.edit ?? null
        onReached: position => root.reveal(position - (body.item.lead ?? 0))
    }

    Component {
        id: paragraph

        TextBlock {
            html: root.html
            level: root.level
            live: root.live
            color: root.ink
            selectedFrom: root.selectionStart
            selectedTo: root.selectionEnd
        }
    }
    Component {
        id: formula

        FormulaBlock {
            html: root.html
            live: root.live
            color: root.ink
            selectedFrom: root.selectionStart
            selectedTo: root.selectionEnd
        }
    }
    Component {
        id: code

        CodeBlock {
            html: root.html
            language: root.language
            columns: root.columns
            offset: root.offset
            firstPart: root.firstPart
            lastPart: root.lastPart
            live: root.live
            ink: root.ink
            edit.selectedFrom: root.selectionStart
            edit.selectedTo: root.selectionEnd
            onCopyRequested: root.copyTextRequested(root.blocks.code(root.block))
            onScrolled: pixels => root.blocks.scrollSideways(root.block, pixels)
        }
    }
    Component {
        id: table

        TableBlock {
            html: root.html
            offset: root.offset
            ink: root.ink
            selectedFrom: root.selectionStart
            selectedTo: root.selectionEnd
            onScrolled: pixels => root.blocks.scrollSideways(root.block, pixels)
        }
    }
    Component {
        id: rule

        Item {
            implicitHeight: Theme.px(9)

            Rectangle {
                anchors.verticalCenter: parent.verticalCenter
                width: parent.width
                height: 1
                color: Theme.line
            }
        }
    }

    // Where a point is: the character beside it, and the address of a link under it.
    function placeAt(x: real, y: real): var {
        const edit = body.item?.edit ?? null;
        if (!edit)
            return { block: root.block, position: 0, link: "", text: false };
        const at = root.mapToItem(edit, x, y);
        // Beside or below a line its nearest character is meant, not the end of the text.
        const inText = Math.max(0, Math.min(at.y, edit.contentHeight - Theme.px(10)));
        return { block: root.block, position: Math.max(0, edit.positionAt(at.x, inText) - (body.item.lead ?? 0)),
                 link: edit.linkAt(at.x, at.y), text: edit.contains(at) };
    }

    // Where the character at `position` is; what lies beside the edge of a wide block is scrolled into it.
    function reveal(position: int): rect {
        const edit = body.item?.edit ?? null;
        if (!edit)
            return Qt.rect(0, 0, root.width, root.height);
        const at = edit.positionToRectangle(position + (body.item.lead ?? 0));
        if (body.item.furthest > 0 && (at.x < root.offset || at.x > root.offset + body.width - Theme.px(60)))
            root.blocks.scrollSideways(root.block, Math.max(0, Math.min(body.item.furthest, at.x - body.width / 2)));
        return root.mapFromItem(edit, at);
    }
}
