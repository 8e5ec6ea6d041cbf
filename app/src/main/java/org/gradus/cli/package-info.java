/// The commands. Each is a class of its own; what they print, where they write and which exit code they give is decided
/// here and nowhere below.
@NullMarked
package org.gradus.cli;

import org.jspecify.annotations.NullMarked;
