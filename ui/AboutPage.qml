// The version, the model in memory and the licences of what Tercet is made of.
pragma ComponentBehavior: Bound

import QtQuick
import Tercet

Column {
    id: root

    required property AppRoot app

    // `file`: the licence compiled in, for the parts that are.
    readonly property var parts: [
        { title: "Qt 6 · LGPL 3" },
        { title: "Inter · SIL OFL 1.1", file: "Inter-OFL" },
        { title: "JetBrains Mono · SIL OFL 1.1", file: "JetBrainsMono-OFL" },
        { title: "Lucide · ISC", file: "Lucide-ISC" },
        { title: "oneTBB · Apache 2.0" },
        { title: "PCRE2 · BSD" },
        { title: "sentencepiece · Apache 2.0" },
        { title: "simdjson · Apache 2.0" },
        { title: "libarchive · BSD" }
    ]

    spacing: Theme.px(22)

    Row {
        spacing: Theme.px(14)

        Logo {
            id: logo

            size: Theme.px(40)
        }
        Column {
            anchors.verticalCenter: logo.verticalCenter

            UiText {
                text: "Tercet"
                font.weight: Font.DemiBold
            }
            UiText {
                text: qsTr("Version %1").arg(root.app.version)
                color: Theme.muted
                font.pixelSize: Theme.figureSize
            }
        }
    }
    SettingRow {
        width: parent.width
        title: qsTr("Model")
        visible: root.app.model.hasModel

        Column {
            width: parent.width
            spacing: Theme.px(3)

            UiText {
                width: parent.width
                text: root.app.model.name
                wrapMode: Text.Wrap
            }
            UiText {
                width: parent.width
                text: root.app.model.details
                color: Theme.muted
                font.pixelSize: Theme.figureSize
                wrapMode: Text.Wrap
            }
            UiText {
                width: parent.width
                text: root.app.model.path
                visible: !root.app.model.builtIn
                color: Theme.muted
                font.pixelSize: Theme.figureSize
                wrapMode: Text.WrapAnywhere
            }
        }
    }
    SettingRow {
        width: parent.width
        title: qsTr("Licences")
        note: qsTr("Tercet itself: MIT")

        Column {
            width: parent.width
            spacing: Theme.px(2)

            Repeater {
                model: root.parts

                LicenceEntry {
                    required property var modelData

                    width: parent?.width ?? 0
                    title: modelData.title
                    file: modelData.file ?? ""
                }
            }
        }
    }
}
