/** The built-in corpus: words, sentences, documents to pretrain on, and the built-in data sets. */
@NullMarked
package org.dualform.data.synthetic;

import org.jspecify.annotations.NullMarked;
