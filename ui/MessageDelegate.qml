// One message of the conversation: what the person wrote in a bubble, an answer as plain text on the page.
import QtQuick
import Tercet

Item {
    id: root

    required property int index
    required property int author
    required property int state
    required property MessageBlocks blocks
    required property bool isLast
    required property bool forgotten
    required property bool forgottenBorder
    required property string stats
    required property string text

    required property ChatController chat

    signal menuRequested(TextEdit source)
    signal copyTextRequested(string text)

    readonly property bool fromUser: root.author === MessageModel.Author.User

    // Whole pixels, so that no text falls between two.
    implicitHeight: Math.ceil(body.height) + (border.active ? border.height : 0)
    Accessible.role: Accessible.Paragraph
    Accessible.name: root.fromUser ? qsTr("You: %1").arg(root.text) : qsTr("Answer: %1").arg(root.text)
    Accessible.description: root.stats

    Loader {
        id: body

        width: root.width
        sourceComponent: root.fromUser ? question : answer
    }
    Loader {
        id: border

        anchors.top: body.bottom
        width: root.width
        active: root.forgottenBorder
        visible: active
        sourceComponent: ForgottenDivider {}
    }

    HoverHandler {
        id: pointer
    }

    Component {
        id: question

        UserMessage {
            blocks: root.blocks
            pale: root.forgotten
            actionsShown: pointer.hovered
            onCopyRequested: root.chat.copyMessage(root.index)
            onMenuRequested: source => root.menuRequested(source)
            onCopyTextRequested: text => root.copyTextRequested(text)
        }
    }
    Component {
        id: answer

        AnswerMessage {
            blocks: root.blocks
            messageState: root.state
            stats: root.stats
            isLast: root.isLast
            pale: root.forgotten
            actionsShown: pointer.hovered
            chat: root.chat
            onCopyRequested: root.chat.copyMessage(root.index)
            onMenuRequested: source => root.menuRequested(source)
            onCopyTextRequested: text => root.copyTextRequested(text)
        }
    }
}
