package org.dualform.contract.chain;

import java.util.List;

/**
 * Neighbouring steps that run equally often. In one process all of them run for one item before the first of them runs for
 * the next; a workflow engine may run items side by side.
 *
 * @param scope how often they run
 * @param steps in order; at least one
 */
public record Stage(Scope scope, List<Step> steps) {}
