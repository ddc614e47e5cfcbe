// Deliberately without code: see CMakeLists.txt.
