/** {@code dualform package}: what is handed to others, made from this checkout. */
@NullMarked
package org.dualform.dev.pack;

import org.jspecify.annotations.NullMarked;
