/** The image of the tasks: a base, a Java runtime, the engine's native libraries and the program, each in its layer. */
@NullMarked
package org.dualform.dev.pack.image;

import org.jspecify.annotations.NullMarked;
