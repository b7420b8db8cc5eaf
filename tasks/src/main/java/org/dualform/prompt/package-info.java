/**
 * Templates, and the token sequences that they make of rows piece by piece: demonstrations, queries and label words.
 */
@NullMarked
package org.dualform.prompt;

import org.jspecify.annotations.NullMarked;
