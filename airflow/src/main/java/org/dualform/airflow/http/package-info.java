/** How calls reach Airflow: the login, the token, retries, and what an error answer says. */
@NullMarked
package org.dualform.airflow.http;

import org.jspecify.annotations.NullMarked;
