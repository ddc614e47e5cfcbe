// The numbers behind the words, for this chat.
import QtQuick
import Tercet

Column {
    id: root

    required property ChatSettingsView chatSettings

    spacing: Theme.px(12)

    PanelRow {
        width: parent.width
        title: qsTr("Temperature")
        note: qsTr("0 always takes the likeliest word; higher is freer")

        NumberField {
            width: parent.width
            label: qsTr("Temperature")
            decimals: 2
            from: 0
            to: 5
            value: root.chatSettings.temperature
            onEdited: value => root.chatSettings.temperature = value
        }
    }
    PanelRow {
        width: parent.width
        title: qsTr("Top-k")
        note: qsTr("choose among this many words; 0 for all")

        NumberField {
            width: parent.width
            label: qsTr("Top-k")
            from: 0
            to: 1048576
            value: root.chatSettings.topK
            onEdited: value => root.chatSettings.topK = value
        }
    }
    PanelRow {
        width: parent.width
        title: qsTr("Top-p")
        note: qsTr("choose among the likeliest words that share this much probability; 1 for all")

        NumberField {
            width: parent.width
            label: qsTr("Top-p")
            decimals: 3
            from: 0.001
            to: 1
            value: root.chatSettings.topP
            onEdited: value => root.chatSettings.topP = value
        }
    }
    PanelRow {
        width: parent.width
        title: qsTr("Min-p")
        note: qsTr("leave out words less likely than this share of the likeliest; 0 for none")

        NumberField {
            width: parent.width
            label: qsTr("Min-p")
            decimals: 3
            from: 0
            to: 0.999
            value: root.chatSettings.minP
            onEdited: value => root.chatSettings.minP = value
        }
    }
    PanelRow {
        width: parent.width
        title: qsTr("Repetition penalty")
        note: qsTr("1 for none; higher avoids words already used")

        NumberField {
            width: parent.width
            label: qsTr("Repetition penalty")
            decimals: 2
            from: 1
            to: 2
            value: root.chatSettings.repeatPenalty
            onEdited: value => root.chatSettings.repeatPenalty = value
        }
    }
    PanelRow {
        width: parent.width
        title: qsTr("Seed")
        note: qsTr("the same seed gives the same answer again")
        own: root.chatSettings.ownSeed
        onFollowRequested: root.chatSettings.follow(ChatSettingsView.Part.Seed)

        SeedField {
            width: parent.width
            value: root.chatSettings.seed
            onEdited: text => root.chatSettings.seed = text
        }
    }
}
