/**
 * The theory of Dai et al. 2022 (arXiv:2212.10559), measured in the layers of a real decoder: each identity with its
 * residual, and how alike the change that demonstrations make in attention is to the change that fine-tuning makes.
 */
@NullMarked
package org.dualform.theory;

import org.jspecify.annotations.NullMarked;
