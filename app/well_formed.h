// Text that is valid Unicode.
#pragma once

#include <QString>

namespace tercet {

/// `text` with every lone surrogate replaced by U+FFFD: what is shown is then exactly
/// what the model reads and what files hold, for UTF-8 has no form for those.
QString wellFormed(QString text);

}  // namespace tercet
