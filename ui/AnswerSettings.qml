// How the model chooses its words.
import QtQuick
import QtQuick.Controls.Basic
import Tercet

Column {
    id: root

    required property Settings settings

    spacing: Theme.px(20)

    SettingRow {
        width: parent.width
        title: qsTr("Instructions")
        note: qsTr("the system prompt: who the model is and how it should answer")

        PromptField {
            width: parent.width
            label: qsTr("Instructions")
            value: root.settings.systemPrompt
            onEdited: text => root.settings.systemPrompt = text
        }
    }
    SettingRow {
        width: parent.width
        title: qsTr("Style")
        note: root.settings.style === 3 ? qsTr("custom: the numbers below") : qsTr("the numbers below, in words")

        StyleChoice {
            current: root.settings.style
            onChosen: index => root.settings.style = index
        }
    }
    SettingRow {
        width: parent.width
        title: qsTr("Temperature")
        note: qsTr("0 always takes the likeliest word; higher is freer")

        NumberField {
            width: parent.width
            label: qsTr("Temperature")
            decimals: 2
            from: 0
            to: 5
            value: root.settings.temperature
            onEdited: value => root.settings.temperature = value
        }
    }
    SettingRow {
        width: parent.width
        title: qsTr("Top-k")
        note: qsTr("choose among this many words; 0 for all")

        NumberField {
            width: parent.width
            label: qsTr("Top-k")
            from: 0
            to: 1048576
            value: root.settings.topK
            onEdited: value => root.settings.topK = value
        }
    }
    SettingRow {
        width: parent.width
        title: qsTr("Top-p")
        note: qsTr("choose among the likeliest words that share this much probability; 1 for all")

        NumberField {
            width: parent.width
            label: qsTr("Top-p")
            decimals: 3
            from: 0.001
            to: 1
            value: root.settings.topP
            onEdited: value => root.settings.topP = value
        }
    }
    SettingRow {
        width: parent.width
        title: qsTr("Min-p")
        note: qsTr("leave out words less likely than this share of the likeliest; 0 for none")

        NumberField {
            width: parent.width
            label: qsTr("Min-p")
            decimals: 3
            from: 0
            to: 0.999
            value: root.settings.minP
            onEdited: value => root.settings.minP = value
        }
    }
    SettingRow {
        width: parent.width
        title: qsTr("Repetition penalty")
        note: qsTr("1 for none; higher avoids words already used")

        NumberField {
            width: parent.width
            label: qsTr("Repetition penalty")
            decimals: 2
            from: 1
            to: 2
            value: root.settings.repeatPenalty
            onEdited: value => root.settings.repeatPenalty = value
        }
    }
    SettingRow {
        width: parent.width
        title: qsTr("Answer length")
        note: qsTr("at most this many tokens, about 4 for 3 words; 0 until the answer is done")

        NumberField {
            width: parent.width
            label: qsTr("Answer length")
            unit: qsTr("tokens")
            from: 0
            to: 1048576
            value: root.settings.maxTokens
            onEdited: value => root.settings.maxTokens = value
        }
    }
    SettingRow {
        width: parent.width
        title: qsTr("Seed")
        note: qsTr("the same seed gives the same answer again")

        SeedField {
            width: parent.width
            value: root.settings.seed
            onEdited: text => root.settings.seed = text
        }
    }
    TextButton {
        iconName: "rotate-ccw"
        text: qsTr("Reset these values")
        onClicked: root.settings.resetSampling()
    }
}
