/** What a decoder is made of: weights by their role, and the small parts that compute with them. */
@NullMarked
package org.dualform.model.part;

import org.jspecify.annotations.NullMarked;
