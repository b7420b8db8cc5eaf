/**
 * What each kind of task is told: one record a kind, read from the request's JSON by {@link
 * org.dualform.task.parameters.ParameterReader}. A record's components are the parameters that the kind declares, and
 * so what its content key covers.
 */
@NullMarked
package org.dualform.task.parameters;

import org.jspecify.annotations.NullMarked;
