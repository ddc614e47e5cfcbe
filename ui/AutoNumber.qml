// Auto, or a number: 0 stands for Auto. While Auto, what it comes to is shown but cannot be moved.
import QtQuick

Item {
    id: root

    required property string label
    required property int value
    required property int effective
    required property int to
    property bool logarithmic: false

    signal edited(int value)

    readonly property bool automatic: root.value === 0
    readonly property bool stacked: root.width < Theme.px(360)

    implicitHeight: root.stacked ? choice.height + number.implicitHeight + Theme.px(10)
                                 : Math.max(choice.height, number.implicitHeight)

    SegmentedChoice {
        id: choice

        label: root.label
        options: [qsTr("Auto"), qsTr("Choose")]
        current: root.automatic ? 0 : 1
        onChosen: index => root.edited(index === 0 ? 0 : Math.min(root.to, Math.max(1, root.effective)))
    }
    NumberSlider {
        id: number

        x: root.stacked ? 0 : choice.width + Theme.px(18)
        y: root.stacked ? choice.height + Theme.px(10) : 0
        width: root.width - x
        enabled: !root.automatic
        label: root.label
        value: root.automatic ? root.effective : root.value
        from: 1
        to: root.to
        logarithmic: root.logarithmic
        onEdited: value => root.edited(value)
    }
}
