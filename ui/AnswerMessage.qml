// An answer: its text on the page, then what can be done with it and how fast it was.
import QtQuick
import Tercet

Item {
    id: root

    required property MessageBlocks blocks
    required property int messageState
    required property string stats
    required property bool isLast
    // The model no longer sees it.
    required property bool pale
    required property bool actionsShown
    required property ChatController chat

    signal copyRequested
    signal copyTextRequested(string text)
    signal menuRequested(TextEdit source)

    readonly property bool reading: root.messageState === MessageModel.State.Reading
    readonly property bool writing: root.messageState === MessageModel.State.Writing

    implicitHeight: column.height + Theme.px(20)

    Column {
        id: column

        width: parent.width
        topPadding: Theme.px(4)
        spacing: Theme.px(12)

        BlockColumn {
            width: parent.width
            blocks: root.blocks
            live: root.writing
            pale: root.pale
            visible: !root.reading
            onCopyTextRequested: text => root.copyTextRequested(text)
            onMenuRequested: source => root.menuRequested(source)
        }
        ReadingProgress {
            width: parent.width
            progress: root.chat.readingProgress
            secondsLeft: root.chat.readingSecondsLeft
            visible: root.reading
        }
        AnswerActions {
            width: parent.width
            messageState: root.messageState
            stats: root.stats
            canRegenerate: root.isLast && root.chat.canRegenerate
            isLast: root.isLast
            shown: root.isLast || root.actionsShown
            onCopyRequested: root.copyRequested()
            onRegenerateRequested: root.chat.regenerate()
        }
    }
}
