// The first thing a person sees: what Tercet is, and how to bring a model. While one loads, how far it is.
import QtQuick
import QtQuick.Controls.Basic
import Tercet

FocusScope {
    id: root

    required property ModelController model

    signal openModelRequested
    signal settingsRequested

    readonly property bool loading: root.model.state === ModelController.State.Loading

    Flickable {
        id: scroller

        anchors.fill: parent
        contentHeight: Math.max(height, page.height + Theme.px(48))
        boundsBehavior: Flickable.StopAtBounds
        ScrollBar.vertical: ThinScrollBar {}

        Column {
            id: page

            x: Math.round((scroller.width - width) / 2)
            y: Math.max(Theme.px(24), Math.round((scroller.contentHeight - height) / 2))
            width: Math.min(Theme.px(620), scroller.width - Theme.px(40))
            spacing: Theme.px(14)

            Row {
                width: parent.width
                spacing: Theme.px(14)

                Logo {
                    id: logo

                    size: Theme.px(40)
                    anchors.verticalCenter: parent.verticalCenter
                }
                UiText {
                    width: parent.width - logo.width - parent.spacing
                    text: qsTr("Welcome to Tercet")
                    font.pixelSize: Theme.px(26)
                    font.weight: Font.DemiBold
                    wrapMode: Text.Wrap
                    Accessible.role: Accessible.Heading
                    Accessible.name: text
                }
            }
            UiText {
                width: parent.width
                bottomPadding: Theme.px(6)
                text: qsTr("Everything you write stays on this computer. No account, no internet needed once a model is here.")
                color: Theme.muted
                font.pixelSize: Theme.bodySize
                lineHeight: Theme.bodyLinePercent / 100
                wrapMode: Text.Wrap
            }
            Loader {
                width: parent.width
                focus: true
                sourceComponent: root.loading ? loadingCard : openCard
            }
            UiText {
                width: parent.width
                text: qsTr("You can also drop a .gguf file anywhere on this window.")
                color: Theme.muted
                font.pixelSize: Theme.figureSize
                horizontalAlignment: Text.AlignHCenter
                wrapMode: Text.Wrap
                visible: !root.loading
            }
        }
    }

    Component {
        id: openCard

        OpenModelCard {
            onOpenModelRequested: root.openModelRequested()
            onSettingsRequested: root.settingsRequested()
        }
    }
    Component {
        id: loadingCard

        LoadingCard {
            model: root.model
        }
    }
}
