#!/usr/bin/env python3
"""A whole conversation the way a screen reader has it: the real program, seen and pressed over AT-SPI, typed in with keys.

Usage: drive_by_accessibility.py TERCET MODEL MAKE_MODEL
MODEL answers in words; MAKE_MODEL FILE writes one of random weights that writes so slowly that it can be stopped.
Brings an X server of its own; run it below dbus-run-session, so that the accessibility bus is its own, too.
Ends with 77 (skipped) when something that it needs is missing.
"""
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time

SKIPPED = 77
PATIENCE_S = 60
# Nothing in the window has as many stops for Tab as this.
MANY_STOPS = 60
MANY_TRIES = 30


def skip(missing):
    print(f"SKIPPED drive_by_accessibility: {missing} is missing")
    sys.exit(SKIPPED)


def start_display():
    """An X server on a free display. It has to be there before pyatspi is imported."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x1600x24"]
    server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    os.environ["DISPLAY"] = ":" + os.read(reading, 16).decode().strip()
    return server


class Screen:
    """What a screen reader knows of the window, and what a person's hands do."""

    def __init__(self, program):
        self.program = program
        self.app = self.wait_for(self.find_app, "the program on the accessibility bus")

    @staticmethod
    def find_app():
        desktop = pyatspi.Registry.getDesktop(0)
        desktop.set_cache_mask(Atspi.Cache.ROLE)  # all else may have changed since it was asked for
        return next((app for app in desktop if app and app.name.lower() == "tercet"), None)

    def wait_for(self, look, what):
        """The first true answer of look(). Fails, naming `what`, after PATIENCE_S."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            ended = self.program.poll()
            assert ended is None, f"the program ended with {ended} while this waited for {what}"
            try:
                found = look()
            except (AttributeError, GLib.Error, LookupError, NotImplementedError):  # it went away while it was looked at
                found = None
            if found:
                return found
            time.sleep(0.05)
        raise AssertionError(f"not there: {what}. There is:\n" + "\n".join(map(self.line, self.all())))

    @staticmethod
    def line(item):
        return f"  {item.getRoleName()} {item.name!r}"

    def all(self, below=None):
        """Everything that is visible, from the top down."""
        for child in below or self.app:
            if child is None:
                continue
            if child.getState().contains(pyatspi.STATE_VISIBLE) or child.getRole() == pyatspi.ROLE_FRAME:
                yield child
                if child.getRole() not in LEAVES:
                    yield from self.all(child)

    def find(self, role, name):
        """The first visible thing of this role whose name begins with `name`."""
        return next((item for item in self.all() if item.getRole() == role and item.name.startswith(name)), None)

    def get(self, role, name):
        return self.wait_for(lambda: self.find(role, name), f"{name!r} ({role})")

    def press(self, name, role=None):
        """Does what the control does when it is pressed, by its action."""
        role = pyatspi.ROLE_PUSH_BUTTON if role is None else role

        def ready():
            item = self.find(role, name)
            return item if item and item.getState().contains(pyatspi.STATE_ENABLED) else None

        action = self.wait_for(ready, f"{name!r}, enabled").queryAction()
        names = [action.getName(i) for i in range(action.nActions)]
        # A choice among several is toggled, everything else is pressed.
        assert action.doAction(names.index("Toggle" if "Toggle" in names else "Press")), f"{name!r} cannot be pressed"

    def text(self, item):
        text = item.queryText()
        return text.getText(0, text.characterCount)

    def focused(self):
        inner = None
        for item in self.all():
            if item.getState().contains(pyatspi.STATE_FOCUSED) and item.getRole() != pyatspi.ROLE_FRAME:
                inner = item
                if item.getRole() in LEAVES:
                    break
        return inner

    def focused_beside(self, before):
        now = self.focused()
        return now if now != before else None

    @staticmethod
    def key(*names):
        subprocess.run(["xdotool", "key", "--clearmodifiers", *names], check=True)

    def answers(self):
        """What a screen reader reads of the answers."""
        paragraphs = (item for item in self.all() if item.getRole() == pyatspi.ROLE_PARAGRAPH)
        return [item.name for item in paragraphs if item.name.startswith("Answer: ")]


def write(screen, text):
    """Types it behind what is in the message box."""
    box = screen.get(pyatspi.ROLE_TEXT, "Message")
    box.queryComponent().grabFocus()
    screen.wait_for(lambda: screen.focused() == box, "the keyboard in the message box")
    screen.key(*("space" if letter == " " else letter for letter in text))
    screen.wait_for(lambda: screen.text(box).endswith(text), f"{text!r} in the message box")


def wait_for_answer(screen):
    """Its buttons are there when it is complete."""
    screen.get(pyatspi.ROLE_PUSH_BUTTON, "Write this answer again")
    return screen.wait_for(screen.answers, "an answer to read")[-1]


def hold_a_conversation(screen):
    write(screen, "Hello there")
    screen.press("Send")
    screen.get(pyatspi.ROLE_PARAGRAPH, "You: Hello there")
    first = wait_for_answer(screen)
    assert len(first) > len("Answer: "), "the answer has no words"

    screen.press("Write this answer again")
    screen.get(pyatspi.ROLE_LABEL, "Version 2 of 2")
    wait_for_answer(screen)
    screen.press("Previous version")
    screen.get(pyatspi.ROLE_LABEL, "Version 1 of 2")
    screen.wait_for(lambda: screen.answers() == [first], "the first answer again")

    screen.press("Edit your message")
    box = screen.get(pyatspi.ROLE_TEXT, "Message")
    screen.wait_for(lambda: screen.text(box) == "Hello there", "the message in the box, to be changed")
    screen.key("ctrl+a")
    write(screen, "Good evening")
    screen.press("Save as a new version")
    screen.get(pyatspi.ROLE_PARAGRAPH, "You: Good evening")
    wait_for_answer(screen)


def stop_an_answer(screen):
    screen.press("Settings")
    screen.press("Answers", pyatspi.ROLE_PAGE_TAB)
    length = screen.get(pyatspi.ROLE_TEXT, "Answer length")
    length.queryComponent().grabFocus()
    screen.wait_for(lambda: screen.focused() == length, "the keyboard in the answer's length")
    screen.key("ctrl+a", "0", "Return")
    screen.press("New chat")
    write(screen, "Go on")
    # In one go: by the time that a button was found, the answer might be done. Random weights end when they like; then it is
    # asked for again.
    screen.key("Return", "Escape")
    screen.get(pyatspi.ROLE_PARAGRAPH, "You: Go on")
    for _ in range(MANY_TRIES):
        screen.get(pyatspi.ROLE_PUSH_BUTTON, "Write this answer again")
        if screen.find(pyatspi.ROLE_LABEL, "Stopped"):
            return
        screen.key("ctrl+r", "Escape")
    raise AssertionError(f"no answer could be stopped in {MANY_TRIES} tries")


def switch_to_the_other_chat(screen):
    chats = screen.get(pyatspi.ROLE_LIST, "Conversations")
    chats.queryComponent().grabFocus()
    # The list has the keyboard, and its row says so.
    screen.wait_for(lambda: screen.focused().parent == chats, "the keyboard in the list of chats")
    assert screen.focused().getRole() == pyatspi.ROLE_LIST_ITEM, screen.line(screen.focused())
    screen.key("Down", "Return")
    screen.get(pyatspi.ROLE_PARAGRAPH, "You: Good evening")


def change_the_language(screen):
    screen.press("Settings")
    screen.press("General", pyatspi.ROLE_PAGE_TAB)
    screen.press("Language: ", pyatspi.ROLE_COMBO_BOX)
    screen.press("Español", pyatspi.ROLE_LIST_ITEM)
    screen.get(pyatspi.ROLE_PUSH_BUTTON, "Ajustes")
    screen.get(pyatspi.ROLE_COMBO_BOX, "Idioma: Español")
    screen.key("Tab")  # pressing an action moves no keyboard, so it may be in the chat that was left


def check_names(screen, where):
    """Whatever takes the keyboard says what it is."""
    nameless = [
        screen.line(item)
        for item in screen.all()
        if item.getState().contains(pyatspi.STATE_FOCUSABLE) and not item.name.strip()
    ]
    assert not nameless, f"without a name {where}:\n" + "\n".join(nameless)


def walk_with_tab(screen, where):
    """Tab goes once through everything and comes back to where it began; each stop is in the window and has a name."""
    begin = stop = screen.wait_for(screen.focused, "something with the keyboard")
    stops = []
    for _ in range(MANY_STOPS):
        before = stop
        screen.key("Tab")
        stop = screen.wait_for(lambda: screen.focused_beside(before), f"a stop after {screen.line(before)} {where}")
        states = stop.getState()
        assert stop.name.strip(), f"a stop without a name {where}: {screen.line(stop)}"
        assert states.contains(pyatspi.STATE_SHOWING), f"a stop that cannot be seen {where}: {screen.line(stop)}"
        stops.append(stop)
        if stop == begin:
            break
    else:
        raise AssertionError(f"Tab never came back {where}: " + ", ".join(stop.name for stop in stops))
    print(f"Tab stops {where}: " + ", ".join(stop.name[:30] for stop in stops))
    return stops


@contextlib.contextmanager
def running(tercet, model, data_dir):
    """The screen of a program that was just started, once it can be typed into."""
    environment = dict(os.environ, QT_LINUX_ACCESSIBILITY_ALWAYS_ON="1", QT_QPA_PLATFORM="xcb", QT_QUICK_BACKEND="software")
    program = subprocess.Popen([tercet, "--data-dir", data_dir, model], env=environment)
    try:
        screen = Screen(program)
        screen.wait_for(lambda: screen.get(pyatspi.ROLE_TEXT, "Message"), "the message box")
        yield screen
    finally:
        program.terminate()
        program.wait()


def drive(tercet, model, slow_model, data_dir):
    with open(os.path.join(data_dir, "settings.ini"), "w", encoding="utf-8") as settings:
        # Any model of random weights would go on until its memory is full. In a tall window all settings are in sight.
        settings.write("[answers]\nmaxTokens=24\n[appearance]\nlanguage=en\n[window]\nwidth=1200\nheight=1500\n")
    with running(tercet, model, data_dir) as screen:
        walk_with_tab(screen, "in an empty chat")
        check_names(screen, "in an empty chat")
        hold_a_conversation(screen)
        walk_with_tab(screen, "in a chat")
        check_names(screen, "in a chat")
    with running(tercet, slow_model, data_dir) as screen:
        stop_an_answer(screen)
        switch_to_the_other_chat(screen)
        change_the_language(screen)
        check_names(screen, "in the settings")
        walk_with_tab(screen, "in the settings")


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    tercet, model, make_model = sys.argv[1:]
    display = start_display()
    data_dir = tempfile.mkdtemp()
    try:
        slow_model = os.path.join(data_dir, "slow.gguf")
        subprocess.run([make_model, slow_model], check=True)
        import_clients()
        drive(tercet, model, slow_model, data_dir)
    finally:
        display.terminate()
        display.wait()
        shutil.rmtree(data_dir, ignore_errors=True)


def import_clients():
    """pyatspi connects when it is imported, so not before the display is there."""
    global Atspi, GLib, LEAVES, pyatspi
    import gi
    import pyatspi

    gi.require_version("Atspi", "2.0")
    from gi.repository import Atspi, GLib

    LEAVES = {pyatspi.ROLE_PUSH_BUTTON, pyatspi.ROLE_RADIO_BUTTON, pyatspi.ROLE_PAGE_TAB, pyatspi.ROLE_LABEL, pyatspi.ROLE_HEADING}


if __name__ == "__main__":
    for tool in ("Xvfb", "xdotool"):
        if not shutil.which(tool):
            skip(tool)
    if "DBUS_SESSION_BUS_ADDRESS" not in os.environ:
        skip("dbus-run-session")
    try:
        import gi.repository  # noqa: F401
        import importlib.util

        if importlib.util.find_spec("pyatspi") is None:
            raise ImportError
    except ImportError:
        skip("python3-pyatspi")
    main()
