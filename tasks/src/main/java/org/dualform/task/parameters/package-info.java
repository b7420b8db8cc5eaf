/**
 * The parameters of tasks: one record for each kind, read from the request's JSON by {@link
 * org.dualform.task.parameters.ParameterReader}. A record's components are the parameters that the kind declares. The
 * content key covers them and no others.
 */
@NullMarked
package org.dualform.task.parameters;

import org.jspecify.annotations.NullMarked;
