// Where the window is and how large, from one start of the program to the next.
import QtQuick
import Tercet

Item {
    id: root

    required property Window window
    required property Settings settings

    // As it was before it was minimized, too.
    property bool maximized: false
    // When it is not maximized; no width: not known.
    property rect usual: Qt.rect(0, 0, 0, 0)

    Connections {
        target: root.window

        function onVisibilityChanged() {
            root.lookAtState();
            settling.restart();
        }
        function onWidthChanged() {
            settling.restart();
        }
        function onHeightChanged() {
            settling.restart();
        }
        function onXChanged() {
            settling.restart();
        }
        function onYChanged() {
            settling.restart();
        }
    }
    Timer {
        // A window manager may tell the size of a maximized window before it tells that it is maximized.
        id: settling

        interval: 400
        onTriggered: root.remember()
    }

    // Full screen counts as maximized: nobody should have to look for the way out of it at the next start.
    function lookAtState() {
        if (root.window.visibility === Window.Maximized || root.window.visibility === Window.FullScreen)
            root.maximized = true;
        else if (root.window.visibility === Window.Windowed)
            root.maximized = false;
    }

    function look() {
        root.lookAtState();
        if (root.window.visibility === Window.Windowed)
            root.usual = Qt.rect(root.window.x, root.window.y, root.window.width, root.window.height);
    }

    function remember() {
        root.look();
        root.settings.windowMaximized = root.maximized;
        if (root.usual.width <= 0)
            return;
        root.settings.windowWidth = root.usual.width;
        root.settings.windowHeight = root.usual.height;
        root.settings.windowX = root.usual.x;
        root.settings.windowY = root.usual.y;
    }

    // As it was last time, on its screen if that is still there. (The size is the window's from the start.)
    function restore() {
        const x = root.settings.windowX;
        const y = root.settings.windowY;
        if (root.settings.windowWidth > 0) {
            root.usual = Qt.rect(x, y, root.settings.windowWidth, root.settings.windowHeight);
            for (let i = 0; i < Qt.application.screens.length; i++) {
                const screen = Qt.application.screens[i];
                if (x >= screen.virtualX && x < screen.virtualX + screen.width - 100
                        && y >= screen.virtualY && y < screen.virtualY + screen.height - 100) {
                    root.window.x = x;
                    root.window.y = y;
                }
            }
        }
        if (root.settings.windowMaximized)
            root.window.showMaximized();
    }

    // From the taskbar, as large as it was.
    function show() {
        if (root.window.visibility !== Window.Minimized && root.window.visibility !== Window.Hidden)
            return;
        if (root.maximized)
            root.window.showMaximized();
        else
            root.window.showNormal();
    }
}
