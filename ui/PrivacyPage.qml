// What stays on this computer, when the network was last used and for what, and where everything is kept.
import QtQuick
import Tercet

Column {
    id: root

    required property AppRoot app

    readonly property NetworkLog network: root.app.network

    spacing: Theme.px(22)

    SettingRow {
        width: parent.width
        title: qsTr("Stays here")

        UiText {
            width: parent.width
            text: qsTr("Everything you write and everything the model answers stays on this computer. There is no account, and Tercet counts and reports nothing.")
            wrapMode: Text.Wrap
        }
    }
    SettingRow {
        width: parent.width
        title: qsTr("Connections")
        note: qsTr("all that this version can make")

        UiText {
            width: parent.width
            text: qsTr("None. Tercet does not look for updates either. A link that you click opens in your browser.")
            wrapMode: Text.Wrap
        }
    }
    SettingRow {
        width: parent.width
        title: qsTr("Last use of the network")

        UiText {
            width: parent.width
            text: !root.network.used ? qsTr("Never")
                : qsTr("%1, %2").arg(Qt.formatDateTime(root.network.lastTime, Qt.locale(), Locale.LongFormat)).arg(root.purpose())
            wrapMode: Text.Wrap
        }
    }
    SettingRow {
        width: parent.width
        title: qsTr("What is kept")
        note: qsTr("to delete it all, close Tercet and delete the folder")

        Column {
            width: parent.width
            spacing: Theme.px(8)

            UiText {
                width: parent.width
                text: qsTr("Your chats with the texts attached to them, copies of all that from the last days, what was deleted less than 30 days ago, personas, prompts, settings, measured speeds and when the network was used. It lies in this folder; models stay where you put them.")
                wrapMode: Text.Wrap
            }
            UiText {
                width: parent.width
                text: root.app.dataDir
                font.family: Theme.mono
                font.pixelSize: Theme.figureSize
                wrapMode: Text.WrapAnywhere
            }
            TextButton {
                width: Math.min(implicitWidth, parent.width)
                implicitHeight: Theme.px(34)
                iconName: "folder-open"
                text: qsTr("Show folder")
                onClicked: root.app.showDataDir()
            }
        }
    }

    function purpose(): string {
        return root.network.lastPurpose === NetworkLog.Purpose.ModelDownload
            ? qsTr("to download a model from %1").arg(root.network.lastHost) : qsTr("to reach %1").arg(root.network.lastHost);
    }
}
