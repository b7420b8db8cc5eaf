/** The chain of tasks that measures a study, as {@code contract/chain.json} describes it. */
@NullMarked
package org.dualform.contract.chain;

import org.jspecify.annotations.NullMarked;
