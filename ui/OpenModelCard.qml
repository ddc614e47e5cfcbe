// How to bring a model: where to get the file, and the button that opens it.
import QtQuick

Card {
    id: root

    property bool settingsShown: true

    signal openModelRequested
    signal settingsRequested

    readonly property string page: "huggingface.co/microsoft/bitnet-b1.58-2B4T-gguf"

    Item {
        width: parent.width
        height: Math.max(badge.height, words.height)

        ModelBadge {
            id: badge
        }
        Column {
            id: words

            anchors.left: badge.right
            anchors.leftMargin: Theme.px(14)
            anchors.right: parent.right
            spacing: Theme.px(5)

            UiText {
                width: parent.width
                text: "BitNet b1.58 2B4T"
                font.pixelSize: Theme.titleSize
                font.weight: Font.DemiBold
                wrapMode: Text.Wrap
            }
            UiText {
                width: parent.width
                text: qsTr("Microsoft's ternary model: questions, writing, summaries, simple maths. English first. MIT licence.")
                color: Theme.muted
                wrapMode: Text.Wrap
            }
            UiText {
                width: parent.width
                topPadding: Theme.px(3)
                text: qsTr("Download %1 (1.2 GB) from %2 and open it here.").arg("<b>ggml-model-i2_s.gguf</b>")
                          .arg("<a href=\"https://" + root.page + "\">" + root.page + "</a>")
                textFormat: Text.StyledText
                linkColor: Theme.accent
                wrapMode: Text.Wrap
                activeFocusOnTab: true
                Accessible.role: Accessible.Link
                Accessible.name: qsTr("Open %1 in the browser").arg(root.page)
                Accessible.onPressAction: Qt.openUrlExternally("https://" + root.page)
                onLinkActivated: link => Qt.openUrlExternally(link)
                Keys.onReturnPressed: Qt.openUrlExternally("https://" + root.page)

                HoverHandler {
                    cursorShape: parent.hoveredLink ? Qt.PointingHandCursor : Qt.ArrowCursor
                }
                FocusRing {
                    shown: parent.activeFocus
                    cornerRadius: Theme.px(4)
                }
            }
        }
    }
    Item {
        width: parent.width
        height: buttons.height

        Flow {
            id: buttons

            width: parent.width
            spacing: Theme.px(10)

            TextButton {
                width: Math.min(implicitWidth, parent.width)
                focus: true
                primary: true
                iconName: "folder-open"
                text: qsTr("I already have a file")
                onClicked: root.openModelRequested()
            }
            TextButton {
                width: Math.min(implicitWidth, parent.width)
                bare: true
                iconName: "settings"
                text: qsTr("Settings")
                visible: root.settingsShown
                onClicked: root.settingsRequested()
            }
        }
    }
}
