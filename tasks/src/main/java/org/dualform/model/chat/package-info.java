/**
 * The chat template that a model brings: where it is found, and the library that renders it. Templates come with models
 * from anywhere, so they reach no Java object, no file and no clock.
 */
@NullMarked
package org.dualform.model.chat;

import org.jspecify.annotations.NullMarked;
