/** Python environments, made from locks with hashes. */
@NullMarked
package org.dualform.cli.python;

import org.jspecify.annotations.NullMarked;
