/** What the patches that write a context into weights have in common over many queries. */
@NullMarked
package org.dualform.theory.patch;

import org.jspecify.annotations.NullMarked;
