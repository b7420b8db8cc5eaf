/** Runs every test that the project has, Java and Python, and sums up. */
@org.jspecify.annotations.NullMarked
package org.dualform.cli.suite;
