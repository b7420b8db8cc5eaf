/**
 * The {@code dualform} command for people. Each command is a class in the package for what people do with it: {@code
 * run}, {@code workflow}, {@code server}, {@code tracking}, {@code model} and {@code demo}. Below them are {@code
 * stack} (the local servers), {@code python}, {@code machine} and {@code terminal}. This package puts them together.
 */
@NullMarked
package org.dualform.cli;

import org.jspecify.annotations.NullMarked;
