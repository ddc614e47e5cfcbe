// One row of the conversation: a question in its bubble, a block of an answer, or what stands around them.
import QtQuick
import Tercet

Item {
    id: root

    required property int rowKind
    required property int message
    required property int messageState
    required property MessageBlocks blocks
    required property int block
    required property bool isLast
    required property bool forgotten
    required property bool live
    required property string stats
    required property string details
    required property int version
    required property int versions
    required property bool edited
    required property var attachments
    required property string spoken
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

    required property ChatController chat
    required property bool actionsShown
    // Of the message that was searched for.
    property bool found: false

    signal copyTextRequested(string text)
    signal inspectRequested(int message)
    signal hoverEntered

    // Whole pixels, so that no text falls between two.
    implicitHeight: Math.ceil(body.height)
    Accessible.role: root.kind === BlockKind.Heading ? Accessible.Heading : Accessible.Paragraph
    Accessible.name: root.spoken
    Accessible.description: root.stats
    Accessible.ignored: root.spoken.length === 0

    Loader {
        id: body

        width: root.width
        sourceComponent: root.rowKind === TranscriptModel.RowKind.AnswerBlock ? answerBlock
            : root.rowKind === TranscriptModel.RowKind.Question ? question
            : root.rowKind === TranscriptModel.RowKind.Waiting ? waiting
            : root.rowKind === TranscriptModel.RowKind.Actions ? actions : divider
    }
    Rectangle {
        x: -Theme.px(14)
        width: Theme.px(3)
        height: body.height
        radius: width / 2
        color: Theme.accent
        visible: root.found
    }
    HoverHandler {
        onHoveredChanged: if (hovered) root.hoverEntered()
    }

    Component {
        id: answerBlock

        MessageBlock {
            blocks: root.blocks
            block: root.block
            kind: root.kind
            html: root.html
            language: root.language
            level: root.level
            depth: root.depth
            quotes: root.quotes
            joinedQuotes: root.joinedQuotes
            gap: root.gap
            marker: root.marker
            task: root.task
            columns: root.columns
            firstPart: root.firstPart
            lastPart: root.lastPart
            offset: root.offset
            selectionStart: root.selectionStart
            selectionEnd: root.selectionEnd
            live: root.live
            pale: root.forgotten
            onCopyTextRequested: text => root.copyTextRequested(text)
        }
    }
    Component {
        id: question

        UserMessage {
            blocks: root.blocks
            pale: root.forgotten
            actionsShown: root.actionsShown
            version: root.version
            versions: root.versions
            attachments: root.attachments
            canChange: root.chat.canChange
            canEdit: root.chat.canRegenerate
            unanswered: root.isLast && root.chat.canChange
            onAnswerRequested: root.chat.regenerate(root.message)
            onCopyRequested: root.chat.copyMessage(root.message)
            onEditRequested: root.chat.beginEdit(root.message)
            onDeleteRequested: root.chat.deleteMessage(root.message)
            onVersionStepped: step => root.chat.showVersion(root.message, step)
            onCopyTextRequested: text => root.copyTextRequested(text)
        }
    }
    Component {
        id: waiting

        Item {
            implicitHeight: root.live ? cursor.height : progress.height

            TextBlock {
                // The cursor stands here until the first word arrives.
                id: cursor

                width: parent.width
                html: ""
                live: true
                visible: root.live
            }
            ReadingProgress {
                id: progress

                width: parent.width
                progress: root.chat.readingProgress
                secondsLeft: root.chat.readingSecondsLeft
                visible: !root.live
            }
        }
    }
    Component {
        id: actions

        Item {
            implicitHeight: line.y + line.height + Theme.px(20)

            AnswerActions {
                id: line

                y: Theme.px(12)
                width: parent.width
                messageState: root.messageState
                stats: root.stats
                details: root.details
                version: root.version
                versions: root.versions
                edited: root.edited
                canRegenerate: root.chat.canRegenerate
                canChange: root.chat.canChange
                canContinue: root.isLast && root.chat.canContinue
                // Words alone would stand in the middle of nowhere.
                shown: root.isLast || root.actionsShown || root.versions > 1 || line.ending.length > 0
                onCopyRequested: root.chat.copyMessage(root.message)
                onRegenerateRequested: root.chat.regenerate(root.message)
                onContinueRequested: root.chat.continueAnswer()
                onEditRequested: root.chat.beginEdit(root.message)
                onForkRequested: root.chat.fork(root.message)
                onInspectRequested: root.inspectRequested(root.message)
                onDeleteRequested: root.chat.deleteMessage(root.message)
                onVersionStepped: step => root.chat.showVersion(root.message, step)
            }
        }
    }
    Component {
        id: divider

        ForgottenDivider {}
    }

    // Where a point of this row is in its message; behind the text means its end.
    function placeAt(x: real, y: real): var {
        const place = body.item.placeAt?.(x, y) ?? { block: 1e6, position: 0, link: "", text: false };
        place.message = root.message;
        return place;
    }

    // Where a character of a block is in this row.
    function reveal(block: int, position: int): rect {
        const item = body.item;
        const at = root.rowKind === TranscriptModel.RowKind.Question ? item.reveal(block, position)
            : root.rowKind === TranscriptModel.RowKind.AnswerBlock ? item.reveal(position) : Qt.rect(0, 0, 0, 0);
        return root.mapFromItem(item, at);
    }
}
