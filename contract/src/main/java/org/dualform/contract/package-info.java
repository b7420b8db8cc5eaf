/**
 * The contract of a task: request, result, references, error types and exit codes. The JSON Schemas under {@code
 * contract/schema} are the authority; these types read them in Java.
 */
@NullMarked
package org.dualform.contract;

import org.jspecify.annotations.NullMarked;
